"""The app."""

from django.apps import AppConfig


class Goals(AppConfig):
    """See the package."""

    name = "introducer_web.goals"

    def ready(self) -> None:
        """Open the ways to goals and to fresh looks."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.goals import ways  # noqa: PLC0415
        from introducer_web.lib import doors  # noqa: PLC0415

        doors.between(ways.between, ways.between_asks)
        doors.home(ways.home, ways.home_asks)
        doors.relationships(ways.of_cohort)

"""The app."""

from django.apps import AppConfig


class Goals(AppConfig):
    """See the package."""

    name = "introducer_web.goals"

    def ready(self) -> None:
        """Open the ways to goals and to fresh looks; goals go along with the two whose they are."""
        from introducer_web.goals import ways
        from introducer_web.goals.services.following import follow
        from introducer_web.lib import doors, lives

        doors.between(ways.between, ways.between_asks)
        doors.home(ways.home, ways.home_asks)
        doors.relationships(ways.of_cohort)
        lives.goes_on(follow)

"""The app."""

from django.apps import AppConfig


class Agreements(AppConfig):
    """See the package."""

    name = "introducer_web.agreements"

    def ready(self) -> None:
        """Open the ways to an agreement."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.agreements import ways  # noqa: PLC0415
        from introducer_web.lib import doors  # noqa: PLC0415

        doors.between(ways.between, ways.between_asks)

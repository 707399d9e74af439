"""The app."""

from django.apps import AppConfig


class Agreements(AppConfig):
    """See the package."""

    name = "introducer_web.agreements"

    def ready(self) -> None:
        """Open the ways to an agreement."""
        from introducer_web.agreements import ways
        from introducer_web.lib import doors

        doors.between(ways.between, ways.between_asks)

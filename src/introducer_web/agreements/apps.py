"""The app."""

from django.apps import AppConfig


class Agreements(AppConfig):
    """See the package."""

    name = "introducer_web.agreements"

    def ready(self) -> None:
        """Open the ways to an agreement; it goes along with the two whose it is."""
        from introducer_web.agreements import ways
        from introducer_web.agreements.services import follow
        from introducer_web.lib import doors, lives

        doors.between(ways.between, ways.between_asks)
        lives.goes_on(follow)

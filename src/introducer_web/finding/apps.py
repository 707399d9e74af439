"""The app."""

from django.apps import AppConfig


class Finding(AppConfig):
    """See the package."""

    name = "introducer_web.finding"

    def ready(self) -> None:
        """Open the doors on the homes, and tell runs whom people would rather have."""
        from introducer_web.finding.services import preferred
        from introducer_web.finding.ways import home_asks, on_a_home
        from introducer_web.lib import doors
        from introducer_web.matching.preferred import prefer_of

        doors.home(on_a_home, home_asks)
        prefer_of(preferred)

"""The app."""

from django.apps import AppConfig


class Finding(AppConfig):
    """See the package."""

    name = "introducer_web.finding"

    def ready(self) -> None:
        """Open the doors on the homes, and tell runs whom people would rather have."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.finding.services import preferred  # noqa: PLC0415
        from introducer_web.finding.ways import home_asks, on_a_home  # noqa: PLC0415
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.matching.preferred import prefer_of  # noqa: PLC0415

        doors.home(on_a_home, home_asks)
        prefer_of(preferred)

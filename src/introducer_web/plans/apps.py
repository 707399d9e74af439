"""The app."""

from django.apps import AppConfig


class Plans(AppConfig):
    """See the package."""

    name = "introducer_web.plans"

    def ready(self) -> None:
        """Open the ways to plans."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.plans.doors import between, home  # noqa: PLC0415

        doors.between(between)
        doors.home(home)

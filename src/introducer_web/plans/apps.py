"""The app."""

from django.apps import AppConfig


class Plans(AppConfig):
    """See the package."""

    name = "introducer_web.plans"

    def ready(self) -> None:
        """Open the ways to plans."""
        from introducer_web.lib import doors
        from introducer_web.plans.doors import between, home

        doors.between(between)
        doors.home(home)

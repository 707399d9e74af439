"""The app."""

from django.apps import AppConfig


class Safety(AppConfig):
    """See the package."""

    name = "introducer_web.safety"

    def ready(self) -> None:
        """Lead two people to help, and coordinators to whom people can turn."""
        from introducer_web.lib import doors
        from introducer_web.safety import open_doors

        doors.between(open_doors.between)
        doors.setup(open_doors.setup)

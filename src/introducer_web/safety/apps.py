"""The app."""

from django.apps import AppConfig


class Safety(AppConfig):
    """See the package."""

    name = "introducer_web.safety"

    def ready(self) -> None:
        """Lead two people to help, and coordinators to whom people can turn."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.safety import open_doors  # noqa: PLC0415

        doors.between(open_doors.between)
        doors.setup(open_doors.setup)

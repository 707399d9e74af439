"""The app."""

from django.apps import AppConfig


class Feedback(AppConfig):
    """See the package."""

    name = "introducer_web.feedback"

    def ready(self) -> None:
        """Open the door to how it goes, and look at each mail about it before it leaves."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.feedback import ways  # noqa: PLC0415
        from introducer_web.feedback.services import may_leave  # noqa: PLC0415
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.mail.services import look_before  # noqa: PLC0415

        doors.between(ways.between)
        look_before("told", may_leave)

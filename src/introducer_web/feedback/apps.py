"""The app."""

from django.apps import AppConfig


class Feedback(AppConfig):
    """See the package."""

    name = "introducer_web.feedback"

    def ready(self) -> None:
        """Open the door to how it goes, and look at each mail about it before it leaves."""
        from introducer_web.feedback import ways
        from introducer_web.feedback.services import may_leave
        from introducer_web.lib import doors
        from introducer_web.mail.services import look_before

        doors.between(ways.between)
        look_before("told", may_leave)

"""The app."""

from django.apps import AppConfig


class Conversations(AppConfig):
    """See the package."""

    name = "introducer_web.conversations"

    def ready(self) -> None:
        """Open the doors to what two people write, and look at each mail about letters before it leaves."""
        from introducer_web.conversations import ways
        from introducer_web.conversations.services import may_leave
        from introducer_web.lib import doors
        from introducer_web.mail.services import look_before

        doors.between(ways.between)
        doors.home(ways.home, ways.home_asks)
        look_before("letter", may_leave)

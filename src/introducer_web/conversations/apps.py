"""The app."""

from django.apps import AppConfig


class Conversations(AppConfig):
    """See the package."""

    name = "introducer_web.conversations"

    def ready(self) -> None:
        """Open the doors to what two people write, and look at each mail about letters before it leaves."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.conversations import ways  # noqa: PLC0415
        from introducer_web.conversations.services import may_leave  # noqa: PLC0415
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.mail.services import look_before  # noqa: PLC0415

        doors.between(ways.between)
        doors.home(ways.home, ways.home_asks)
        look_before("letter", may_leave)

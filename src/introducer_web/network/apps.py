"""The app."""

from django.apps import AppConfig


class Network(AppConfig):
    """See the package."""

    name = "introducer_web.network"

    def ready(self) -> None:
        """Open a door on the home of a mentee."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.network.pages import network_door  # noqa: PLC0415

        doors.home(network_door)

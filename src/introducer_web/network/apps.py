"""The app."""

from django.apps import AppConfig


class Network(AppConfig):
    """See the package."""

    name = "introducer_web.network"

    def ready(self) -> None:
        """Open a door on the home of a mentee."""
        from introducer_web.lib import doors
        from introducer_web.network.pages import network_door

        doors.home(network_door)

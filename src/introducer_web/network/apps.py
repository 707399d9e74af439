"""The app."""

from django.apps import AppConfig


class Network(AppConfig):
    """See the package."""

    name = "introducer_web.network"

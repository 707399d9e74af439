"""The app."""

from django.apps import AppConfig


class Agreements(AppConfig):
    """See the package."""

    name = "introducer_web.agreements"

"""The app."""

from django.apps import AppConfig


class Matching(AppConfig):
    """See the package."""

    name = "introducer_web.matching"

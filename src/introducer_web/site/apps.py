"""The app."""

from django.apps import AppConfig


class Site(AppConfig):
    """See the package."""

    name = "introducer_web.site"

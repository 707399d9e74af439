"""The app."""

from django.apps import AppConfig


class Mail(AppConfig):
    """See the package."""

    name = "introducer_web.mail"

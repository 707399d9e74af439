"""The app."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """See the package."""

    name = "introducer_web.accounts"

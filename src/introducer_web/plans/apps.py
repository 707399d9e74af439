"""The app."""

from django.apps import AppConfig


class Plans(AppConfig):
    """See the package."""

    name = "introducer_web.plans"

    def ready(self) -> None:
        """Open the ways to plans; plans go along with the two whose they are, and come back with them."""
        from introducer_web.lib import doors, lives
        from introducer_web.plans.doors import between, home
        from introducer_web.plans.services.following import bring_back, take_along

        doors.between(between)
        doors.home(home)
        lives.goes_on(take_along)
        lives.resumes(bring_back)

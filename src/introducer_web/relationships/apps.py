"""The app."""

from django.apps import AppConfig


class Relationships(AppConfig):
    """See the package."""

    name = "introducer_web.relationships"

    def ready(self) -> None:
        """Take in relationships that a sheet names, tell reviews who asked to stay together, and ask who goes on."""
        from introducer_web.lib import doors
        from introducer_web.matching.asked import ask_of
        from introducer_web.people.imports import ties
        from introducer_web.relationships import open_doors
        from introducer_web.relationships.pages_between import roles_door
        from introducer_web.relationships.services import asked_in, record_existing, together_in

        ties.keep_with(ties.Keeper(together=together_in, record=record_existing))
        ask_of(asked_in)
        doors.between(roles_door)
        doors.between(open_doors.between)
        doors.home(open_doors.home)

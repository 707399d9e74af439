"""The app."""

from django.apps import AppConfig


class Relationships(AppConfig):
    """See the package."""

    name = "introducer_web.relationships"

    def ready(self) -> None:
        """Take in relationships that a sheet names, tell reviews who asked to stay together, and ask who goes on."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.matching.asked import ask_of  # noqa: PLC0415
        from introducer_web.people.imports import ties  # noqa: PLC0415
        from introducer_web.relationships import open_doors  # noqa: PLC0415
        from introducer_web.relationships.pages_between import roles_door  # noqa: PLC0415
        from introducer_web.relationships.services import asked_in, record_existing, together_in  # noqa: PLC0415

        ties.keep_with(ties.Keeper(together=together_in, record=record_existing))
        ask_of(asked_in)
        doors.between(roles_door)
        doors.between(open_doors.between)
        doors.home(open_doors.home)

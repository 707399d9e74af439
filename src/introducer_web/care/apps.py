"""The app."""

from django.apps import AppConfig


class Care(AppConfig):
    """See the package."""

    name = "introducer_web.care"

    def ready(self) -> None:
        """Look at reminders and news before they leave, send no digest twice, and lead to what needs somebody."""
        # Models can be imported only once every app is there: not at the top.
        from introducer_web.care.overview import doors_of, way_back  # noqa: PLC0415
        from introducer_web.care.services import may_leave, reminded_cohorts  # noqa: PLC0415
        from introducer_web.care.services.segments import news_may_leave  # noqa: PLC0415
        from introducer_web.care.views_recognition import home_door  # noqa: PLC0415
        from introducer_web.lib import doors  # noqa: PLC0415
        from introducer_web.mail.services import look_before  # noqa: PLC0415
        from introducer_web.relationships.services import leave_out  # noqa: PLC0415

        look_before("reminder", may_leave)
        look_before("news", news_may_leave)
        leave_out(reminded_cohorts)
        doors.cohorts(doors_of)
        doors.home(way_back)
        doors.home(home_door)

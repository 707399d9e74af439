"""The app."""

from django.apps import AppConfig


class Care(AppConfig):
    """See the package."""

    name = "introducer_web.care"

    def ready(self) -> None:
        """Look at reminders and news before they leave, send no digest twice, and lead to what needs somebody."""
        from introducer_web.care.overview import doors_of, way_back
        from introducer_web.care.services import may_leave, reminded_cohorts
        from introducer_web.care.services.segments import news_may_leave
        from introducer_web.care.services.silence import keep_quiet
        from introducer_web.care.views_recognition import home_door
        from introducer_web.lib import doors, lives
        from introducer_web.mail.services import look_before
        from introducer_web.relationships.services import leave_out

        look_before("reminder", may_leave)
        look_before("news", news_may_leave)
        leave_out(reminded_cohorts)
        doors.cohorts(doors_of)
        doors.home(way_back)
        doors.home(home_door)
        lives.goes_on(keep_quiet)

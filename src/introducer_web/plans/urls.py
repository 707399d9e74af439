"""Addresses of plans."""

from django.urls import path

from introducer_web.plans import views, views_agenda, views_calendar, views_link

_ME = "s/<slug:society>/me/<str:code>/"
_TWO = f"{_ME}with/<str:relationship>/"

urlpatterns = [
    path("when/<str:token>/", views_link.when, name="when"),
    path("cal/<str:token>.ics", views_link.plan_feed, name="plan_feed"),
    path(f"{_ME}calendar/", views_calendar.availability, name="availability"),
    path(f"{_ME}calendar/feed/", views_calendar.feed_renew, name="feed_renew"),
    path(f"{_TWO}plans/", views.plan_list, name="plan_list"),
    path(f"{_TWO}plans/new/", views.plan_new, name="plan_new"),
    path(f"{_TWO}plans/answer/<str:proposal>/", views.proposal_answer, name="proposal_answer"),
    path(f"{_TWO}plans/<str:plan>/", views.plan_show, name="plan_show"),
    path(f"{_TWO}plans/<str:plan>/act/", views.plan_act, name="plan_act"),
    path(f"{_TWO}agenda/", views_agenda.agenda, name="agenda"),
    path(f"{_TWO}agenda/<str:point>/", views_agenda.agenda_point, name="agenda_point"),
]

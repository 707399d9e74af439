"""Addresses of finding."""

from django.urls import path

from introducer_web.finding import views, views_coordinator, views_mentor, views_ranking, views_requests, views_talks

_ME = "s/<slug:society>/me/<str:code>/"
_COHORT = "s/<slug:society>/c/<str:code>/finding/"

urlpatterns = [
    path(f"{_ME}find/", views.find, name="find"),
    path(f"{_ME}find/mentors/", views.find_mentors, name="find_mentors"),
    path(f"{_ME}find/mentors/<str:mentor>/", views.find_mentor, name="find_mentor"),
    path(f"{_ME}requests/", views_requests.request_list, name="request_list"),
    path(f"{_ME}requests/<str:asked>/back/", views_requests.request_withdraw, name="request_withdraw"),
    path(f"{_ME}listing/", views_mentor.find_me, name="find_me"),
    path(f"{_ME}listing/moves/", views_mentor.move_add, name="move_add"),
    path(f"{_ME}listing/moves/<str:move>/", views_mentor.move_remove, name="move_remove"),
    path(f"{_ME}ranking/", views_ranking.ranking, name="ranking"),
    path(f"{_ME}ranking/<str:mentor>/", views_ranking.ranking_add, name="ranking_add"),
    path(f"{_ME}marks/", views_ranking.marks, name="marks"),
    path(f"{_ME}talks/", views_talks.talk_list, name="talk_list"),
    path(f"{_ME}talks/<str:talk>/", views_talks.talk_ready, name="talk_ready"),
    path(f"{_ME}talks/<str:talk>/said/", views_talks.talk_say, name="talk_say"),
    path("asked/<str:token>/", views_requests.request_answer, name="request_answer"),
    path(_COHORT, views_coordinator.finding_list, name="finding_list"),
    path(f"{_COHORT}round/", views_coordinator.round_set, name="round_set"),
    path(f"{_COHORT}talks/", views_coordinator.talks_set, name="talks_set"),
    path(f"{_COHORT}events/<str:event>/", views_coordinator.event_remove, name="event_remove"),
]

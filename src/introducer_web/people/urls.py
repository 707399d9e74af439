"""Addresses of joining and of people."""

from django.urls import path

from introducer_web.people import views, views_carry, views_coordinator

urlpatterns = [
    path("i/<str:token>/", views.invitation, name="invitation"),
    path("s/<slug:society>/p/<str:code>/join/", views.program_join, name="program_join"),
    path("s/<slug:society>/me/<str:code>/join/", views.join, name="join"),
    path("s/<slug:society>/me/<str:code>/join/<str:step>/", views.join_step, name="join_step"),
    path("s/<slug:society>/me/<str:code>/privacy/", views.participant_privacy, name="participant_privacy"),
    path("s/<slug:society>/me/<str:code>/pause/", views.participant_pause, name="participant_pause"),
    path("s/<slug:society>/me/<str:code>/withdraw/", views.participant_withdraw, name="participant_withdraw"),
    path("s/<slug:society>/c/<str:code>/people/", views_coordinator.people_list, name="people_list"),
    path("s/<slug:society>/c/<str:code>/people/<str:person>/", views_coordinator.people_person, name="people_person"),
    path(
        "s/<slug:society>/c/<str:code>/people/<str:person>/decide/",
        views_coordinator.people_decide,
        name="people_decide",
    ),
    path(
        "s/<slug:society>/c/<str:code>/people/<str:person>/conflict/",
        views_coordinator.people_conflict,
        name="people_conflict",
    ),
    path("s/<slug:society>/c/<str:code>/invite/", views_coordinator.people_invite, name="people_invite"),
    path(
        "s/<slug:society>/c/<str:code>/invite/<str:invitation>/revoke/",
        views_coordinator.invitation_revoke,
        name="invitation_revoke",
    ),
    path("s/<slug:society>/c/<str:code>/carry/", views_carry.people_carry, name="people_carry"),
    path("s/<slug:society>/c/<str:code>/supply/", views_coordinator.people_supply, name="people_supply"),
]

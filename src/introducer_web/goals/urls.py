"""Addresses of goals."""

from django.urls import path

from introducer_web.goals import views, views_changes, views_decisions

_ME = "s/<slug:society>/me/<str:code>/"
_COHORT = "s/<slug:society>/c/<str:code>/fresh-looks/"

urlpatterns = [
    path(f"{_ME}with/<str:relationship>/goals/", views.goal_together, name="goal_together"),
    path(f"{_ME}goals/", views.goal_list, name="goal_list"),
    path(f"{_ME}goals/new/", views.goal_new, name="goal_new"),
    path(f"{_ME}goals/<str:goal>/", views.goal_show, name="goal_show"),
    path(f"{_ME}goals/<str:goal>/word/", views.goal_word, name="goal_word"),
    path(f"{_ME}goals/<str:goal>/progress/", views.goal_progress, name="goal_progress"),
    path(f"{_ME}goals/<str:goal>/close/", views.goal_close, name="goal_close"),
    path(f"{_ME}decisions/", views_decisions.decision_list, name="decision_list"),
    path(f"{_ME}decisions/new/", views_decisions.decision_new, name="decision_new"),
    path(f"{_ME}decisions/<str:decision>/", views_decisions.decision_look, name="decision_look"),
    path(f"{_ME}first-days/", views_decisions.track_list, name="track_list"),
    path(f"{_ME}first-days/begin/", views_decisions.track_begin, name="track_begin"),
    path(f"{_ME}first-days/<str:track>/", views_decisions.track_show, name="track_show"),
    path(f"{_ME}first-days/<str:track>/step/", views_decisions.track_step, name="track_step"),
    path(f"{_ME}changes/", views_changes.change_show, name="change_show"),
    path(f"{_ME}changes/note/", views_changes.change_note, name="change_note"),
    path(f"{_ME}changes/look/", views_changes.look_ask, name="look_ask"),
    path(f"{_ME}changes/<str:transition>/forget/", views_changes.change_forget, name="change_forget"),
    path(_COHORT, views_changes.look_list, name="look_list"),
    path(f"{_COHORT}run/", views_changes.look_run, name="look_run"),
    path(f"{_COHORT}<str:look>/settle/", views_changes.look_settle, name="look_settle"),
]

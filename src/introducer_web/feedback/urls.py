"""Addresses of feedback."""

from django.urls import path

from introducer_web.feedback import views

_ME = "s/<slug:society>/me/<str:code>/"
_TWO = f"{_ME}with/<str:relationship>/feedback/"

urlpatterns = [
    path(_TWO, views.feedback_list, name="feedback_list"),
    path(f"{_TWO}<str:feedback>/", views.feedback_show, name="feedback_show"),
    path(f"{_TWO}<str:told>/read/", views.feedback_read, name="feedback_read"),
    path(f"{_ME}feedback/", views.feedback_mine, name="feedback_mine"),
    path(f"{_ME}feedback/<str:feedback>/", views.feedback_remove, name="feedback_remove"),
]

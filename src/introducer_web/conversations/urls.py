"""Addresses of conversations."""

from django.urls import path

from introducer_web.conversations import views

_TWO = "s/<slug:society>/me/<str:code>/with/<str:relationship>/"

urlpatterns = [
    path(_TWO, views.conversation_list, name="conversation_list"),
    path(f"{_TWO}talked/", views.conversation_log, name="conversation_log"),
    path(f"{_TWO}talked/<str:conversation>/", views.conversation_say, name="conversation_say"),
]

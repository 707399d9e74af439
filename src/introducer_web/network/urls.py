"""Addresses of networks."""

from django.urls import path

from introducer_web.network import views

_MINE = "s/<slug:society>/me/<str:code>/network/"

urlpatterns = [
    path(_MINE, views.network_show, name="network_show"),
    path(f"{_MINE}<str:somebody>/", views.network_say, name="network_say"),
]

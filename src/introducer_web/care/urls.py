"""Addresses of care."""

from django.urls import path

from introducer_web.care import views_ladder, views_now

urlpatterns = [
    path("quiet/<str:token>/", views_ladder.care_quiet, name="care_quiet"),
    path("s/<slug:society>/c/<str:code>/ladder/", views_ladder.care_ladder, name="care_ladder"),
    path("s/<slug:society>/c/<str:code>/now/", views_now.care_now, name="care_now"),
    path("s/<slug:society>/c/<str:code>/now/<str:relationship>/write/", views_now.care_write, name="care_write"),
]

"""All addresses, and the door of the demo, which is there only where the site is one."""

from django.urls import path

from introducer_web.config.urls import handler404, urlpatterns
from introducer_web.site import views

__all__ = ["handler404", "urlpatterns"]

urlpatterns = [*urlpatterns, path("demo/<str:token>/", views.demo_enter, name="demo_enter")]

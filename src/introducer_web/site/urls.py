"""Pages that join several apps."""

from django.conf import settings
from django.urls import path

from introducer_web.site import views

urlpatterns = [
    path("language/", views.set_language, name="set_language"),
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
]

if settings.DEMO:
    urlpatterns.append(path("demo/<str:token>/", views.demo_enter, name="demo_enter"))

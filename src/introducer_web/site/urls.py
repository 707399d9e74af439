"""Pages that join several apps."""

from django.urls import path

from introducer_web.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
]

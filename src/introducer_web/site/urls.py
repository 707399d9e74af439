"""Pages that join several apps."""

from django.conf import settings
from django.urls import path

from introducer_web.site import my_pages, views

urlpatterns = [
    path("language/", views.set_language, name="set_language"),
    path("", views.home, name="home"),
    path("me/", my_pages.my_pages, name="my_pages"),
    path("me/download/", my_pages.my_download, name="my_download"),
    path("me/delete/", my_pages.my_delete, name="my_delete"),
    path("s/<slug:society>/setup/audit/", views.audit_list, name="audit_list"),
    path("s/<slug:society>/research/", views.research_home, name="research_home"),
    path("healthz", views.healthz, name="healthz"),
]

if settings.DEMO:
    urlpatterns.append(path("demo/<str:token>/", views.demo_enter, name="demo_enter"))

"""Addresses of imports, below ``/s/<society>/c/<cohort>/import/``."""

from django.urls import path

from introducer_web.people.imports import views

urlpatterns = [
    path("", views.import_new, name="import_new"),
    path("<str:sheet>/", views.import_show, name="import_show"),
    path("<str:sheet>/mapping/", views.import_mapping, name="import_mapping"),
    path("<str:sheet>/spellings/", views.import_spellings, name="import_spellings"),
    path("<str:sheet>/confirm/", views.import_confirm, name="import_confirm"),
    path("<str:sheet>/drop/", views.import_drop, name="import_drop"),
    path("<str:sheet>/faults/", views.import_faults, name="import_faults"),
    path("<str:sheet>/changes/", views.import_changes, name="import_changes"),
]

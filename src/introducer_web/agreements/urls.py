"""Addresses of agreements."""

from django.urls import path

from introducer_web.agreements import views

_TWO = "s/<slug:society>/me/<str:code>/with/<str:relationship>/agreement/"

urlpatterns = [
    path(_TWO, views.agreement_show, name="agreement_show"),
    path(f"{_TWO}clause/<str:clause>/", views.agreement_clause, name="agreement_clause"),
    path(f"{_TWO}sign/", views.agreement_sign, name="agreement_sign"),
    path(f"{_TWO}review/", views.agreement_review, name="agreement_review"),
    path(f"{_TWO}versions/", views.agreement_versions, name="agreement_versions"),
    path(f"{_TWO}signed/", views.agreement_signed, name="agreement_signed"),
]

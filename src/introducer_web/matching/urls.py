"""Addresses of runs, below ``/s/<society>/c/<cohort>/``."""

from django.urls import path

from introducer_web.matching import views, views_advice, views_trials

urlpatterns = [
    path("review/", views.run_review, name="run_review"),
    path("runs/", views.run_list, name="run_list"),
    path("runs/<str:run>/", views.run_show, name="run_show"),
    path("runs/<str:run>/stop/", views.run_stop, name="run_stop"),
    path("runs/<str:run>/sky/", views.run_sky, name="run_sky"),
    path("runs/<str:run>/compare/", views_trials.run_compare, name="run_compare"),
    path("runs/<str:run>/adopt/", views_trials.policy_adopt, name="policy_adopt"),
    path("runs/<str:run>/advice/", views_advice.advice_show, name="advice_show"),
    path("runs/<str:run>/advice/<str:kind>/", views_advice.advice_ask, name="advice_ask"),
    path("runs/<str:run>/advice/<str:kind>/stop/", views_advice.advice_stop, name="advice_stop"),
    path("runs/<str:run>/outcome/", views.run_export, name="run_export"),
    path("runs/<str:run>/mentees/<str:mentee>/", views.constellation_show, name="constellation_show"),
    path("orders/", views.order_list, name="order_list"),
    path("orders/<str:order>/lift/", views.order_lift, name="order_lift"),
    path("mentors/<str:mentor>/capacity/", views.mentor_capacity, name="mentor_capacity"),
]

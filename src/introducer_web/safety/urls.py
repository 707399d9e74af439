"""Addresses of what people turn to when something is wrong."""

from django.urls import path

from introducer_web.safety import views, views_coordinator

_HELP = "s/<slug:society>/help/"

urlpatterns = [
    path("r/<str:token>/", views.report_link, name="report_link"),
    path(_HELP, views.human_help, name="human_help"),
    path(f"{_HELP}write/", views.report_new, name="report_new"),
    path(f"{_HELP}written/", views.report_list, name="report_list"),
    path(f"{_HELP}written/<str:report>/", views.report_show, name="report_show"),
    path(f"{_HELP}written/<str:report>/delete/", views.report_delete, name="report_delete"),
    path("s/<slug:society>/setup/confidants/", views_coordinator.confidant_list, name="confidant_list"),
    path(
        "s/<slug:society>/setup/confidants/<str:confidant>/end/", views_coordinator.confidant_end, name="confidant_end"
    ),
    path("s/<slug:society>/setup/help/", views_coordinator.help_edit, name="help_edit"),
]

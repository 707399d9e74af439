"""All addresses, app by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("introducer_web.site.urls")),
    path("account/", include("introducer_web.accounts.urls")),
]

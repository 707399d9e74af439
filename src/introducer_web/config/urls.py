"""All addresses, app by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("introducer_web.site.urls")),
    path("account/", include("introducer_web.accounts.urls")),
    path("s/<slug:society>/c/<str:code>/", include("introducer_web.matching.urls")),
    path("s/<slug:society>/c/<str:code>/import/", include("introducer_web.people.imports.urls")),
]

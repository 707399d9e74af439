"""All addresses, app by app, and what answers where there is no page."""

from django.urls import include, path

urlpatterns = [
    path("", include("introducer_web.site.urls")),
    path("account/", include("introducer_web.accounts.urls")),
    path("", include("introducer_web.people.urls")),
    path("", include("introducer_web.relationships.urls")),
    path("", include("introducer_web.conversations.urls")),
    path("", include("introducer_web.agreements.urls")),
    path("", include("introducer_web.goals.urls")),
    path("", include("introducer_web.plans.urls")),
    path("", include("introducer_web.feedback.urls")),
    path("", include("introducer_web.safety.urls")),
    path("", include("introducer_web.finding.urls")),
    path("", include("introducer_web.network.urls")),
    path("", include("introducer_web.care.urls")),
    path("s/<slug:society>/", include("introducer_web.programs.urls")),
    path("s/<slug:society>/c/<str:code>/", include("introducer_web.matching.urls")),
    path("s/<slug:society>/c/<str:code>/import/", include("introducer_web.people.imports.urls")),
]

handler400 = "introducer_web.site.problems.bad_request"
handler403 = "introducer_web.site.problems.not_allowed"
handler404 = "introducer_web.site.problems.not_found"
handler429 = "introducer_web.site.problems.too_many"
handler500 = "introducer_web.site.problems.server_error"

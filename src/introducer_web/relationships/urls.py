"""Addresses of relationships."""

from django.urls import path

from introducer_web.relationships import (
    views,
    views_between,
    views_blocking,
    views_changes,
    views_coordinator,
    views_desk,
    views_ending,
    views_messages,
    views_organic,
    views_policy,
    views_renewing,
    views_thanks,
)

_ORGANIC = "s/<slug:society>/me/<str:code>/organic/"

_ME = "s/<slug:society>/me/<str:code>/"
_TWO = f"{_ME}with/<str:relationship>/"

urlpatterns = [
    path("a/<str:token>/", views.answer, name="answer"),
    path("o/<str:token>/", views_organic.organic_confirm, name="organic_confirm"),
    path("stop/<str:token>/", views.digest_stop, name="digest_stop"),
    path("a/<str:token>/message/", views.answer_message, name="answer_message"),
    path("s/<slug:society>/me/<str:code>/", views.participant_home, name="participant_home"),
    path("s/<slug:society>/me/<str:code>/swap/<str:relationship>/", views.swap_request, name="swap_request"),
    path(_ORGANIC, views_organic.organic_add, name="organic_add"),
    path(f"{_ORGANIC}<str:organic>/", views_organic.organic_tie, name="organic_tie"),
    path(f"{_ORGANIC}<str:organic>/link/", views_organic.organic_link, name="organic_link"),
    path(f"{_ORGANIC}<str:organic>/talked/", views_organic.organic_talk, name="organic_talk"),
    path(f"{_ORGANIC}<str:organic>/end/", views_organic.organic_end, name="organic_end"),
    path("s/<slug:society>/me/<str:code>/with/<str:relationship>/roles/", views_between.roles, name="roles"),
    path("s/<slug:society>/p/<str:code>/policy/preview/", views_policy.policy_preview, name="policy_preview"),
    path("s/<slug:society>/c/<str:code>/try/", views_policy.policy_try, name="policy_try"),
    path("s/<slug:society>/c/<str:code>/changes/", views_changes.changes_request, name="changes_request"),
    path("s/<slug:society>/c/<str:code>/changes/<str:run>/", views_changes.changes_take, name="changes_take"),
    path("s/<slug:society>/c/<str:code>/run/", views_coordinator.run_request, name="run_request"),
    path("s/<slug:society>/me/<str:code>/keep/<str:relationship>/", views.keep, name="keep"),
    path("s/<slug:society>/c/<str:code>/publish/<str:run>/", views_coordinator.publish, name="publish"),
    path(
        "s/<slug:society>/c/<str:code>/publish/<str:run>/mail/<str:tie>/",
        views_coordinator.publish_mail,
        name="publish_mail",
    ),
    path(
        "s/<slug:society>/c/<str:code>/publish/<str:run>/mail/<str:tie>/<str:side>/",
        views_coordinator.publish_html,
        name="publish_html",
    ),
    path("s/<slug:society>/c/<str:code>/messages/", views_messages.message_list, name="message_list"),
    path(
        "s/<slug:society>/c/<str:code>/messages/<str:message>/again/",
        views_messages.message_again,
        name="message_again",
    ),
    path(
        "s/<slug:society>/c/<str:code>/relationships/",
        views_coordinator.relationship_list,
        name="relationship_list",
    ),
    path(
        "s/<slug:society>/c/<str:code>/relationships/<str:relationship>/correct/",
        views_coordinator.relationship_correct,
        name="relationship_correct",
    ),
    path(
        "s/<slug:society>/c/<str:code>/relationships/<str:relationship>/recall/",
        views_coordinator.relationship_recall,
        name="relationship_recall",
    ),
    path("s/<slug:society>/c/<str:code>/desk/", views_desk.relationship_desk, name="relationship_desk"),
    path("s/<slug:society>/c/<str:code>/relationships.csv", views_desk.relationship_sheet, name="relationship_sheet"),
    path(
        "s/<slug:society>/c/<str:code>/people/<str:person>/hand-over/",
        views_desk.mentor_hand_over,
        name="mentor_hand_over",
    ),
    path("s/<slug:society>/me/<str:code>/on/<str:renewal>/", views_renewing.renewal_say, name="renewal_say"),
    path("s/<slug:society>/me/<str:code>/continue/", views_renewing.continue_list, name="continue_list"),
    path("s/<slug:society>/c/<str:code>/swaps/<str:swap>/", views_coordinator.swap_settle, name="swap_settle"),
    path(f"{_TWO}end/", views_ending.relationship_end, name="relationship_end"),
    path(f"{_TWO}end/undo/", views_ending.relationship_undo, name="relationship_undo"),
    path(f"{_TWO}after/", views_ending.relationship_after, name="relationship_after"),
    path(f"{_TWO}thanks/", views_thanks.thanks_write, name="thanks_write"),
    path(f"{_TWO}thanks/<str:thanks>/back/", views_thanks.thanks_back, name="thanks_back"),
    path(f"{_TWO}onward/", views_thanks.relationship_onward, name="relationship_onward"),
    path(f"{_ME}earlier/", views_ending.earlier_list, name="earlier_list"),
    path(f"{_ME}thanks/", views_thanks.thanks_list, name="thanks_list"),
    path(f"{_ME}became/", views_thanks.became_list, name="became_list"),
    path(f"{_ME}away/", views_blocking.away_list, name="away_list"),
    path(f"{_ME}away/<str:person>/", views_blocking.away_person, name="away_person"),
    path(f"{_ME}away/<str:block>/lift/", views_blocking.away_lift, name="away_lift"),
]

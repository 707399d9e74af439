"""Addresses of the coordinator's set-up, below ``/s/<society>/``."""

from django.urls import path

from introducer_web.programs import views, views_cohorts, views_words

urlpatterns = [
    path("setup/", views.society_home, name="society_home"),
    path("setup/edit/", views.society_edit, name="society_edit"),
    path("setup/program/", views.program_new, name="program_new"),
    path("setup/staff/", views.staff_list, name="staff_list"),
    path("setup/staff/<str:staff>/end/", views.staff_end, name="staff_end"),
    path("setup/sites/", views_words.site_list, name="site_list"),
    path("setup/sites/<str:site>/", views_words.site_edit, name="site_edit"),
    path("p/<str:code>/", views.program_home, name="program_home"),
    path("p/<str:code>/policy/", views.program_policy, name="program_policy"),
    path("p/<str:code>/endings/", views.program_endings, name="program_endings"),
    path("p/<str:code>/cohort/", views.cohort_new, name="cohort_new"),
    path("p/<str:code>/clone/", views_cohorts.program_clone, name="program_clone"),
    path("p/<str:code>/hand-over/", views_cohorts.program_hand_over, name="program_hand_over"),
    path("c/<str:code>/close/", views_cohorts.cohort_close, name="cohort_close"),
    path("p/<str:code>/words/<str:kind>/", views_words.word_list, name="word_list"),
    path("p/<str:code>/words/<str:kind>/<str:word>/", views_words.word_edit, name="word_edit"),
    path("p/<str:code>/words/domains/<str:word>/topics/<str:topic>/", views_words.topic_edit, name="topic_edit"),
    path("p/<str:code>/words/domains/<str:word>/topics/<str:topic>/act/", views_words.topic_act, name="topic_act"),
    path("p/<str:code>/words/<str:kind>/<str:word>/act/", views_words.word_act, name="word_act"),
]

"""Addresses of care."""

from django.urls import path

from introducer_web.care import views_ladder, views_now, views_recognition, views_segments

_LETTERS = "s/<slug:society>/me/<str:code>/letters/"

urlpatterns = [
    path("quiet/<str:token>/", views_ladder.care_quiet, name="care_quiet"),
    path("s/<slug:society>/c/<str:code>/ladder/", views_ladder.care_ladder, name="care_ladder"),
    path("s/<slug:society>/c/<str:code>/now/", views_now.care_now, name="care_now"),
    path("s/<slug:society>/c/<str:code>/now/<str:relationship>/write/", views_now.care_write, name="care_write"),
    path("news/<str:token>/", views_segments.news_stop, name="news_stop"),
    path("s/<slug:society>/c/<str:code>/segments/", views_segments.segment_list, name="segment_list"),
    path("s/<slug:society>/c/<str:code>/segments/new/", views_segments.segment_new, name="segment_new"),
    path(
        "s/<slug:society>/c/<str:code>/segments/sent/<str:mailing>/", views_segments.mailing_show, name="mailing_show"
    ),
    path("s/<slug:society>/c/<str:code>/segments/<str:segment>/", views_segments.segment_show, name="segment_show"),
    path(
        "s/<slug:society>/c/<str:code>/segments/<str:segment>/edit/", views_segments.segment_edit, name="segment_edit"
    ),
    path(
        "s/<slug:society>/c/<str:code>/segments/<str:segment>/delete/",
        views_segments.segment_delete,
        name="segment_delete",
    ),
    path(
        "s/<slug:society>/c/<str:code>/segments/<str:segment>/write/",
        views_segments.segment_write,
        name="segment_write",
    ),
    path("v/<str:token>/", views_recognition.recognition_verify, name="recognition_verify"),
    path(_LETTERS, views_recognition.recognition_list, name="recognition_list"),
    path(f"{_LETTERS}<str:recognition>/", views_recognition.recognition_show, name="recognition_show"),
    path(f"{_LETTERS}<str:recognition>/file/<str:kind>/", views_recognition.recognition_file, name="recognition_file"),
    path(f"{_LETTERS}<str:recognition>/delete/", views_recognition.recognition_delete, name="recognition_delete"),
]

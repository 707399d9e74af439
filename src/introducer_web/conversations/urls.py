"""Addresses of conversations."""

from django.urls import path

from introducer_web.conversations import views, views_letters, views_notes

_ME = "s/<slug:society>/me/<str:code>/"
_TWO = f"{_ME}with/<str:relationship>/"

urlpatterns = [
    path(_TWO, views.conversation_list, name="conversation_list"),
    path(f"{_TWO}talked/", views.conversation_log, name="conversation_log"),
    path(f"{_TWO}talked/<str:conversation>/", views.conversation_say, name="conversation_say"),
    path(f"{_TWO}notes/", views_notes.note_list, name="note_list"),
    path(f"{_TWO}notes/<str:note>/", views_notes.note_edit, name="note_edit"),
    path(f"{_TWO}letters/", views_letters.letter_list, name="letter_list"),
    path(f"{_TWO}letters/read/", views_letters.letters_read, name="letters_read"),
    path(f"{_TWO}letters/<str:letter>/back/", views_letters.letter_back, name="letter_back"),
    path(f"{_ME}kept/", views_notes.kept_list, name="kept_list"),
    path(f"{_ME}kept/<str:written>/", views_notes.kept_remove, name="kept_remove"),
]

"""What can be said of a conversation, all of it optional; and words, looked at for what would name a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from introducer_web.conversations import patients
from introducer_web.conversations.models import Conversation
from introducer_web.conversations.services import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LetterForm", "LogForm", "LookedAt", "MinutesForm", "NoteForm"]


class MinutesForm(forms.Form):
    """How long it was."""

    minutes = forms.TypedChoiceField(
        label=_("How long"), required=False, coerce=int, empty_value=None,
        choices=[("", _("I would rather not say")), *Conversation.Minutes.choices],
    )  # fmt: skip


class LogForm(MinutesForm):
    """A day, today unless it is said, and whether it was one more."""

    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    another = forms.BooleanField(label=_("One more on a day that is noted already"), required=False)

    field_order = ("on", "minutes", "another")


class LookedAt(forms.Form):
    """Words that are looked at for what would say who a patient is, before anything is kept of them.

    What is seen is a warning, never a wall: where ``warns`` is true, a page includes ``conversations/_patients.html``
    with what ``may_name`` a patient and a button that sends ``agree`` as ``agreed``. It stands for what was seen, and
    for nothing that is written after it.
    """

    #: The fields that are looked at.
    looked_at: tuple[str, ...] = ("words",)

    warns = False
    agree = ""
    may_name: tuple[patients.Seen, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Warn of what is seen, unless the writer has seen it too."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        every = [(name, patients.look(cleaned.get(name) or "")) for name in self.looked_at]
        self.may_name = tuple(seen for _name, found in every for seen in found)
        self.agree = patients.mark_of(self.may_name)
        self.warns = bool(self.may_name) and self.data.get("agreed") != self.agree
        if self.warns:
            for name, found in every:
                if found:
                    self.add_error(name, _warning(len(found)))
        return cleaned


def _warning(n: int) -> str:
    return ngettext(
        "Something in it may say who a patient is. Nothing is lost: change it, or go on all the same, below.",
        "%(n)s things in it may say who a patient is. Nothing is lost: change them, or go on all the same, below.",
        n,
    ) % {"n": n}


class NoteForm(LookedAt):
    """A note, and who may read it."""

    words = forms.CharField(label=_("Your note"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 6}))
    conversation = forms.ChoiceField(label=_("About"), required=False)
    is_shared = forms.TypedChoiceField(
        label=_("Who may read it"), coerce=lambda value: value == "both", initial="me", widget=forms.RadioSelect,
        choices=[("me", _("I alone")), ("both", _("both of us"))],
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = ("words", "conversation", "is_shared")

    def __init__(
        self, *args: Any, conversations: Iterable[Conversation] = (), can_share: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conversation"].choices = [
            ("", _("no conversation in particular")),
            *((each.code, _dated(each)) for each in conversations),
        ]
        if not can_share:
            self.fields["is_shared"].choices = [("me", _("I alone"))]


def _dated(conversation: Conversation) -> str:
    return date_format(conversation.held_on, "DATE_FORMAT")


class LetterForm(LookedAt):
    """A letter to the other one; ``upto`` is the last one that the writer had before them."""

    words = forms.CharField(label=_("Your letter"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 6}))
    upto = forms.CharField(required=False, widget=forms.HiddenInput)

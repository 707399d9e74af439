"""The doors to what two people write, on their page and on the home of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.conversations.access import new_letters_to, notes_between
from introducer_web.conversations.models import Letter, Note
from introducer_web.lib.doors import Door

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship

__all__ = ["between", "home", "home_asks"]


def between(*, person: Participant, relationship: Relationship, now: datetime) -> Iterator[Door]:
    """Lead to the letters and the notes of two people."""
    if relationship.state not in (relationship.State.ACTIVE, relationship.State.ENDED):
        return
    where = [relationship.society.slug, person.code, relationship.code]
    other = relationship.mentee if person.is_mentor else relationship.mentor
    new = new_letters_to(person, relationship).count()
    notes = notes_between(person, relationship).count()
    lives = relationship.state == relationship.State.ACTIVE
    yield Door(
        _("Write to %(name)s") % {"name": other.user} if lives else _("What you wrote to each other"),
        reverse("letter_list", args=where),
        ngettext("%(n)s new letter", "%(n)s new letters", new) % {"n": new} if new else "",
        waits=bool(new),
    )
    yield Door(
        _("Notes"), reverse("note_list", args=where),
        ngettext("%(n)s note", "%(n)s notes", notes) % {"n": notes} if notes else "",
    )  # fmt: skip


def home_asks(*, person: Participant, now: datetime) -> dict[str, Any]:
    """Ask of a person whether letters are new, and what is left of relationships that are gone."""
    del now
    side = "mentor" if person.is_mentor else "mentee"
    other = "mentee" if person.is_mentor else "mentor"
    lived = {f"relationship__{side}": OuterRef("pk"), "relationship__state__in": ("active", "ended")}
    new = Letter.objects.filter(read_at__isnull=True, **lived).exclude(author=OuterRef("pk"))
    first = new.order_by("pk")
    counted = new.order_by().values("society").annotate(n=Count("pk")).values("n")
    kept = {"author": OuterRef("pk"), "relationship__isnull": True}
    return {
        "new": Coalesce(Subquery(counted), 0),
        "where": Subquery(first.annotate(at=F("relationship__code")).values("at")[:1]),
        "who": Subquery(first.annotate(by=F(f"relationship__{other}__user__name")).values("by")[:1]),
        "kept": Exists(Note.objects.filter(**kept)),
        "kept_letters": Exists(Letter.objects.filter(**kept)),
    }


def home(*, person: Participant, now: datetime, found: dict[str, Any]) -> Iterator[Door]:
    """Lead to letters that are new, and to what is left of relationships that are gone."""
    slug = person.society.slug
    if found["new"]:
        yield Door(
            _("%(name)s wrote to you") % {"name": found["who"]},
            reverse("letter_list", args=[slug, person.code, found["where"]]),
            ngettext("%(n)s new letter", "%(n)s new letters", found["new"]) % {"n": found["new"]},
            waits=True,
        )
    if found["kept"] or found["kept_letters"]:
        yield Door(
            _("What you kept"), reverse("kept_list", args=[slug, person.code]),
            _("your notes and letters of a mentoring that is deleted"),
        )  # fmt: skip

"""What the pages of an agreement show: a version with its signatures, and what changed from one to the next."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from introducer_web.agreements.clauses import EDITION, Said, said_in
from introducer_web.agreements.models import Agreement, AgreementVersion

if TYPE_CHECKING:
    from datetime import date, datetime

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship

__all__ = ["Change", "Signed", "Version", "history_of", "newest_of", "review_of", "signed_of"]


@dataclass(frozen=True)
class Signed:
    """A signature."""

    who: int
    name: str
    at: datetime


@dataclass(frozen=True)
class Version:
    """What stands, or stood. One that nobody made is our own text: it is the first, and in no row yet."""

    number: int
    clauses: tuple[Said, ...]
    signed: tuple[Signed, ...] = ()
    made_by: str = ""
    made_at: datetime | None = None

    @property
    def both(self) -> bool:
        """Whether both signed it."""
        return len(self.signed) > 1

    def signed_by(self, person: Participant) -> bool:
        """Tell whether somebody signed it."""
        return any(each.who == person.pk for each in self.signed)


@dataclass(frozen=True)
class Change:
    """A version with what differs from the one before: pieces of text that ``went``, ``came`` or ``stay``."""

    version: Version
    clause: Said | None = None
    pieces: tuple[tuple[str, str], ...] = ()


def _rows(relationship: Relationship) -> list[AgreementVersion]:
    rows = AgreementVersion.objects.filter(agreement__relationship=relationship)
    return list(rows.select_related("made_by__user").prefetch_related("signatures").order_by("number"))


def _version(row: AgreementVersion) -> Version:
    signed = sorted(row.signatures.all(), key=lambda each: each.signed_at)
    return Version(
        row.number, tuple(said_in(row.edition, row.words.get("own", {}))),
        tuple(Signed(each.participant_id, each.words.get("name", ""), each.signed_at) for each in signed),
        str(row.made_by.user) if row.made_by else "", row.made_at,
    )  # fmt: skip


def newest_of(relationship: Relationship) -> Version:
    """Return the version that stands."""
    row = (
        AgreementVersion.objects.filter(agreement__relationship=relationship)
        .select_related("made_by__user").prefetch_related("signatures").order_by("-number").first()
    )  # fmt: skip
    return _version(row) if row else Version(1, tuple(said_in(EDITION, {})))


def signed_of(relationship: Relationship) -> Version | None:
    """Return the newest version that both signed."""
    return next((found for row in reversed(_rows(relationship)) if (found := _version(row)).both), None)


def review_of(relationship: Relationship) -> date | None:
    """Return the day on which the two look at it again."""
    return Agreement.objects.filter(relationship=relationship).values_list("review_on", flat=True).first()


def history_of(relationship: Relationship) -> list[Change]:
    """Return all versions, the newest first, with what each changed."""
    found: list[Change] = []
    before: Version | None = None
    for row in _rows(relationship):
        version = _version(row)
        key = row.words.get("changed", "")
        now = next((each for each in version.clauses if each.clause.key == key), None)
        then = next((each for each in before.clauses if each.clause.key == key), None) if before else None
        found.append(Change(version, now, _pieces(then.whole, now.whole) if now and then else ()))
        before = version
    return found[::-1]


def _pieces(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return a text word by word as it was and as it is: what went, what came, what stays."""
    old, new = (text.split() for text in (before or _("Left out."), after or _("Left out.")))
    found = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("stay", " ".join(old[a:b])))
            continue
        if b > a:
            found.append(("went", " ".join(old[a:b])))
        if d > c:
            found.append(("came", " ".join(new[c:d])))
    return tuple(found)

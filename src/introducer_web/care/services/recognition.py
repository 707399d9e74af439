"""Letters of recognition: computed from what a mentor's own conversations say, and provable by a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.care.models import Recognition
from introducer_web.conversations.models import Conversation
from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.programs.models import Domain
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import User

__all__ = [
    "FEW",
    "MOST_LETTERS",
    "Figures",
    "LettersAreOff",
    "NotAPeriod",
    "NothingToRecognize",
    "delete_recognition",
    "figures_of",
    "issue",
]

#: With fewer mentees than that, the domains of a letter are those that the mentor offers: what one or two people
#: asked for would be told to whoever knows whom they have as a mentor.
FEW = 3
#: Letters that one mentor keeps.
MOST_LETTERS = 50
#: Layout of ``Recognition.figures``.
_SCHEMA = 1
State = Relationship.State


class LettersAreOff(DomainError):
    """The program makes no letters."""


class NotAPeriod(DomainError):
    """It ends before it begins, or is still to come."""


class NothingToRecognize(DomainError):
    """No conversation is noted in the period."""


@dataclass(frozen=True)
class Figures:
    """What a letter says.

    Attributes
    ----------
    conversations, confirmed : int
        Noted in the period; of these, noted by both sides.
    minutes, with_minutes : int
        Sum of the lengths that somebody noted, and of how many conversations these are.
    mentees : int
        People with whom there was at least one conversation in the period.
    domains : tuple of str
        Open and not sensitive: what the mentees were tied for; with fewer than three of them, what the mentor offers.
    offered : bool
        Whether the domains are those that the mentor offers.
    programs : tuple of str
    """

    conversations: int
    confirmed: int
    minutes: int
    with_minutes: int
    mentees: int
    domains: tuple[str, ...]
    offered: bool
    programs: tuple[str, ...]

    def as_rows(self) -> dict[str, Any]:
        """Return them as they are kept."""
        return {"schema": _SCHEMA, **vars(self), "domains": [*self.domains], "programs": [*self.programs]}


def figures_of(mentor: Participant, begins: date, ends: date) -> Figures:
    """Return the figures of a mentor as a person, over all programs of the society that make letters. Four queries."""
    lived = Relationship.objects.filter(
        mentor__user=mentor.user, society=mentor.society, cohort__program__letters=True,
        state__in=(State.ACTIVE, State.ENDED),
    ).select_related("cohort__program", "mentee")  # fmt: skip
    talks = list(
        Conversation.objects.filter(relationship__in=lived, held_on__gte=begins, held_on__lte=ends).values_list(
            "relationship", "minutes", "confirmed_at"
        )
    )
    met = {row for row, _minutes, _confirmed in talks}
    rows = [row for row in lived if row.pk in met]
    mentees = {row.mentee.user_id for row in rows}
    told = [minutes for _row, minutes, _confirmed in talks if minutes]
    offered = len(mentees) < FEW
    return Figures(
        conversations=len(talks), confirmed=sum(confirmed is not None for _row, _minutes, confirmed in talks),
        minutes=sum(told), with_minutes=len(told), mentees=len(mentees), offered=offered,
        domains=_offered(mentor) if offered else _tied(rows),
        programs=tuple(sorted({row.cohort.program.name for row in rows})),
    )  # fmt: skip


def _offered(mentor: Participant) -> tuple[str, ...]:
    rows = Domain.objects.filter(
        sensitive=False, program__letters=True, society=mentor.society, pk__in=mentor.offers.values("domain")
    )
    return tuple(dict.fromkeys(rows.order_by("place", "pk").values_list("name", flat=True)))


def _tied(rows: Iterable[Relationship]) -> tuple[str, ...]:
    keys = Q(pk__in=())
    for row in rows:
        keys |= Q(program=row.cohort.program_id, key__in={key.partition(".")[0] for key in row.needs})
    found = Domain.objects.filter(keys, sensitive=False).order_by("place", "pk")
    return tuple(dict.fromkeys(found.values_list("name", flat=True)))


@transaction.atomic
def issue(*, mentor: Participant, begins: date, ends: date, by: User, now: datetime) -> Recognition:
    """Make a letter: figures of today, a link that proves them.

    Raises
    ------
    LettersAreOff, NotAPeriod, NothingToRecognize
    """
    if not mentor.cohort.program.letters:
        raise LettersAreOff(_("This program makes no letters of recognition. Your coordinator can tell you why."))
    if ends < begins or begins > now.date():
        raise NotAPeriod(_("Choose a first day that has been, and a last day that is not before it."))
    if Recognition.objects.filter(mentor=mentor).count() >= MOST_LETTERS:
        raise DomainError(_("You keep many letters already. Delete one that you no longer need."))
    figures = figures_of(mentor, begins, ends)
    if not figures.conversations:
        raise NothingToRecognize(
            _("No conversation of yours is noted in that time. Note those that you had, then try again.")
        )
    token = new_token()
    letter = Recognition(
        society=mentor.society, mentor=mentor, begins=begins, ends=ends, issued_at=now, digest=digest(token),
        figures=figures.as_rows() | {"name": str(mentor.user)},
    )  # fmt: skip
    letter.words = {"token": token}
    letter.save()
    audit.record(
        society=mentor.society, by=by, act="care.letter", subject=mentor.code, now=now,
        words="A mentor made a letter of recognition.",
    )  # fmt: skip
    return letter


@transaction.atomic
def delete_recognition(*, letter: Recognition, by: User, now: datetime) -> None:
    """Delete a letter: its link proves nothing any more."""
    audit.record(
        society=letter.society, by=by, act="care.letter", subject=letter.mentor.code, now=now,
        words="A mentor deleted a letter of recognition.",
    )  # fmt: skip
    letter.delete()

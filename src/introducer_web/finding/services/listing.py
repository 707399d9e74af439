"""A mentor in the directory: whether they stand there, the moves that they made, the words that find them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.finding.models import CareerMove, Listing
from introducer_web.finding.words import words_of
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = ["TooManyMoves", "add_move", "index", "index_due", "list_mentor", "remove_move"]

#: Moves of one mentor.
_MOVES = 12
#: Mentors whose words are made at a time.
_AT_ONCE = 50
#: Words are made again after so long, whatever changed: a program may have renamed a domain.
_STALE = timedelta(days=1)


class TooManyMoves(DomainError):
    """A career has only so many moves that help somebody else."""


@transaction.atomic
def list_mentor(*, participant: Participant, wanted: bool, by: User, now: datetime) -> Listing:
    """Let a mentor stand in the directory, or not."""
    listing = _listing(participant)
    if listing.is_listed != wanted:
        listing.is_listed = wanted
        listing.save(update_fields=["is_listed"])
        audit.record(
            society=participant.society, by=by, act="finding.list_mentor", subject=participant.code, now=now,
            words="A mentor chose to stand in the directory." if wanted else "A mentor left the directory.",
        )  # fmt: skip
    return listing


@transaction.atomic
def add_move(*, participant: Participant, by: User, now: datetime, **said: Any) -> CareerMove:
    """Note a move that a mentor made.

    Raises
    ------
    TooManyMoves
    """
    Participant.objects.select_for_update().get(pk=participant.pk)
    if participant.moves.count() >= _MOVES:
        raise TooManyMoves(
            _("You named %(n)s moves. Take one away first: name those that help others.") % {"n": _MOVES}
        )
    move = CareerMove.objects.create(society=participant.society, participant=participant, **said)
    _changed(participant, by, now)
    return move


@transaction.atomic
def remove_move(*, move: CareerMove, by: User, now: datetime) -> None:
    """Take a move back."""
    participant = move.participant
    move.delete()
    _changed(participant, by, now)


def _changed(participant: Participant, by: User, now: datetime) -> None:
    index(participant, now)
    audit.record(
        society=participant.society, by=by, act="finding.moves", subject=participant.code, now=now,
        words="A mentor changed the moves that they made.",
    )  # fmt: skip


def _listing(participant: Participant) -> Listing:
    return Listing.objects.get_or_create(participant=participant, defaults={"society": participant.society})[0]


def index(participant: Participant, now: datetime) -> None:
    """Make a mentor's words anew."""
    listing = _listing(participant)
    listing.words, listing.version, listing.made_at = words_of(participant), participant.version, now
    listing.save(update_fields=["words", "version", "made_at"])


def index_due(now: datetime) -> bool:
    """Make the words of some mentors whose answers changed, or whose words are old; tells whether there were any."""
    with scopes_disabled():
        old = Q(listing__isnull=True) | ~Q(listing__version=F("version")) | Q(listing__made_at__lte=now - _STALE)
        mentors = list(
            Participant.objects.filter(
                old, role=Role.MENTOR, state=Participant.State.ACTIVE, cohort__is_closed=False
            )
            .select_related("society", "user", "site", "cohort__program")
            .prefetch_related("offers__domain", "offers__topic", "claims__experience", "moves")
            .order_by("pk")[:_AT_ONCE]
        )  # fmt: skip
        for mentor in mentors:
            with transaction.atomic():
                index(mentor, now)
        return bool(mentors)

"""People whom a mentee has already: added with a name, confirmed by the other side with a tap.

No act of these stands in the record, and no mail goes out: coordinators read both, and a mentee's own people are
nobody's business but theirs. They fill no seat, and no match knows of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.people.known import folded
from introducer_web.people.models import Participant
from introducer_web.relationships.models import OrganicTie

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

__all__ = [
    "AlreadyConfirmed",
    "NobodyIsAsked",
    "TieIsOver",
    "TooManyTies",
    "add_tie",
    "change_tie",
    "confirm_tie",
    "end_tie",
    "make_link",
    "note_talk",
    "remove_tie",
    "say_of_oneself",
    "step_out",
    "withdraw_link",
]

State = OrganicTie.State
#: How long a link asks, while nobody has confirmed.
OPEN_FOR = timedelta(days=30)
#: People whom one mentee adds, at most: more is an address book.
MOST = 40
#: Days of conversations that are kept of one tie: those of a year count, and no more are needed.
DAYS = 100
#: Letters of a name, and of what the other side says in one field.
LONG, WORDS = 120, 500
#: Whoever is further east than we have noted has tomorrow already.
_AHEAD = timedelta(days=1)
_BACK = timedelta(days=366)


class TooManyTies(DomainError):
    """There is an end to how many people help one."""


class TieIsOver(DomainError):
    """It was ended, by one side or the other."""


class AlreadyConfirmed(DomainError):
    """What was confirmed is not asked again."""


class NobodyIsAsked(DomainError):
    """The link has expired, or asks no more."""


@transaction.atomic
def add_tie(*, person: Participant, name: str, domains: Iterable[str], now: datetime) -> OrganicTie:
    """Add somebody who helps a mentee already. The same name twice is the same person.

    Raises
    ------
    TooManyTies
    """
    person = Participant.objects.select_for_update(of=("self",)).select_related("society").get(pk=person.pk)
    held = list(OrganicTie.objects.filter(mentee__user_id=person.user_id).select_related("society"))
    name = " ".join(name.split())[:LONG]
    same = next((tie for tie in held if tie.is_open and folded(tie.facts["name"]) == folded(name)), None)
    if same is not None:
        same.facts = same.facts | {"domains": list(dict.fromkeys([*same.facts["domains"], *domains]))}
        same.save(update_fields=["sealed"])
        return same
    if len(held) >= MOST:
        raise TooManyTies(
            _("You have added %(most)s people. Remove somebody who does not help you any more.") % {"most": MOST}
        )
    tie = OrganicTie(society=person.society, mentee=person, claimed_at=now)
    tie.facts = {
        "name": name,
        "kind": "",
        "place": "",
        "domains": list(domains),
        "roles": [],
        "since": None,
        "days": [],
    }
    tie.save()
    return tie


@transaction.atomic
def change_tie(*, tie: OrganicTie, **facts: Any) -> OrganicTie:
    """Change what a mentee says of somebody: name, kind, place, domains, roles, since."""
    tie = _locked(tie)
    tie.facts = tie.facts | facts | {"name": " ".join(facts["name"].split())[:LONG]}
    tie.save(update_fields=["sealed"])
    return tie


@transaction.atomic
def note_talk(*, tie: OrganicTie, on: date, now: datetime, back: bool = False) -> OrganicTie:
    """Note that the two talked on a day, or take that back. A day counts once."""
    tie = _locked(tie)
    if not back:
        _refuse_over(tie)
        if not now.date() - _BACK <= on <= now.date() + _AHEAD:
            raise DomainError(_("Choose a day of the last twelve months."))
    days = set(tie.facts["days"]) - {on.isoformat()} if back else {*tie.facts["days"], on.isoformat()}
    tie.facts = tie.facts | {"days": sorted(days)[-DAYS:]}
    tie.save(update_fields=["sealed"])
    return tie


@transaction.atomic
def make_link(*, tie: OrganicTie, now: datetime) -> OrganicTie:
    """Make a link for the other side; an earlier one is dead from now on.

    Raises
    ------
    TieIsOver, AlreadyConfirmed
    """
    tie = _locked(tie)
    _refuse_over(tie)
    if tie.state == State.CONFIRMED:
        raise AlreadyConfirmed(_("It is confirmed. The link that was used goes on working, so that they can step out."))
    token = new_token()
    tie.link, tie.digest, tie.expires_at = {"token": token}, digest(token), now + OPEN_FOR
    tie.save(update_fields=["sealed_link", "digest", "expires_at"])
    return tie


@transaction.atomic
def withdraw_link(*, tie: OrganicTie) -> OrganicTie:
    """Let a link that nobody confirmed end."""
    tie = _locked(tie)
    if tie.state != State.CLAIMED:
        raise AlreadyConfirmed(_("It is confirmed. The link that was used goes on working, so that they can step out."))
    tie.digest, tie.expires_at, tie.sealed_link = None, None, b""
    tie.save(update_fields=["sealed_link", "digest", "expires_at"])
    return tie


@transaction.atomic
def confirm_tie(*, tie: OrganicTie, now: datetime) -> OrganicTie:
    """Let the other side say that it is so, and keep the rule against selling. Twice is once.

    Raises
    ------
    NobodyIsAsked, TieIsOver
    """
    tie = _locked(tie)
    _refuse_over(tie)
    if tie.state == State.CONFIRMED:
        return tie
    if tie.expires_at is None or tie.expires_at <= now:
        raise NobodyIsAsked(_("This link has expired. Whoever sent it can make a new one."))
    tie.state, tie.confirmed_at = State.CONFIRMED, now
    tie.words = tie.words | {"agreed_at": now.isoformat()}
    tie.save(update_fields=["state", "confirmed_at", "sealed_words"])
    return tie


@transaction.atomic
def say_of_oneself(*, tie: OrganicTie, kind: str, reach: str, sells: str, paid_by: str) -> OrganicTie:
    """Keep what the other side says of itself; the mentee reads it at once."""
    tie = _locked(tie)
    if tie.state != State.CONFIRMED:
        raise TieIsOver(_("This is over. Nothing is left to do."))
    said = {"kind": kind, "reach": reach, "sells": sells, "paid_by": paid_by}
    tie.words = tie.words | {name: text.strip()[:WORDS] for name, text in said.items()}
    tie.save(update_fields=["sealed_words"])
    return tie


@transaction.atomic
def step_out(*, tie: OrganicTie, forget: bool, now: datetime) -> OrganicTie:
    """Let the other side step out, or say that it never was so; no reason is asked.

    ``forget`` blanks what they said of themselves; it can be asked later too, by the same link.
    """
    tie = _locked(tie)
    if tie.is_open:
        tie.state, tie.ended_at = State.LEFT, now
    if forget:
        tie.sealed_words = b""
    tie.save(update_fields=["state", "ended_at", "sealed_words"])
    return tie


@transaction.atomic
def end_tie(*, tie: OrganicTie, now: datetime) -> OrganicTie:
    """Let a mentee end it; it stays in their network as past."""
    tie = _locked(tie)
    _refuse_over(tie)
    tie.state, tie.ended_at = State.ENDED, now
    tie.save(update_fields=["state", "ended_at"])
    return tie


@transaction.atomic
def remove_tie(*, tie: OrganicTie) -> None:
    """Forget it, with all that either side said."""
    OrganicTie.objects.filter(pk=tie.pk).delete()


def _locked(tie: OrganicTie) -> OrganicTie:
    return OrganicTie.objects.select_for_update(of=("self",)).select_related("society").get(pk=tie.pk)


def _refuse_over(tie: OrganicTie) -> None:
    if not tie.is_open:
        raise TieIsOver(_("This is over. Nothing is left to do."))

"""Ranks and marks: whom a mentee would rather have and why, whom a mentor would; sealed, for the match alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.finding.models import FirstTalk, Preference, Round
from introducer_web.lib.errors import DomainError
from introducer_web.matching.preferred import Preferred
from introducer_web.people import services as people
from introducer_web.people.models import Participant, PrivateAnswers, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["RANKED", "RoundIsClosed", "mark", "preferred", "rank", "round_of", "set_round"]

#: Mentors whom a mentee may rank.
RANKED = 10
#: Most letters of a reason.
_MOST = 600


class RoundIsClosed(DomainError):
    """The program does not ask for ranks and marks now."""


@transaction.atomic
def set_round(*, cohort: Cohort, asks: bool, by: User, now: datetime) -> Round:
    """Ask the people of a cohort whom they would rather have, or ask them no more; what they said counts on."""
    held, _new = Round.objects.select_for_update().get_or_create(cohort=cohort, defaults={"society": cohort.society})
    if held.is_open != asks:
        held.opened_at, held.closed_at = (now, None) if asks else (held.opened_at, now)
        held.save(update_fields=["opened_at", "closed_at"])
        audit.record(
            society=cohort.society, by=by, act="finding.set_round", subject=cohort.code, now=now,
            words="Opened the round in which people say whom they would rather have." if asks else "Closed that round.",
        )  # fmt: skip
    return held


def round_of(cohort: Cohort) -> Round:
    """Return the round of a cohort; one that was never opened is closed."""
    return Round.objects.filter(cohort=cohort).first() or Round(society=cohort.society, cohort=cohort)


@transaction.atomic
def rank(*, mentee: Participant, ranked: Sequence[tuple[str, str]], by: User, now: datetime) -> Preference:
    """Keep a mentee's ranking: codes of mentors as participants and why, the first first.

    Raises
    ------
    RoundIsClosed
    """
    _refuse_closed(mentee)
    if len(ranked) > RANKED:
        raise DomainError(_("You can rank %(n)s mentors. Take one away first.") % {"n": RANKED})
    codes = [code for code, _why in ranked]
    users = _users(mentee, Role.MENTOR, codes)
    kept = [{"mentor": users[code], "why": why.strip()[:_MOST]} for code, why in dict(ranked).items() if code in users]
    return _keep(mentee, {"ranked": kept}, by, now)


@transaction.atomic
def mark(
    *, mentor: Participant, shown: Collection[str], marks: Mapping[str, str], by: User, now: datetime
) -> Preference:
    """Keep a mentor's marks of the mentees on one page of the list; the other pages stay as they are.

    Parameters
    ----------
    shown : collection of str
        Codes of the mentees, as participants, that the page showed.
    marks : mapping of str to str
        By code: ``especially`` or ``avoid``; without one, neither.

    Raises
    ------
    RoundIsClosed
    """
    _refuse_closed(mentor)
    users = _users(mentor, Role.MENTEE, shown)
    said = {users[code]: marks.get(code, "") for code in shown if code in users}
    held = Preference.objects.filter(participant=mentor).first()
    before = set(held.words.get("especially", [])) if held else set()
    after = before - said.keys() | {user for user, word in said.items() if word == "especially"}
    private = PrivateAnswers.objects.filter(participant=mentor).first()
    told = private.answers if private else {}
    avoided = set(told.get("avoid", []))
    wanted = avoided - said.keys() | {user for user, word in said.items() if word == "avoid"}
    if wanted != avoided:
        people.save_avoid(participant=mentor, codes=wanted, named=told.get("avoid_named", []), now=now)
    return _keep(mentor, {"especially": sorted(after)}, by, now)


def _refuse_closed(person: Participant) -> None:
    if person.state != Participant.State.ACTIVE or not round_of(person.cohort).is_open:
        raise RoundIsClosed(_("Your program does not ask for this now. What you said before counts."))


def _users(person: Participant, role: str, codes: Iterable[str]) -> dict[str, str]:
    """Return the codes of users by those of participants of a cohort: of people who take part."""
    rows = Participant.objects.filter(cohort=person.cohort_id, role=role, state=Participant.State.ACTIVE)
    return dict(rows.filter(code__in=codes).exclude(user=person.user_id).values_list("code", "user__code"))


def _keep(person: Participant, said: Mapping[str, Any], by: User, now: datetime) -> Preference:
    held = Preference.objects.select_for_update().filter(participant=person).first()
    if held is None:
        held = Preference(society=person.society, participant=person)
    held.words = held.words | said
    held.save()
    return held


def preferred(cohort: Cohort) -> Preferred:
    """Return the ranks and marks of a cohort's people, for a run; see ``matching.preferred``. Two queries.

    Whom a mentee was glad to have talked with comes after those whom they ranked; a mentor who was glad marks.
    """
    ranks: dict[tuple[str, str], int] = {}
    marks: set[tuple[str, str]] = set()
    rows = Preference.objects.filter(participant__cohort=cohort, participant__state=Participant.State.ACTIVE)
    for row in rows.select_related("participant__user", "society"):
        own = row.participant.user.code
        if row.participant.is_mentor:
            marks |= {(mentee, own) for mentee in row.words.get("especially", [])}
        else:
            said = row.words.get("ranked", [])
            ranks |= {(own, each["mentor"]): place for place, each in enumerate(said, start=1)}
    apart = set()
    talks = FirstTalk.objects.filter(mentee__cohort=cohort).order_by("proposed_at", "pk")
    for talk in talks.select_related("society", "mentee__user", "mentor__user"):
        pair = (talk.mentee.user.code, talk.mentor.user.code)
        of_mentee, of_mentor = talk.mentee_said.get("view"), talk.mentor_said.get("view")
        if FirstTalk.View.RATHER_NOT in (of_mentee, of_mentor):
            apart.add(pair)
        if of_mentee == FirstTalk.View.GLAD and pair not in ranks:
            ranks[pair] = 1 + sum(mentee == pair[0] for mentee, _mentor in ranks)
        if of_mentor == FirstTalk.View.GLAD:
            marks.add(pair)
    kept = {pair: place for pair, place in ranks.items() if pair not in apart}
    return Preferred(ranks=kept, marks=frozenset(marks - apart), apart=frozenset(apart))

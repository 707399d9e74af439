"""What the pages show of mentors whom a mentee might ask, gathered in a few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.finding.directory import askable
from introducer_web.finding.fitting import met
from introducer_web.finding.models import CareerMove, Event, Recommendation, Request
from introducer_web.finding.words import lists_of, spoken_of, told_claims, told_offers
from introducer_web.people import services as people
from introducer_web.people.languages import language_names
from introducer_web.people.models import Block, Claim, Need, Offer
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.relationships.pages import introduced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.relationships.pages import Introduced

__all__ = ["Card", "Dated", "cards_of", "dates_of", "invited", "open_requests", "recommended", "seen_of"]

#: Dates that are shown.
_DATES = 12


@dataclass(frozen=True)
class Card:
    """A mentor in a list: plain facts, what of a mentee's needs they help with, what else."""

    mentor: Participant
    facts: str
    why: tuple[str, ...]
    more: tuple[str, ...]
    paths: tuple[str, ...]
    moves: tuple[tuple[str, str, int | None], ...]
    common: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dated:
    """An event, at the hour of whoever looks."""

    event: Event
    at: datetime


def _common() -> dict[str, str]:
    """Return what speaks for two people, where both said it openly, by name of the engine's term."""
    return {
        "stage": _("about as far ahead of you as helps most"),
        "setting": _("the same kind of practice"),
        "route": _("a way of training in common"),
        "procedures": _("procedures that you look for"),
        "roles": _("the kind of mentor that you look for"),
        "region": _("the same region"),
        "same_institution": _("the same institution"),
        "other_institution": _("a view from another institution"),
        "language": _("the language that you prefer"),
        "timezone": _("time zones near each other"),
    }


def recommended(mentee: Participant, now: datetime) -> list[Card]:
    """Return the mentors recommended to a mentee who can still be asked, in order."""
    rows = list(
        Recommendation.objects.filter(mentee=mentee, mentor__in=askable(mentee, now.date()).values("pk"))
        .select_related("mentor__user", "mentor__site", "mentor__cohort__program").order_by("place")
    )  # fmt: skip
    words = _common()
    common = {row.mentor_id: tuple(words[name] for name in row.common if name in words)[:3] for row in rows}
    return cards_of(mentee, [row.mentor for row in rows], common)


def cards_of(
    mentee: Participant, mentors: Sequence[Participant], common: dict[int, tuple[str, ...]] | None = None
) -> list[Card]:
    """Return mentors as a mentee may see them in a list; five queries for any number.

    The mentors' users, sites and programs are loaded.
    """
    mine = {"participant__in": mentors}
    offers, claims, moves = (_by_mentor(rows) for rows in (
        Offer.objects.filter(**mine).select_related("domain", "topic"),
        Claim.objects.filter(**mine).select_related("experience"),
        CareerMove.objects.filter(**mine).order_by("-year", "pk"),
    ))  # fmt: skip
    asked = Need.objects.filter(participant=mentee, domain__sensitive=False).exclude(topic__sensitive=True)
    needs = [need.key for need in asked.select_related("domain", "topic").order_by("-level", "domain__place", "pk")]
    names = lists_of(mentee.cohort.program.template)
    return [
        _card(mentor, needs, told_offers(offers[mentor.pk]), told_claims(claims[mentor.pk]), moves[mentor.pk], names,
              (common or {}).get(mentor.pk, ()))
        for mentor in mentors
    ]  # fmt: skip


def _by_mentor(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.participant_id].append(row)
    return found


def _card(
    mentor: Participant, needs: list[str], offers: list[Offer], claims: list[Claim], moves: list[CareerMove],
    names: dict[str, str], common: tuple[str, ...],
) -> Card:  # fmt: skip
    helps = {offer.key for offer in offers if met(needs, {offer.key})}
    said: dict[bool, list[str]] = {True: [], False: []}
    for offer in offers:
        said[offer.key in helps].append(offer.domain.title)
    why = tuple(dict.fromkeys(said[True]))
    facts = (
        names.get(mentor.stage, mentor.stage),
        mentor.institution or (mentor.site.institution if mentor.site else ""),
        ", ".join(names.get(code, code) for code in mentor.settings),
        mentor.region,
        ", ".join(language_names(mentor.languages)),
        _("Usually answers within %(time)s") % {"time": mentor.get_answers_within_display()}
        if mentor.answers_within else "",
    )  # fmt: skip
    return Card(
        mentor=mentor,
        facts=". ".join(part for part in facts if part),
        why=why,
        more=tuple(name for name in dict.fromkeys(said[False]) if name not in why),
        paths=tuple(claim.experience.title for claim in claims),
        moves=tuple((*spoken_of(move, names), move.year) for move in moves),
        common=common,
    )


def seen_of(mentee: Participant, mentor: Participant, needs: Iterable[str], side: str) -> Introduced:
    """Return what one side of a request sees of the other: what an introduction for these needs would show."""
    two = Relationship(society=mentee.society, mentee=mentee, mentor=mentor, needs=list(needs))
    return introduced(two, side)


def dates_of(person: Participant, now: datetime) -> list[Dated]:
    """Return what is on in a person's cohort, the next first, at their own hour."""
    zone = person.zone
    rows = Event.objects.filter(cohort=person.cohort_id, begins_at__gt=now).order_by("begins_at", "pk")[:_DATES]
    # Without its zone: a page would turn it back into the zone of the server.
    return [Dated(row, row.begins_at.astimezone(zone).replace(tzinfo=None)) for row in rows]


def invited(person: Participant, now: datetime) -> list[tuple[Participant, str]]:
    """Return the introductions that wait for a person's answer: the other side, the link."""
    mine = Q(relationship__mentor=person) if person.is_mentor else Q(relationship__mentee=person)
    rows = Introduction.objects.filter(
        mine, side=person.role, answer__in=(Introduction.Answer.NONE, Introduction.Answer.ASKED), expires_at__gt=now,
        relationship__state=Relationship.State.INTRODUCED,
    ).select_related("relationship__mentee__user", "relationship__mentor__user")  # fmt: skip
    return [
        (row.relationship.mentee if person.is_mentor else row.relationship.mentor, f"/a/{row.words['token']}/")
        for row in rows.order_by("sent_at", "pk")
    ]


def open_requests(person: Participant) -> list[Request]:
    """Return the requests of a person, those that wait first, the newest first, with the people loaded."""
    mine = {"mentor": person} if person.is_mentor else {"mentee": person}
    rows = Request.objects.filter(**mine).select_related("mentee__user", "mentor__user", "society")
    if person.is_mentor:  # what a mentee took back is not the mentor's to see
        rows = rows.exclude(state=Request.State.WITHDRAWN)
        rows = rows.exclude(mentee__user__in=people.kept_apart(person.user))
    else:  # one that is not there any more would tell of what somebody said, or of a conflict
        rows = rows.exclude(mentor__user__in=Block.objects.filter(by=person.user).values("other"))
    shown = [row for row in rows.order_by("-asked_at", "-pk")[:60] if not (person.is_mentor and row.is_held)]
    return sorted(shown, key=lambda row: row.state != Request.State.OPEN)

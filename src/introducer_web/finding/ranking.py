"""What a mentee ranked and whom a mentor may mark, as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer_web.finding.fitting import met
from introducer_web.finding.models import Preference
from introducer_web.finding.words import lists_of, told_offers
from introducer_web.people import services as people
from introducer_web.people.models import Participant, PrivateAnswers, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

__all__ = ["Line", "Marked", "marked", "ranked", "ranking_posted"]


@dataclass(frozen=True)
class Line:
    """A mentor in a mentee's ranking."""

    place: int
    mentor: Participant
    why: str


@dataclass(frozen=True)
class Marked:
    """A mentee whom a mentor may mark: what an introduction would show first, and the mark."""

    mentee: Participant
    facts: str
    needs: tuple[str, ...]
    mark: str


def ranked(mentee: Participant) -> list[Line]:
    """Return a mentee's ranking: of the mentors who still take part."""
    held = Preference.objects.filter(participant=mentee).first()
    said = {each["mentor"]: each["why"] for each in held.words.get("ranked", [])} if held else {}
    rows = Participant.objects.filter(
        cohort=mentee.cohort_id, role=Role.MENTOR, state=Participant.State.ACTIVE, user__code__in=said
    ).select_related("user")
    by_user = {row.user.code: row for row in rows}
    kept = [(by_user[user], why) for user, why in said.items() if user in by_user]
    return [Line(place, mentor, why) for place, (mentor, why) in enumerate(kept, start=1)]


def ranking_posted(posted: QueryDict, lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Return what the page of a ranking sent: places as numbers, equals in the order before; without one, left out."""
    wanted = []
    for line in lines:
        code = line.mentor.code
        place = posted.get(f"place:{code}", "")
        if place.isdecimal():
            wanted.append((int(place), line.place, code, posted.get(f"why:{code}", line.why)))
    return [(code, why) for _place, _before, code, why in sorted(wanted)]


def marked(mentor: Participant) -> list[Marked]:
    """Return the mentees of a mentor's cohort who asked openly for what the mentor offers, with the mentor's marks."""
    held = Preference.objects.filter(participant=mentor).first()
    liked = set(held.words.get("especially", [])) if held else set()
    private = PrivateAnswers.objects.filter(participant=mentor).first()
    avoided = set(private.answers.get("avoid", [])) if private else set()
    offers = {offer.key for offer in told_offers(mentor.offers.select_related("domain", "topic"))}
    names = lists_of(mentor.cohort.program.template)
    rows = Participant.objects.filter(
        cohort=mentor.cohort_id, role=Role.MENTEE, state=Participant.State.ACTIVE, may_be_matched=True
    ).exclude(user__in={mentor.user_id} | people.kept_apart(mentor.user))  # fmt: skip
    found = []
    for mentee in rows.select_related("user", "site").prefetch_related("needs__domain", "needs__topic"):
        told = told_offers(mentee.needs.all())  # needs have the same words, levels and places
        keys = set(met([need.key for need in told], offers))
        needs = tuple(dict.fromkeys(need.domain.title for need in told if need.key in keys))
        if not needs:
            continue
        where = mentee.institution or (mentee.site.institution if mentee.site else "")
        user = mentee.user.code
        mark = "avoid" if user in avoided else "especially" if user in liked else ""
        facts = ". ".join(part for part in (names.get(mentee.stage, mentee.stage), where, mentee.region) if part)
        found.append(Marked(mentee, facts, needs, mark))
    return sorted(found, key=lambda row: (-len(row.needs), str(row.mentee.user), row.mentee.pk))

"""Who could take a mentee over: whom the newest run names, then who openly offers what the other one was there for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from introducer_web.matching.models import Constellation, MatchRun, Tie
from introducer_web.people.known import folded, known_as
from introducer_web.people.models import Offer, Participant
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.publish import WhyNot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.people.models import PrivateAnswers
    from introducer_web.programs.models import Cohort, Program

__all__ = ["takers", "why_not"]

State = Relationship.State
#: So many are offered for each mentee.
_MOST = 12


def takers(mentor: Participant, now: datetime) -> list[tuple[Relationship, list[Participant]]]:
    """Return the relationships of a mentor, and who could take each mentee over, the likeliest first.

    Who is full, paused or with the mentee already is left out, and so is everybody whom a rule, an order or
    somebody's wish keeps apart from them: why somebody is not there is not told.
    """
    lived = list(
        Relationship.objects.filter(mentor=mentor, state=State.ACTIVE)
        .select_related("society", "cohort__program", "mentee__user", "mentee__site", "mentee__cohort__program",
                        "mentee__private_answers__society", "mentor__user")
        .order_by("mentee__user__name", "pk")
    )  # fmt: skip
    if not lived:
        return []
    known, offered = _offering(mentor)
    named = _named(lived)
    apart = _Apart([*known.values(), *(row.mentee for row in lived)])
    ties: dict[int, list[Tie]] = {}
    for row in lived:
        asked = {key.partition(".")[0] for key in row.needs}
        openly = sorted(known.values(), key=lambda each: -sum(offered[each.pk].get(key, 0) for key in asked))
        fitting = [each.code for each in openly if asked & offered[each.pk].keys() or not asked]
        chosen = [known[code] for code in dict.fromkeys([*named[row.mentee_id], *fitting]) if code in known]
        ties[row.pk] = [
            Tie(mentee=row.mentee, mentor=each) for each in chosen if not apart.keeps(row.mentee, each)
        ]  # fmt: skip
    why = why_not(mentor.cohort, [tie for each in ties.values() for tie in each], lived, now)
    return [(row, [tie.mentor for tie in ties[row.pk] if _free(why, tie)][:_MOST]) for row in lived]


def _offering(mentor: Participant) -> tuple[dict[str, Participant], dict[int, dict[str, int]]]:
    """Return the other mentors of a cohort by code, and what each offers: level by key of a domain."""
    rows = (
        Offer.objects.filter(participant__cohort=mentor.cohort_id, participant__state=Participant.State.ACTIVE)
        .exclude(participant__user=mentor.user_id)
        .select_related("domain", "participant__user", "participant__site", "participant__cohort__program",
                        "participant__private_answers__society")
        .order_by("participant__user__name", "participant")
    )  # fmt: skip
    known: dict[str, Participant] = {}
    offered: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        person = known.setdefault(row.participant.code, row.participant)
        offered[person.pk][row.domain.key] = max(row.level, offered[person.pk].get(row.domain.key, 0))
    return known, offered


def _named(lived: Iterable[Relationship]) -> dict[int, list[str]]:
    """Return whom the newest proposal has in each mentee's team, and then who could be there instead."""
    named: dict[int, list[str]] = {row.mentee_id: [] for row in lived}
    rows = Constellation.objects.filter(
        mentee__in=list(named), run__state=MatchRun.State.DONE, run__kind=MatchRun.Kind.PROPOSAL
    )
    for row in rows.order_by("run__number").only("mentee_id", "needs", "others"):
        team = [code for need in row.needs for code in need["by"]]
        named[row.mentee_id] = [*dict.fromkeys(team), *(other["mentor"] for other in row.others)]
    return named


class _Apart:
    """What keeps two people apart beside conflicts and vetoes: the program's rules, and whom somebody avoids."""

    def __init__(self, people: list[Participant]) -> None:
        self.known = known_as(people)
        held = {each.pk: getattr(each, "private_answers", None) for each in people}
        self.avoided = {key: self._codes(row) for key, row in held.items() if row is not None}

    def _codes(self, row: PrivateAnswers) -> set[str]:
        codes = set(row.answers.get("avoid", ()))
        for name in row.answers.get("avoid_named", ()):
            codes |= self.known.get(folded(name), set())
        return codes

    def keeps(self, mentee: Participant, mentor: Participant) -> bool:
        """Tell whether the two must not be brought together."""
        program: Program = mentor.cohort.program
        if mentee.user_id == mentor.user_id:
            return True
        if program.shared_language == program.Language.REQUIRE and not set(mentee.languages) & set(mentor.languages):
            return True
        if program.same_site == program.SameSite.FORBID and mentee.site_id and mentee.site_id == mentor.site_id:
            return True
        if program.guests == program.Guests.FORBID and mentor.kind != "member":
            return True
        return mentor.user.code in self.avoided.get(mentee.pk, ()) or mentee.user.code in self.avoided.get(
            mentor.pk, ()
        )


def why_not(cohort: Cohort, ties: list[Tie], leaving: Iterable[Relationship], now: datetime) -> WhyNot:
    """Return what keeps pairs apart today; a place in a team that becomes free is free."""
    why = WhyNot(MatchRun(pk=0, society_id=cohort.society_id, cohort=cohort), ties, now)  # of no run: as it is now
    for row in leaving:
        why.room.teams[row.mentee_id] -= 1
    return why


def _free(why: WhyNot, tie: Tie) -> bool:
    """Tell whether nothing keeps a pair apart, without taking the seat."""
    if (tie.mentee_id, tie.mentor_id) in why.over or why.of(tie) is not None:
        return False  # who was together and is not any more is not handed back
    why.room.give_back(tie)
    return True

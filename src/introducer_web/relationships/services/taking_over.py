"""Who could take a mentee over: whom the newest run names, then who openly offers what the other one was there for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from introducer_web.matching.models import Constellation, MatchRun, Tie
from introducer_web.people.known import folded, known_as
from introducer_web.people.models import Offer, Participant, PrivateAnswers, Role
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.publish import WhyNot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.programs.models import Cohort, Program

__all__ = ["standing", "takers", "why_not"]

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
                        "mentor__user")
        .order_by("mentee__user__name", "pk")
    )  # fmt: skip
    if not lived:
        return []
    others = (
        Participant.objects.filter(cohort=mentor.cohort, role=Role.MENTOR, state=Participant.State.ACTIVE)
        .exclude(user=mentor.user).select_related("user", "site", "cohort__program").order_by("user__name", "pk")
    )  # fmt: skip
    known = {person.code: person for person in others}
    run = standing(mentor.cohort)
    named, offered = _named(run, lived), _offered(known.values())
    over, apart = _over(lived), _Apart([*known.values(), *(row.mentee for row in lived)])
    ties: dict[int, list[Tie]] = {}
    for row in lived:
        asked = {key.partition(".")[0] for key in row.needs}
        openly = sorted(known.values(), key=lambda each: -sum(offered[each.pk].get(key, 0) for key in asked))
        fitting = [each.code for each in openly if asked & offered[each.pk].keys() or not asked]
        chosen = [known[code] for code in dict.fromkeys([*named[row.mentee_id], *fitting]) if code in known]
        ties[row.pk] = [
            Tie(run=run, mentee=row.mentee, mentor=each) for each in chosen
            if (row.mentee_id, each.pk) not in over and not apart.keeps(row.mentee, each)
        ]  # fmt: skip
    why = why_not(run, [tie for each in ties.values() for tie in each], lived, now)
    return [(row, [tie.mentor for tie in ties[row.pk] if _free(why, tie)][:_MOST]) for row in lived]


def standing(cohort: Cohort) -> MatchRun:
    """Return the newest proposal of a cohort, or one that was never run: nothing is named by it."""
    done = MatchRun.objects.filter(cohort=cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
    found = done.defer("sealed_folder", "sealed_outcome").order_by("-number").first()
    return found or MatchRun(pk=0, society=cohort.society, cohort=cohort)


def _named(run: MatchRun, lived: Iterable[Relationship]) -> dict[int, list[str]]:
    """Return whom a run ties to each mentee, and then who could be there instead."""
    named: dict[int, list[str]] = {row.mentee_id: [] for row in lived}
    for mentee, code in Tie.objects.filter(run=run.pk, mentee__in=list(named)).values_list("mentee", "mentor__code"):
        named[mentee].append(code)
    for row in Constellation.objects.filter(run=run.pk, mentee__in=list(named)).only("mentee_id", "others"):
        named[row.mentee_id] += [other["mentor"] for other in row.others]
    return named


def _offered(mentors: Iterable[Participant]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Offer.objects.filter(participant__in=list(mentors), domain__retired=False)
    for person, key, level in rows.values_list("participant", "domain__key", "level"):
        found[person][key] = max(level, found[person].get(key, 0))
    return found


def _over(lived: Iterable[Relationship]) -> set[tuple[int, int]]:
    """Return the pairs that were together and are not any more: nobody is handed back."""
    gone = Relationship.objects.filter(
        mentee__in=[row.mentee_id for row in lived], state__in=(State.DECLINED, State.ENDED)
    )
    return set(gone.values_list("mentee", "mentor"))


class _Apart:
    """What keeps two people apart beside conflicts and vetoes: the program's rules, and whom somebody avoids."""

    def __init__(self, people: list[Participant]) -> None:
        self.known = known_as(people)
        rows = PrivateAnswers.objects.filter(participant__in=people).select_related("society")
        self.avoided = {row.participant_id: self._codes(row) for row in rows}

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


def why_not(run: MatchRun, ties: list[Tie], leaving: Iterable[Relationship], now: datetime) -> WhyNot:
    """Return what keeps pairs apart today; a place in a team that becomes free is free."""
    why = WhyNot(run, ties, now)
    why.versions = {}  # answers may have changed since the run: a coordinator decides, and both still answer
    for row in leaving:
        why.room.teams[row.mentee_id] -= 1
    return why


def _free(why: WhyNot, tie: Tie) -> bool:
    """Tell whether nothing keeps a pair apart, without taking the seat."""
    if why.of(tie) is not None:
        return False
    why.room.give_back(tie)
    return True

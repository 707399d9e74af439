"""What another policy would do before any run: pairs, seats, and who would be left with nobody.

Counted are the rules that everybody may read. What people keep confidential (whom they avoid,
conflicts) is taken out first: else the change of a count would tell of a single pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from introducer_web.lib import engine
from introducer_web.matching.policy_file import stage_rule
from introducer_web.matching.roster import CHOICES, freeze, under
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from introducer_web.matching.roster import Known
    from introducer_web.programs.models import Cohort, Program

__all__ = ["Effect", "changed_choices", "differing", "effect"]

#: Choices that say which pairs may be tied.
_RULES = ("same_site", "guests", "shared_language")
#: Choices that weigh mentees, the field of a participant that says whom, and what they are called.
_WEIGHED = (
    ("equity_rural", "rural", _("rural mentees")),
    ("equity_no_home_program", "no_home_program", _("mentees without a home program")),
)
#: Choices whose effect no count tells: who would get whom, a trial says.
_TRIED = (
    "wish_weight", "floor", "least_share", "pair_weight", "pair_terms", "stage_best_from", "stage_best_to",
    "stage_fade", "equity_rural", "equity_no_home_program",
)  # fmt: skip
#: Above so many pairs they are not counted while somebody waits for a page.
_MOST_PAIRS = 1_000_000
#: So many people are named.
_NAMED = 6


@dataclass(frozen=True)
class Effect:
    """What changes for one cohort. Pairs of numbers are before and after.

    Attributes
    ----------
    pairs : int
        Mentees times mentors.
    allowed : (int, int) or None
        Pairs that the open rules allow; None where there are too many to count at once.
    now_allowed, now_refused : int
        Pairs that change sides.
    alone : (int, int)
        Mentees who may be tied to nobody.
    left_alone : tuple of str
        Names of some who could be tied to somebody before.
    places, seats : (int, int)
        Mentors that all mentees may have together, and mentees that all mentors take.
    on_default : (int, int)
        Mentees and mentors who said no number of their own.
    weighed : tuple of (str, int)
        Who counts otherwise than before, and how many mentees that are.
    to_try : bool
        Whether something differs whose effect a trial alone shows.
    """

    cohort: Cohort
    pairs: int
    allowed: tuple[int, int] | None
    now_allowed: int
    now_refused: int
    alone: tuple[int, int]
    left_alone: tuple[str, ...]
    places: tuple[int, int]
    seats: tuple[int, int]
    on_default: tuple[int, int]
    weighed: tuple[tuple[str, int], ...]
    to_try: bool


def changed_choices(program: Program, policy: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the choices that a run depends on and that differ from those that stand: field, before, after."""
    return differing({name: getattr(program, name) for name in CHOICES}, policy)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the choices that differ, of those that both know: field, before, after.

    A share that nobody is to be below counts only where it is asked for.
    """
    return [
        (name, before[name], after[name])
        for name in CHOICES
        if name in before and name in after and before[name] != after[name]
        if name != "least_share" or after.get("floor") == "share"
    ]


def effect(*, cohort: Cohort, policy: Mapping[str, Any], known: Known, now: datetime) -> Effect:
    """Compare a policy with the one that stands, for the people of a cohort as they are now; writes nothing."""
    people = list(
        Participant.objects.filter(cohort=cohort, state=Participant.State.ACTIVE).select_related("user").order_by("pk")
    )
    sides = {role: [person for person in people if person.role == role] for role in (Role.MENTEE, Role.MENTOR)}
    pairs = len(sides[Role.MENTEE]) * len(sides[Role.MENTOR])
    after = under(cohort, policy).program
    places, seats = (
        (_room(sides[role], getattr(cohort.program, name), name), _room(sides[role], getattr(after, name), name))
        for role, name in ((Role.MENTEE, "team_size"), (Role.MENTOR, "capacity"))
    )
    own = (sum(person.team_size is None for person in sides[Role.MENTEE]),
           sum(person.capacity is None for person in sides[Role.MENTOR]))  # fmt: skip
    changed = {name for name, _before, _after in changed_choices(cohort.program, policy)}
    weighed = tuple(
        (str(called), sum(getattr(person, flag) for person in sides[Role.MENTEE]))
        for name, flag, called in _WEIGHED
        if name in changed
    )  # fmt: skip
    to_try = not changed.isdisjoint(_TRIED)
    if pairs > _MOST_PAIRS:
        return Effect(cohort, pairs, None, 0, 0, (0, 0), (), places, seats, own, weighed, to_try)
    folder = freeze(cohort, known, now.date())
    found = engine.openly_allowed(
        folder, {name: getattr(after, name) for name in _RULES} | {"stage": stage_rule(after)}
    )
    names = {person.user.code: str(person.user) for person in sides[Role.MENTEE]}
    left = [names[code] for code in found.left_alone if code in names]
    return Effect(
        cohort, pairs, found.allowed, found.now_allowed, found.now_refused, found.alone, tuple(left[:_NAMED]), places,
        seats, own, weighed, to_try,
    )  # fmt: skip


def _room(people: Iterable[Participant], default: int, name: str) -> int:
    """Return the places or the seats of some people together: their own number, or the program's."""
    own = [getattr(person, name) for person in people]
    return sum(default if number is None else number for number in own)

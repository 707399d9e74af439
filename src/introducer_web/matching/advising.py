"""What advice says, in words that a coordinator understands; its figures stand in its row, worked out by a worker."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.lib.disclosure import at_least_a_crowd
from introducer_web.lib.texts import translated
from introducer_web.matching.models import Advice
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer_web.matching.models import MatchRun

__all__ = ["Card", "DomainRow", "ProfileRow", "cards", "domains"]

#: Ties, and mentors, that are shown of each list.
_SHOWN = 12


@dataclass(frozen=True)
class ProfileRow:
    """A mentor to look for: who that is, what they offer, what it would bring."""

    who: str
    offers: str
    speaks: str
    brings: str
    promise: str
    helped: str


@dataclass(frozen=True)
class Card:
    """One kind of advice.

    Attributes
    ----------
    what : str
        What it tells.
    lines : list of str
        What it found, in sentences; none where it is not done.
    pairs : list of (Participant, Participant, str)
        Mentee, mentor and what is said of them.
    more : int
        Pairs that are not among them.
    mentors : list of (Participant, str)
        A mentor, and what is said of them.
    """

    kind: str
    title: str
    what: str
    advice: Advice | None
    lines: list[str]
    profiles: list[ProfileRow]
    rows: list[tuple[str, str, str]]
    pairs: list[tuple[Participant, Participant, str]]
    more: int
    mentors: list[tuple[Participant, str]]

    @property
    def under_way(self) -> bool:
        """Whether a worker has it, or it waits for one."""
        return self.advice is not None and self.advice.state in (Advice.State.QUEUED, Advice.State.RUNNING)

    @property
    def is_done(self) -> bool:
        """Whether there is something to read."""
        return self.advice is not None and self.advice.state == Advice.State.DONE


@dataclass(frozen=True)
class DomainRow:
    """One domain: what it weighs for all who ask, in mentees, and the part of that which is met; None: not shown."""

    name: str
    asked: int
    offered: int | None
    need: float
    met: float | None

    @property
    def missing(self) -> float:
        """What is not met, in mentees."""
        return self.need * (1 - (self.met or 0.0))


def domains(run: MatchRun) -> list[DomainRow]:
    """Return need and supply by domain, the largest part that is missing first; none of a run of an older version."""
    rows = [
        DomainRow(translated(row["name"]), row["asked"], row["offered"], row["need"], row["met"])
        for row in run.summary.get("supply", [])
        if "need" in row
    ]
    return sorted(rows, key=lambda row: (row.met is None, -row.missing, row.name))


def cards(run: MatchRun) -> list[Card]:
    """Return the kinds of advice, with what each found."""
    found = {row.kind: row for row in Advice.objects.filter(run=run).select_related("requested_by")}
    people: dict[tuple[str, str], Participant] = {}
    if found.keys() - {Advice.Kind.RECRUIT}:
        rows = Participant.objects.filter(cohort=run.cohort).select_related("user")
        people = {(person.user.code, person.role): person for person in rows}
    what = {
        Advice.Kind.RECRUIT: _(
            "Kinds of mentor who would help most if you found one: tried out by adding such a mentor and "
            "matching again. Made only of what people asked for openly."
        ),
        Advice.Kind.ROBUSTNESS: _(
            "The cohort is matched again with one small thing different each time. What stays is safe to announce; "
            "what moves hangs on little, and is worth a look before you publish."
        ),
        Advice.Kind.STABILITY: _(
            "Where mentee and mentor both said whom they prefer: how many are together, and how many are apart and "
            "would rather have each other than whom they have. A match is made for all; this is told, not enforced."
        ),
    }
    tell = {
        Advice.Kind.RECRUIT: _recruit, Advice.Kind.ROBUSTNESS: _robustness, Advice.Kind.STABILITY: _stability,
    }  # fmt: skip
    made = []
    for kind in Advice.Kind:
        advice = found.get(kind)
        told: dict[str, Any] = {"lines": [], "profiles": [], "rows": [], "pairs": [], "more": 0, "mentors": []}
        if advice is not None and advice.state == Advice.State.DONE:
            told |= tell[kind](advice.result, people)
        made.append(Card(kind.value, str(kind.label), what[kind], advice, **told))
    return made


def _recruit(found: Mapping[str, Any], _people: object) -> dict[str, Any]:
    profiles = found["profiles"]
    if not profiles:
        return {"lines": [_("No mentor who can be described by what was asked for openly would add anything.")]}
    lines = [
        ngettext(
            "The best of %(n)s kind that was compared; each mentor with %(seats)s seats. Gains are in mentees: 1 is "
            "all that one mentee asks for, met in full.",
            "The best of %(n)s kinds that were compared; each mentor with %(seats)s seats. Gains are in mentees: 1 is "
            "all that one mentee asks for, met in full.", found["tried"])
        % {"n": found["tried"], "seats": found["seats"]}
    ]  # fmt: skip
    return {"lines": lines, "profiles": [_profile(row, found["seats"]) for row in profiles]}


def _profile(row: Mapping[str, Any], seats: int) -> ProfileRow:
    region = _("region %(name)s") % {"name": row["region"]} if row["region"] else ""
    who = [part for part in (translated(row["stage"]), translated(row["setting"]), region) if part]
    check = row["check"]
    estimate = _("%(n)s by the prices of seats") % {"n": number_format(round(row["estimate"], 2), 2)}
    if check is None:
        brings = _("Not tried out: %(estimate)s.") % {"estimate": estimate}
    else:
        brings = _("Tried out, it adds %(gain)s; %(taken)s of %(seats)s seats are taken.") % {
            "gain": _down(check["increase"]), "taken": check["seats"], "seats": seats,
        }  # fmt: skip
        moved = {"begun": check["begun"], "ended": check["ended"]}
        brings += " " + (
            _("Other introductions: %(begun)s would begin, %(ended)s would end.") % moved
            if any(moved.values())
            else _("No other introduction would change.")
        )
    helped = _("Fewer than ten mentees would be better off with a seat.")
    if row["helped"] is not None:
        helped = _("%(n)s mentees would be better off with a seat.") % {"n": row["helped"]}
    among = ", ".join(f"{translated(name)} ({n})" for name, n in row["stages"][:_SHOWN])
    return ProfileRow(
        who=", ".join(who) or _("Any stage, setting and region"),
        offers=", ".join(translated(name) for name in row["offers"]),
        speaks=", ".join(translated(name) for name in row["speaks"]),
        brings=brings,
        promise=_("Never more than %(most)s: that is proved.") % {"most": _up(row["most"])},
        helped=helped + (" " + _("Among them: %(who)s.") % {"who": among} if among else ""),
    )


def _down(number: float) -> str:
    return number_format(math.floor(100 * number) / 100, 2)


def _up(number: float) -> str:
    return number_format(math.ceil(100 * number) / 100, 2)


def _part(number: float) -> str:
    return f"{number_format(math.floor(1000 * number + 1e-9) / 10, 1)} %"


def _robustness(found: Mapping[str, Any], people: Mapping[tuple[str, str], Participant]) -> dict[str, Any]:
    kinds = {
        "nothing": _("nothing is different"), "weights": _("every weight is 10 % larger or smaller"),
        "mentor": _("one mentor leaves"), "answer": _("one answer is missing"),
    }  # fmt: skip
    lines = [
        _("%(stood)s of %(all)s introductions stood every time.") % {"stood": found["stood"], "all": found["ties"]}
    ]
    impossible = sum(kind["impossible"] for kind in found["kinds"])
    if impossible:
        lines.append(_("Rounds in which no match met all rules, and which are not counted: %(n)s.")
                     % {"n": impossible})  # fmt: skip
    return {
        "lines": lines,
        "rows": [
            (kinds[kind["kind"]], _part(kind["mean"]), _part(kind["least"]))
            for kind in found["kinds"] if kind["rounds"]
        ],
        "pairs": list(_pairs(
            ((mentee, mentor, _("stood %(n)s of %(all)s times") % {"n": stayed, "all": rounds})
             for mentee, mentor, stayed, rounds in found["fragile"]), people))[:_SHOWN],
        "more": max(0, found["ties"] - found["stood"] - _SHOWN),
        "mentors": [
            (people[mentor, Role.MENTOR], ngettext("%(n)s introduction of others would move",
                                                   "%(n)s introductions of others would move", moved) % {"n": moved})
            for mentor, moved in found["leavers"] if (mentor, Role.MENTOR) in people
        ][:_SHOWN],
    }  # fmt: skip


def _stability(found: Mapping[str, Any], people: object) -> dict[str, Any]:
    """Say how many, from ten on: who prefers whom was said in confidence, and a name would tell it of two."""
    if at_least_a_crowd(found["mutual"]) is None:
        return {"lines": [_("Fewer than ten pairs of this run both said that they prefer each other. They said it in "
                            "confidence, so nothing more is told.")]}  # fmt: skip
    tied, apart = (at_least_a_crowd(found[name]) for name in ("tied", "apart"))
    few = _("fewer than ten")
    return {
        "lines": [
            _("%(n)s pairs prefer each other; %(tied)s of them are together.")
            % {"n": found["mutual"], "tied": few if tied is None else tied},
            _("Apart, and would rather have each other than whom they have: %(n)s. Who it is was said in confidence.")
            % {"n": few if apart is None else apart},
        ]
    }


def _pairs(
    rows: Iterable[tuple[str, str, str]], people: Mapping[tuple[str, str], Participant]
) -> Iterable[tuple[Participant, Participant, str]]:
    for mentee, mentor, said in rows:
        asks, offers = people.get((mentee, Role.MENTEE)), people.get((mentor, Role.MENTOR))
        if asks is not None and offers is not None:
            yield asks, offers, said

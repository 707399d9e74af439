"""The values of one row become a mentee or a mentor; what does not go together is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from introducer.io.fields import FLAGS
from introducer.io.notes import one_of
from introducer.roster import Mentee, Mentor
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer.io.program import Program

    #: A field, what is wrong with its value beside the others, and a hint.
    Wrong = tuple[str, str, str]
    Found = Mapping[str, Any]

__all__ = ["Pool", "mentee", "mentor"]

T = TypeVar("T")

#: Points by which the poles of a person may miss 100: three rounded thirds sum to 99.
SLACK = 1.0


class Pool:
    """Values of which equal ones are kept once: a large cohort has many that are equal."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def one(self, value: T) -> T:
        """Return the first value that equals this one."""
        known: T = self._known.setdefault(value, value)
        return known

    def set(self, values: Iterable[str]) -> frozenset[str]:
        """Return a set."""
        return self.one(frozenset(values))

    def mapping(self, own: Mapping[str, T]) -> Mapping[str, T]:
        """Return a mapping: the first that has the same items in the same order."""
        known: Mapping[str, T] = self._known.setdefault(tuple(own.items()), own)
        return known


def mentee(identity: str, found: Found, program: Program, pool: Pool) -> tuple[Mentee, list[Wrong]]:
    """Return a mentee from the values of the fields that were given, and what is wrong with them.

    Fields with a key stand under their prefix, by key.
    """
    common, wrong = _common(found, program, pool)
    needs, clash = _levels("need:", "needs", found, program)
    private = pool.set(found.get("private", ()))
    wrong += clash
    wrong += [
        ("private", say("{key!r} is private, and no help is asked for it", key=key), one_of(key, needs))
        for key in sorted(private - needs.keys())
    ]
    flags = {*FLAGS, *program.policy.equity}
    person = Mentee(
        id=identity,
        needs=pool.mapping(needs),
        private=private,
        wishes=pool.mapping({key: level for key, level in _keyed("wish:", found).items() if level}),
        team_size=found.get("team_size"),
        flags=pool.set(flag for flag in flags if found.get(flag)),
        keep_seat=found.get("keep_seat", ""),
        **common,
    )
    return person, wrong


def mentor(identity: str, found: Found, program: Program, pool: Pool) -> tuple[Mentor, list[Wrong]]:
    """Return a mentor, as ``mentee`` does a mentee."""
    common, wrong = _common(found, program, pool)
    offers, clash = _levels("offer:", "offers", found, program)
    wrong += clash
    capacity, least = found.get("capacity"), found.get("min_load")
    most = program.policy.capacity if capacity is None else capacity
    if least is not None and least > most:
        above = say("min_load {least} is above the capacity of {most}", least=least, most=most)
        wrong.append(("min_load", above, ""))
    elif least is None and most < program.policy.min_load:
        below = say("the capacity is below the policy's min_load of {least}", least=program.policy.min_load)
        wrong.append(("capacity", below, say("Give this mentor a min_load of their own.")))
    person = Mentor(
        id=identity,
        offers=pool.mapping(offers),
        experiences=pool.set(found.get("experiences", ())),
        capacity=capacity,
        min_load=least,
        kind=found.get("kind") or "member",
        quotas=pool.mapping(_keyed("quota:", found)),
        **common,
    )
    return person, wrong


def _common(found: Found, program: Program, pool: Pool) -> tuple[dict[str, Any], list[Wrong]]:
    outlook, wrong = _outlook(found, program)
    common: dict[str, Any] = {name: found[name] for name in ("email", "paused", "consent") if name in found}
    for name in ("name", "stage", "institution", "site", "region", "timezone", "languages"):
        if name in found:
            common[name] = pool.one(found[name])
    for name, field in (("settings", "setting"), ("routes", "route"), ("procedures", "procedures"), ("roles", "roles"),
                        ("avoid", "avoid"), ("evaluators", "evaluators")):  # fmt: skip
        common[name] = pool.set(found.get(field, ()))
    # A constant of the program may have put there what nobody agreed to.
    agreed = {key: own for key, own in _keyed("attr:", found).items() if own and found["consent:"].get(key)}
    common["attributes"] = pool.mapping({key: pool.set(own) for key, own in agreed.items()})
    common["outlook"] = pool.mapping(outlook)
    return common, wrong


def _keyed(prefix: str, found: Found) -> dict[str, Any]:
    """Return the values of the fields with a prefix, by key, in order of key."""
    own = found[prefix]
    return {key: own[key] for key in sorted(own)}


def _levels(prefix: str, mentions: str, found: Found, program: Program) -> tuple[dict[str, int], list[Wrong]]:
    """Return the levels of needs or offers: of their own columns, and of the list that mentions them.

    A mention without a level yields to a column of its own; two stated levels that differ are wrong.
    """
    levels: dict[str, int] = _keyed(prefix, found)
    stated = dict.fromkeys(levels, f"{prefix}...")
    wrong: list[Wrong] = []
    for key, level in found.get(mentions, ()):
        if level is None:
            levels.setdefault(key, program.imports.mention_level)
        elif key in stated and levels[key] != level:
            two = say("{key} has two levels: {one} and {other}", key=key, one=levels[key], other=level)
            wrong.append((mentions, two, say("State it once.")))
        else:
            levels[key] = level
            stated[key] = mentions
    return {key: levels[key] for key in sorted(levels) if levels[key]}, wrong


def _outlook(found: Found, program: Program) -> tuple[dict[str, float], list[Wrong]]:
    points = {key: value for key, value in _keyed("pole:", found).items() if value is not None}
    if not points:
        return {}, []
    total = sum(points.values())
    if abs(total - 100.0) > SLACK:
        uneven = say("the poles sum to {total:g} points, not to 100", total=total)
        return {}, [(f"pole:{next(iter(points))}", uneven, "")]
    return {pole.id: points[pole.id] / total for pole in program.vocabulary.poles if points.get(pole.id)}, []

"""The values of one row become a mentee or a mentor; what does not go together is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from introducer.io.fields import FLAGS
from introducer.io.notes import one_of
from introducer.roster import Mentee, Mentor
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.io.program import Program

    #: A field, what is wrong with its value beside the others, and a hint.
    Wrong = tuple[str, str, str]
    Found = Mapping[str, Any]

__all__ = ["mentee", "mentor"]

#: Points by which the poles of a person may miss 100: three rounded thirds sum to 99.
SLACK = 1.0


def mentee(identity: str, found: Found, program: Program) -> tuple[Mentee, list[Wrong]]:
    """Return a mentee from the values of the fields that were given, and what is wrong with them."""
    common, wrong = _common(found, program)
    needs, clash = _levels("need:", "needs", found, program)
    private = frozenset(found.get("private", ()))
    wrong += clash
    wrong += [
        ("private", say("{key!r} is private, and no help is asked for it", key=key), one_of(key, needs))
        for key in sorted(private - needs.keys())
    ]
    flags = {*FLAGS, *program.policy.equity}
    person = Mentee(
        id=identity,
        needs=needs,
        private=private,
        wishes={key: level for key, level in _keyed("wish:", found).items() if level},
        team_size=found.get("team_size"),
        flags=frozenset(flag for flag in flags if found.get(flag)),
        keep_seat=found.get("keep_seat", ""),
        **common,
    )
    return person, wrong


def mentor(identity: str, found: Found, program: Program) -> tuple[Mentor, list[Wrong]]:
    """Return a mentor from the values of the fields that were given, and what is wrong with them."""
    common, wrong = _common(found, program)
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
        offers=offers,
        experiences=frozenset(found.get("experiences", ())),
        capacity=capacity,
        min_load=least,
        kind=found.get("kind") or "member",
        quotas=_keyed("quota:", found),
        **common,
    )
    return person, wrong


def _common(found: Found, program: Program) -> tuple[dict[str, Any], list[Wrong]]:
    outlook, wrong = _outlook(found, program)
    plain = ("name", "email", "stage", "institution", "site", "region", "timezone", "languages", "paused", "consent")
    common: dict[str, Any] = {name: found[name] for name in plain if name in found}
    for name, field in (("settings", "setting"), ("routes", "route"), ("procedures", "procedures"), ("roles", "roles"),
                        ("avoid", "avoid"), ("evaluators", "evaluators")):  # fmt: skip
        common[name] = frozenset(found.get(field, ()))
    common["attributes"] = {key: frozenset(values) for key, values in _keyed("attr:", found).items() if values}
    common["outlook"] = outlook
    return common, wrong


def _keyed(prefix: str, found: Found) -> dict[str, Any]:
    """Return the values of the fields with a prefix, by key, in order of key."""
    return {name.removeprefix(prefix): found[name] for name in sorted(found) if name.startswith(prefix)}


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

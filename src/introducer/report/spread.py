"""How evenly it is spread: the least shares, groups, and what a floor cost and who gained by it."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from introducer.report.markup import bar, fold, name, section, table, text
from introducer.report.words import called_flag, count, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from introducer.report.facts import Facts, FloorFacts, SpreadFacts

__all__ = ["spread"]

_TITLE = "How evenly it is spread"
_SHARE = (
    "A share is what a team is worth, by what the own best team would be worth if nobody else were in the cohort. "
    "Nobody competes for more than that."
)
#: Names that are shown before the rest is folded.
_SHOWN = 12
_SAME, _MORE = 2, 4


def spread(facts: Facts) -> str:
    """Return how shares are spread, and what the floor did; nothing in a redacted report."""
    found = facts.spread
    if found is None:
        return ""
    if found.minimum is None:
        return section("spread", _TITLE, "<p>Nobody in this cohort has a share: there is nobody to be tied to.</p>")
    parts = [_figures(found), "" if found.floor is None else _floor(found.floor), _groups(facts), _left_out(found)]
    sample = facts.certificate.sample
    of_some = "" if sample is None else f" Shares are those of {count(sample.mentees, 'mentee')} drawn by lot."
    return section("spread", _TITLE, "".join(parts), lede=text(_SHARE + of_some))


def _figures(found: SpreadFacts) -> str:
    rows = [
        ("Least share", percent(found.minimum or 0.0), "of anybody who has one"),
        ("5th percentile", percent(found.fifth or 0.0), "nineteen of twenty have at least this"),
        ("Gini coefficient", f"{found.gini or 0.0:.2f}", "0 where all shares are equal, near 1 where one has all"),
    ]
    caption, head = "The spread in numbers", ["Figure", "Number", "What it is"]
    return table(caption, head, [tuple(map(text, row)) for row in rows], numbers=" n ")


def _floor(found: FloorFacts) -> str:
    """Say what was promised, what is proved, what it cost, and who gained."""
    parts = [f"<p>{text(_promise(found))}</p>", f"<p><b>What it cost.</b> {text(_cost(found))}</p>"]
    if found.lottery is not None:
        parts.append(f"<p><b>What a fair lottery could reach.</b> {text(_lottery(found.lottery))}</p>")
    for title, names in (("Who gained", found.gained), ("Who has less", found.lost)):
        parts.append(f"<p><b>{title}.</b> {_people(names)}</p>")
    return "".join(parts)


def _promise(found: FloorFacts) -> str:
    if isinstance(found.asked, float):
        said = f"Everybody has a share of at least {percent(found.asked, _SAME)}, as the policy asks."
        if found.ceiling is not None:
            most = percent(_cut(found.ceiling, ceil), _MORE)
            said += f" A least share of {most} is impossible, which prices prove."
        return said
    said = f"The least share is raised as far as it was found to go, to {percent(_cut(found.level, floor), _MORE)}"
    if found.ceiling is None:
        said += "."
    else:
        said += f"; a least share of {percent(_cut(found.ceiling, ceil), _MORE)} is impossible, which prices prove."
    said += f" Then the next were raised: {count(found.levels, 'level')} in all."
    if found.stuck:
        said += f" {count(found.stuck, 'mentee')} cannot have more than their level, proved one by one."
    return said


def _lottery(most: float) -> str:
    return (
        "Drawing one of several outcomes by lot, so that now one is well off and now another, could give everybody "
        f"{percent(_cut(most, ceil), _MORE)} of their best on average, and no more: weights and prices prove that. "
        "One outcome, which is what people get, cannot give everybody more either."
    )


def _cut(share: float, to: Callable[[float], int]) -> float:
    """Return a share with the digits that are shown: down what was reached, up what is impossible."""
    return to(share * 10.0 ** (_MORE + 2)) / 10.0 ** (_MORE + 2)


def _cost(found: FloorFacts) -> str:
    least = "" if found.before is None else f" There the least share is {percent(found.before)}."
    cost = max(0.0, found.cost)
    if not cost:
        return f"Nothing: no outcome without the floor was found that is worth more.{least}"
    part = percent(cost / found.value, _SAME) if found.value > 0 else "all"
    most = percent(max(cost, found.cost_at_most) / found.bound, _SAME) if found.bound > 0 else "all"
    return (
        f"{part} of the total: without the floor all together would have {found.value:.3f} instead of "
        f"{found.value - cost:.3f}. It is proved to be {most} at most.{least}"
    )


def _people(names: Sequence[str]) -> str:
    if not names:
        return "Nobody."
    some = ", ".join(map(name, names[:_SHOWN]))
    said = f"{count(len(names), 'mentee')}: {some}"
    if len(names) <= _SHOWN:
        return f"{said}."
    return f"{said}{fold(f'The other {len(names) - _SHOWN:,}', ', '.join(map(name, names[_SHOWN:])))}"


def _groups(facts: Facts) -> str:
    found = facts.spread
    if found is None or not found.groups:
        return '<p class="soft">There are no two groups of ten people or more to compare.</p>'
    stages = {stage.id: stage.name for stage in facts.vocabulary.stages}
    rows = []
    for group in found.groups:
        kind, _, code = group.name.partition(":")
        called = _flag(code) if kind == "flag" else stages.get(code, code) or "no stage given"
        between = f"{percent(group.low)} to {percent(group.high)}"
        share = bar(min(1.0, max(0.0, group.mean)))
        rows.append([text(called), f"{group.members:,}", percent(group.mean), between, share])
    head = ["Group", "Mentees", "Mean share", "95 % interval", "Part"]
    body = table("Groups of ten people or more, and their mean share", head, rows, numbers=" nnnw", kind="list")
    note = "A difference between intervals that overlap may be chance. Groups that are too small are left out."
    return f'{body}<p class="soft">{text(note)}</p>'


def _flag(code: str) -> str:
    return f"not {called_flag(code.removeprefix('not '))}" if code.startswith("not ") else called_flag(code)


def _left_out(found: SpreadFacts) -> str:
    if not found.left_out:
        return ""
    return f"<p>Without a share, for they have nobody to be tied to or ask for nothing: {_people(found.left_out)}</p>"

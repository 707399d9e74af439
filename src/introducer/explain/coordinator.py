"""The explanation for a coordinator: numbers that sum, the alternative not taken, the cause of each gap.

What is confidential is held back as ``introducer.explain.told`` says. Who avoids whom, who
evaluates whom, conflicts and limits that a mentor set for a wish are one "confidential fact".
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from introducer.explain.changes import difference, refusals_told, what_would_change, why_not
from introducer.explain.moves import best_instead, best_more, moves
from introducer.explain.printed import called, short, table, thousandths, wrapped
from introducer.explain.told import told
from introducer.fit import team_size
from introducer.rules import may_be_matched
from introducer.saying import say, worded
from introducer.words import BANDS, TOLD, band, called_flag, cause, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.explain.printed import Row
    from introducer.explain.reasons import Account
    from introducer.explain.told import Told
    from introducer.outcome import Constellation, Gap, Outcome, Tie
    from introducer.roster import Mentor

__all__ = ["for_coordinator"]

_HEAD = (worded("worth"), worded("lost without"))
_HELD = (
    worded("Wishes and private needs are one number for the whole team: divided among mentors, it would"),
    worded("say who meets them. What is said of one mentor counts open needs and the pair alone."),
)


def for_coordinator(account: Account, outcome: Outcome, i: int, j: int | None = None) -> str:
    """Return why a mentee has these mentors, or why one mentor was chosen or not.

    Parameters
    ----------
    account : Account
    outcome : Outcome
        Of the same teams.
    i : int
        Index of the mentee.
    j : int, optional
        Index of a mentor.

    Returns
    -------
    str
        Lines of text. Printed parts sum to the worth printed with them, and worths to the
        value, in thousandths.
    """
    view = told(account.focused(i), i)
    if j is None:
        lines = _constellation(view, outcome)
    elif j in account.teams[i]:
        lines = _why(view, outcome, j)
    else:
        lines = _why_not(view, outcome, j)
    return "\n".join(lines)


def _constellation(view: Told, outcome: Outcome) -> list[str]:
    found = outcome.constellations[view.mentee]
    lines = [*wrapped(_title(view, found)), *_equity(view), *_lot(view, outcome), ""]
    lines += [] if found.ties else [_nobody(view), ""]
    lines += _ties(view, outcome, found)
    more = best_more(view.account, view.mentee, view.rows)
    if more is not None:
        lines += [
            "",
            *wrapped(
                say(
                    "Best as one more: {difference}{why_not}",
                    difference=difference(view, more),
                    why_not=why_not(view, outcome, more),
                )
            ),
        ]
    lines += ["", *_open(view, found)]
    return lines + (["", *map(say, _HELD)] if view.held else [])


def _title(view: Told, found: Constellation) -> str:
    mentee = view.account.roster.mentees[view.mentee]
    most = team_size(mentee, view.account.policy)
    # Coverage counts private needs too: beside the open ones it would tell how much they weigh.
    private = not mentee.private.isdisjoint(mentee.needs)
    covered = (
        "" if private or not mentee.needs else say(", {number:.0f} % of the needs covered", number=100 * found.coverage)
    )
    return say(
        "{mentee}: {size} of {mentors}{covered}",
        mentee=called(mentee), size=len(found.ties), mentors=count(most, "mentor"), covered=covered,
    )  # fmt: skip


def _equity(view: Told) -> list[str]:
    policy, flags = view.account.policy, view.account.roster.mentees[view.mentee].flags
    weight = policy.equity_of(flags)
    named = ", ".join(sorted(called_flag(flag) for flag in flags & policy.equity.keys()))
    return (
        []
        if weight == 1.0
        else [say("What this mentee gains counts {weight:g} times ({named}).", weight=weight, named=named)]
    )


def _lot(view: Told, outcome: Outcome) -> list[str]:
    """Say which two mentors a coin decided between, if one did."""
    if outcome.draw is None or len(outcome.draw.chances[view.mentee]) == 1:
        return []
    drawn, left = sorted(outcome.draw.chances[view.mentee], key=lambda chance: not chance.drawn)
    [here], [instead] = {*drawn.team} - {*left.team}, {*left.team} - {*drawn.team}
    lot = say(
        "A coin decided between {here} ({chance:.1f} %) and {instead} ({rest:.1f} %).",
        here=called(_mentor(view, here)), instead=called(_mentor(view, instead)),
        chance=drawn.thousandths / 10, rest=left.thousandths / 10,
    )  # fmt: skip
    return wrapped(lot)


def _nobody(view: Told) -> str:
    mentee = view.account.roster.mentees[view.mentee]
    if mentee.paused:
        return say("The mentee is paused, so nobody was sought.")
    if not may_be_matched(mentee):
        return say("The mentee has not agreed to be matched, so nobody was sought.")
    if not team_size(mentee, view.account.policy):
        return say("The mentee asked for no mentor.")
    return say("No mentor was found.")


def _printed(view: Told, found: Constellation) -> Mapping[int, int]:
    """Return the worth of each tie in thousandths, and under -1 what is held back; they sum to the value."""
    worths = {tie.mentor: sum(part.worth for part in view.parts(tie.mentor)) for tie in found.ties}
    if view.held:
        worths[-1] = found.value - sum(worths.values())
    return dict(zip(worths, thousandths([*worths.values()]), strict=True))


def _ties(view: Told, outcome: Outcome, found: Constellation) -> list[str]:
    printed = _printed(view, found)
    rows: list[Row] = []
    for tie in found.ties:
        rows += [*_rows(view, tie.mentor, printed[tie.mentor]), *_instead(view, outcome, tie.mentor), ("", ())]
    if view.held:
        rows.append((say("Wishes and private needs of the whole team"), (printed[-1],)))
    rows += [
        (say("Value: the sum"), (sum(printed.values()),)),
        (say("Alone: not looked for, the cohort is so large"), ())
        if isnan(found.alone)
        else (say("Alone: the best team if nobody else were here"), (round(1000 * found.alone),)),
    ]
    return table([*map(say, _HEAD)] if found.ties else (), rows)


def _rows(view: Told, j: int, worth: int) -> list[Row]:
    """Return a tie and its parts, which sum to the worth as it is printed and to what would be lost."""
    parts = view.parts(j)
    lost = thousandths([part.lost for part in parts])
    worths = thousandths([part.worth for part in parts], worth)
    pin = ""
    if j in view.account.problem.pins(view.mentee):
        pin = say(" · together already") if view.together(j) else say(" · pinned")
    return [
        (f"{called(_mentor(view, j))}{pin}", (worth, sum(lost))),
        *((f"  {part.text}", pair) for part, *pair in zip(parts, worths, lost, strict=True)),
    ]


def _instead(view: Told, outcome: Outcome, j: int) -> list[Row]:
    move = best_instead(view.account, view.mentee, j, view.rows)
    if move is None:
        return [(say("  Best instead: nobody else is eligible."), ())]
    return [(say("  Best instead: {difference}{why_not}", difference=difference(view, move),
              why_not=why_not(view, outcome, move)), ())]  # fmt: skip


def _open(view: Told, found: Constellation) -> list[str]:
    mentee = view.account.roster.mentees[view.mentee]
    hidden = sorted(key for key in mentee.needs if key in mentee.private)
    gaps = [gap for gap in found.gaps if gap.need not in mentee.private]
    missing = {gap.need for gap in found.gaps}
    lines = [f"  {_name(view, gap.need)}: {cause(gap)} ({_code(gap)})" for gap in gaps]
    covered = sum(key not in missing for key in hidden)
    private = [say("  A private need: covered")] * covered
    private += [say("  A private need: not covered")] * (len(hidden) - covered)
    if not mentee.needs:
        return [say("The mentee asked for help in nothing in particular.")]
    if not lines:
        lines = [say("  Nothing that was asked openly.")]
    return [say("Not covered"), *lines, *(["", say("Private needs"), *private] if private else [])]


def _code(gap: Gap) -> str:
    return f"refused: {gap.code}" if gap.code in TOLD else gap.cause


def _why(view: Told, outcome: Outcome, j: int) -> list[str]:
    found = outcome.constellations[view.mentee]
    tie = next(tie for tie in found.ties if tie.mentor == j)
    rows = [*_rows(view, j, _printed(view, found)[j]), *_instead(view, outcome, j)]
    lines = [
        say(
            "Why {mentor} for {mentee}",
            mentor=called(_mentor(view, j)),
            mentee=called(view.account.roster.mentees[view.mentee]),
        ),
        *_equity(view),
        *_lot(view, outcome),
    ]
    lines += ["", *table([*map(say, _HEAD)], rows), "", say("Without this tie"), *_without(view, found, tie)]
    return lines + (["", *map(say, _HELD)] if view.held else [])


def _without(view: Told, found: Constellation, tie: Tie) -> list[str]:
    """Return what would become of each open need that this mentor covers best."""
    mentee = view.account.roster.mentees[view.mentee]
    lines = []
    for key in sorted(set(tie.needs) - mentee.private):
        fits = view.account.fits.of(view.mentee, f"need:{key}")
        rest = [other.mentor for other in found.ties if other is not tie and fits[other.mentor] > 0]
        name = _name(view, key)
        best = max(rest, key=lambda other: (fits[other], -other), default=None)
        if best is None:
            lines.append(
                say(
                    "  {name}: nobody in the team would cover it; now {now}",
                    name=name,
                    now=say(BANDS[band(fits[tie.mentor])]),
                )
            )
        else:
            now, then = say(BANDS[band(fits[tie.mentor])]), say(BANDS[band(fits[best])])
            lines.append(
                say(
                    "  {name}: {mate} would cover it {then}; now {now}",
                    name=name,
                    mate=short(view.account.roster.mentors, best),
                    then=then,
                    now=now,
                )
            )
    return lines or [say("  No open need would be covered less well.")]


def _why_not(view: Told, outcome: Outcome, j: int) -> list[str]:
    account, i = view.account, view.mentee
    lines = [
        say("Why not {mentor} for {mentee}", mentor=called(_mentor(view, j)), mentee=called(account.roster.mentees[i])),
        *_equity(view),
        "",
    ]
    found = moves(account, i, j, view.rows)
    refused = refusals_told(view, j, found)
    told_why = [line for text in refused for line in wrapped(f"  {text}")]
    lines += [say("Refused"), *told_why] if refused else [say("No rule refuses this pair.")]
    lines += ["", *what_would_change(view, outcome, found)]
    return lines + (["", *map(say, _HELD)] if view.held else [])


def _name(view: Told, key: str) -> str:
    return say(view.account.roster.vocabulary.name(key))


def _mentor(view: Told, j: int) -> Mentor:
    return view.account.roster.mentors[j]

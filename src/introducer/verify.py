"""``introducer verify``: does an outcome follow from its inputs?

The files are read anew. Teams and prices are taken from ``outcome.json``; every rule, load,
worth, the value and the bound are computed again (``introducer.certify``, which shares
nothing with the solvers), every file is written again in memory, and compared.
"""

from __future__ import annotations

from functools import partial
from itertools import takewhile, zip_longest
from typing import TYPE_CHECKING

from introducer import io
from introducer.conclude import account_of, conclude
from introducer.errors import Infeasible, Refused
from introducer.io import documents
from introducer.report import page

if TYPE_CHECKING:
    from pathlib import Path

    from introducer.explain import Account
    from introducer.outcome import Outcome

__all__ = ["reopen", "verify"]

#: So many characters before the first difference are shown.
_BEFORE = 40


def verify(folder: Path, out: Path) -> Outcome:
    """Check an outcome folder against its input folder, and return what it should hold.

    Raises
    ------
    RosterError
        If the input cannot be read.
    Refused
        If the outcome breaks a rule or a file of it is not what it should be.
    """
    reading = io.read(folder)
    stored = documents.read_outcome(out)
    roster = reading.roster
    mentees = [mentee.id for mentee in roster.mentees]
    mentors = [mentor.id for mentor in roster.mentors]
    ordered = partial(
        documents.teams_and_prices, mentees=mentees, mentors=mentors, quotas=documents.quota_keys(roster.mentors)
    )
    teams, prices = ordered(stored.before, stored.prices)
    policy = reading.policy.model_copy(update={"seed": stored.seed})
    if (policy.floor == "total") != (stored.floors is None):
        raise Refused(["The floors are not those of the policy."])
    raised = None if stored.floors is None else stored.floors.on(mentees, ordered)
    try:
        outcome = conclude(
            roster,
            policy,
            teams,
            prices,
            previous=stored.previous,
            reproducible=stored.reproducible,
            raised=raised,
            chance=stored.chances is not None and policy.lottery.loss > 0,
        )
    except Refused as error:
        raise Refused(Infeasible(error.findings).worded(mentees, mentors).causes) from error
    expected = dict(documents.outcome_files(outcome, reading.set_aside, reading.sources))
    expected["report.html"] = page(outcome)
    findings = [finding for name, text in expected.items() for finding in _differences(out / name, text)]
    findings += _run(out / "run.json")
    if findings:
        raise Refused(findings)
    return outcome


def _differences(path: Path, expected: str) -> list[str]:
    """Return a sentence for the first line of a file that is not what follows from the input."""
    try:
        found = path.read_bytes().decode("utf-8")
    except OSError:
        return [f"{path.name} is missing."]
    except UnicodeDecodeError:
        return [f"{path.name} is not UTF-8."]
    if found == expected:
        return []
    lines = zip_longest(found.splitlines(keepends=True), expected.splitlines(keepends=True))
    for number, (is_there, should_be) in enumerate(lines, start=1):
        if is_there != should_be:
            alike = takewhile(lambda pair: pair[0] == pair[1], zip(is_there or "", should_be or "", strict=False))
            start = max(0, sum(1 for _ in alike) - _BEFORE)
            shown, follows = _short(is_there, start), _short(should_be, start)
            return [f"{path.name}, line {number}: holds {shown}, and {follows} follows from the input."]
    raise AssertionError("two texts differ, and no line of them does")  # pragma: no cover - one of them does


def _short(line: str | None, start: int) -> str:
    """Return a piece of a line around its first difference: a line of the report is long."""
    return "nothing" if line is None else repr(line[start : start + 100])


def _run(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8")  # as it is: reading as text would change line ends
    except (OSError, UnicodeDecodeError):
        return [f"{path.name} is missing or cannot be read."]
    return [f"{path.name} was edited: its digest does not fit."] if documents.unsealed(text) else []


def reopen(folder: Path, out: Path) -> tuple[Account, Outcome]:
    """Return an outcome with all that reasons are drawn from, after it was verified.

    Raises
    ------
    RosterError, Refused
        As ``verify``.
    """
    outcome = verify(folder, out)
    teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
    return account_of(outcome.roster, outcome.policy, teams, outcome.previous), outcome

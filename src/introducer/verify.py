"""``introducer verify``: does an outcome follow from its inputs?

The files are read anew. Teams and prices are taken from ``outcome.json``; every rule, load,
worth, the value and the bound are computed again (``introducer.certify``, which shares
nothing with the solvers), every file is made again piece by piece, and compared.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from introducer import io
from introducer.conclude import account_of, conclude
from introducer.errors import Infeasible, Refused
from introducer.io import documents
from introducer.io.pieces import Pieces, difference
from introducer.report import page_pieces

if TYPE_CHECKING:
    from pathlib import Path

    from introducer.explain import Account
    from introducer.outcome import Outcome

__all__ = ["reopen", "verify"]


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
    expected["report.html"] = Pieces(partial(page_pieces, outcome))
    findings = [finding for name, text in expected.items() for finding in difference(out / name, text)]
    findings += _run(out / "run.json")
    if findings:
        raise Refused(findings)
    return outcome


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
    return account_of(outcome.roster, outcome.policy, outcome.teams, outcome.previous), outcome

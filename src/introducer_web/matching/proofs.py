"""The certificate of a run in words that a coordinator understands: how good it is, and how that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.lib.texts import gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer_web.matching.models import MatchRun
    from introducer_web.people.models import Participant

__all__ = ["Proof", "most_left", "of_run", "proof_of", "sentence", "where_a_seat_helps"]

#: What somebody gains, or a seat brings, is named from this part of what one mentee asks for on.
_NOTABLE = 0.005


@dataclass(frozen=True)
class Proof:
    """How far a run is from the best possible.

    Attributes
    ----------
    gap : float
        At most this part of the best possible is missing, in [0, 1].
    proved : bool
        Over all pairs that the rules allow; else over some of them, which proves nothing for the rest.
    early : bool
        Somebody stopped the run and took what it had.
    numbers : tuple of (str, float, str)
        Figure, number, what it is; empty for a run of an older version.
    """

    gap: float
    proved: bool
    scope: str
    early: bool
    numbers: tuple[tuple[str, float, str], ...]

    @property
    def points(self) -> float:
        """Of 1,000 points that the best possible could have, at least so many; rounded down to tenths."""
        return math.floor((1.0 - self.gap) * 10_000 + 1e-9) / 10


def sentence(run: MatchRun) -> str:
    """Return the certificate of a finished run as a sentence; runs of older versions hold theirs."""
    if "scope" not in run.summary:
        return str(run.summary.get("proof", ""))
    over = {
        "all": _("proved over all eligible pairs"),
        "shortlist": _("over a shortlist of pairs, which is no proof for all of them"),
    }.get(run.summary["scope"], _("estimated from a sample, which is no proof"))
    if run.summary["gap"] <= 0:
        return _("No other outcome is better, %(over)s.") % {"over": over}
    return _("This outcome is at most %(gap)s from the best possible, %(over)s.") % {
        "gap": gap(run.summary["gap"]), "over": over,
    }  # fmt: skip


def of_run(run: MatchRun) -> str:
    """Return the certificate of a finished run as a sentence that names the run."""
    found = proof_of(run)
    if found is None:
        return sentence(run)
    given = {"n": run.number, "gap": gap(found.gap)}
    if found.scope == "sampled":
        return _("Run %(n)s: at most %(gap)s from the best possible under its policy, by estimate.") % given
    if not found.proved:
        return _("Run %(n)s: %(gap)s from the best of some pairs, which is no proof for all.") % given
    if run.most_changes is not None:
        return _("Run %(n)s: at most %(gap)s from the best of all matches; it changes little on purpose.") % given
    if found.gap <= 0:
        return _("Run %(n)s: nothing better is possible under its policy, proved.") % given
    return _("Run %(n)s: at most %(gap)s from the best possible under its policy, proved.") % given


def proof_of(run: MatchRun) -> Proof | None:
    """Return the certificate of a finished run; None where an older version kept it as a sentence alone."""
    held = run.summary
    if "scope" not in held:
        return None
    numbers: tuple[tuple[str, float, str], ...] = ()
    if "bound" in held:
        mentees, regret = held["regret"]
        mentors, slack = held["slack"]
        numbers = (
            (_("Value"), held["value"], _("what all teams are worth together; all needs of one mentee are 1")),
            (_("Bound"), held["bound"], _("what no proposal can exceed")),
            (_("Left to gain"), regret, ngettext(
                "what %(n)s mentee would gain if seats could be had at the prices of this run",
                "what %(n)s mentees would gain if seats could be had at the prices of this run", mentees)
             % {"n": mentees}),
            (_("Unused"), slack, ngettext(
                "priced seats, duties and quotas left over with %(n)s mentor",
                "priced seats, duties and quotas left over with %(n)s mentors", mentors) % {"n": mentors}),
        )  # fmt: skip
    return Proof(held["gap"], held["scope"] == "all", held["scope"], held.get("early", False), numbers)


def most_left(run: MatchRun, mentees: Mapping[str, Participant]) -> list[tuple[Participant, float]]:
    """Return the mentees to whom another team would be worth notably more, and by how much, the most first.

    In parts of what one mentee asks for, at the prices that the seats have in this run.

    Parameters
    ----------
    mentees : mapping of str to Participant
        By code of the user: at least those of ``run.summary["regrets"]`` whom the run still knows.
    """
    regrets = _notable(run.summary.get("regrets", {}))
    found = [(mentees[code], regret) for code, regret in regrets.items() if code in mentees]
    return sorted(found, key=lambda each: (-each[1], str(each[0].user)))


def where_a_seat_helps(run: MatchRun, mentors: Iterable[Participant]) -> list[tuple[Participant, float]]:
    """Return the mentors with whom one more seat would help notably, and by how much at most, the most first."""
    prices = _notable(run.summary.get("prices", {}))
    found = [(mentor, prices[mentor.user.code]) for mentor in mentors if mentor.user.code in prices]
    return sorted(found, key=lambda each: (-each[1], str(each[0].user)))


def _notable(figures: Mapping[str, float]) -> Mapping[str, float]:
    return {code: figure for code, figure in figures.items() if figure >= _NOTABLE}

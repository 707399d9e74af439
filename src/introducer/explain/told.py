"""What a coordinator is told of one mentee in numbers, and what is held back.

Numbers that sum tell what is hidden by what is missing. So what is confidential goes into
sums that are too coarse for that, and the sums still hold:

- Neither a wish nor a private need is named. All that one mentor meets of both are one number,
  which does not tell the one from the other.
- If a single mentor of several had such a number, it would say who meets the private need that
  is said to be covered, or who shares an attribute. Then it is one number for the whole team,
  and all other numbers about a single mentor count open needs and the pair's own part alone:
  they follow from the teams, the prices and what was said openly.

What stays: the size of a number may make one guess, and the share of an open need tells how
much else was asked for in all. The files of a full outcome tell more than this text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.saying import say, worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.explain.reasons import Account
    from introducer.roster import Mentee

__all__ = ["HIDDEN", "PAIR", "Part", "Told", "told"]

#: The text of every criterion that is not named.
HIDDEN = worded("wishes and private needs")
#: The pair's own parts, shorter than ``policy.PAIR_TERMS`` has them.
PAIR = {
    "stage": worded("stage"),
    "setting": worded("settings in common"),
    "route": worded("training routes in common"),
    "procedures": worded("procedure lines"),
    "roles": worded("roles of the mentor"),
    "outlook": worded("professional identity"),
    "region": worded("same region"),
    "same_institution": worded("same institution"),
    "other_institution": worded("different institutions"),
    "timezone": worded("time zones"),
    "language": worded("language"),
    "preferred_by_mentee": worded("the mentee's own choice"),
    "preferred_by_mentor": worded("the mentor's own choice"),
    "continuity": worded("the tie exists already"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a tie's worth.

    Attributes
    ----------
    text : str
    worth : float
        What it adds to the tie's worth.
    lost : float
        What the team would lose of it without this mentor.
    """

    text: str
    worth: float
    lost: float


@dataclass(frozen=True)
class Told:
    """What may be told of one mentee.

    Attributes
    ----------
    rows : ndarray of bool, shape (A_i,)
        The criteria that numbers about a single mentor count.
    held : bool
        Whether some are held back.
    """

    account: Account
    mentee: int
    rows: NDArray[np.bool_]
    held: bool

    def together(self, j: int) -> bool:
        """Tell whether mentee and mentor were together before the run."""
        return (self.mentee, j) in self.account.together

    def parts(self, j: int) -> Sequence[Part]:
        """Return the parts of a teammate's worth: needs and wishes, then the pair's own, the largest first each."""
        account, i = self.account, self.mentee
        problem, team = account.problem, account.teams[i]
        places = np.searchsorted(problem.candidates(i), team)
        gains = problem.gain_block(i)[:, places]
        q = team.index(j)
        others = np.delete(gains, q, axis=1).max(axis=1, initial=0.0)
        won = (gains.argmax(axis=1) == q) & (gains[:, q] > 0) & self.rows
        sums: dict[str, tuple[float, float]] = {}
        for row in np.flatnonzero(won):
            text = self._text(problem.criteria[i][row])
            worth, lost = sums.get(text, (0.0, 0.0))
            gain = float(gains[row, q])
            sums[text] = worth + gain, lost + gain - float(others[row])
        own = [
            (say("pair: {pair}", pair=say(PAIR[name])), part)
            for name, part in account.worths.of(i, j).items()
            if part > 0
        ]
        return [
            *(Part(text, *pair) for text, pair in sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))),
            *(Part(text, part, part) for text, part in sorted(own, key=lambda item: (-item[1], item[0]))),
        ]

    def _text(self, criterion: str) -> str:
        if _is_hidden(self.account.roster.mentees[self.mentee], criterion):
            return say(HIDDEN)
        return say(self.account.roster.vocabulary.name(criterion.removeprefix("need:")))


def told(account: Account, i: int) -> Told:
    """Decide what may be told of a mentee."""
    mentee, problem, team = account.roster.mentees[i], account.problem, account.teams[i]
    criteria = problem.criteria[i]
    hidden = np.array([_is_hidden(mentee, criterion) for criterion in criteria], dtype=np.bool_)
    grave = [not criterion.startswith("wish:") or criterion.startswith("wish:same:") for criterion in criteria]
    gains = problem.gain_block(i)[:, np.searchsorted(problem.candidates(i), team)]
    met = gains.max(axis=1, initial=0.0) > 0
    by = {int(winner) for winner in gains[hidden & met].argmax(axis=1)} if team else set()
    held = len(team) > 1 and len(by) == 1 and bool((hidden & met & grave).any())
    return Told(account, i, ~hidden if held else np.ones(len(criteria), np.bool_), held)


def _is_hidden(mentee: Mentee, criterion: str) -> bool:
    return criterion.startswith("wish:") or criterion.removeprefix("need:") in mentee.private

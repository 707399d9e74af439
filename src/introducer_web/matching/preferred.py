"""Whom people would rather have, for a run: ranks of mentees, marks of mentors. A layer above asks them, and knows.

Both are said in confidence. In the folder of a run they stand beside what else is confidential; what is said of an
outcome names neither (``lib.engine``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from introducer_web.programs.models import Cohort

__all__ = ["Preferred", "prefer_of", "preferred_in"]

Pair = tuple[str, str]


@dataclass(frozen=True)
class Preferred:
    """Pairs of codes of users, mentee and mentor.

    Attributes
    ----------
    ranks : mapping of (str, str) to int
        The mentee's rank of the mentor, 1 is the first.
    marks : frozenset of (str, str)
        Those of whom the mentor said "especially".
    apart : frozenset of (str, str)
        Those of whom one said, after a first conversation, that they would rather not.
    """

    ranks: Mapping[Pair, int] = field(default_factory=dict)
    marks: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()

    def rows(self, mentees: set[str], mentors: set[str]) -> Iterator[dict[str, object]]:
        """Yield rows of ``ties.csv`` for the people who are in a folder."""
        told = [(pair, "mentee", rank) for pair, rank in self.ranks.items()]
        told += [(pair, "mentor", 1) for pair in self.marks]
        for (mentee, mentor), by, rank in sorted(told):
            if mentee in mentees and mentor in mentors:
                yield {"kind": "prefer", "mentee": mentee, "mentor": mentor, "by": by, "rank": rank}


_knowing: list[Callable[[Cohort], Preferred]] = []


def prefer_of(knowing: Callable[[Cohort], Preferred]) -> None:
    """Say who knows; once, when the platform starts."""
    _knowing[:] = [knowing]


def preferred_in(cohort: Cohort) -> Preferred:
    """Return whom the people of a cohort would rather have."""
    return _knowing[0](cohort) if _knowing else Preferred()

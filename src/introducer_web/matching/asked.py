"""Who asked to stay together, for a review. Whoever keeps relationships, a layer above, knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from introducer_web.people.models import Participant
    from introducer_web.programs.models import Cohort

__all__ = ["Asked", "ask_of", "asked_in"]


@dataclass(frozen=True)
class Asked:
    """Two who are together, and which of them asked to keep it."""

    mentee: Participant
    mentor: Participant
    by_mentee: bool
    by_mentor: bool


_knowing: list[Callable[[Cohort], Sequence[Asked]]] = []


def ask_of(knowing: Callable[[Cohort], Sequence[Asked]]) -> None:
    """Say who knows; once, when the platform starts."""
    _knowing[:] = [knowing]


def asked_in(cohort: Cohort) -> list[Asked]:
    """Return who asks now to stay together, by name. One query.

    Whether a run holds them is not said beside it: that could tell of a rule that is confidential.
    """
    return sorted(_knowing[0](cohort), key=lambda row: (str(row.mentee.user), str(row.mentor.user)))

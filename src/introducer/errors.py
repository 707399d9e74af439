"""Everything that Introducer refuses to do, and why.

::

    IntroducerError
    ├── RosterError     the input cannot be read as it stands; lists every fault at once
    ├── Infeasible      the rules leave no outcome; names the people and rules in the way
    ├── Refused         an outcome does not follow from its inputs; lists every finding
    ├── Unsupported     a lottery says nothing about what is asked; says what is missing
    └── Unreachable     other machines that were asked to compute cannot

A misuse of a function by its caller is a plain ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Fault", "Infeasible", "IntroducerError", "Refused", "RosterError", "Unreachable", "Unsupported"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with the input, where it stands and what to do.

    Attributes
    ----------
    file : str
        Name of the file inside the folder.
    row : int
        Row as a spreadsheet counts it: the header is row 1. 0 when the fault is the file's.
    column : str
        Header text, or the key of ``program.toml``; empty when the fault is the row's.
    value : str
        What stands there, as it stands there.
    reason : str
        A sentence.
    suggestion : str
        What would be accepted; empty when there is nothing to propose.
    """

    file: str
    row: int = 0
    column: str = ""
    value: str = ""
    reason: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column!r}"
        shown = f" ({self.value!r})" if self.value else ""
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{place}: {self.reason}{shown}{hint}"


class IntroducerError(Exception):
    """The root of every error that Introducer raises on purpose."""


class RosterError(IntroducerError):
    """The input cannot be read; ``faults`` holds all that is wrong, in order of place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


class Infeasible(IntroducerError):
    """No outcome meets the rules; ``causes`` are sentences that name people and rules.

    Solvers know indices only and write ``{mentee:3}`` and ``{mentor:7}``; ``worded`` puts ids there.
    ``mentors`` are those who cannot have the mentees that they should. Of a floor that was refused,
    ``reached`` is the largest least share that was found, and ``impossible`` one that no outcome gives.
    """

    def __init__(
        self,
        causes: Sequence[str],
        mentors: Sequence[int] = (),
        reached: float | None = None,
        impossible: float | None = None,
    ) -> None:
        self.causes: tuple[str, ...] = tuple(causes)
        self.mentors: tuple[int, ...] = tuple(mentors)
        self.reached, self.impossible = reached, impossible
        super().__init__("\n".join(self.causes))

    def worded(self, mentees: Sequence[str], mentors: Sequence[str]) -> Infeasible:
        """Return the same with ids in place of indices."""
        ids = {"mentee": mentees, "mentor": mentors}
        return Infeasible(
            [re.sub(r"\{(mentee|mentor):(\d+)\}", lambda m: ids[m[1]][int(m[2])], cause) for cause in self.causes],
            reached=self.reached,
            impossible=self.impossible,
        )


class Refused(IntroducerError):
    """An outcome does not follow from its inputs; ``findings`` are sentences."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings: tuple[str, ...] = tuple(findings)
        super().__init__("\n".join(self.findings))


class Unreachable(IntroducerError):
    """Other machines that were asked to compute cannot: what is missing, and where."""


class Unsupported(IntroducerError):
    """Nothing can be estimated from an outcome and its results; ``findings`` are sentences."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings: tuple[str, ...] = tuple(findings)
        super().__init__("\n".join(self.findings))

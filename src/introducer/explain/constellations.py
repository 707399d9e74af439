"""Constellations of a cohort, each made when it is asked for: a million of them never exist at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from introducer.criteria import need_shares
from introducer.outcome import CAUSES, CODES, Constellation, Gap, Reason, Tie

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from introducer.problem import Arrays
    from introducer.roster import Roster

    Floats = NDArray[np.float64]

__all__ = ["Constellations"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Constellations(Sequence[Constellation]):
    """One constellation for every mentee, in order of the roster.

    M mentees, T ties in order of mentee and mentor, R criteria in order of mentee.

    Attributes
    ----------
    criteria : tuple of tuple of str
        As in ``Problem``.
    row_starts : (M + 1,)
        Where the criteria of each mentee begin.
    tied : Arrays
        Of the problem whose candidates are the teams.
    alone, values : (M,)
    worths, marginals : (T,)
        As in ``Tie``.
    part_names, parts : tuple of str, (T, parts)
        Parts of the pair's own worth.
    winners, fits : (R,)
        See ``introducer.explain.causes.tally``.
    causes, codes : (R,)
        See ``introducer.explain.causes.causes``.
    """

    roster: Roster
    criteria: tuple[tuple[str, ...], ...]
    row_starts: NDArray[np.int64]
    tied: Arrays
    alone: Floats
    values: Floats
    worths: Floats
    marginals: Floats
    part_names: tuple[str, ...]
    parts: Floats
    winners: NDArray[np.int8]
    fits: Floats
    causes: NDArray[np.int8]
    codes: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    # It is equal to a tuple of the same constellations, whose hash it could have only by making them all.
    __hash__ = None  # type: ignore[assignment]  # the way Python says so

    @overload
    def __getitem__(self, place: int) -> Constellation: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Constellation, ...]: ...

    def __getitem__(self, place: int | slice) -> Constellation | tuple[Constellation, ...]:
        here = range(len(self))[place]
        return self._made(here) if isinstance(here, int) else tuple(map(self._made, here))

    def _made(self, i: int) -> Constellation:
        shares = need_shares(self.roster.mentees[i].needs)
        first = int(self.row_starts[i])
        rows = slice(first, first + len(shares))  # needs stand before wishes, in order of key
        fits = dict(zip(shares, self.fits[rows].tolist(), strict=True))
        covered = sum(share * fits[key] for key, share in shares.items())
        why = zip(shares, self.causes[rows].tolist(), self.codes[rows].tolist(), strict=True)
        gaps = [Gap(key, CAUSES[cause - 1], CODES[code - 1] if code else "") for key, cause, code in why if cause]
        return Constellation(
            mentee=i,
            ties=self._ties(i),
            value=float(self.values[i]),
            alone=float(self.alone[i]),
            coverage=min(1.0, covered) if shares else 1.0,
            fits=fits,
            gaps=tuple(sorted(gaps, key=lambda gap: (-shares[gap.need], gap.need))),
        )

    def _ties(self, i: int) -> tuple[Tie, ...]:
        a = self.tied
        begin, end = int(a.starts[i]), int(a.starts[i + 1])
        if begin == end:
            return ()
        gains = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].tolist()
        winners = self.winners[self.row_starts[i] : self.row_starts[i + 1]].tolist()
        won: list[list[Reason]] = [[] for _q in range(begin, end)]
        for d, (key, q) in enumerate(zip(self.criteria[i], winners, strict=True)):
            if q >= 0:
                won[q].append(Reason(key, gains[d * (end - begin) + q]))
        here = slice(begin, end)
        mentors, worths, marginals = (column[here].tolist() for column in (a.mentors, self.worths, self.marginals))
        pairs, parts = a.pairs[here].tolist(), self.parts[here].tolist()
        return tuple(
            Tie(
                mentee=i,
                mentor=j,
                worth=worths[q],
                marginal=marginals[q],
                pair=pairs[q],
                needs=_keys("need:", won[q]),
                wishes=_keys("wish:", won[q]),
                reasons=self._reasons(won[q], parts[q]),
            )
            for q, j in enumerate(mentors)
        )

    def _reasons(self, won: list[Reason], parts: list[float]) -> tuple[Reason, ...]:
        own = [Reason(name, part) for name, part in zip(self.part_names, parts, strict=True) if part]
        return tuple(sorted(won + own, key=lambda reason: (-reason.worth, reason.code)))


def _keys(kind: str, reasons: list[Reason]) -> tuple[str, ...]:
    return tuple(reason.code.removeprefix(kind) for reason in reasons if reason.code.startswith(kind))

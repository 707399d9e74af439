"""All eligible pairs of some mentees, in small tables: a whole market, or a part of it that another machine holds.

A part stands by itself: it has its own mentees' rows, of the tables of fits and terms only
what these name, and all mentors. What holds for a pair is the same in the part and in the
whole, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from introducer.fill import (
    allowed_in,
    allowed_row,
    count_allowed,
    fill_pairs,
    fill_quotas,
    kept_row,
    list_allowed,
    pairs_of,
    whole_row,
)
from introducer.problem import Arrays, Limits, Sight, View
from introducer.runs import runs, starts_of
from introducer.threads import stretches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from introducer.tables import Tables

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Shard", "part", "some"]

#: Mentees whose pairs a thread fills in before it takes more.
_MANY = 4_096
#: Per mentee; and by where each mentee's begin.
_EACH = ("widths", "keep", "left_regions", "left_homes", "left_sites", "mine", "share_starts")
_RUNS = {
    "row_starts": ("rows", "weights"),
    "shut_starts": ("shut_homes",),
    "extra_starts": ("extra_mentors", "extra_worths"),
    "bar_starts": ("bar_mentors", "bar_codes"),
    "pin_starts": ("pin_mentors",),
    "asked_starts": ("asked",),
}


@dataclass(frozen=True)
class Shard:
    """All eligible pairs of some mentees.

    Attributes
    ----------
    tables : Tables
        For compiled code.
    arrays : Limits
    """

    tables: Tables
    arrays: Limits

    @property
    def shape(self) -> tuple[int, int]:
        """Number of mentees and of mentors."""
        return len(self.arrays.team_sizes), len(self.arrays.capacities)

    def everyone(self) -> tuple[Ints, Ints]:
        """Return the lists of all allowed pairs: where each mentee's begins, shape (M + 1,), and the mentors."""
        starts = starts_of(count_allowed(self.tables))
        mentors = np.empty(starts[-1], np.int64)
        list_allowed(self.tables, starts, mentors)
        return starts, mentors

    def allowed(self, i: int) -> NDArray[np.bool_]:
        """Return which mentors mentee i may be tied to, shape (N,)."""
        row = np.empty(self.shape[1], np.bool_)
        allowed_row(self.tables, i, row)
        return row

    def allows(self, lists: tuple[Ints, Ints]) -> NDArray[np.bool_]:
        """Return which pairs of some lists are allowed, shape (P,)."""
        found: NDArray[np.bool_] = allowed_in(self.tables, *lists)
        return found

    def kept(self, i: int) -> NDArray[np.bool_]:
        """Return which mentors may take the seat that mentee i keeps, shape (N,); all where none is kept."""
        row: NDArray[np.bool_] = kept_row(self.tables, i)
        return row

    def quotas(self, i: int) -> tuple[Ints, Ints]:
        """Return the mentors for whom mentee i would count towards quotas, and the number of each quota."""
        t = self.tables
        keys = t.asked[t.asked_starts[i] : t.asked_starts[i + 1]].tolist()
        here = np.concatenate(
            [np.arange(t.holder_starts[key], t.holder_starts[key + 1]) for key in keys] or [np.zeros(0, np.int64)]
        )
        return t.holder_mentors[here], t.holder_quotas[here]

    def view(self, i: int, among: Sequence[int] | None = None) -> View:
        """Return what holds for the mentors whom mentee i may be tied to: those among some and the pinned, or all."""
        t = self.tables
        if among is None:
            return View(*pairs_of(t, i, np.arange(self.shape[1])))
        pins = t.pin_mentors[t.pin_starts[i] : t.pin_starts[i + 1]]
        known = [j for j in among if 0 <= j < self.shape[1]]
        return View(*pairs_of(t, i, np.union1d(np.array(known, np.int64), pins)))

    def sight(self, i: int, prices: Floats, quota_prices: Floats) -> Sight:
        """Return what all mentors would bring to mentee i at these prices, shapes (N,) and (Q,)."""
        t = self.tables
        net, gains, kept = whole_row(t, i, prices, quota_prices)
        return Sight(
            mentors=self._mentors,
            net=net,
            kinds=t.fits,
            near=t.near_fits,
            rows=t.rows[t.row_starts[i] : t.row_starts[i + 1]],
            weights=t.weights[t.row_starts[i] : t.row_starts[i + 1]],
            gains=gains,
            kept=kept,
            pins=t.pin_mentors[t.pin_starts[i] : t.pin_starts[i + 1]],
        )

    @cached_property
    def _mentors(self) -> Ints:
        return np.arange(self.shape[1])

    def stored(self, lists: tuple[Ints, Ints]) -> Arrays:
        """Return what holds for the pairs of these lists.

        Parameters
        ----------
        lists : tuple of ndarray of int64
            Where each mentee's list begins, shape (M + 1,), and its mentors: allowed ones,
            ascending, the pinned among them.
        """
        starts, mentors = lists
        widths = self.tables.widths
        gain_starts = starts_of(np.diff(starts) * widths)
        pairs, gains = np.empty(len(mentors)), np.empty(gain_starts[-1])
        kept, pinned = np.empty(len(mentors), np.bool_), np.empty(len(mentors), np.bool_)
        given = starts, mentors, gain_starts, pairs, gains, kept, pinned
        stretches(lambda low, high: fill_pairs(self.tables, low, high, *given), len(widths), _MANY)
        quota_starts, places, numbers = fill_quotas(self.tables, starts, mentors)
        return Arrays(
            **self.arrays._asdict(),
            starts=starts,
            mentors=mentors,
            pairs=pairs,
            widths=widths,
            gain_starts=gain_starts,
            gains=gains,
            kept=kept,
            pinned=pinned,
            quota_starts=quota_starts,
            quota_places=places,
            quota_ids=numbers,
        )


def part(whole: Shard, low: int, high: int) -> Shard:
    """Return the shard of the mentees ``low`` to ``high - 1``, who are 0 to ``high - low - 1`` there."""
    return some(whole, np.arange(low, high))


def some(whole: Shard, who: Ints) -> Shard:
    """Return the shard of some mentees, ascending, who are 0 to ``len(who) - 1`` there."""
    t = whole.tables
    own: dict[str, Any] = {name: getattr(t, name)[who] for name in _EACH}
    for starts, names in _RUNS.items():
        own[starts], here = runs(getattr(t, starts), who)
        own |= {name: getattr(t, name)[here] for name in names}
    named, own["rows"] = _numbered(own["rows"])
    fits = {name: getattr(t, name)[named] for name in ("fits", "fit_values", "near_fits")}
    tables = t._replace(**own, **fits, **_terms(t, t.lefts[who]))
    limits = whole.arrays._replace(team_sizes=whole.arrays.team_sizes[who], floors=whole.arrays.floors[who])
    return Shard(tables, limits)


def _terms(t: Tables, lefts: Ints) -> dict[str, Any]:
    """Return of the tables of terms and walls what these mentees are."""
    columns, parts = [], []
    for x, width in enumerate(t.term_widths.tolist()):
        kinds, column = _numbered(lefts[:, x])
        columns.append(column)
        parts.append(t.terms[t.term_starts[x] : t.term_starts[x + 1]].reshape(-1, width)[kinds].ravel())
    kinds, column = _numbered(lefts[:, -1])
    return {
        "lefts": np.stack([*columns, column], axis=1),
        "term_starts": starts_of(np.array([len(one) for one in parts], np.int64)),
        "terms": np.concatenate([*parts, np.zeros(0)]),
        "walls": t.walls[kinds],
    }


def _numbered(places: Ints) -> tuple[Ints, Ints]:
    """Return the places that are named, ascending, each once, and the number of each among them."""
    named, numbers = np.unique(places, return_inverse=True)
    return named, numbers.reshape(places.shape).astype(np.int64)

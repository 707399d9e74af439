"""How well: a roster and a policy become a problem.

Fits and weights of criteria are those of ``introducer.criteria``. **Pair worth** a_ij:
``weights.pair`` times the weighted mean of the pair terms (``introducer.pairs``), the
mentee's ones multiplied by the equity weight, plus ``continuity`` where the tie exists
already.

A ``Market`` is the cohort in small tables, from which what holds for any pair is computed
when it is asked for. A ``Problem`` stores it, for the pairs of given lists: of a small cohort
all that are allowed, of a large one the most promising of each mentee.
"""

from __future__ import annotations

import itertools
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from introducer.criteria import Fits
from introducer.cross import Common, Cross, Listed, grouped, listed
from introducer.pairs import PairWorths
from introducer.problem import Limits, Problem, no_floors
from introducer.rules import homes, may_be_matched, numbered, wishes_read
from introducer.runs import starts_of
from introducer.shard import Shard
from introducer.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Arrays
    from introducer.roster import Mentee, Roster
    from introducer.rules import Refusals

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: So many fits are sorted at a time.
_FEW = 1024

__all__ = ["Market", "capacities", "market", "problem", "team_size"]


def team_size(mentee: Mentee, policy: Policy) -> int:
    """Return k_i, the mentors this mentee may have."""
    return policy.team_size if mentee.team_size is None else mentee.team_size


def capacities(roster: Roster, policy: Policy) -> list[int]:
    """Return u_j of every mentor."""
    return [policy.capacity if mentor.capacity is None else mentor.capacity for mentor in roster.mentors]


def _min_loads(roster: Roster, policy: Policy) -> list[int]:
    """Return l_j; who is paused or did not consent owes nothing."""
    return [
        (policy.min_load if mentor.min_load is None else mentor.min_load) if may_be_matched(mentor) else 0
        for mentor in roster.mentors
    ]


@dataclass(frozen=True)
class Market(Shard):
    """All eligible pairs of a cohort, in small tables.

    Attributes
    ----------
    tables, arrays
        As in ``Shard``.
    worths : PairWorths
        The parts of pair worths.
    criteria, weights
        As in ``Problem``.
    eligible : int
        Number of pairs that are allowed.
    """

    worths: PairWorths
    criteria: tuple[tuple[str, ...], ...]
    weights: tuple[tuple[float, ...], ...]
    eligible: int

    def problem(self, lists: tuple[Ints, Ints] | None = None) -> Problem:
        """Store what holds for the pairs of these lists, see ``stored``; all allowed pairs unless given."""
        return self.on(self.stored(self.everyone() if lists is None else lists))

    def on(self, arrays: Arrays) -> Problem:
        """Return the problem of pairs that are stored."""
        return Problem(arrays=arrays, criteria=self.criteria, weights=self.weights)


def problem(
    roster: Roster,
    policy: Policy,
    refused: Refusals,
    previous: frozenset[tuple[str, str]] = frozenset(),
) -> Problem:
    """Build the arrays of an instance over all allowed pairs. Parameters as of ``market``."""
    return market(roster, policy, refused, previous).problem()


def market(
    roster: Roster,
    policy: Policy,
    refused: Refusals,
    previous: frozenset[tuple[str, str]] = frozenset(),
) -> Market:
    """Build the tables of a cohort.

    Parameters
    ----------
    refused : Refusals
        Pairs that must not be tied; they are no candidates.
    previous : frozenset of (str, str)
        Ties (mentee id, mentor id) that earn the continuity bonus, beside the roster's
        ``existing`` ones.
    """
    fits, worths = Fits(roster, policy), PairWorths(roster, policy, previous)
    once: dict[Any, Any] = {}  # what is equal for many mentees is kept once
    criteria: list[tuple[str, ...]] = []
    weights: list[tuple[float, ...]] = []
    places: dict[Hashable, int] = {}
    table: list[tuple[Floats, NDArray[np.uint16]]] = []
    rows = array("q")
    for i in range(len(roster.mentees)):
        own = fits.criteria(i)
        keys = tuple(once.setdefault(key, key) for key in own)
        criteria.append(once.setdefault(keys, keys))
        weights.append(tuple(once.setdefault(weight, weight) for weight in own.values()))
        for key in keys:
            row = fits.row(i, key)
            if row not in places:
                places[row] = len(table)
                table.append(_apart(fits.computed(i, key)))
            rows.append(places[row])
    quotas = [(j, key, most) for j, mentor in enumerate(roster.mentors) for key, most in sorted(mentor.quotas.items())]
    widths = np.array([len(own) for own in criteria], dtype=np.int64)
    tables = Tables(
        widths=widths,
        row_starts=starts_of(widths),
        rows=np.array(rows, dtype=np.int64),
        weights=np.fromiter(itertools.chain.from_iterable(weights), np.float64),
        **_fit_tables(table, len(roster.mentors)),
        **_pair_tables(worths, refused),
        **_seat_tables(roster),
        **_quota_tables(roster, policy, [(j, key) for j, key, _most in quotas]),
    )
    limits = Limits(
        team_sizes=np.array([team_size(mentee, policy) for mentee in roster.mentees], dtype=np.int64),
        capacities=np.array(capacities(roster, policy), dtype=np.int64),
        min_loads=np.array(_min_loads(roster, policy), dtype=np.int64),
        institutions=numbered(mentor.institution for mentor in roster.mentors),
        institution_limit=policy.institution_limit,
        quota_mentors=np.array([j for j, _key, _most in quotas], dtype=np.int64),
        quota_limits=np.array([most for _j, _key, most in quotas], dtype=np.int64),
        floors=no_floors(len(roster.mentees)),
    )
    return Market(
        tables=tables,
        arrays=limits,
        worths=worths,
        criteria=tuple(criteria),
        weights=tuple(weights),
        eligible=len(roster.mentees) * len(roster.mentors) - sum(refused.counts().values()),
    )


def _apart(fits: Floats) -> tuple[Floats, NDArray[np.uint16]]:
    """Return the values of some fits, ascending, few of which are different, and the place of each."""
    values = np.unique(fits[:_FEW])
    while True:
        places = np.searchsorted(values, fits)
        missed = values[np.minimum(places, len(values) - 1)] != fits if len(values) else np.zeros(0, np.bool_)
        if not missed.any():
            return values, places.astype(np.uint16)
        values = np.union1d(values, fits[missed][:_FEW])


def _fit_tables(rows: Sequence[tuple[Floats, NDArray[np.uint16]]], mentors: int) -> dict[str, Any]:
    """Return the fits, few of them different, as places among the values of each row."""
    values = np.zeros((len(rows), max((len(own) for own, _places in rows), default=1)))
    for row, (own, _places) in zip(values, rows, strict=True):
        row[: len(own)] = own
    fits, near = np.empty((len(rows), mentors), np.uint16), np.empty((len(rows), mentors), np.float32)
    for place, (_own, places) in enumerate(rows):
        fits[place] = places
        near[place] = values[place, places]
    return {"fits": fits, "fit_values": values, "near_fits": near}


def _pair_tables(worths: PairWorths, refused: Refusals) -> dict[str, Any]:
    """Return the tables of pair worths and refusals; a table of walls is the last of the crosses."""
    shape = len(worths.roster.mentees), len(worths.roster.mentors)
    crosses = grouped(part for part in worths.by_name.values() if isinstance(part, Cross))
    named = [part for part in worths.by_name.values() if isinstance(part, Listed)]
    extra: dict[tuple[int, int], float] = {}
    for part in named:
        owners = np.repeat(np.arange(shape[0]), np.diff(part.starts)).tolist()
        for i, j, worth in zip(owners, part.mentors.tolist(), part.values.tolist(), strict=True):
            extra[i, j] = extra.get((i, j), 0.0) + worth
    extras = listed(shape, extra, extra.values(), np.float64)
    every = (*crosses, refused.kinds)
    return {
        "lefts": np.stack([part.left for part in every], axis=1),
        "kinds": np.stack([part.right for part in every]).astype(np.int32),
        "term_starts": starts_of(np.array([part.table.size for part in crosses], np.int64)),
        "term_widths": np.array([part.table.shape[1] for part in crosses], np.int64),
        "terms": np.concatenate([*(part.table.ravel() for part in crosses), np.zeros(0)]),
        **_list_tables(shape, [part for part in worths.by_name.values() if isinstance(part, Common)]),
        "walls": np.where(refused.kinds.table == 0, np.float32(0), np.float32(-np.inf)),
        "left_sites": refused.sites.left,
        "site_starts": refused.sites.groups[0],
        "site_mentors": refused.sites.groups[1],
        "shut_starts": refused.homes.starts,
        "shut_homes": refused.homes.groups,
        "extra_starts": extras.starts,
        "extra_mentors": extras.mentors,
        "extra_worths": extras.values,
        "bar_starts": refused.pairs.starts,
        "bar_mentors": refused.pairs.mentors,
        "bar_codes": refused.pairs.values,
    }


def _list_tables(shape: tuple[int, int], parts: Sequence[Common]) -> dict[str, Any]:
    """Return the tables of terms that count what lists have in common, with a bit for each entry."""
    mine = [_words(np.insert(part.mine, 0, values=True, axis=1)) for part in parts]
    theirs = [_words(np.insert(part.theirs, 0, part.theirs.any(axis=1), axis=1)) for part in parts]
    starts = starts_of(np.array([part.table.size for part in parts], np.int64))
    places = [part.rows * part.table.shape[1] + begin for part, begin in zip(parts, starts, strict=False)]
    return {
        "words": starts_of(np.array([own.shape[1] for own in mine], np.int64)),
        "mine": np.concatenate([*mine, np.zeros((shape[0], 0), np.uint64)], axis=1),
        "theirs": np.ascontiguousarray(np.concatenate([*theirs, np.zeros((shape[1], 0), np.uint64)], axis=1).T),
        "share_starts": np.stack([*places, np.zeros(shape[0], np.int64)], axis=1),
        "shares": np.concatenate([*(part.table.ravel() for part in parts), np.zeros(0)]),
    }


def _words(held: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return what is held as bits of words, shape (people, words)."""
    wide = np.pad(held, ((0, 0), (0, -held.shape[1] % 64)))
    return np.ascontiguousarray(np.packbits(wide, axis=1)).view(np.uint64)


def _seat_tables(roster: Roster) -> dict[str, Any]:
    """Return what pins and kept seats are read from."""
    pins = listed(
        (len(roster.mentees), len(roster.mentors)),
        pairs := [(i, j) for i, j, _tie in roster.pairs("pin")],
        [True] * len(pairs),
        np.bool_,
    )
    regions = numbered(person.region for person in (*roster.mentees, *roster.mentors))
    left_homes, right_homes = homes(roster)
    count = len(roster.mentees)
    return {
        "pin_starts": pins.starts,
        "pin_mentors": pins.mentors,
        "keep": np.array([("", "local", "outside").index(mentee.keep_seat) for mentee in roster.mentees], np.int64),
        "left_regions": regions[:count],
        "right_regions": regions[count:],
        "left_homes": left_homes,
        "right_homes": right_homes,
        "guests": np.array([mentor.kind != "member" for mentor in roster.mentors], np.bool_),
    }


def _quota_tables(roster: Roster, policy: Policy, quotas: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """Return which quota keys each mentee's wishes name, and which mentors hold a quota for each."""
    keys = {key: number for number, key in enumerate(sorted({key for _j, key in quotas}))}
    holders: list[list[tuple[int, int]]] = [[] for _key in keys]
    for number, (j, key) in enumerate(quotas):
        holders[keys[key]].append((j, number))
    asked = [[keys[key] for key in sorted(wishes_read(mentee, policy)) if key in keys] for mentee in roster.mentees]
    return {
        "asked_starts": starts_of(np.array([len(own) for own in asked], np.int64)),
        "asked": np.array([key for own in asked for key in own], np.int64),
        "holder_starts": starts_of(np.array([len(own) for own in holders], np.int64)),
        "holder_mentors": np.array([j for own in holders for j, _number in own], np.int64),
        "holder_quotas": np.array([number for own in holders for _j, number in own], np.int64),
    }

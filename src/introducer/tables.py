"""The small tables of a market, from which all that holds for a pair can be computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Tables"]


class Tables(NamedTuple):
    """A cohort for compiled code. M mentees, N mentors, F rows of fits, T tables of terms, H terms of lists, W words.

    Attributes
    ----------
    widths, row_starts : (M,), (M + 1,)
        Number of criteria of each mentee, and where they begin.
    rows, weights : (R,)
        Row of the fits, and weight, of each criterion.
    fits : (F, N) uint16
        Place of each fit among the values of its row.
    fit_values : (F, V)
        In [0, 1].
    near_fits : (F, N) float32
        The fits in single precision, for scans.
    lefts : (M, T + 1)
        Kind of the mentee in each table of terms, and in the table of walls.
    kinds : (T + 1, N) int32
        Kind of each mentor in each of them.
    term_starts, term_widths, terms : (T + 1,), (T,), flat
        The tables of terms one after the other, row-major, on the grid.
    words : (H + 1,)
        Where the words of each term of lists begin.
    mine, theirs : (M, W), (W, N) uint64
        A bit for every entry of a list, and one for everyone who asks or whose list is not empty.
    share_starts, shares : (M, H), flat
        Where the worths of a mentee begin, and the worths by how many bits two have in common.
    walls : (L, R) float32
        Table of what is refused by kinds: -inf, and 0 where allowed.
    left_sites, site_starts, site_mentors : (M,), (S + 1,), flat
        Group of each mentee, -1: none, and the mentors of each group, who are refused as well.
    shut_starts, shut_homes : (M + 1,), (S,)
        Institutions whose mentors are refused to a mentee as well, numbers as in ``right_homes``.
    extra_starts, extra_mentors, extra_worths : (M + 1,), (E,), (E,)
        What pairs are worth besides, mentors ascending for each mentee.
    bar_starts, bar_mentors, bar_codes : (M + 1,), (B,), (B,)
        Codes of pairs for which something else holds than by kinds, groups and institutions, mentors ascending.
    pin_starts, pin_mentors : (M + 1,), (P,)
        Pinned mentors, ascending for each mentee.
    keep : (M,)
        0: no seat is kept, 1: for a local, 2: for a mentor from outside.
    left_regions, right_regions, left_homes, right_homes : (M,), (N,), (M,), (N,)
        Numbers of regions and institutions, -1 where unknown.
    guests : (N,)
    asked_starts, asked : (M + 1,), (A,)
        Keys of quotas that the mentee's wishes name.
    holder_starts, holder_mentors, holder_quotas : (keys + 1,), (Q,), (Q,)
        Mentors, ascending, who hold a quota for each key, and its number.
    """

    widths: NDArray[np.int64]
    row_starts: NDArray[np.int64]
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    fits: NDArray[np.uint16]
    fit_values: NDArray[np.float64]
    near_fits: NDArray[np.float32]
    lefts: NDArray[np.int64]
    kinds: NDArray[np.int32]
    term_starts: NDArray[np.int64]
    term_widths: NDArray[np.int64]
    terms: NDArray[np.float64]
    words: NDArray[np.int64]
    mine: NDArray[np.uint64]
    theirs: NDArray[np.uint64]
    share_starts: NDArray[np.int64]
    shares: NDArray[np.float64]
    walls: NDArray[np.float32]
    left_sites: NDArray[np.int64]
    site_starts: NDArray[np.int64]
    site_mentors: NDArray[np.int64]
    shut_starts: NDArray[np.int64]
    shut_homes: NDArray[np.int64]
    extra_starts: NDArray[np.int64]
    extra_mentors: NDArray[np.int64]
    extra_worths: NDArray[np.float64]
    bar_starts: NDArray[np.int64]
    bar_mentors: NDArray[np.int64]
    bar_codes: NDArray[np.uint8]
    pin_starts: NDArray[np.int64]
    pin_mentors: NDArray[np.int64]
    keep: NDArray[np.int64]
    left_regions: NDArray[np.int64]
    right_regions: NDArray[np.int64]
    left_homes: NDArray[np.int64]
    right_homes: NDArray[np.int64]
    guests: NDArray[np.bool_]
    asked_starts: NDArray[np.int64]
    asked: NDArray[np.int64]
    holder_starts: NDArray[np.int64]
    holder_mentors: NDArray[np.int64]
    holder_quotas: NDArray[np.int64]

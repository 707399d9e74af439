"""Relationships that are lived, in a run: held by a pin where the rules allow it, elsewhere their seats are taken.

A run proposes; it cannot take back what two people agreed. So each pair that is together, or was
introduced, is pinned. Where a rule refuses the pair by now (somebody paused, moved to the same
site, recorded a conflict), the relationship is lived on outside the run: its seat is taken out
of the mentor's capacity and out of the mentee's team. Where not all that are lived can be held,
those come first that one of the two asked to keep.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from introducer_web.programs.models import Program

__all__ = ["hold"]

#: Most mentors of one mentee, of the open format.
_MOST = 5

Pair = tuple[str, str]


def hold(
    program: Program,
    mentees: Iterable[dict[str, Any]],
    mentors: Iterable[dict[str, Any]],
    together: Collection[Pair],
    refused: Collection[Pair],
    locked: Collection[Pair] = (),
) -> set[Pair]:
    """Return the pairs to pin; the rows get the room that these need, less the seats of the others.

    Parameters
    ----------
    mentees, mentors : iterable of dict
        Rows of the folder, by field; ``team_size``, ``capacity`` and ``min_load`` are changed in place.
    together : collection of (str, str)
        Ids of mentee and mentor; one of the two may be in no row.
    refused : collection of (str, str)
        Pairs that a rule forbids.
    locked : collection of (str, str)
        Pairs whom one of the two asked to keep: they come first where the size of a team, or the
        limit of an institution, leaves no room for all.
    """
    asking = {row["id"]: row for row in mentees}
    offering = {row["id"]: row for row in mentors}
    pinned: set[Pair] = set()
    homes: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for mentee, mentor in sorted(together, key=lambda pair: (pair not in locked, pair)):
        if mentee not in asking or mentor not in offering or (mentee, mentor) in refused or sizes[mentee] == _MOST:
            continue
        home = " ".join(offering[mentor]["institution"].split()).casefold()
        if home and program.institution_limit and homes[mentee][home] == program.institution_limit:
            continue
        homes[mentee][home] += 1
        sizes[mentee] += 1
        pinned.add((mentee, mentor))
    outside = set(together) - pinned
    _give_room(asking, "team_size", program.team_size, Counter(mentee for mentee, _mentor in outside), sizes)
    held = Counter(mentor for _mentee, mentor in pinned)
    taken = Counter(mentor for _mentee, mentor in outside)
    _give_room(offering, "capacity", program.capacity, taken, held)
    for mentor, seats in taken.items():
        if mentor in offering and offering[mentor]["min_load"] != "":
            offering[mentor]["min_load"] = max(0, offering[mentor]["min_load"] - seats)
    return pinned


def _give_room(
    rows: dict[str, dict[str, Any]], name: str, default: int, taken: Counter[str], held: Counter[str]
) -> None:
    for key in (taken + held).keys() & rows.keys():
        most = default if rows[key][name] == "" else rows[key][name]
        rows[key][name] = max(most - taken[key], held[key])

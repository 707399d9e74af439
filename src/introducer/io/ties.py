"""``ties.csv``: what is already known of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast, get_args

from introducer.io.notes import one_of
from introducer.io.spelling import NUMBERS, fold, folded_id, plain
from introducer.roster import GivenTie
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer.io.notes import Notes
    from introducer.io.sheets import Row, Table

__all__ = ["read_ties"]

Kind = Literal["conflict", "veto", "pin", "existing", "prefer"]
COLUMNS = ("kind", "mentee", "mentor", "by", "rank", "note")
NEEDED = ("kind", "mentee", "mentor")


def read_ties(table: Table, mentees: Iterable[str], mentors: Iterable[str], notes: Notes) -> tuple[GivenTie, ...]:
    """Read every row; bad ones are faults and are left out.

    Parameters
    ----------
    mentees, mentors : iterable of str
        The ids that are read. A tie to anybody else is a fault.
    """
    places = _places(table, notes)
    if places is None:
        return ()
    people = {"mentee": {folded_id(x): x for x in mentees}, "mentor": {folded_id(x): x for x in mentors}}
    found = []
    for row in table.rows:
        tie = _tie(table, row, places, people, notes)
        if tie is not None:
            found.append((row.number, tie))
    _go_together(table, found, notes)
    return tuple(tie for _number, tie in found)


def _places(table: Table, notes: Notes) -> dict[str, int] | None:
    places: dict[str, int] = {}
    ignored = []
    for place, header in enumerate(table.header):
        name = fold(header)
        if name in COLUMNS and name not in places:
            places[name] = place
        elif header:
            ignored.append(repr(header))
    if ignored:
        notes.notice(f"{table.file}: these columns are no fields and were not read: {', '.join(ignored)}.")
    missing = [name for name in NEEDED if name not in places]
    for name in missing:
        hint = one_of(name, (header for header in table.header if fold(header) not in COLUMNS))
        notes.fault(table.file, "the column is missing", hint, row=1, column=name)
    return None if missing else places


def _tie(
    table: Table, row: Row, places: Mapping[str, int], people: Mapping[str, Mapping[str, str]], notes: Notes
) -> GivenTie | None:
    texts = {name: row.cells[places[name]] if name in places else "" for name in COLUMNS}
    before = len(notes.faults)

    def fault(name: str, reason: str, hint: str = "") -> None:
        column = table.header[places[name]] if name in places else name
        notes.fault(table.file, reason, hint, row=row.number, column=column, value=texts[name])

    kind = plain(texts["kind"])
    if kind not in get_args(Kind):
        fault("kind", say("there is no such kind of tie"), one_of(kind, get_args(Kind)))
    for side, known in people.items():
        if folded_id(texts[side]) not in known:
            fault(
                side, say("there is no such {side} among the rows that are read", side=side), one_of(texts[side], known)
            )
    by, rank = plain(texts["by"]), 0
    if kind == "prefer":
        if by not in {"mentee", "mentor"}:
            fault("by", "a preference is by mentee or by mentor", "Write who ranked the other.")
        rank = _rank(texts["rank"])
        if rank == 0:
            fault("rank", "a preference has a rank", "1 is the first, 2 the second.")
    elif texts["by"] or texts["rank"]:
        notes.notice(f"{table.file}: by and rank are read for the kind prefer only.")
        by = ""
    if len(notes.faults) > before:
        return None
    return GivenTie(
        kind=cast("Kind", kind),
        mentee=people["mentee"][folded_id(texts["mentee"])],
        mentor=people["mentor"][folded_id(texts["mentor"])],
        by=cast('Literal["", "mentee", "mentor"]', by),
        rank=rank,
        note=texts["note"],
    )


def _rank(text: str) -> int:
    """Return a rank from 1 on, and 0 for what is none."""
    shown = plain(text)
    if shown in NUMBERS:
        return NUMBERS[shown]
    return int(shown) if shown.isascii() and shown.isdecimal() and len(shown) <= 4 else 0


def _go_together(table: Table, found: list[tuple[int, GivenTie]], notes: Notes) -> None:
    """Report rows that say the same twice, and pairs that are both demanded and forbidden."""
    rows: dict[tuple[str, str, str, str], int] = {}
    pairs: dict[tuple[str, str], dict[str, int]] = {}
    for number, tie in found:
        first = rows.setdefault((tie.kind, tie.mentee, tie.mentor, tie.by), number)
        if first != number:
            same = say("the row says the same as row {first}", first=first)
            value = f"{tie.kind}, {tie.mentee}, {tie.mentor}"
            notes.fault(table.file, same, say("Take one out."), row=number, value=value)
        pairs.setdefault((tie.mentee, tie.mentor), {}).setdefault(tie.kind, number)
    for (mentee, mentor), kinds in pairs.items():
        for against in ("conflict", "veto"):
            if "pin" in kinds and against in kinds:
                first, last = sorted((kinds["pin"], kinds[against]))
                both = say(
                    "rows {first} and {last} pin and forbid the same pair (pin, {against})",
                    first=first, last=last, against=against,
                )  # fmt: skip
                notes.fault(table.file, both, say("Take one out."), row=last, value=f"{mentee}, {mentor}")

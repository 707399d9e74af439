"""A mapping proposed for headers and cells that are not known yet. A person decides; nothing is applied."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from introducer.io.cells import cell_reader
from introducer.io.fields import CODES, SIDES
from introducer.io.headers import places, unmapped
from introducer.io.notes import Notes
from introducer.io.spelling import fold, plain
from introducer.io.tables import open_program, open_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from introducer.errors import Fault
    from introducer.io.fields import Field, Side
    from introducer.io.people import Reader
    from introducer.io.program import Program
    from introducer.io.sheets import Table
    from introducer.vocabulary import Term, Vocabulary

__all__ = ["Proposal", "Spelling", "Suggestion", "suggest"]

#: Likeness of two texts (difflib's ratio) from which a header is proposed. Chosen by eye.
NEAR = 0.75

#: Part of the filled cells that must be readable before a column is proposed for a field.
READABLE = 0.25

#: Fields that are proposed for a column by its cells alone, and the part of them that must be readable.
TOLD_BY_CELLS = ("needs", "offers", "experiences")
MOSTLY = 0.75

#: Fields proposed for one header, at most; the best first.
MOST = 3

#: Words of a header that speak for a field, folded.
HINTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "your name"),
    "email": ("email", "e mail", "email address"),
    "stage": ("stage", "year are you in", "training level", "level of training", "career stage", "grade"),
    "setting": ("setting", "practice type", "type of practice"),
    "institution": ("institution", "hospital", "university", "employer", "organisation", "organization"),
    "site": ("training site", "residency program", "training program"),
    "region": ("region", "state", "country"),
    "timezone": ("time zone", "timezone"),
    "languages": ("language", "languages"),
    "needs": ("like help with", "need help with", "topics of interest"),
    "offers": ("can help with", "able to help with", "can offer help"),
    "experiences": ("speak to", "lived experience", "experiences"),
    "capacity": ("how many mentees", "number of mentees", "mentees can you take"),
    "team_size": ("how many mentors", "number of mentors"),
    "avoid": ("not be matched with", "prefer not to be matched", "avoid"),
    "consent": ("agree to be matched", "consent to be matched"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A header and the fields that it may be, the likeliest first, with the reason for each."""

    file: str
    header: str
    fields: tuple[str, ...]
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        each = [f"{name} ({reason})" for name, reason in zip(self.fields, self.reasons, strict=True)]
        return f"{self.file}: the column {self.header!r} may be {' or '.join(each)}."


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text of a cell that cannot be read, and what it may mean: a code or a count, empty if nothing is near."""

    file: str
    header: str
    kind: str
    text: str
    meaning: str | int

    def __str__(self) -> str:
        perhaps = "" if self.meaning == "" else f"; perhaps it means {self.meaning}"
        return f"{self.file}: {self.text!r} in the column {self.header!r} cannot be read as a {self.kind}{perhaps}."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What ``check --suggest`` shows.

    Attributes
    ----------
    proposals : tuple of Proposal
    spellings : tuple of Spelling
    unlike : tuple of (str, str)
        File and header of every column that is like no field: it is not read.
    toml : str
        Tables to paste into ``program.toml``; lines that nobody can decide from outside are comments.
    faults : tuple of Fault
        Why there is nothing to propose: ``program.toml`` or a file cannot be read at all.
    """

    proposals: tuple[Proposal, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    unlike: tuple[tuple[str, str], ...] = ()
    toml: str = ""
    faults: tuple[Fault, ...] = ()


def suggest(folder: Path) -> Suggestion:
    """Propose fields for headers that are not known, and meanings for cells that cannot be read.

    Raises nothing for bad input. Private attributes are neither read nor shown.
    """
    notes, sources = Notes(), dict[str, str]()
    program = open_program(folder, sources, notes)
    if program is None:
        return Suggestion(faults=tuple(sorted(notes.faults)))
    reader = cell_reader(program, None)
    proposals: dict[Side, list[Proposal]] = {}
    spellings: list[Spelling] = []
    unlike: list[tuple[str, str]] = []
    for side in SIDES:
        table = open_table(folder, program.files[side], sources, notes)
        if table is None:
            continue
        mapped = places(table, side, program, Notes())
        proposals[side] = list(_proposals(table, side, mapped, program, reader))
        like = {proposal.header for proposal in proposals[side]}
        headers = (table.header[place] for place in unmapped(table, mapped))
        unlike += [(table.file, header) for header in headers if header not in like]
        found = dict(mapped)
        for proposal in proposals[side]:
            for name in proposal.fields[:1]:
                found.setdefault(name, (table.header.index(proposal.header),))
        spellings += _unread(table, found, program.fields[side], program, reader)
    return Suggestion(
        proposals=tuple(proposal for side in SIDES for proposal in proposals.get(side, ())),
        spellings=tuple(spellings),
        unlike=tuple(unlike),
        toml=_toml(proposals, spellings),
        faults=tuple(sorted(fault for fault in notes.faults if fault.row == 0)),
    )


def _proposals(
    table: Table, side: Side, mapped: Mapping[str, Sequence[int]], program: Program, reader: Reader
) -> Iterator[Proposal]:
    known = program.fields[side]
    id_alone = "id" not in mapped
    # Without a list of its own a field takes any text, which then tells nothing.
    told = [name for name in TOLD_BY_CELLS if program.vocabulary.terms("experiences") or name != "experiences"]
    for place in sorted({*unmapped(table, mapped), *(mapped.get("email", ()) if id_alone else ())}):
        header = table.header[place]
        texts = table.columns[place].texts
        cells = [text for text in map(texts.__getitem__, table.columns[place].places.tolist()) if text]
        ranked: dict[str, tuple[float, str]] = {}
        if id_alone and _are_addresses(cells):
            ranked["id"] = (1.0, "its cells are e-mail addresses, each once")
        for name, field in known.items():
            likeness, reason = _likeness(header, name, program)
            if likeness >= NEAR and (field.many or place in mapped.get(name, (place,))) and _fits(cells, field, reader):
                ranked.setdefault(name, (likeness, reason))
            elif name in told and name not in mapped and _fits(cells, field, reader, MOSTLY) and cells:
                ranked.setdefault(name, (NEAR, f"most of its cells can be read as {name}"))
        best = sorted(ranked, key=lambda name: (-ranked[name][0], list(known).index(name)))[:MOST]
        if best:
            yield Proposal(table.file, header, tuple(best), tuple(ranked[name][1] for name in best))


def _are_addresses(cells: Sequence[str]) -> bool:
    return bool(cells) and len(set(cells)) == len(cells) and all(re.fullmatch(r"\S+@\S+\.\S+", x) for x in cells)


@lru_cache(maxsize=1)
def _matcher(text: str) -> difflib.SequenceMatcher[str]:
    """Return the matcher of one header; it is slow to build and quick to turn to another field."""
    return difflib.SequenceMatcher(None, "", text)


def _likeness(header: str, name: str, program: Program) -> tuple[float, str]:
    """Return how much a header looks like a field, in [0, 1], and by what."""
    text = fold(header)
    term = _term(name, program.vocabulary)
    words = (term.name, *term.aliases) if term else ()
    best, by = 0.0, ""
    matcher = _matcher(text)
    for known in (name, *program.headers.get(name, ()), *HINTS.get(name, ()), *words):
        matcher.set_seq1(fold(known))
        # The quick ratios are upper bounds of the slow one.
        likeness = matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= NEAR else 0.0
        if f" {fold(known)} " in f" {text} ":
            # A header that holds the whole text; the longer the text, the more it says.
            likeness = max(likeness, 0.8 + 0.15 * len(fold(known)) / max(len(text), 1))
        if likeness > best:
            best, by = likeness, f"it looks like {known!r}"
    return best, by


def _term(name: str, vocabulary: Vocabulary) -> Term | None:
    """Return the term that a field with a key is about."""
    prefix, _, key = name.partition(":")
    if prefix in {"attr", "consent", "pole"}:
        terms = vocabulary.poles if prefix == "pole" else vocabulary.attributes
        return next((term for term in terms if term.id == key), None)
    return vocabulary.needs.get(key) or vocabulary.wishes.get(key)


def _fits(cells: Sequence[str], field: Field, reader: Reader, part: float = READABLE) -> bool:
    """Tell whether that part of the cells can be read as a field."""
    if not cells or field.kind == "attribute":
        return True
    return sum(not reader(field, cell).reason for cell in cells) >= part * len(cells)


def _unread(
    table: Table, found: Mapping[str, Sequence[int]], known: Mapping[str, Field], program: Program, reader: Reader
) -> Iterator[Spelling]:
    """Yield every text that cannot be read and that a table ``[values.<kind>]`` could explain, once."""
    seen: set[tuple[str, str]] = set()
    for name, columns in found.items():
        for place in columns:
            for cell in table.columns[place].texts:
                for kind, text in reader(known[name], cell).unread:
                    if (kind, plain(text)) not in seen:
                        seen.add((kind, plain(text)))
                        yield Spelling(table.file, table.header[place], kind, text, _meaning(kind, text, program))


def _meaning(kind: str, text: str, program: Program) -> str | int:
    if kind == "count":
        numbers = re.findall(r"[0-9]{1,4}", text)
        # A number that is no count (-1, 2.5) means something that nobody can guess.
        return int(numbers[0]) if numbers and not re.fullmatch(r"[-+]?[0-9]*[.,]?[0-9]+", text.strip()) else ""
    if kind not in CODES:
        return ""
    keys = program.vocabulary.needs if kind == "domain" else {x.id: x for x in program.vocabulary.terms(CODES[kind])}
    words = {fold(word): key for key, term in keys.items() for word in (key, term.name, *term.aliases)}
    # Of another number it is another thing: PGY-9 is not PGY-7.
    own = re.findall(r"[0-9]+", text)
    alike = sorted(word for word in words if re.findall(r"[0-9]+", word) == own)
    near = difflib.get_close_matches(fold(text), alike, n=1, cutoff=0.5)
    return words[near[0]] if near else ""


def _toml(proposals: Mapping[Side, Sequence[Proposal]], spellings: Sequence[Spelling]) -> str:
    lines: list[str] = []
    for side, found in proposals.items():
        headers: dict[str, list[str]] = {}
        for proposal in found:
            headers.setdefault(proposal.fields[0], []).append(_text(proposal.header))
        lines += ["", f"[columns.{side}]"] if found else []
        for name, texts in headers.items():
            lines.append(f"{_key(name)} = {_several(texts)}")
        for proposal in found:
            lines += [f"# {_key(other)} = {_text(proposal.header)}" for other in proposal.fields[1:]]
    for kind in dict.fromkeys(spelling.kind for spelling in spellings):
        lines += ["", f"[values.{kind}]"]
        for spelling in spellings:
            if spelling.kind == kind:
                meaning = "?" if spelling.meaning == "" else json.dumps(spelling.meaning)
                lines.append(f"{'# ' if meaning == '?' else ''}{_text(spelling.text)} = {meaning}")
    return "\n".join([*lines[1:], ""]) if lines else ""


def _several(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _key(name: str) -> str:
    return name if re.fullmatch(r"\w+", name, re.ASCII) else _text(name)


def _text(text: str) -> str:
    """Return a text as TOML writes it on one line."""
    return json.dumps(text, ensure_ascii=False)

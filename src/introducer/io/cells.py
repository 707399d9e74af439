"""One parser for every kind of cell. What is not in a documented form is a fault, never a guess."""

from __future__ import annotations

import json
import re
import zoneinfo
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from introducer.io import lists as lists_of_answers
from introducer.io.fields import CODES
from introducer.io.notes import nearest, one_of
from introducer.io.spelling import ANY, NO, NUMBERS, YES, count_in, fold, folded_id, level_in, plain
from introducer.saying import say, worded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from introducer.io.fields import Field
    from introducer.io.program import Program

    Parser = Callable[[str], "Cell"]

__all__ = ["MOST", "TEAM", "Cell", "cell_reader"]

#: Largest count of a cell. A larger one is another number that slipped into the column.
MOST = 10_000

#: People among whom the nearest id is looked for, at most: it takes a comparison with each.
CROWD = 2_000

#: Answers of one cell whose faults are told one by one, at most.
SHOWN = 5

#: Readings of texts that are kept, for texts that stand in several columns or in many rows.
KEPT = 1 << 14

#: Largest team of a mentee.
TEAM = 5

#: What one answer is called, by kind of cell.
_CALLED = {
    "domain": worded("domain or topic"),
    "stage": worded("stage"),
    "setting": worded("setting"),
    "route": worded("route"),
    "procedure": worded("procedure"),
    "role": worded("role"),
    "experience": worded("experience"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, or why it says nothing.

    Attributes
    ----------
    value : object
        None where the cell is blank.
    remark : str
        How a number was read, where that is worth a notice.
    reason, hint : str
        What is wrong and what would be accepted; empty where nothing is.
    unread : tuple of (str, str)
        Texts that a table ``[values.<kind>]`` could give a meaning: the kind and the text.
    """

    value: Any = None
    remark: str = ""
    reason: str = ""
    hint: str = ""
    unread: tuple[tuple[str, str], ...] = ()


def cell_reader(program: Program, people: Mapping[str, str] | None) -> Callable[[Field, str], Cell]:
    """Return the function (field, text of a cell) -> Cell of one reading.

    Parameters
    ----------
    people : mapping of str to str, or None
        The ids of all people by ``folded_id``, for the lists that name people. None when they are
        not all known, because a file could not be read: any id is taken then.
    """
    domains = _words("domain", program)
    parsers: dict[str, Parser] = {
        "text": lambda text: Cell(" ".join(text.split())),
        "id": Cell,
        "email": Cell,
        "level": lambda text: _level(text, program),
        "bool": lambda text: _bool(text, program),
        "count": lambda text: _count(text, program),
        "size": lambda text: _size(text, program),
        "points": _points,
        "timezone": lambda text: _zone(text, program),
        "seat": lambda text: _seat(text, program),
        "person": lambda text: _person(text, program, people),
        "mention": lambda text: _mention(text, program, domains),
        "need": lambda text: _code(text, "domain", program, domains),
    }
    parsers |= {kind: _free(kind, program, even=False) for kind in ("institution", "site", "region")}
    parsers |= {kind: _free(kind, program, even=True) for kind in ("language", "attribute", "kind")}
    lists = {kind: _words(kind, program) for kind in CODES if kind != "domain"}
    parsers |= {kind: _coded(kind, program, words) for kind, words in lists.items()}

    def stands_alone(kind: str, text: str) -> bool:
        """Tell whether a text with separators in it is one known answer; no hints, since most such texts are none."""
        if kind == "person":
            return people is not None and folded_id(text) in people
        words = domains if kind in {"mention", "need"} else lists.get(kind, {})
        names = [text]
        if kind == "mention":  # its level is one answer: it holds no separator
            names += [found[1] for found in _with_level(text) if not set(found[2]) & set(program.imports.separators)]
        spelled = program.values.get("domain" if kind in {"mention", "need"} else kind, {})
        return any(plain(name) in spelled or fold(name) in words for name in names)

    openings = {kind: lists_of_answers.openings(words) for kind, words in lists.items()}
    openings |= dict.fromkeys(("mention", "need"), lists_of_answers.openings(domains))

    def may_go_on(kind: str, first: str, second: str) -> bool:
        """Tell whether ``stands_alone`` may hold of a text that begins with two pieces: no for most, and quick."""
        if kind == "person" or program.values.get("domain" if kind in {"mention", "need"} else kind):
            return True
        return lists_of_answers.may_go_on(first, second, openings.get(kind, frozenset()))

    @lru_cache(maxsize=KEPT)
    def read(kind: str, many: bool, text: str) -> Cell:
        if not text:
            return Cell(program.values.get(kind, {}).get(""))
        if not many:
            return parsers[kind](text)
        found = lists_of_answers.answers(
            text, program.imports.separators, partial(may_go_on, kind), partial(stands_alone, kind)
        )
        return _joined([parsers[kind](answer) for answer in found])

    return lambda field, text: read(field.kind, field.many, text)


def _joined(cells: list[Cell]) -> Cell:
    """Return the cell of a list: its values in order, each once, or everything that is wrong with it."""
    wrong = list(dict.fromkeys(cell for cell in cells if cell.reason))
    if wrong:
        more = say("; and {number} more", number=len(wrong) - SHOWN) if len(wrong) > SHOWN else ""
        return Cell(
            reason="; ".join(cell.reason for cell in wrong[:SHOWN]) + more,
            hint=" ".join(cell.hint for cell in wrong[:SHOWN] if cell.hint),
            unread=tuple(pair for cell in wrong for pair in cell.unread),
        )
    return Cell(
        tuple(dict.fromkeys(cell.value for cell in cells if cell.value)),
        remark="; ".join(dict.fromkeys(cell.remark for cell in cells if cell.remark)),
    )


def _spelled(kind: str, text: str, program: Program) -> Any:
    """Return what ``[values.<kind>]`` says of a text, else None."""
    return program.values.get(kind, {}).get(plain(text))


def _level(text: str, program: Program) -> Cell:
    value = _spelled("level", text, program)
    if value is None:
        value = level_in(plain(text))
    if value is not None:
        return Cell(value)
    if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", plain(text)):
        return Cell(reason=say("a level is 0, 1, 2 or 3, not {text}", text=text), hint=say("0 is none, 3 is a lot."))
    return Cell(
        reason=say("{text!r} is no level", text=text),
        hint=say("Write 0 to 3, or say what it means: {table}", table=_table("level", text, 2)),
        unread=(("level", text),),
    )


def _table(kind: str, text: str, meaning: str | int) -> str:
    """Return a line of ``program.toml`` that gives a spelling a meaning."""
    shown = json.dumps(text[:80], ensure_ascii=False)
    return f"[values.{kind}] {shown} = {json.dumps(meaning, ensure_ascii=False)}"


def _bool(text: str, program: Program) -> Cell:
    value = _spelled("bool", text, program)
    if value is not None:
        return Cell(value)
    if plain(text) in YES or plain(text) in NO:
        return Cell(plain(text) in YES)
    return Cell(
        reason=say("{text!r} is neither yes nor no", text=text),
        hint=say("Write yes or no, or say what it means: {table}", table=_table("bool", text, meaning=True)),
        unread=(("bool", text),),
    )


def _count(text: str, program: Program) -> Cell:
    shown = plain(text)
    value = _spelled("count", text, program)
    if value is not None:
        return Cell(value)
    if shown in ANY:
        return Cell(
            program.imports.any_count,
            remark=say("was read as {any_count} ([import] any_count)", any_count=program.imports.any_count),
        )
    value = count_in(shown)
    if value is None:
        between = re.fullmatch(r"([0-9]{1,4}) ?(?:-|to|or) ?([0-9]{1,4})", shown)
        likely = int(between[1]) if between else 2
        return Cell(
            reason=say("{text!r} is no count", text=text),
            hint=say("Write one whole number, or say what it means: {table}", table=_table("count", text, likely)),
            unread=(("count", text),),
        )
    if value > MOST:
        return Cell(reason=say("a count is at most {most:,}", most=MOST))
    return Cell(
        value,
        remark="" if re.fullmatch(r"[0-9.]+", shown) or shown in NUMBERS else say("was read as {value}", value=value),
    )


def _size(text: str, program: Program) -> Cell:
    cell = _count(text, program)
    if cell.reason or cell.value <= TEAM:
        return cell
    return Cell(
        reason=say("a team has 0 to {team} mentors, not {value}", team=TEAM, value=cell.value),
        hint=say("Write 0 to {team}.", team=TEAM),
    )


def _points(text: str) -> Cell:
    shown = plain(text)
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})? ?%?", shown):
        value = float(shown.rstrip(" %"))
        if value <= 100.0:
            return Cell(value)
    return Cell(
        reason=say("{text!r} is no number from 0 to 100", text=text),
        hint=say("A person divides 100 points among the poles."),
    )


@cache
def _zones() -> Mapping[str, str]:
    """Return the IANA zones by their name in lower case."""
    return {zone.casefold(): zone for zone in sorted(zoneinfo.available_timezones())}


def _zone(text: str, program: Program) -> Cell:
    value = _spelled("timezone", text, program)
    name = text if value is None else value
    known = _zones()
    zone = known.get("_".join(name.casefold().split()))
    if zone is not None or not name:
        return Cell(zone or "")
    cities = {zone.rpartition("/")[2].replace("_", " "): zone for zone in known.values() if "/" in zone}
    city = nearest(name, cities)
    near = cities[city] if city else nearest(name, known.values())
    return Cell(
        reason=say("{name!r} is no IANA time zone", name=name),
        hint=say("Did you mean {near!r}?", near=near) if near else say("For instance 'America/Chicago'."),
        unread=(("timezone", text),),
    )


def _seat(text: str, program: Program) -> Cell:
    value = _spelled("seat", text, program)
    name = plain(text) if value is None else value
    if name in {"", "local", "outside"}:
        return Cell(name)
    return Cell(
        reason=say("{text!r} is neither local nor outside", text=text),
        hint=say("Leave the cell blank where no seat is kept."),
    )


def _free(kind: str, program: Program, *, even: bool) -> Parser:
    """Return the parser of text that is compared with other text; ``even`` also evens out its case."""

    def parse(text: str) -> Cell:
        value = _spelled(kind, text, program)
        name = text if value is None else value
        return Cell(plain(name) if even else " ".join(name.split()))

    return parse


def _coded(kind: str, program: Program, words: Mapping[str, str]) -> Parser:
    def parse(text: str) -> Cell:
        return _code(text, kind, program, words)

    return parse


def _words(kind: str, program: Program) -> Mapping[str, str]:
    """Return the codes of a list of the vocabulary by every text that may stand for them, folded.

    A code goes before a name, a name before an alias. The name of a topic stands for it alone where no other
    word is spelled like it.
    """
    vocabulary = program.vocabulary
    found: dict[str, str] = {}
    keyed = vocabulary.needs if kind == "domain" else {term.id: term for term in vocabulary.terms(CODES[kind])}
    plainly = {key: term for key, term in keyed.items() if "." not in key}
    topics = {key: term for key, term in keyed.items() if "." in key}
    for key in keyed:
        found.setdefault(fold(key), key)
    for key, term in plainly.items():
        found.setdefault(fold(term.name), key)
    for key in topics:
        found.setdefault(fold(vocabulary.name(key)), key)
    for key, term in plainly.items():
        for alias in term.aliases:
            found.setdefault(fold(alias), key)
    alone: dict[str, set[str]] = {}
    for key, term in topics.items():
        for name in (term.name, *term.aliases):
            alone.setdefault(fold(name), set()).add(key)
    return {name: min(keys) for name, keys in alone.items() if len(keys) == 1} | found


def _code(text: str, kind: str, program: Program, words: Mapping[str, str]) -> Cell:
    value = _spelled(kind, text, program)
    if value is not None:
        return Cell(value)
    if fold(text) in words:
        return Cell(words[fold(text)])
    if not words:
        return Cell(plain(text))
    near = nearest(fold(text), words)
    example = words[near] if near else next(iter(words.values()))
    return Cell(
        reason=say("{text!r} is no {what} of this program", text=text, what=say(_CALLED[kind])),
        hint=(say("Did you mean {words!r}? ", words=words[near]) if near else "")
        + say("Or say what it means: {table}", table=_table(kind, text, example)),
        unread=((kind, text),),
    )


def _mention(text: str, program: Program, words: Mapping[str, str]) -> Cell:
    """Read one answer of ``needs`` or ``offers``: a domain or a topic, alone or with its level. A (key, level) pair."""
    if not words:
        return Cell(reason=say("this program has no domains"), hint=say("Name a template, or add [[domains]]."))
    alone = _code(text, "domain", program, words)
    if not alone.reason:
        return Cell((alone.value, None) if alone.value else None)
    for both in _with_level(text):
        named = _code(both[1], "domain", program, words)
        level = _level(both[2].strip(), program)
        if not named.reason:
            return Cell(
                (named.value, level.value) if named.value else None,
                reason=level.reason,
                hint=level.hint,
                unread=level.unread,
            )
    return alone


def _with_level(text: str) -> list[re.Match[str]]:
    """Return the readings of a text as a name with a level: ``name (level)``, ``name: level`` or ``name = level``."""
    forms = (r"(.*\S)\s*\(([^()]*)\)", r"(.*[^\s:=])\s*[:=]\s*([^:=]*)")
    evened = " ".join(text.split())
    return [match for match in (re.fullmatch(form, evened) for form in forms) if match]


def _person(text: str, program: Program, people: Mapping[str, str] | None) -> Cell:
    known = folded_id(text) if people is None else people.get(folded_id(text))
    if known is not None:
        return Cell(known)
    if program.imports.unknown_people == "ignore":
        return Cell("", remark=say("names somebody who is in neither file, and was left out"))
    return Cell(
        reason=say("{text!r} is nobody's id", text=text),
        hint=one_of(text, people if people and len(people) <= CROWD else ()),
    )

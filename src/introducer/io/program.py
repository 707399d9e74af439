"""``program.toml`` becomes a checked program: words, policy, and how the files are to be read."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from introducer import templates
from introducer.io import options
from introducer.io.fields import FLAGS, PREFIXES, SIDES, fields
from introducer.io.notes import one_of
from introducer.policy import Policy
from introducer.vocabulary import KINDS as WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from introducer.io.fields import Field, Side
    from introducer.io.notes import Notes
    from introducer.io.options import Import
    from introducer.vocabulary import Vocabulary

__all__ = ["PROGRAM", "Program", "read_program"]

#: Name of the file that says how the others are read.
PROGRAM = "program.toml"

_TABLES = ("format", "program", "files", "policy", "import", "columns", "constants", "values", *WORDS)
_FILES = {"mentees": "mentees.csv", "mentors": "mentors.csv", "ties": "ties.csv"}

# Tables of the policy whose keys are fixed: what a program writes goes over the template's, key by key.
# In the others (equity, pair_terms) the keys are the message, and a program's table replaces the template's.
_MERGED = ("weights", "stage", "lottery")


@dataclass(frozen=True, kw_only=True)
class Program:
    """A checked ``program.toml``.

    Attributes
    ----------
    name : str
    vocabulary : Vocabulary
        The template's with the program's own words.
    policy : Policy
        The template's with the program's own choices.
    files : mapping
        Name of the file of ``mentees``, ``mentors`` and ``ties``.
    fields : mapping
        By side (``mentees``, ``mentors``): the fields that its file may have.
    columns : mapping
        By side and field: the header texts that the program names.
    headers : mapping
        By field: the header texts that the template knows.
    constants : mapping
        By side and field: the text that stands for a cell in every row.
    values : mapping
        By kind of cell: what a spelling (``spelling.plain``) means.
    imports : Import
    names_ties : bool
        Whether ``[files]`` names the file of ties, which must then be there.
    """

    name: str
    vocabulary: Vocabulary
    policy: Policy
    files: Mapping[str, str]
    fields: Mapping[Side, Mapping[str, Field]]
    columns: Mapping[Side, Mapping[str, tuple[str, ...]]]
    headers: Mapping[str, tuple[str, ...]]
    constants: Mapping[Side, Mapping[str, str]]
    values: Mapping[str, Mapping[str, Any]]
    imports: Import
    names_ties: bool = False


def read_program(content: bytes, notes: Notes) -> Program | None:
    """Read ``program.toml``; its faults go to the notes. None when people cannot be read with what is left of it."""
    tables = _tables(content, notes)
    if tables is None:
        return None
    for key in tables:
        if key not in _TABLES:
            notes.fault(PROGRAM, "there is no such table", one_of(key, _TABLES), column=key)
    if tables.get("format") != 1 or tables.get("format") is True:
        notes.fault(
            PROGRAM,
            "the format is missing" if "format" not in tables else "this is not a format that can be read",
            "Write format = 1 at the top.",
            column="format",
            value=str(tables.get("format", "")),
        )
    head = _table(tables, "program", notes, ("name", "template"))
    template = _template(options.text(head, "template", "program", notes), tables, notes)
    policy = _policy(_table(tables, "policy", notes), template, notes)
    files = _files(_table(tables, "files", notes, tuple(_FILES)), notes)
    imports = options.imports(_table(tables, "import", notes), notes)
    if template is None:
        return None
    words = template.vocabulary
    flags = tuple(policy.equity) if policy else ()
    fixed = fields("mentees", words)
    for flag in flags:
        if flag in fixed and flag not in FLAGS:
            notes.fault(PROGRAM, "this is a field already; a flag needs a name of its own",
                        column=f"policy.equity.{flag}", value=flag)  # fmt: skip
    known: dict[Side, Mapping[str, Field]] = {side: fields(side, words, flags) for side in SIDES}
    return Program(
        name=options.text(head, "name", "program", notes),
        vocabulary=words,
        policy=policy or Policy(),
        files=_FILES | files,
        fields=known,
        columns={
            side: options.columns(_sided(tables, "columns", side, notes), f"columns.{side}", known[side], notes)
            for side in SIDES
        },
        headers=template.headers,
        constants={
            side: options.constants(
                _sided(tables, "constants", side, notes), f"constants.{side}", known[side], imports, notes
            )
            for side in SIDES
        },
        values=options.values(_table(tables, "values", notes), words, notes),
        imports=imports,
        names_ties="ties" in files,
    )


def _tables(content: bytes, notes: Notes) -> dict[str, Any] | None:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        notes.fault(PROGRAM, f"line {line} is not UTF-8", "Save the file as UTF-8.")
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        notes.fault(PROGRAM, f"this is not TOML: {wrong}")
    return None


def _table(tables: Mapping[str, Any], name: str, notes: Notes, known: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a table of the file; with ``known``, any other key is a fault."""
    found = tables.get(name, {})
    if not isinstance(found, dict):
        notes.fault(PROGRAM, "this must be a table", f"Write [{name}] on a line of its own.", column=name)
        return {}
    for key in found:
        if known and key not in known:
            notes.fault(PROGRAM, "there is no such key", one_of(key, known), column=f"{name}.{key}")
    return found


def _sided(tables: Mapping[str, Any], name: str, side: Side, notes: Notes) -> dict[str, Any]:
    both = tables.get(name, {})
    if side == SIDES[0]:
        both = _table(tables, name, notes, SIDES)
    if not isinstance(both, dict):
        return {}
    found = both.get(side, {})
    if not isinstance(found, dict):
        notes.fault(PROGRAM, "this must be a table", f"Write [{name}.{side}] on a line of its own.",
                    column=f"{name}.{side}")  # fmt: skip
        return {}
    return found


def _template(name: str, tables: Mapping[str, Any], notes: Notes) -> templates.Template | None:
    try:
        base = templates.load_template(name) if name else templates.EMPTY
    except ValueError:
        notes.fault(PROGRAM, "no such template is shipped", one_of(name, templates.shipped_templates()),
                    column="program.template", value=name)  # fmt: skip
        return None
    own = {kind: tables[kind] for kind in WORDS if kind in tables}
    try:
        return templates.override(base, own)
    except templates.TemplateError as wrong:
        for kind, entry, reason in wrong.problems:
            notes.fault(PROGRAM, reason, column=f"{kind}.{entry}" if entry else kind)
        return None


def _policy(own: Mapping[str, Any], template: templates.Template | None, notes: Notes) -> Policy | None:
    base = dict(template.policy) if template else {}
    for key in _MERGED:
        if isinstance(own.get(key), dict) and isinstance(base.get(key), dict):
            base[key] = base[key] | own[key]
    merged = base | {
        key: value for key, value in own.items() if key not in _MERGED or not isinstance(base.get(key), dict)
    }
    try:
        # Through JSON, because only there a list is a tuple while "3" is not yet a 3.
        policy = Policy.model_validate_json(json.dumps(merged, default=str), strict=True)
    except ValidationError as wrong:
        _policy_faults(wrong, notes)
        return None
    if policy.min_load > policy.capacity:
        notes.fault(PROGRAM, f"min_load is above the capacity of {policy.capacity}", column="policy.min_load",
                    value=str(policy.min_load))  # fmt: skip
    for flag in policy.equity:
        if not re.fullmatch("[a-z0-9][a-z0-9_]*", flag) or flag.startswith(PREFIXES):
            notes.fault(PROGRAM, "a flag is named by lower-case letters, digits and underscores",
                        column=f"policy.equity.{flag}", value=flag)  # fmt: skip
    return policy


def _policy_faults(wrong: ValidationError, notes: Notes) -> None:
    for error in wrong.errors(include_url=False):
        path = [str(step) for step in error["loc"]]
        column = ".".join(["policy", *path])
        if error["type"] == "extra_forbidden":
            notes.fault(PROGRAM, "there is no such key", one_of(path[-1], _keys(path[:-1])), column=column)
            continue
        value = error["input"]
        reason = error["msg"].removeprefix("Value error, ")
        notes.fault(PROGRAM, reason[0].lower() + reason[1:], column=column,
                    value="" if isinstance(value, dict) else str(value))  # fmt: skip


def _keys(path: list[str]) -> list[str]:
    model: type[BaseModel] = Policy
    for step in path:
        # An unknown key stands in a model: every step on the way to it is one.
        model = cast("type[BaseModel]", model.model_fields[step].annotation)
    return list(model.model_fields)


def _files(own: Mapping[str, Any], notes: Notes) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, default in _FILES.items():
        name = options.text(own, key, "files", notes, default)
        if key not in own:
            continue
        if not name or name in {".", ".."} or re.search(r"[/\\\x00]", name):
            notes.fault(PROGRAM, "this must be the name of a file inside the folder", f"For instance {default!r}.",
                        column=f"files.{key}", value=name)  # fmt: skip
        else:
            found[key] = name
    return found

"""What people read is true: commands give what stands below them, names are complete, links lead somewhere."""

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

import introducer
from introducer import cli
from introducer.io import chances, documents
from introducer.io.program import _TABLES as TABLES
from introducer.outcome import CAUSES, CODES
from introducer.policy import PAIR_TERMS, Lottery, Policy, StageRule, Weights

ROOT = Path(__file__).parents[1]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts),
    *sorted((ROOT / "examples").rglob("*.md")),
]
#: Fences that a test reads: a transcript, or a file with its path as the caption.
FENCE = re.compile(r"^```(console|\{code-block\} text\n:caption: [^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: What differs from run to run or from version to version, and what stands for it.
VARIES = [
    (re.compile(r"\(\d+\.\d s\)"), "(S s)"),
    (re.compile(r"^At most 0\.00\d %"), "At most G %"),
    (re.compile(r"price, \d\.\d+"), "price, P"),
]


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def rows(page):
    """Return the first cells of all table rows of a page, as one text."""
    return "\n".join(line.split("|")[1] for line in read(page).splitlines() if line.startswith("|"))


def steps(text):
    """Return the steps of a page: (path, content) of a file, or (command line, lines below it)."""
    found = []
    for kind, body in FENCE.findall(text):
        if kind != "console":
            found.append((Path(kind.split(":caption: ")[1]), body.lstrip("\n")))
            continue
        for line in body.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line:
                found[-1][1].append(line)
    return found


def plain(line):
    for pattern, word in VARIES:
        line = pattern.sub(word, line)
    return line


def ran(line, monkeypatch, capsys):
    """Run a line of a transcript and return the lines it printed."""
    words = shlex.split(line)
    if words[0] != "introducer":
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit):
        cli.main()
    told = capsys.readouterr()
    return (told.out + told.err).splitlines()


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_commands_give_what_stands_below_them(page, tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "examples" / "first", tmp_path / "examples" / "first")
    monkeypatch.chdir(tmp_path)
    todo = steps(read(page))
    assert len(todo) >= 3
    for step, below in todo:
        if isinstance(step, Path):
            step.write_text(below, encoding="utf-8")
            continue
        # A line of the page may be the beginning of a longer one of a file.
        told = "\n".join(["", *map(plain, ran(step, monkeypatch, capsys))])
        missing = [line for line in below if f"\n{plain(line)}" not in told]
        assert not missing, f"{step} says: {told}"


def test_a_line_that_a_command_does_not_say_is_found():
    [(command, below)] = steps("```console\n$ introducer check x\nnothing of the kind\n```\n")
    assert (command, below) == ("introducer check x", ["nothing of the kind"])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)", text)
    doc = [f"{target}.md" for target in re.findall(r"\{doc\}`([^`]+)`", text)]
    there = [t for t in [*targets, *doc] if not re.match(r"https?:", t)]
    assert [target for target in there if not (page.parent / target).exists()] == []


def test_every_page_below_docs_is_in_the_index():
    patterns = re.findall(r"^([\w/*-]+)$", read("docs/index.md"), re.MULTILINE)
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in PAGES if (ROOT / "docs") in path.parents}
    listed = {
        path
        for path in pages
        for pattern in patterns
        if path.match(pattern) and len(path.parts) == pattern.count("/") + 1
    }
    assert {str(path) for path in pages - listed} == {"index"}


@pytest.mark.parametrize("name", introducer.__all__)
def test_the_front_door_is_in_the_reference(name):
    assert re.search(rf":: introducer\.{name}$", read("docs/reference/api.md"), re.MULTILINE)
    assert importlib.import_module("introducer").__dict__.get(name) or getattr(introducer, name).__doc__


def policy_fields():
    parts = {
        "weights": list(Weights.model_fields),
        "stage": list(StageRule.model_fields),
        "lottery": list(Lottery.model_fields),
    }
    for name in Policy.model_fields:
        yield from ([f"{name}.{part}" for part in parts[name]] if name in parts else [name])


@pytest.mark.parametrize("name", list(policy_fields()))
def test_every_field_of_the_policy_is_in_the_reference(name):
    assert f"`{name}`" in rows("docs/reference/policy.md")


def test_defaults_of_the_policy_stand_in_the_reference():
    lines = [line.split("|") for line in read("docs/reference/policy.md").splitlines() if line.startswith("| `")]
    told = {cells[1].strip().strip("`"): cells[3].strip().strip('`"') for cells in lines if len(cells) > 4}
    policy = Policy()
    real = {name: getattr(policy, name) for name in Policy.model_fields}
    real |= {f"weights.{name}": getattr(policy.weights, name) for name in Weights.model_fields}
    real |= {f"stage.{name}": getattr(policy.stage, name) for name in StageRule.model_fields}
    real |= {f"lottery.{name}": getattr(policy.lottery, name) for name in Lottery.model_fields}
    shown = {name: _shown(value) for name, value in real.items() if name in told and name != "pair_terms"}
    assert len(shown) == len(told) - 1
    assert shown == {name: told[name] for name in shown}


def _shown(value):
    if value is None or value == {}:
        return "none"
    if isinstance(value, float):
        return f"{value:g}".removeprefix("0") if value else "0"
    return str(list(value)) if isinstance(value, tuple) else str(value)


def test_every_pair_term_has_its_formula():
    assert [name for name in PAIR_TERMS if f"`{name}`" not in rows("docs/explanation/model.md")] == []
    assert [name for name in PAIR_TERMS if f"`{name}`" not in read("docs/reference/policy.md")] == []


def options():
    group: Any = typer.main.get_command(cli.app)
    for name, command in group.commands.items():
        yield name, ""
        for parameter in command.params:
            yield name, max(parameter.opts, key=len)


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_every_command_and_option_is_in_the_reference(command, option):
    _, _, rest = read("docs/reference/commands.md").partition(f"## `introducer {command} ")
    assert rest
    part = rest.partition("\n## ")[0]
    assert option.lower() in part.lower() if option.startswith("--") else option.upper() in part.upper()


@pytest.mark.parametrize("code", CODES)
def test_each_refusal_code_is_in_the_reference(code):
    assert f"`{code}`" in rows("docs/reference/output.md")


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_is_in_the_reference(cause):
    assert f"`{cause}" in rows("docs/reference/output.md")


def test_refusal_codes_stand_in_their_order():
    text = read("docs/reference/output.md")
    at = [text.index(f"\n| `{code}` |") for code in CODES]
    assert at == sorted(at)


@pytest.mark.parametrize("file", ["_TIES", "_MENTEES", "_MENTORS"])
def test_each_column_of_an_outcome_is_in_the_reference(file):
    first = rows("docs/reference/output.md")
    assert [column for column in getattr(documents, file) if f"`{column}`" not in first] == []


def test_each_column_of_the_propensities_is_in_the_reference():
    assert [column for column in chances.HEADER if f"`{column}`" not in rows("docs/reference/output.md")] == []


def test_each_table_of_a_program_is_in_the_reference():
    text = read("docs/reference/input.md")
    assert [table for table in TABLES if not re.search(rf"`{table}\b|\[{table}[\].]", text)] == []


def test_every_reference_that_is_cited_is_there():
    keys = set(re.findall(r"^@\w+\{([^,]+),", read("docs/references.bib"), re.MULTILINE))
    groups = [group for page in PAGES for group in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", page.read_text("utf-8"))]
    cited = {key for group in groups for key in group.split(",")}
    assert cited <= keys
    assert keys <= cited

"""The house rules: each is a function from source files to what breaks it, as ``file:line: what``.

A rule reads; it imports nothing of what it judges. So a test can give it a planted violation as
well as the real tree.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Lines of a module, at most; from SEAM on one looks for the place to split it.
LIMIT, SEAM = 400, 250
#: Not among our own nouns, in the singular: each hides what a thing is.
NOT_OURS = frozenset({"score", "client", "manager", "admin", "student", "data", "info", "helper", "util", "process"})
#: Names that a library gave, not we: html.parser's.
THEIRS = {"handle_data"}
#: Modules of the standard library that tell the time, draw, speak to a network, or write a log.
OUTSIDE = {
    "clock": {"time", "sched", "timeit"},
    "chance": {"random", "secrets", "uuid"},
    "network": {"asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "urllib"},
    "log": {"logging", "syslog"},
}
#: Calls that do the same from a module that is otherwise welcome, and ``hash``, which differs between processes.
CALLS = {"now", "today", "utcnow", "urandom", "getrandom", "fromtimestamp"}
#: Files that hold what a rule looks for, because they are about it.
ITSELF = {"house_rules.py", "test_house_rules.py"}
#: What numpy.random has beside the functions that share one hidden state.
GENERATORS = {"BitGenerator", "Generator", "PCG64", "SeedSequence", "default_rng"}
#: Put together here, so that this file does not hold them.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|root|work|Users|mnt|opt|srv)/\w|(?<![\w/])[A-Z]:\\\\?Users", re.ASCII)


def sources(folder: Path) -> list[Path]:
    """Return the Python files below a folder, in order."""
    return sorted(path for path in folder.rglob("*.py") if "_build" not in path.parts)


def long_modules(files: Iterable[Path], limit: int = LIMIT) -> list[str]:
    """Return modules of more lines than the limit."""
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in files)
    return [f"{path.parent.name}/{path.name}: {length} lines" for path, length in lengths if length > limit]


def door_faults(door: Path) -> list[str]:
    """Return where the front door's lazy table, its ``__all__`` and what types see of it differ."""
    tree = _tree(door)
    table = {f"{module}.{name}" for module, names in _value(tree, "_DOOR").items() for name in names}
    listed = _value(tree, "__all__")
    seen = {
        f"{(node.module or '').removeprefix('introducer.')}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("introducer.")
        for alias in node.names
    }
    names = [name.rpartition(".")[2] for name in table]
    early = [
        f"line {node.lineno}: imports at once"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("introducer")
    ]
    faults = [f"{name}: not in both the table and __all__" for name in sorted(set(names) ^ set(listed))]
    faults += [f"{name}: twice in __all__" for name in sorted({name for name in listed if listed.count(name) > 1})]
    faults += [f"{name}: not in both the table and what types see" for name in sorted(table ^ seen)]
    return faults + early


def _value(tree: ast.Module, name: str) -> Any:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            return ast.literal_eval(node.value)
    raise ValueError(f"no {name} at the top of the module")


def reaches_outside(files: Iterable[Path]) -> list[str]:
    """Return where a clock, a network, a log or chance without a seed is used."""
    return [f"{path.name}:{line}: {what}" for path in files for line, what in _outside(_tree(path))]


def _outside(tree: ast.Module) -> Iterator[tuple[int, str]]:
    kinds = {module: kind for kind, modules in OUTSIDE.items() for module in modules}
    for node in ast.walk(tree):
        for line, module in _imports(node):
            if module.partition(".")[0] in kinds:
                yield line, f"{kinds[module.partition('.')[0]]}: {module}"
            if module.startswith("numpy.random") and module.rpartition(".")[2] not in GENERATORS | {"random"}:
                yield line, f"chance: {module}"
        if isinstance(node, ast.Attribute) and node.attr not in GENERATORS:
            named = ast.unparse(node)
            if re.fullmatch(r"(np|numpy)\.random\.\w+", named):
                yield node.lineno, f"chance: {named}"
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.rpartition(".")[2] in CALLS or called == "hash":
                yield node.lineno, f"clock or chance: {called}()"
            if called.endswith("default_rng") and not (node.args or node.keywords):
                yield node.lineno, f"chance: {called}() without a seed"


def _imports(node: ast.AST) -> list[tuple[int, str]]:
    if isinstance(node, ast.Import):
        return [(node.lineno, alias.name) for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return []


def not_our_words(files: Iterable[Path]) -> list[str]:
    """Return modules, classes, functions and arguments that are named by a word that we do not use.

    Names of tests are sentences, which may hold any word.
    """
    found = []
    for path in files:
        names = [(1, path.stem)]
        for node in ast.walk(_tree(path)):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                names.append((node.lineno, node.name))
            elif isinstance(node, ast.arg):
                names.append((node.lineno, node.arg))
        found += [f"{path.name}:{line}: {name}" for line, name in names if _is_not_ours(name)]
    return found


def _is_not_ours(name: str) -> bool:
    if name.startswith("test_") or name in THEIRS:
        return False
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    plural = {word.removesuffix("es") for word in words} | {word.removesuffix("s") for word in words}
    return bool((words | plural) & NOT_OURS)


def graded_people(files: Iterable[Path]) -> list[str]:
    """Return texts that call a fit a score: a person is not graded."""
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            constants = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
            lines = [(node.lineno, node.value) for node in constants if isinstance(node.value, str)]
        else:
            lines = list(enumerate(text.splitlines(), 1))
        found += [
            f"{path.name}:{line}: {part}" for line, part in lines if re.search(r"\bscores?\b", part, re.IGNORECASE)
        ]
    return found


def bare_exceptions(files: Iterable[Path]) -> list[str]:
    """Return lint and type exceptions without a code or without a reason beside it."""
    wanted = re.compile(r"# (?:(?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|pragma: no \w+) - |type: ignore\[[\w, -]+\]  # )\w")
    told = re.compile(r"#\s*(?:ruff:\s*)?(?:noqa|type:\s*ignore|pragma:\s*no)", re.IGNORECASE)
    return [
        f"{path.name}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if told.search(line) and not wanted.search(line)
    ]


def registry_addresses(files: Iterable[Path]) -> list[str]:
    """Return lines that name a package registry: where packages come from is the machine's business."""
    return [
        f"{path.name}:{number}" for path, number, line in _lines(files) if any(a in line.lower() for a in REGISTRIES)
    ]


def machine_paths(files: Iterable[Path]) -> list[str]:
    """Return lines that name a place on somebody's machine."""
    return [
        f"{path.name}:{number}: {line.strip()[:100]}"
        for path, number, line in _lines(files)
        if MACHINE_PATH.search(line)
    ]


def _lines(files: Iterable[Path]) -> Iterator[tuple[Path, int, str]]:
    for path in files:
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            yield from ((path, number, line) for number, line in enumerate(content.decode("utf-8").splitlines(), 1))


def tests_that_cannot_fail(files: Iterable[Path]) -> list[str]:
    """Return tests that assert nothing, neither by themselves nor through a function beside them that does."""
    found = []
    for path in files:
        functions = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef)]
        bodies = {node.name: ast.unparse(node) for node in functions}
        holding = {name for name, body in bodies.items() if re.search(r"\bassert\b|\bassert_\w+\(|\braises\(", body)}
        beside = re.compile(r"\b(?:" + "|".join(sorted(holding)) + r")\(") if holding else re.compile(r"(?!)")
        found += [
            f"{path.name}:{node.lineno}: {node.name}"
            for node in functions
            if node.name.startswith("test_")
            and node.name not in holding
            and not beside.search("\n".join(map(ast.unparse, node.body)))
        ]
    return found


def mocks(files: Iterable[Path]) -> list[str]:
    """Return where a stand-in is made, or put in the place of our own code: collaborators are real in tests."""
    stand_in = re.compile(r"\b(\w*Mock|create_autospec|pytest_mock)\b|\bpatch(\.\w+)*\(f?['\"]introducer")
    return [
        f"{path.name}:{number}: {line.strip()}"
        for path, number, line in _lines(files)
        if path.name not in ITSELF and stand_in.search(line)
    ]


def missing_terms(text: str, terms: Iterable[str]) -> list[str]:
    """Return the terms that a glossary does not define: each stands on the line above a ``: ``."""
    defined = re.findall(r"^(.+)\n: ", text, re.MULTILINE)
    words = {word.strip().casefold() for line in defined for word in re.split(r",|/", line)}
    return [term for term in terms if term.casefold() not in words]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))

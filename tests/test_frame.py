"""The frame: locks name what is needed, a skipped test is seen, the engine alone needs no more than its set."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import introducer

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SKIPS = """
    import pytest

    def test_without_a_browser():
        pytest.skip("no browser")

    @pytest.mark.shared
    def test_without_the_export():
        pytest.skip("no export")

    def test_that_passes():
        pass
"""
SKIPPED_MODULE = """
    import pytest

    pytest.importorskip("no_such_module")

    def test_that_is_never_seen():
        pass
"""


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(requirements):
    """Return the names of requirements, as they stand in ``pyproject.toml``."""
    return {normal(re.split(r"[^\w.-]", line)[0]) for line in requirements}


def locked(text):
    """Return the versions of a lock by name, without their conditions."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^ \\]+)", text, re.MULTILINE):
        found.setdefault(normal(name), set()).add(version)
    return found


def unhashed(text):
    """Return the requirements of a lock that have no hash."""
    parts = re.split(r"^(?=[\w.-]+==)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    return [part.splitlines()[0] for part in parts if part.strip() and "--hash=sha256:" not in part]


def lock(name):
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def test_the_core_set_locks_what_the_package_needs():
    assert asked(PROJECT["dependencies"]) - set(locked(lock("core.txt"))) == set()


def test_the_development_set_locks_the_extra_and_the_core():
    needed = asked([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    assert needed - set(locked(lock("dev.txt"))) == set()


def test_the_core_set_holds_nothing_of_the_extras():
    extra = asked(line for lines in PROJECT["optional-dependencies"].values() for line in lines)
    assert set(locked(lock("core.txt"))) & extra == set()


def test_both_sets_hold_the_same_versions():
    core, dev = locked(lock("core.txt")), locked(lock("dev.txt"))
    assert {name: dev.get(name) for name in core} == core


@pytest.mark.parametrize("name", ["core.txt", "dev.txt"])
def test_what_builds_the_package_is_locked_too(name):
    [building] = asked(line for line in lock("build.in").splitlines() if line[:1].isalpha())
    assert building in locked(lock(name))


@pytest.mark.parametrize("name", ["core.txt", "dev.txt"])
def test_each_requirement_has_its_hashes(name):
    assert unhashed(lock(name)) == []


def test_a_requirement_without_a_hash_is_found():
    assert unhashed("a==1 \\\n    --hash=sha256:0\n    # via c\nb==2 ; python_version < '4'\n    # via c\n") == [
        "b==2 ; python_version < '4'"
    ]


def test_a_name_that_the_lock_lacks_is_found():
    assert asked(["A_b>=1", "c[d]"]) - set(locked("a-b==1 \\\n")) == {"c"}


@pytest.mark.parametrize("flag", ["", "false"])
def test_a_skip_is_a_skip_elsewhere(flag, pytester, monkeypatch):
    monkeypatch.setenv("CI", flag)
    planted(pytester, SKIPS).assert_outcomes(passed=1, skipped=2)


def test_a_skip_is_a_failure_where_it_is_decided(pytester, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = planted(pytester, SKIPS)
    result.assert_outcomes(passed=1, skipped=1, failed=1)
    result.stdout.fnmatch_lines(["*With CI=true nothing may be skipped: *no browser*"])


def test_a_skipped_module_is_a_failure_where_it_is_decided(pytester, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = planted(pytester, SKIPPED_MODULE)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*With CI=true nothing may be skipped: *no_such_module*"])


def test_an_expected_failure_is_no_skip(pytester, monkeypatch):
    monkeypatch.setenv("CI", "true")
    text = "import pytest\n\n@pytest.mark.xfail\ndef test_it():\n    assert False\n"
    planted(pytester, text).assert_outcomes(xfailed=1)


def planted(pytester, text):
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    shutil.copy(ROOT / "tests" / "house_rules.py", pytester.path)
    pytester.makeini("[pytest]\nmarkers = shared\n")
    pytester.makepyfile(text)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider")


def fresh(code):
    """Run lines in a fresh interpreter and return what they print."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_naming_the_front_door_loads_nothing():
    code = "import sys, introducer; print(sorted(name for name in sys.modules if name.startswith('introducer')))"
    assert ast.literal_eval(fresh(code)) == ["introducer"]
    heavy = {"numpy", "numba", "pydantic", "scipy", "typer"}
    assert ast.literal_eval(fresh("import sys, introducer; print(set(sys.modules))")) & heavy == set()


def test_every_name_of_the_front_door_opens_and_no_other_does():
    assert [name for name in introducer.__all__ if getattr(introducer, name).__name__ != name] == []
    assert set(introducer.__all__) <= set(dir(introducer))
    with pytest.raises(AttributeError, match="no attribute 'Client'"):
        introducer.Client  # noqa: B018 - the look is what fails


def test_the_whole_engine_loads_without_a_web_framework():
    code = """
import importlib, pkgutil, sys
sys.modules["django"] = None  # an import of it fails
import introducer
for module in pkgutil.walk_packages(introducer.__path__, "introducer."):
    importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.partition(".")[0] in {"django", "introducer_web"}))
"""
    assert ast.literal_eval(fresh(code)) == ["django"]


def test_the_engine_imports_nothing_that_its_set_does_not_hold():
    ours = {"introducer", *sys.stdlib_module_names}
    distributions = asked(PROJECT["dependencies"])
    assert {name for name in imported(ROOT / "src" / "introducer") if name not in ours} <= distributions


def test_an_import_of_something_else_is_found(tmp_path):
    (tmp_path / "fit.py").write_text("def late():\n    from django.db import models\n    import numpy.linalg as la\n")
    assert imported(tmp_path) == {"django", "numpy"}


def imported(folder):
    """Return the packages that a source tree imports anywhere, early or late."""
    nodes = [node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in found}


def test_ci_runs_the_command_of_the_readme():
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "make" in line] == ["make test"]
    assert "export CI=true" in lines


def test_every_target_of_make_has_one_line_of_help():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()) - {"python", "browser"}
    assert {"demo", "test", "check", "fix", "acceptance", "docs", "bench", "locks", "clean"} <= targets
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ))
    assert {line.split()[0] for line in told.stdout.splitlines()} == targets

"""The frame: locks name what is needed, a skipped test is seen, the engine alone needs no more than its set."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
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
    for name, version in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^ \\]+)", text, re.MULTILINE):
        found.setdefault(normal(name), set()).add(version)
    return found


def unhashed(text):
    """Return the requirements of a lock that have no hash."""
    parts = re.split(
        r"^(?=[\w.-]+(?:\[[\w,]+\])?==)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE
    )
    return [part.splitlines()[0] for part in parts if part.strip() and "--hash=sha256:" not in part]


def lock(name):
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def test_the_core_set_locks_what_the_package_needs():
    assert asked(PROJECT["dependencies"]) - set(locked(lock("core.txt"))) == set()


def test_the_development_set_locks_the_extras_and_the_core():
    extras = PROJECT["optional-dependencies"]
    needed = asked([*PROJECT["dependencies"], *extras["web"], *extras["cluster"], *extras["dev"]])
    assert needed - set(locked(lock("dev.txt"))) == set()


def test_the_set_of_the_platform_locks_its_extra_and_the_core():
    needed = asked([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["web"]])
    assert needed - set(locked(lock("web.txt"))) == set()


def test_the_core_set_holds_nothing_of_the_extras():
    extra = asked(line for lines in PROJECT["optional-dependencies"].values() for line in lines)
    assert set(locked(lock("core.txt"))) & extra == set()


def test_all_sets_hold_the_same_versions():
    core, web, dev = (locked(lock(name)) for name in ("core.txt", "web.txt", "dev.txt"))
    assert {name: web.get(name) for name in core} == core
    assert {name: dev.get(name) for name in web} == web


@pytest.mark.parametrize("name", ["core.txt", "web.txt", "dev.txt"])
def test_what_builds_the_package_is_locked_too(name):
    [building] = asked(line for line in lock("build.in").splitlines() if line[:1].isalpha())
    assert building in locked(lock(name))


@pytest.mark.parametrize("name", ["core.txt", "web.txt", "dev.txt"])
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
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:django")


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
    assert [name for name in introducer.__all__ if getattr(getattr(introducer, name), "__name__", name) != name] == []
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
    targets = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()) - {"python", "browser", "postgres"}
    assert {"demo", "test", "check", "fix", "acceptance", "docs", "bench", "locks", "clean"} <= targets
    told = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert {line.split()[0] for line in told.stdout.splitlines()} == targets


def machine(folder, *words, python="python3", **programs):
    """Run ``tools/system.sh`` on a machine that has these programs (name: shell line) and nothing else."""
    folder.mkdir()
    for name, line in programs.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        path.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "system.sh"), *words],
        env={"PATH": str(folder), "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_browser_is_not_needed_to_go_on(tmp_path):
    told = machine(tmp_path / "bin", "browser")
    assert told.returncode == 0
    assert "tests that open a browser cannot run" in told.stderr


def test_who_may_not_install_is_told_what_to_ask_for(tmp_path):
    told = machine(tmp_path / "bin", "browser", apt_get="exit 9", id="echo 1000", sudo="exit 1")
    assert told.returncode == 0
    assert "sudo apt-get install chromium" in told.stderr
    assert "tests that open a browser cannot run" in told.stderr


@pytest.mark.parametrize(("user", "asked"), [("0", ""), ("1000", "-n ")])
def test_who_may_install_is_not_asked(user, asked, tmp_path):
    log = tmp_path / "log"
    env = f'echo "env $@" >> "{log}"'
    programs = {"apt_get": f'echo "apt-get $@" >> "{log}"', "env": env, "sudo": f'echo "sudo $@" >> "{log}"'}
    told = machine(tmp_path / "bin", "browser", id=f"echo {user}", **programs)
    assert told.returncode == 0
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines[-1].startswith("env DEBIAN_FRONTEND=noninteractive" if user == "0" else "sudo -n env DEBIAN_FRONTEND=")
    assert lines[-1].endswith("chromium")
    assert [line for line in lines if line.startswith("sudo")] == [line for line in lines if asked and asked in line]


def test_a_browser_that_is_there_is_enough(tmp_path):
    told = machine(tmp_path / "bin", "browser", chromium="exit 0")
    assert (told.returncode, told.stderr) == (0, "")


def test_an_old_python_is_refused(tmp_path):
    old = 'case "$1" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac'
    told = machine(tmp_path / "bin", "python", python="python3.9", **{"python3.9": old})
    assert told.returncode == 1
    assert "Python 3.9.2 is too old: 3.11 or later" in told.stderr


def test_without_python_and_apt_nothing_goes_on(tmp_path):
    told = machine(tmp_path / "bin", "python")
    assert told.returncode == 1
    assert "no apt-get here to install python3 with" in told.stderr


def test_a_python_without_venv_has_it_installed_or_stops(tmp_path):
    bare = 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo python3.12-venv ;; esac'
    told = machine(tmp_path / "bin", "python", python3=bare)
    assert told.returncode == 1
    assert "no apt-get here to install python3.12-venv with" in told.stderr


def test_the_script_takes_no_other_word(tmp_path):
    assert machine(tmp_path / "bin", "browsers").returncode == 2


def test_the_wheel_holds_every_file_of_the_package_and_asks_for_no_extra(tmp_path):
    package = ROOT / "src" / "introducer"
    shutil.copytree(package, tmp_path / "src" / "introducer", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    build = [sys.executable, "-c", "from setuptools import build_meta as b; print(b.build_wheel('dist'))"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        held = set(opened.namelist())
        [about] = [opened.read(name).decode() for name in held if name.endswith(".dist-info/METADATA")]
    files = {path.relative_to(ROOT / "src").as_posix() for path in package.rglob("*") if path.is_file()}
    assert {name for name in files if "__pycache__" not in name} <= held
    needed = re.findall(r"^Requires-Dist: ([^;\n]+)$", about, re.MULTILINE)
    assert asked(needed) == asked(PROJECT["dependencies"])

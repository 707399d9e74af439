"""The import contracts hold, and each of them is seen to fail where an import breaks it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}
#: Contract, module of a copy of both packages, and the line added to it that the contract forbids.
PLANTED = [
    ("engine-layers", "introducer/errors.py", "from introducer import policy"),
    ("engine-layers", "introducer/fit.py", "from introducer.solve import prices"),
    ("engine-layers", "introducer/solve/prices.py", "from introducer import certify"),
    ("engine-layers", "introducer/new_module.py", "import math"),
    ("independent-checker", "introducer/certify.py", "from introducer.solve import teams"),
    ("independent-checker", "introducer/verify.py", "from introducer.pipeline import match"),
    ("independent-checker", "introducer/problem.py", "from introducer.solve import teams"),
    ("engine-knows-no-web", "introducer/cli.py", "from django.conf import settings"),
    ("engine-knows-no-web", "introducer/roster.py", "import introducer_web.people"),
    ("report-is-a-leaf", "introducer/explain/__init__.py", "from introducer.report import page"),
    ("report-is-a-leaf", "introducer/pipeline.py", "import introducer.report"),
    ("platform-layers", "introducer_web/programs/services.py", "from introducer_web.people import models"),
    ("platform-layers", "introducer_web/lib/codes.py", "from introducer_web.tenants import models"),
    ("platform-layers", "introducer_web/new_module.py", "import math"),
    ("inside-an-app", "introducer_web/programs/models.py", "from introducer_web.programs import services"),
    ("inside-an-app", "introducer_web/programs/access.py", "from introducer_web.programs import services"),
    ("one-door-to-the-engine", "introducer_web/matching/roster.py", "from introducer.pipeline import match"),
]


def broken(folder, module="", line=""):
    """Return the names of the contracts that a copy of both packages breaks with one line more in a module."""
    ignored = shutil.ignore_patterns("__pycache__")
    for package in ("introducer", "introducer_web"):
        shutil.copytree(ROOT / "src" / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    if module:
        with (folder / module).open("a", encoding="utf-8") as opened:
            opened.write(f"\n{line}\n")
    # A copy is not what coverage is measured of.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run(
        [str(command), "--no-cache"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(.+) (KEPT|BROKEN)", told.stdout, re.MULTILINE)
    assert {name for name, _state in found} == set(NAMES.values()), told.stdout + told.stderr
    failed = {name for name, state in found if state == "BROKEN"}
    assert told.returncode == (1 if failed else 0)
    return failed


def test_every_contract_is_kept(tmp_path):
    assert broken(tmp_path) == set()


@pytest.mark.parametrize(("contract", "module", "line"), PLANTED)
def test_a_forbidden_import_breaks_its_contract(contract, module, line, tmp_path):
    assert NAMES[contract] in broken(tmp_path, module, line)


def test_each_contract_is_seen_to_fail():
    assert {contract for contract, _module, _line in PLANTED} == set(NAMES)


def test_the_layers_leave_no_module_out():
    whole = {contract["id"] for contract in CONTRACTS if contract.get("exhaustive")}
    assert whole == {"engine-layers", "platform-layers"}

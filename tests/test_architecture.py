"""ARCHITECTURE.md and the other pages that send a reader to a file send them to one that exists."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ["ARCHITECTURE.md", "CONTRIBUTING.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]
#: A path below one of the repository's folders, as these pages write it.
NAMED = re.compile(r"(?<![\w/.<*])(?:src|tests|docs|examples|benchmarks)/[\w./<>*-]*\w/?")


def named(text):
    return [path for path in NAMED.findall(text) if not re.search(r"[<>*]|_build|__pycache__|/2\.toml$", path)]


@pytest.mark.parametrize("page", PAGES)
def test_each_path_that_a_page_names_exists(page):
    if "_build" in page:
        pytest.skip("built, not written")
    missing = [path for path in named((ROOT / page).read_text(encoding="utf-8")) if not (ROOT / path).exists()]
    assert not missing


def test_paths_are_found_in_a_text():
    assert named("see `src/introducer/fit.py`, docs/decisions/ and src/nowhere.py") == [
        "src/introducer/fit.py",
        "docs/decisions/",
        "src/nowhere.py",
    ]


def test_the_architecture_names_each_layer_of_the_engine():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = next(found["layers"] for found in tools["importlinter"]["contracts"] if found["type"] == "layers")
    built = [name.strip() for layer in layers for name in layer.split("|") if "(" not in name]
    architecture, decision = (
        (ROOT / page).read_text(encoding="utf-8") for page in ("ARCHITECTURE.md", "docs/decisions/0002-layers.md")
    )
    assert len(built) > 10
    assert [name for name in built if f"src/introducer/{name}" not in architecture] == []
    assert [name for name in built if not re.search(rf"\b{name}\b", decision)] == []

"""Examples in docstrings run, and give what stands below them."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import introducer

ROOT = Path(__file__).parents[2]
MODULES = ["introducer", *(found.name for found in pkgutil.walk_packages(introducer.__path__, "introducer."))]
EXAMPLES = [
    example
    for name in MODULES
    for example in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name))
    if example.examples
]


def failed(example):
    """Run one docstring and return what it printed that it should not have."""
    told: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(example, out=told.append, clear_globs=False)
    return "".join(told)


def test_there_are_examples():
    assert {"introducer", "introducer.pipeline.match"} <= {example.name for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_gives_what_stands_below_it(example, monkeypatch):
    monkeypatch.chdir(ROOT)  # examples read the folders that are shipped beside the source
    assert not failed(example)


def test_an_example_that_gives_something_else_is_found():
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert "Expected:\n    3\nGot:\n    2" in failed(wrong)

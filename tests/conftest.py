"""Where a test was skipped on the machine that decides, it did not pass.

A test is skipped where something is missing: a browser, or the real inputs beside the checkout.
With ``CI=true`` that is a failure, except for tests marked ``shared``, whose inputs not everybody
has. After the tests stands which modules are long enough to look for a place to split them. No example of a
property has a time by which it must end: on a machine that others use too it would fail by chance.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import hypothesis
import pytest

import house_rules

if TYPE_CHECKING:
    from collections.abc import Generator

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skipped test a failed one."""
    report = yield
    expected = hasattr(report, "wasxfail") or item.get_closest_marker("shared") is not None
    return report if expected else _decided(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Make a skipped module a failed one."""
    return _decided((yield))


def _decided(report: Report) -> Report:
    if report.skipped and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"With CI=true nothing may be skipped: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the modules in which it is time to look for a seam."""
    engine = house_rules.sources(Path(__file__).parents[1] / "src" / "introducer")
    found = house_rules.long_modules(engine, house_rules.SEAM)
    terminalreporter.write_line(f"Over {house_rules.SEAM} lines, to be split at a seam: {'; '.join(found) or 'none'}")

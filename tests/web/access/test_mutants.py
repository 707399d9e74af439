"""Any access check that is deleted makes a test of this folder fail: shown for each, none is left out in silence."""

import sys

import pytest

from web.access import mutants, test_matrix, walk
from web.access.full_town import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EVERY = mutants.every()
#: What no request of these tests can reach, and why.
UNREACHABLE = {("introducer_web.site.views", "demo_enter", "if user is None: raise"): "there is a demo, or tests"}


@pytest.fixture(scope="module")
def walking(standing):
    return walk.Walk(standing)


@pytest.fixture(scope="module")
def uses(walking):
    """Which rows and roles run which function, by its code."""
    wanted = {mutant.target.__code__ for mutant in EVERY}
    found = {}
    for row in walk.rows():
        for role in ROLES:
            if role == "link_holder" and "token" not in walking.parameters(row):
                continue
            seen = set()
            sys.setprofile(lambda frame, event, _arg, seen=seen: event == "call" and seen.add(frame.f_code))
            try:
                walking.ask(row, role)
            finally:
                sys.setprofile(None)
            for code in seen & wanted:
                found.setdefault(code, []).append((row, role))
    return found


def fails(test, *args, **kwargs):
    try:
        test(*args, **kwargs)
    except Exception:  # noqa: BLE001 - whatever breaks, the test does not pass
        return True
    return False


def killed_by(walking, used):
    """Return the name of the first test that fails, asking only for what uses the function."""
    wanted = walk.expected()
    for row, role in used:
        if walking.ask(row, role).kind != wanted[row][role]:
            return f"the matrix: {row.method} {row.name} as {role}"
    rows = list(dict.fromkeys(row for row, _role in used))
    for role_of in (test_matrix.own_role, test_matrix.program_role):
        if fails(test_matrix.assert_strangers_are_refused, walking, role_of, rows):
            return f"a stranger's code, {role_of.__name__}"
    for test in (
        test_matrix.test_places_are_a_persons_own_and_those_of_the_society_alone,
        test_matrix.test_a_cohort_that_is_closed_takes_nobody,
        test_matrix.test_imports_of_another_program_are_not_in_the_list,
        test_matrix.test_a_society_that_is_foreign_answers_as_one_that_does_not_exist,
    ):
        if fails(test, walking):
            return test.__name__
    if fails(test_matrix.assert_it_holds_without_scopes, walking, rows):
        return "no scope"
    walked = {(row, role): walking.ask(row, role) for row, role in used}
    for test in (
        test_matrix.test_a_page_that_names_its_methods_takes_no_other,
        test_matrix.test_no_page_links_to_what_its_reader_may_not_see,
    ):
        if fails(test, walking, walked):
            return test.__name__
    return None


def test_there_are_mutants_of_every_module_for_access():
    modules = {mutant.module for mutant in EVERY}
    found = set(mutants.SOURCE.rglob("access.py"))
    assert len({module for module in modules if module.endswith(".access")}) == len(found)
    assert len(EVERY) > 120


def test_nothing_fails_where_nothing_is_deleted(walking, uses):
    everything = sorted({each for rows in uses.values() for each in rows}, key=str)
    assert killed_by(walking, everything) is None


@pytest.mark.parametrize("mutant", EVERY, ids=lambda each: f"{each.module.removeprefix('introducer_web.')}."
                                                            f"{each.function}: {each.what}")  # fmt: skip
def test_a_check_that_is_deleted_is_missed(walking, uses, mutant):
    if (mutant.module, mutant.function, mutant.what) in UNREACHABLE:
        return
    used = uses.get(mutant.target.__code__, [])
    assert used, "no request of the matrix runs it"
    with mutant.alive():
        assert killed_by(walking, used) is not None

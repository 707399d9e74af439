"""Every page of the town answers to whom it belongs: a first look at all of them."""

import pytest
from django.urls import reverse

from introducer_web.matching import services as matching
from introducer_web.relationships import services


@pytest.fixture
def matched(town):
    run = services.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    town.run = run
    return town


COORDINATOR = [
    ("society_home", []), ("society_edit", []), ("program_new", []), ("staff_list", []), ("audit_list", []),
    ("site_list", []), ("program_home", ["program"]), ("program_policy", ["program"]), ("cohort_new", ["program"]),
    ("word_list", ["program", "=domains"]), ("word_list", ["program", "=experiences"]),
    ("word_list", ["program", "=questions"]), ("people_list", ["cohort"]), ("people_invite", ["cohort"]),
    ("people_supply", ["cohort"]), ("people_person", ["cohort", "cleo_asks"]),
    ("people_person", ["cohort", "ben_mentors"]),
    ("run_list", ["cohort"]), ("run_show", ["cohort", "run"]), ("run_sky", ["cohort", "run"]),
    ("order_list", ["cohort"]), ("constellation_show", ["cohort", "run", "cleo_asks"]), ("publish", ["cohort", "run"]),
    ("relationship_list", ["cohort"]), ("import_new", ["cohort"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given"), COORDINATOR, ids=str)
def test_a_page_of_the_coordinator(matched, sign_in, name, given):
    kwargs = ["ir", *(each[1:] if each[0] == "=" else getattr(matched, each).code for each in given)]
    page = sign_in(matched.ada).get(reverse(name, args=kwargs))
    assert page.status_code == 200
    assert len(page.content) < 100_000


STEPS = ["about", "needs", "wishes", "private", "avoid", "send"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_joining(town, sign_in, step):
    page = sign_in(town.cleo).get(reverse("join_step", args=["ir", town.cleo_asks.code, step]))
    assert page.status_code == 200
    assert len(page.content) < 100_000


@pytest.mark.parametrize("step", ["about", "offers", "private", "avoid", "send"])
def test_a_step_of_a_mentor(town, sign_in, step):
    assert sign_in(town.ben).get(reverse("join_step", args=["ir", town.ben_mentors.code, step])).status_code == 200


@pytest.mark.parametrize(
    "name", ["participant_home", "participant_privacy", "participant_pause", "participant_withdraw"]
)
@pytest.mark.parametrize(("who", "part"), [("cleo", "cleo_asks"), ("ben", "ben_mentors")])
def test_a_page_of_ones_own(matched, sign_in, name, who, part):
    services.publish(run=matched.run, by=matched.ada, now=matched.now)
    page = sign_in(getattr(matched, who)).get(reverse(name, args=["ir", getattr(matched, part).code]))
    assert page.status_code == 200

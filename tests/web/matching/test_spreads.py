"""Floors on the platform: what they cost and who gained, and what to do where one cannot be had."""

import pytest
from django.urls import reverse

from cast import edit, participant
from introducer_web.lib import engine
from introducer_web.matching import pages, services, spreads
from introducer_web.matching.models import MatchRun
from introducer_web.matching.services.figures import _spread
from introducer_web.relationships import services as relationships
from introducer_web.tenants.models import User

State = MatchRun.State


def matched(town, **policy):
    """Match the cohort under a policy, as a proposal."""
    edit(town.program, **policy)
    town.cohort.program.refresh_from_db()
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    services.perform_run(services.claim_run(town.now))
    run.refresh_from_db()
    return run


def crowded(town, mentees=9):
    """Let more ask for what two mentors offer than they can take."""
    for k in range(mentees):
        user = User.objects.create_user(f"m{k}@example.org", name=f"Mentee {k}")
        participant(town, user, "mentee", needs={"contracts": 3, "research": 1 + k % 3})
    edit(town.ben_mentors, capacity=4)
    edit(town.bea_mentors, capacity=4)


def card(run):
    return spreads.spread_card(run, pages.mentees_by_code(run, run.summary.get("by_floor", {})))


def text(answer):
    return " ".join(answer.content.decode().split())


def shown(town, sign_in, run):
    return text(sign_in(town.ada).get(reverse("run_show", args=["ir", town.cohort.code, run.code])))


def test_a_match_that_is_after_the_total_promises_nobody_a_share(town, sign_in):
    crowded(town)
    run = matched(town)
    found = card(run)
    assert (found.promise, found.cost, found.gained, found.lost) == ("", "", [], [])
    assert found.least
    page = shown(town, sign_in, run)
    assert "nobody is promised a share" in page
    assert "everybody has at least this" in page


def test_figures_of_fewer_than_ten_people_are_left_out(town, sign_in):
    run = matched(town)
    assert run.summary["spread"]["least"] is None
    assert (card(run).least, card(run).fifth, card(run).groups) == ("", "", [])
    assert "figures would tell of single people" in shown(town, sign_in, run)


def test_a_least_share_is_told_with_its_cost_and_with_who_gained(town, sign_in):
    crowded(town, mentees=4)
    total = matched(town)
    fair = matched(town, floor="leximin")
    assert total.state == fair.state == State.DONE
    page = shown(town, sign_in, fair)
    assert "Whoever has least was raised as far as was found." in page  # six mentees have a share: no figure
    assert "What that cost, and who gained" in page
    assert "Have more by it:" in page
    assert "among those that keep the promise of shares" in page
    assert fair.summary["spread"]["floor"]["before"] is None
    assert card(fair).promise


def test_the_words_of_a_floor_say_what_is_proved_and_what_it_cost(town):
    run = MatchRun(cohort=town.cohort, policy={"floor": "share", "least_share": 40}, summary={"by_floor": {}})
    floor = {"level": 0.4, "ceiling": None, "cost": 0.5, "cost_at_most": 0.51, "without": 10.0, "before": 0.1}
    run.summary["spread"] = {
        "counted": 12, "left_out": 1, "least": 0.4, "fifth": 0.5, "floor": floor,
        "groups": [["flag:rural", 10, 0.5, -0.1, 0.6], ["flag:not rural", 30, 0.5, 0.4, 0.6], ["stage:pgy1", 11, 0.5,
                   0.4, 0.6], ["stage:", 12, 0.5, 0.4, 0.6]],
    }  # fmt: skip
    found = spreads.spread_card(run, {})
    assert found.promise == "Everybody has a share of at least 40\u202f%, as the policy asks."
    assert "It costs 5.00\u202f% of what all mentees together would have without it; at most 5.10\u202f%" in found.cost
    assert "Without it the least share would be 10.0\u202f%." in found.cost
    assert [row.name for row in found.groups] == ["rural", "not rural", "PGY-1", "no stage given"]
    assert found.groups[0].low == "0.0\u202f%"
    floor |= {"ceiling": 0.5, "cost": 0.0}
    run.policy["floor"] = "leximin"
    found = spreads.spread_card(run, {})
    assert "No match gives everybody 50.0\u202f%: that is proved." in found.promise
    assert "It costs nothing" in found.cost
    run.summary = {}
    assert spreads.spread_card(run, {}) is None


def test_who_gained_and_who_lost_stand_by_code_so_that_they_can_be_forgotten():
    floor = engine.FloorDid(0.5, None, 0.1, 0.2, 5.0, 0.3, ("a",), ("b",))
    found = _spread(engine.Spread(12, 0, 0.5, 0.6, (), floor))
    assert found["by_floor"] == {"a": 1, "b": -1}
    assert found["spread"]["floor"]["before"] == 0.3
    assert "by_floor" in services.BY_PERSON


def test_a_floor_that_cannot_be_had_says_what_can_be_and_leads_there(town, sign_in):
    crowded(town)
    run = matched(town, floor="share", least_share=99)
    assert run.state == State.INFEASIBLE
    assert run.message == ""  # figures, and nobody's name
    page = shown(town, sign_in, run)
    assert "that cannot be had with these people, seats and rules" in page
    assert "The best that was found gives everybody at least" in page
    ways = spreads.refusal_of(run).ways
    client = sign_in(town.ada)
    for _label, fields in ways:
        answer = client.post(reverse("policy_preview", args=["ir", town.program.code]), dict(fields))
        assert not answer.context["form"].errors
        assert "What would be different" in text(answer)
    saved = client.post(reverse("program_policy", args=["ir", town.program.code]), dict(ways[-1][1]))
    assert saved.status_code == 302
    town.program.refresh_from_db()
    assert town.program.floor == "leximin"


@pytest.mark.parametrize(("reached", "impossible", "ways"), [(0.004, 0.5, 1), (0.3, None, 2)])
def test_what_can_be_had_is_offered_as_far_as_there_is_something(town, reached, impossible, ways):
    policy = dict.fromkeys(("team_size",), 3) | {"floor": "share", "least_share": 90}
    run = MatchRun(cohort=town.cohort, policy=policy)
    assert spreads.refusal_of(run) is None
    run.summary = {"floor": {"reached": reached, "impossible": impossible}}
    found = spreads.refusal_of(run)
    assert len(found.ways) == ways
    assert found.impossible == ("50.0\u202f%" if impossible else "")


def test_two_runs_are_compared_by_the_least_share_too(town, sign_in):
    crowded(town)
    total, fair = matched(town), matched(town, floor="leximin")
    page = sign_in(town.ada).get(
        reverse("run_compare", args=["ir", town.cohort.code, fair.code]), {"with": total.code}
    )  # fmt: skip
    assert "for whoever has least" in text(page)
    assert "raise who has least as far as it goes" in text(page)
    assert fair.summary["spread"]["least"] >= total.summary["spread"]["least"]

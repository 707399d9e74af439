"""A proposal that is changed a little: what numbers of changes bring, the one that is chosen, what stays."""

import re

import pytest
from django.urls import reverse

from cast import edit, participant
from introducer_web.lib.engine.changes import _helped
from introducer_web.lib.errors import DomainError
from introducer_web.matching import frontier, services
from introducer_web.matching.frontier import PointRow
from introducer_web.matching.models import Constellation, FrontierPoint, MatchRun, Tie
from introducer_web.matching.roster import Known, freeze
from introducer_web.relationships import services as relationships
from introducer_web.site import subject
from introducer_web.tenants.models import User

Kind, State = MatchRun.Kind, MatchRun.State


def done(run, town):
    services.perform_run(services.claim_run(town.now))
    run.refresh_from_db()
    assert run.state == State.DONE, run.message
    return run


def proposed(town):
    return done(relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now), town)


def looked(town):
    return done(relationships.request_frontier(cohort=town.cohort, by=town.ada, now=town.now), town)


def pairs(run):
    return set(Tie.objects.filter(run=run).values_list("mentee__user__name", "mentor__user__name"))


@pytest.fixture
def moved_on(town):
    """A proposal, and since then two mentors more: one for what Cai lacks, one who is better for Cleo."""
    town.first = proposed(town)
    for name, offers in (("Zoe Advocate", {"advocacy": 3}), ("Yuri Counsel", {"research": 3})):
        user = User.objects.create_user(f"{name.split()[0].lower()}@example.org", name=name)
        participant(town, user, "mentor", offers=offers, capacity=1)
    return town


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_frontier_begins_with_no_change_and_values_rise_below_their_bounds(moved_on):
    run = looked(moved_on)
    points = list(FrontierPoint.objects.filter(run=run).order_by("changes"))
    assert (points[0].changes, points[0].moved) == (0, [])
    assert [point.value for point in points] == sorted({point.value for point in points})
    assert all(point.value <= point.bound + 1e-9 for point in points)
    assert len(points) > 1
    assert (run.kind, run.previous) == (Kind.CHANGES, moved_on.first)


def test_a_point_says_who_gains_what(moved_on):
    run = looked(moved_on)
    names = {person.user.code: (person.code, str(person.user)) for person in moved_on.cohort.participants.all()}
    [cai] = [row for row in frontier.moved_rows(run, 1, names) if row.gains]
    assert (cai.name, cai.came, cai.went, cai.gains, cai.loses) == (
        "Cai Lindqvist", ("Zoe Advocate",), (), ("Advocacy",), (),
    )  # fmt: skip
    assert frontier.moved_rows(run, 999, names) == []
    assert frontier.moved_rows(run, 1, {}) == []


def test_what_a_point_says_is_what_the_engine_covers(moved_on):
    run = looked(moved_on)
    last = FrontierPoint.objects.filter(run=run).order_by("-changes").first()
    before = {row.mentee.user.code: row for row in Constellation.objects.filter(run=moved_on.first)}
    after = {row.mentee.user.code: row for row in Constellation.objects.filter(run=run)}
    for moved in last.moved:
        had, has = ({need["name"] for need in rows[moved["mentee"]].needs if need["fit"] > 0}
                    for rows in (before, after))  # fmt: skip
        assert set(moved["gains"]) == has - had
        assert set(moved["loses"]) == had - has
    assert last.moved


@pytest.mark.parametrize(
    ("needs", "offers", "helped"),
    [
        ({"contracts": 3}, {"contracts": 1}, {"contracts"}),
        ({"contracts": 3}, {"contracts.leaving": 1}, {"contracts"}),
        ({"contracts.leaving": 3}, {"contracts": 1}, {"contracts.leaving"}),
        ({"contracts.leaving": 3}, {"contracts.pay": 1}, set()),
        ({"contracts": 3, "research": 1}, {"contracts": 0, "research": 2}, {"research"}),
    ],
)
def test_a_need_is_helped_by_its_own_word_its_domain_or_a_topic(needs, offers, helped):
    assert _helped(needs, offers) == helped


def test_a_proposal_with_few_changes_keeps_within_them(moved_on):
    run = looked(moved_on)
    made = done(relationships.request_few_changes(frontier=run, most=1, by=moved_on.ada, now=moved_on.now), moved_on)
    assert (made.kind, made.most_changes) == (Kind.PROPOSAL, 1)
    assert len(pairs(made) ^ pairs(moved_on.first)) == 1
    assert ("Cai Lindqvist", "Zoe Advocate") in pairs(made)
    assert relationships.preview(made, moved_on.now).ties


def test_none_at_all_keeps_everything_that_can_stay_and_counts_what_cannot(moved_on):
    gone = moved_on.ben_mentors
    gone.may_be_matched = False
    gone.save()
    run = looked(moved_on)
    assert run.summary["forced"] == sum(mentor == "Ben Castellanos" for _mentee, mentor in pairs(moved_on.first))
    made = done(relationships.request_few_changes(frontier=run, most=0, by=moved_on.ada, now=moved_on.now), moved_on)
    left = {pair for pair in pairs(moved_on.first) if pair[1] != "Ben Castellanos"}
    assert pairs(made) == left


def test_few_changes_need_a_proposal_and_the_newest_one(moved_on, town):
    run = looked(moved_on)
    proposed(moved_on)
    with pytest.raises(relationships.FrontierIsStale):
        relationships.request_few_changes(frontier=run, most=1, by=town.ada, now=town.now)
    MatchRun.objects.filter(cohort=town.cohort).delete()
    with pytest.raises(relationships.NothingToChange):
        relationships.request_frontier(cohort=town.cohort, by=town.ada, now=town.now)


def test_the_page_shows_a_point_and_makes_the_proposal_that_was_chosen(moved_on, sign_in):
    client, given = sign_in(moved_on.ada), ["ir", moved_on.cohort.code]
    asked = client.post(reverse("changes_request", args=given))
    services.perform_run(services.claim_run(moved_on.now))
    page = text(client.get(asked.url + "?changes=1"))
    assert "Cai Lindqvist gains Advocacy." in page
    assert "Nobody else moves." in page
    assert "<svg" in page
    assert "Make a proposal with this change" in page
    nothing = text(client.get(asked.url + "?changes=0"))
    assert "Everything that can stay stays." in nothing
    code = asked.url.rstrip("/").rpartition("/")[2]
    wrong = client.post(reverse("changes_take", args=[*given, code]), {"changes": "-1"}, follow=True)
    assert "Choose a number of changes." in text(wrong)
    made = client.post(reverse("changes_take", args=[*given, code]), {"changes": "1"})
    services.perform_run(services.claim_run(moved_on.now))
    shown = text(client.get(made.url))
    assert f"It makes at most 1 change to run {moved_on.first.number}." in shown
    assert "A newer proposal is there by now" in text(client.get(asked.url + "?changes=1"))
    stale = client.post(reverse("changes_take", args=[*given, code]), {"changes": "1"}, follow=True)
    assert "Look at changes from that one" in text(stale)
    other = reverse("changes_take", args=[*given, moved_on.first.code])
    assert client.post(other, {"changes": "1"}).status_code == 404


def test_where_no_change_helps_the_page_says_so(town, sign_in):
    proposed(town)
    run = looked(town)
    page = text(sign_in(town.ada).get(reverse("run_show", args=["ir", town.cohort.code, run.code])))
    assert "No change would help" in page
    client = sign_in(town.ada)
    MatchRun.objects.filter(cohort=town.cohort).delete()
    answer = client.post(reverse("changes_request", args=["ir", town.cohort.code]), follow=True)
    assert "There is no proposal yet" in text(answer)


def test_who_is_erased_is_in_no_point(moved_on):
    run = looked(moved_on)
    codes = {moved["mentee"] for point in run.points.all() for moved in point.moved}
    assert moved_on.cai.code in codes
    zoe = User.objects.get(name="Zoe Advocate")
    subject.erase_person(moved_on.cai, now=moved_on.now)
    subject.erase_person(zoe, now=moved_on.now)
    left = str([point.moved for point in FrontierPoint.objects.filter(run=run)])
    assert moved_on.cai.code not in left
    assert zoe.code not in left


ROWS = [PointRow(0, 0.0, 0.0, 0.1, 0), PointRow(2, 1.0, 0.5, 0.8, 1), PointRow(90, 2.0, 1.0, 1.1, 7)]


def test_the_first_point_shown_brings_most_of_it():
    assert frontier.suggested(ROWS) == 90
    assert frontier.suggested(ROWS[:2]) == 0
    assert frontier.suggested([]) == 0


def test_the_picture_stays_in_its_frame_marks_what_is_chosen_and_labels_do_not_touch():
    svg = frontier.drawn(ROWS, 2)
    lines = re.findall(r'd="M([^"]+)"', svg)
    places = [tuple(map(float, place.split())) for line in lines for place in line.split("L")]
    assert len(places) == 2 * len(ROWS)
    assert all(0 <= x <= 560 and 0 <= y <= 250 for x, y in places)
    assert svg.count('class="point here"') == 1
    assert ">0</text>" not in svg or ">2</text>" not in svg


def lived(town):
    """Let both of Cleo's mentors be of one institution, and both be together with her."""
    for person in (town.ben_mentors, town.bea_mentors):
        edit(person, institution="One Hospital")
    pairs = [(town.cleo_asks, town.ben_mentors), (town.cleo_asks, town.bea_mentors)]
    return relationships.record_existing(cohort=town.cohort, pairs=pairs, by=town.ada, now=town.now)


def test_who_asks_to_keep_a_tie_is_held_first_where_not_all_can_be(town):
    rows = {row.mentor_id: row for row in lived(town)}
    held = {}
    for mentor in (town.ben_mentors, town.bea_mentors):
        relationships.ask_to_keep(
            relationship=rows[mentor.pk], person=town.cleo_asks, keep=True, by=town.cleo, now=town.now
        )
        files = freeze(town.cohort, relationships.known_of(town.cohort), town.now.date())
        held[mentor.pk] = [line.split(",")[2] for line in files["ties.csv"].splitlines() if line.startswith("pin")]
        relationships.ask_to_keep(
            relationship=rows[mentor.pk], person=town.cleo_asks, keep=False, by=town.cleo, now=town.now
        )
    assert held == {town.ben_mentors.pk: [town.ben.code], town.bea_mentors.pk: [town.bea.code]}
    assert Known().locked == frozenset()


def test_either_side_asks_for_itself_and_is_not_told_of_the_other(town, sign_in):
    row = lived(town)[0]
    ask = reverse("keep", args=["ir", town.cleo_asks.code, row.code])
    home = reverse("participant_home", args=["ir", town.cleo_asks.code])
    client = sign_in(town.cleo)
    assert "Please keep us together" in text(client.get(home))
    assert "every match from now on holds it first" in text(client.post(ask, {"keep": "yes"}, follow=True))
    row.refresh_from_db()
    assert (row.mentee_keeps_at is not None, row.mentor_keeps_at) == (True, None)
    assert "You asked to keep this one." in text(client.get(home))
    theirs = text(sign_in(town.ben).get(reverse("participant_home", args=["ir", town.ben_mentors.code])))
    assert "You asked to keep" not in theirs
    mine = reverse("keep", args=["ir", town.ben_mentors.code, row.code])
    sign_in(town.ben).post(mine, {"keep": "yes"})
    shown = text(sign_in(town.ada).get(reverse("relationship_list", args=["ir", town.cohort.code])))
    assert "mentee asks to keep it" in shown
    assert "mentor asks to keep it" in shown
    assert "Taken back." in text(sign_in(town.cleo).post(ask, follow=True))
    row.refresh_from_db()
    assert (row.mentee_keeps_at, row.mentor_keeps_at is not None) == (None, True)


def test_only_what_is_lived_is_kept_and_who_asks_for_somebody_else_keeps_no_longer(town, sign_in):
    row = lived(town)[0]
    given = {"relationship": row, "person": town.cleo_asks, "by": town.cleo, "now": town.now}
    first = relationships.ask_to_keep(keep=True, **given).mentee_keeps_at
    assert relationships.ask_to_keep(keep=True, **given).mentee_keeps_at == first
    relationships.request_swap(relationship=row, by=town.cleo, now=town.now)
    row.refresh_from_db()
    assert row.mentee_keeps_at is None
    edit(row, state="ended", seat=None)
    with pytest.raises(DomainError, match="once both of you have agreed"):
        relationships.ask_to_keep(keep=True, **given)
    ask = reverse("keep", args=["ir", town.cleo_asks.code, row.code])
    assert "once both of you have agreed" in text(sign_in(town.cleo).post(ask, {"keep": "yes"}, follow=True))

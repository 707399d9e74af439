"""What a mentee wants to reach: three at a time, every step of it kept, read by the two alone."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.goals import pages, services
from introducer_web.goals.models import Decision, Goal, GoalChange, Track
from introducer_web.goals.texts import TRACKS
from introducer_web.lib import doors
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person, export_person

TODAY = cast.NOON.date()
WORDS = {
    "what": "Give the talk", "measure": "It is given", "by_when": "2027-06-01", "why": "I never dared",
    "confidence": 4, "barrier": "Nights", "support": "Ben",
}  # fmt: skip
POSTED = WORDS | {"kind": "professional", "weeks": 4}


@pytest.fixture
def two(town):
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def begin(two, alone=False, **more):
    return services.begin_goal(
        mentee=two.cleo_asks, relationship=None if alone else two.two, kind="professional", words=WORDS | more,
        weeks=4, today=TODAY, now=two.now,
    )  # fmt: skip


def progress(two, goal, person=None, note="Half of it.", confidence=None, today=TODAY):
    return services.note_progress(
        goal=goal, person=person or two.cleo_asks, note=note, confidence=confidence, today=today, now=two.now
    )


def close(two, goal, state="reached"):
    return services.close_goal(goal=goal, mentee=two.cleo_asks, state=state, note="Done.", now=two.now)


def end(two):
    Relationship.objects.update(state="ended", seat=None, ended_at=two.now)


def at(two, name, *more, person=None):
    return reverse(name, args=["ir", (person or two.cleo_asks).code, *more])


def door(person, two, title, now=None):
    ways = [*doors.between_of(person=person, relationship=two.two, now=now or two.now)]
    ways += doors.home_of(person=person, now=now or two.now)
    return next(each for each in ways if each.title == title)


def test_three_goals_at_a_time_with_one_mentor_and_three_alone(two):
    goals = [begin(two) for _ in range(3)]
    assert {goal.slot for goal in goals} == {1, 2, 3}
    with pytest.raises(services.TooManyGoals):
        begin(two)
    begin(two, alone=True)
    close(two, goals[1])
    assert begin(two).slot == 2


def test_the_database_refuses_a_fourth_whoever_asks(two):
    begin(two)
    row = {"society": two.society, "mentee": two.cleo_asks, "begun_at": two.now, "relationship": two.two}
    for wrong in ({"slot": 1}, {"slot": 4}, {"slot": None}, {"slot": 2, "state": "reached"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Goal.objects.create(**row | wrong)
    begin(two, alone=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(**row | {"slot": 1, "relationship": None})


def test_every_step_is_a_row_and_none_is_written_over(two):
    goal = begin(two)
    progress(two, goal, confidence=6)
    progress(two, goal, two.ben_mentors, "She practiced with me.", confidence=9)
    services.reword_goal(
        goal=goal, mentee=two.cleo_asks, kind="personal", words=WORDS | {"what": "Give two talks"}, weeks=8, seen=3,
        today=TODAY, now=two.now,
    )  # fmt: skip
    close(two, goal, "changed")
    rows = GoalChange.objects.order_by("number")
    assert [(row.sort, row.state, row.by.user.name) for row in rows] == [
        ("begun", "active", "Cleo Marsh"), ("progress", "active", "Cleo Marsh"),
        ("progress", "active", "Ben Castellanos"), ("worded", "active", "Cleo Marsh"),
        ("closed", "changed", "Cleo Marsh"),
    ]  # fmt: skip
    assert rows[0].words["what"] == "Give the talk"
    shown = pages.whole(Goal.objects.get())
    assert shown.words["what"] == "Give two talks"
    assert [each.words.get("confidence") for each in shown.history] == [None, 4, None, 6, 4]  # the mentee's alone
    assert not Entry.objects.filter(act__startswith="goals.").exists()


def test_what_is_closed_stays_and_what_moved_is_not_written_over(two):
    goal = begin(two)
    progress(two, goal)
    stale = {"goal": goal, "mentee": two.cleo_asks, "kind": "personal", "words": WORDS, "weeks": 4, "today": TODAY}
    with pytest.raises(services.GoalMoved):
        services.reword_goal(**stale, seen=1, now=two.now)
    close(two, goal, "let_go")
    for act in (lambda: progress(two, goal), lambda: close(two, goal)):
        with pytest.raises(services.GoalIsClosed):
            act()


def test_a_goal_waits_when_its_day_has_come_and_a_word_on_it_moves_the_day(two):
    goal = begin(two)
    later = two.now + dt.timedelta(weeks=4)
    assert not door(two.cleo_asks, two, "Goals").waits
    assert door(two.cleo_asks, two, "Goals", later).waits
    assert door(two.ben_mentors, two, "Goals", later).waits
    assert door(two.cleo_asks, two, "Your goals", later).waits
    progress(two, goal, two.ben_mentors, today=later.date())
    assert Goal.objects.get().review_on == later.date() + dt.timedelta(weeks=4)
    assert not door(two.cleo_asks, two, "Your goals", later).waits


def test_a_goal_of_what_has_ended_is_taken_along_and_the_mentor_sees_it_no_longer(client, two):
    goal = begin(two)
    with pytest.raises(services.StillTogether):
        services.take_along(goal=goal, mentee=two.cleo_asks, today=TODAY)
    progress(two, goal, two.ben_mentors, "From Ben.")
    end(two)
    later = two.now + dt.timedelta(weeks=5)
    assert not door(two.cleo_asks, two, "Your goals", later).waits
    with pytest.raises(services.IsOver):
        progress(two, goal)
    with pytest.raises(services.IsOver):
        begin(two)
    cast.enter(client, two.ben)
    page = at(two, "goal_show", goal.code, person=two.ben_mentors)
    assert client.get(page).status_code == 200
    cast.enter(client, two.cleo)
    assert "Take it along" in client.get(at(two, "goal_show", goal.code)).content.decode()
    answer = client.post(at(two, "goal_close", goal.code), {"along": "yes"}, follow=True)
    assert "It is yours alone now." in answer.content.decode()
    progress(two, goal)
    cast.enter(client, two.ben)
    assert client.get(page).status_code == 404
    erase_person(two.ben, now=two.now)
    assert [row.by for row in GoalChange.objects.order_by("number")] == [two.cleo_asks, two.cleo_asks]
    assert progress(two, Goal.objects.get()).number == 4


def test_a_mentee_begins_notes_and_closes_a_goal_on_pages(client, two):
    cast.enter(client, two.cleo)
    page = client.get(at(two, "goal_new") + f"?with={two.two.code}").content.decode()
    assert f'<option value="{two.two.code}" selected>I and Ben Castellanos</option>' in page
    answer = client.post(at(two, "goal_new"), POSTED | {"reader": two.two.code, "what": "A <b>talk</b>"}, follow=True)
    page = answer.content.decode()
    assert "A &lt;b&gt;talk&lt;/b&gt;" in page
    assert "4 of 10" in page
    goal = Goal.objects.get()
    assert goal.relationship == two.two
    assert client.post(at(two, "goal_progress", goal.code), {"note": ""}).status_code == 422
    page = client.post(at(two, "goal_progress", goal.code), {"note": "Half.", "confidence": 7}, follow=True)
    assert "7 of 10" in page.content.decode()
    answer = client.post(at(two, "goal_close", goal.code), {"state": "reached"}, follow=True)
    assert "Reached. Take a moment for it" in answer.content.decode()
    assert client.post(at(two, "goal_close", goal.code), {"state": "active"}).status_code == 422
    assert "reached" in client.get(at(two, "goal_list")).content.decode()


def test_a_fourth_goal_and_a_second_tab_lose_nothing_that_was_typed(client, two):
    goal = begin(two)
    cast.enter(client, two.cleo)
    progress(two, goal, two.ben_mentors, "Ben was first.")
    answer = client.post(at(two, "goal_word", goal.code), POSTED | {"what": "Second tab", "seen": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Second tab" in page
    assert "Ben was first." in page
    assert 'name="seen" value="2"' in page
    answer = client.post(at(two, "goal_word", goal.code), POSTED | {"what": "Second tab", "seen": "2"})
    assert answer.status_code == 302
    for _ in range(2):
        begin(two)
    answer = client.post(at(two, "goal_new"), POSTED | {"reader": two.two.code, "what": "The fourth"})
    assert answer.status_code == 409
    assert "The fourth" in answer.content.decode()
    assert client.post(at(two, "goal_new"), POSTED | {"confidence": 11}).status_code == 422
    assert client.post(at(two, "goal_new"), POSTED | {"reader": "x" * 22}).status_code == 422


def test_who_might_name_a_patient_is_warned_and_decides(client, two):
    goal = begin(two)
    cast.enter(client, two.cleo)
    note = {"note": "Pt was admitted 3/14/2026, MRN 00123456."}
    for name, posted, key in (
        ("goal_progress", note, "note"), ("goal_close", note | {"state": "reached"}, "note"),
        ("goal_word", POSTED | {"why": note["note"], "seen": "1"}, "why"),
    ):  # fmt: skip
        answer = client.post(at(two, name, goal.code), posted)
        page = answer.content.decode()
        assert answer.status_code == 422, name
        assert "Might this say who a patient is?" in page
        assert posted[key] in page
    assert GoalChange.objects.count() == 1
    agreed = page.partition('name="agreed" value="')[2].partition('"')[0]
    posted = POSTED | {"why": note["note"], "seen": "1", "agreed": agreed}
    assert client.post(at(two, "goal_word", goal.code), posted).status_code == 302


def test_the_mentor_notes_how_it_goes_and_changes_nothing_else(client, two):
    goal = begin(two)
    alone = begin(two, alone=True)
    cast.enter(client, two.ben)
    mine = {"person": two.ben_mentors}
    page = client.get(at(two, "goal_show", goal.code, **mine)).content.decode()
    assert "Give the talk" in page
    assert "confidence" not in page.partition("<form")[2].partition("</form>")[2].partition("History")[0]
    assert client.post(at(two, "goal_progress", goal.code, **mine), {"note": "Well."}).status_code == 302
    assert client.get(at(two, "goal_together", two.two.code, **mine)).status_code == 200
    for name in ("goal_word", "goal_close"):
        assert client.post(at(two, name, goal.code, **mine), POSTED).status_code == 404
    assert client.get(at(two, "goal_show", alone.code, **mine)).status_code == 404
    assert client.get(at(two, "goal_list", **mine)).status_code == 404
    assert "Well." in client.get(at(two, "goal_show", goal.code, **mine)).content.decode()


def test_nobody_else_finds_a_goal(client, two):
    goal = begin(two)
    cast.enter(client, two.ada, second_factor=True)
    assert client.get(at(two, "goal_show", goal.code)).status_code == 404
    cast.enter(client, two.cai)
    assert client.get(at(two, "goal_show", goal.code, person=two.cai_asks)).status_code == 404
    assert client.get(at(two, "goal_together", two.two.code, person=two.cai_asks)).status_code == 404


def test_a_decision_is_kept_and_looked_at_again(client, two):
    cast.enter(client, two.cleo)
    posted = {"what": "Stay here", "options": "Go", "why": "The team", "decided_on": "2027-01-02"}
    answer = client.post(at(two, "decision_new"), posted | {"look_on": "2027-01-10", "reader": two.two.code})
    assert answer.status_code == 302
    row = Decision.objects.get()
    assert door(two.cleo_asks, two, "Decisions").waits
    assert client.post(at(two, "decision_look", row.code), {"later": ""}).status_code == 422
    client.post(at(two, "decision_look", row.code), {"later": "Still right."})
    row.refresh_from_db()
    assert (row.words["what"], row.words["later"][0]["text"], row.look_on) == ("Stay here", "Still right.", None)
    answer = client.post(at(two, "decision_look", row.code), {"later": "Still right."}, follow=True)
    assert "That stands there already." in answer.content.decode()
    cast.enter(client, two.ben)
    shared = client.get(at(two, "goal_together", two.two.code, person=two.ben_mentors)).content.decode()
    assert "Stay here" in shared
    assert client.post(at(two, "decision_look", row.code, person=two.ben_mentors), {"later": "No"}).status_code == 404
    cast.enter(client, two.cleo)
    client.post(at(two, "decision_look", row.code), {"forget": "yes"})
    assert not Decision.objects.exists()


def test_the_first_hundred_days_are_ticked_skipped_and_ended(client, two):
    cast.enter(client, two.cleo)
    begun = client.post(at(two, "track_begin"), {"key": "back", "began_on": TODAY.isoformat()})
    assert begun.status_code == 302
    assert client.post(at(two, "track_begin"), {"key": "back", "began_on": TODAY.isoformat()}).status_code == 409
    assert client.post(at(two, "track_begin"), {"key": "nothing", "began_on": TODAY.isoformat()}).status_code == 422
    track = Track.objects.get()
    assert b"back" not in bytes(track.sealed)
    step = at(two, "track_step", track.code)
    for name, what in (("terms", "done"), ("news", "skipped"), ("hands", "done"), ("hands", "open"), ("none", "done")):
        client.post(step, {"step": name, "what": what})
    client.post(step, {"step": "terms", "what": "burned"})
    track.refresh_from_db()
    assert {key: said["state"] for key, said in track.words["steps"].items()} == {"terms": "done", "news": "skipped"}
    page = client.get(at(two, "track_show", track.code)).content.decode()
    assert "Skipped on" in page
    assert "Until day 14, Jan. 26, 2027." in page
    assert "5 steps are open." in client.get(at(two, "track_list")).content.decode()
    client.post(step, {"end": "yes"})
    assert client.post(at(two, "track_begin"), {"key": "back", "began_on": TODAY.isoformat()}).status_code == 302


def test_our_tracks_have_days_in_order_within_a_hundred():
    for track in TRACKS:
        days = [step.day for step in track.steps]
        assert days == sorted(days)
        assert days[0] == 0
        assert days[-1] == 100
        assert len({step.key for step in track.steps}) == len(days)


def test_words_stand_sealed_are_handed_out_and_go_with_the_person(two):
    goal = begin(two)
    progress(two, goal, two.ben_mentors, "Ben wrote this.")
    assert not any(b"talk" in bytes(row.sealed) for row in GoalChange.objects.all())

    def copy(user, name):
        with zipfile.ZipFile(io.BytesIO(export_person(user, two.now))) as archive:
            return json.loads(archive.read(name))

    assert copy(two.cleo, "goals-history.json")[0]["words"]["what"] == "Give the talk"
    own = copy(two.ben, "goals-history.json")
    assert [row["words"] for row in own] == [{"note": "Ben wrote this."}]
    alone = begin(two, alone=True)
    erase_person(two.ben, now=two.now)
    assert [row.pk for row in Goal.objects.all()] == [alone.pk]  # what was of the two goes with either
    erase_person(two.cleo, now=two.now)
    assert not GoalChange.objects.exists()


def test_pages_stay_within_fifteen_queries(client, two, django_assert_max_num_queries):
    cast.edit(two.program, formal=True)
    goal = begin(two)
    for n in range(20):
        progress(two, goal, note=f"Step {n}.")
    cast.enter(client, two.cleo)
    for path in (
        at(two, "participant_home"), at(two, "conversation_list", two.two.code), at(two, "goal_list"),
        at(two, "goal_together", two.two.code), at(two, "goal_show", goal.code), at(two, "change_show"),
    ):  # fmt: skip
        with django_assert_max_num_queries(15):
            page = client.get(path)
        assert page.status_code == 200, path
        assert len(page.content) < 100_000

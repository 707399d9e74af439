"""Two who go on in a later cohort, and two whose ending is taken back: what they planned, want and signed is theirs."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

import cast
from introducer_web.agreements import services as agreements
from introducer_web.care import services as care
from introducer_web.care.models import Silence
from introducer_web.goals import services as goals
from introducer_web.mail.models import Message
from introducer_web.plans import services
from introducer_web.plans.models import Plan, Proposal
from introducer_web.programs import services as programs
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship

HOUR = dt.timedelta(hours=1)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def later(together):
    """Cleo and Ben take part in the next cohort too."""
    town = together
    town.now = timezone.now()
    town.next = programs.create_cohort(program=town.program, name="2028", by=town.ada, now=town.now)
    there = type(town)(**vars(town))
    there.cohort = town.next
    town.cleo_next = cast.participant(there, town.cleo, "mentee", needs={"contracts": 3}, earlier=town.cleo_asks)
    town.ben_next = cast.participant(there, town.ben, "mentor", offers={"contracts": 3}, earlier=town.ben_mentors)
    return town


def go_on(town):
    renewal = relationships.ask_to_continue(relationship=town.two, person=town.cleo_next, now=town.now)
    relationships.say_on(renewal=renewal, person=town.ben_next, yes=True, now=town.now)
    town.two.refresh_from_db()
    return Relationship.objects.get(cohort=town.next)


def path(name, person, two, *more):
    return reverse(name, args=["ir", person.code, two.code, *more])


def test_what_is_planned_goes_along_and_calendars_are_told_nothing(later, agree, propose, sign_in):
    plan = agree(later.now + WEEK)
    series = agree(later.now + 2 * WEEK, weeks=2, number=3)
    open_ = propose(later.now + WEEK + HOUR, person=later.ben_mentors)
    services.add_point(relationship=later.two, person=later.cleo_asks, text="How to read a contract", now=later.now)
    before = Message.objects.filter(kind__startswith="plan").count()
    new = go_on(later)
    services.end_what_is_over(later.now)
    assert set(Plan.objects.values_list("relationship", "state")) == {(new.pk, "agreed")}
    assert Plan.objects.count() == 4
    assert Message.objects.filter(kind__startswith="plan").count() == before
    cleo = sign_in(later.cleo)
    page = cleo.get(path("plan_list", later.cleo_next, new)).content.decode()
    assert plan.code in page
    assert series.code in page
    assert "How to read a contract" in cleo.get(path("agenda", later.cleo_next, new)).content.decode()
    old = cleo.get(path("plan_show", later.cleo_asks, later.two, plan.code))
    assert (old.status_code, old.url) == (302, path("plan_show", later.cleo_next, new, plan.code))
    assert cleo.get(path("plan_show", later.cleo_asks, later.two, "nosuchplan")).status_code == 404
    services.accept(
        proposal=Proposal.objects.get(pk=open_.pk), person=later.cleo_next, at=later.now + WEEK + HOUR, now=later.now
    )
    services.cancel(plan=plan, now=later.now)
    assert Plan.objects.get(pk=plan.pk).state == "cancelled"


def test_goals_decisions_roles_and_the_agreement_go_along_with_their_history(later, sign_in):
    goal = goals.begin_goal(
        mentee=later.cleo_asks, relationship=later.two, kind="professional", weeks=4, now=later.now,
        today=later.now.date(),
        words={"what": "Read a contract alone", "measure": "one read", "by_when": "2028-01-01", "confidence": 6},
    )  # fmt: skip
    goals.note_progress(goal=goal, person=later.ben_mentors, note="Half of it", confidence=None, now=later.now,
                        today=later.now.date())  # fmt: skip
    goals.note_decision(mentee=later.cleo_asks, relationship=later.two, words={"what": "Stay in town"},
                        decided_on=later.now.date(), look_on=None)  # fmt: skip
    relationships.say_roles(relationship=later.two, person=later.ben_mentors, roles=["coach"], domains=["contracts"],
                            now=later.now)  # fmt: skip
    for person in (later.cleo_asks, later.ben_mentors):
        agreements.sign(relationship=later.two, person=person, seen=1, name="C", language="en", now=later.now)
    care.silence(person=later.ben_mentors, relationship=later.two, now=later.now)
    new = go_on(later)
    assert Silence.objects.get(relationship=new).person == later.ben_next
    goal.refresh_from_db()
    assert (goal.relationship, goal.mentee, goal.slot) == (new, later.cleo_next, 1)
    assert list(goal.changes.order_by("number").values_list("by", flat=True)) == [later.cleo_next.pk, later.ben_next.pk]
    assert (new.signed_at, new.about) == (later.two.signed_at, ["contracts"])
    assert new.signed_at is not None
    cleo = sign_in(later.cleo)
    assert "Read a contract alone" in cleo.get(path("goal_together", later.cleo_next, new)).content.decode()
    assert "Stay in town" in cleo.get(reverse("decision_list", args=["ir", later.cleo_next.code])).content.decode()
    assert "Ben Castellanos" in cleo.get(path("agreement_show", later.cleo_next, new)).content.decode()
    goals.note_progress(goal=goal, person=later.ben_next, note="All of it", confidence=None, now=later.now,
                        today=later.now.date())  # fmt: skip
    assert goal.changes.count() == 3


def test_the_earlier_page_leads_to_the_later_one(later, sign_in):
    new = go_on(later)
    there = path("conversation_list", later.cleo_next, new)
    cleo = sign_in(later.cleo)
    page = cleo.get(path("conversation_list", later.cleo_asks, later.two)).content.decode()
    assert there in page
    assert "You go on in 2028" in page
    back = cleo.get(there).content.decode()
    assert path("conversation_list", later.cleo_asks, later.two) in back
    assert "What you noted in 2027" in back
    assert cleo.get(path("relationship_after", later.cleo_asks, later.two)).url == there


def test_an_ending_that_is_taken_back_brings_plans_back(together, agree, told):
    """What one of them cancelled before stays cancelled; a series reaches as far as before."""
    one, dropped = agree(), agree(together.later + HOUR)
    series = agree(together.later + WEEK, weeks=1, number=4).series
    services.cancel(plan=dropped, now=together.now)
    two = together.two
    relationships.end(relationship=two, person=together.cleo_asks, by=together.cleo, now=together.now + HOUR)
    services.end_what_is_over(together.now + HOUR)
    assert not Plan.objects.filter(state="agreed").exists()
    relationships.undo_end(relationship=two, person=together.cleo_asks, by=together.cleo, now=together.now + 2 * HOUR)
    assert Plan.objects.filter(state="agreed").count() == 5
    dropped.refresh_from_db()
    series.refresh_from_db()
    assert (dropped.state, series.number) == ("cancelled", 4)
    back = told("plan_agreed")["ben@example.org"]
    assert back.method == "REQUEST"
    assert "COUNT=4" in back.text
    mail = Message.objects.filter(kind="plan_agreed", key__startswith=f"plan:{one.code}:").order_by("-pk").first()
    assert "SEQUENCE:2" in mail.content["calendar"]["text"], "calendars take what is newer than the cancellation"


def test_an_ending_stands_once_there_is_somebody_new(together):
    two = together.two
    cast.edit(together.cleo_asks, team_size=1)
    relationships.end(relationship=two, person=together.cleo_asks, by=together.cleo, now=together.now)
    relationships.record_existing(
        cohort=together.cohort, pairs=[(together.cleo_asks, together.bea_mentors)], by=together.ada, now=together.now
    )
    with pytest.raises(relationships.TooLateToUndo):
        relationships.undo_end(relationship=two, person=together.cleo_asks, by=together.cleo, now=together.now + HOUR)

"""What changes for a mentee asks for needs once more, and brings a fresh look at the match with few changes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import cast
from introducer_web.goals import services
from introducer_web.goals.models import FreshLook, Transition
from introducer_web.lib import doors
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.matching.models import MatchRun
from introducer_web.people import services as people
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship, SwapRequest

TODAY = cast.NOON.date()


def at(town, name, *more, person=None):
    return reverse(name, args=["ir", (person or town.cleo_asks).code, *more])


def of_cohort(town, name, *more):
    return reverse(name, args=["ir", town.cohort.code, *more])


def note(town, days=None, kind="boards"):
    on = None if days is None else TODAY + dt.timedelta(days=days)
    return services.note_transition(mentee=town.cleo_asks, kind=kind, on=on, now=town.now)


def run(town, ask=relationships.request_run, **given):
    made = ask(cohort=town.cohort, by=town.ada, now=town.now, **given)
    matching.perform_run(matching.claim_run(town.now))
    made.refresh_from_db()
    assert made.state == "done", made.message
    return made


def door(town, now=None):
    ways = doors.home_of(person=town.cleo_asks, now=now or town.now)
    return next(each for each in ways if each.title == "What changes for you?")


def test_a_mail_asks_once_sixty_days_before(town):
    note(town, days=61, kind="leave")
    note(town)
    assert not services.tell_of_transitions(town.now)
    tomorrow = town.now + dt.timedelta(days=1)
    assert services.tell_of_transitions(tomorrow)
    assert not services.tell_of_transitions(tomorrow)
    assert not services.tell_of_transitions(town.now + dt.timedelta(days=30))
    sent = Message.objects.get(kind="needs_again")
    assert sent.to == "cleo@example.org"
    assert "leave" not in (sent.content["text"] + sent.content["html"] + sent.content["subject"]).casefold()
    assert sent.about == ""  # no coordinator sees that something changes


@pytest.mark.parametrize(
    ("hour", "wanted"),  # in Chicago it is six hours earlier
    [(12, "2027-01-12T14:00"), (15, "2027-01-12T15:00"), (3, "2027-01-12T14:00"), (4, "2027-01-12T14:00"),
     (2, "2027-01-12T02:00")],
)  # fmt: skip
def test_nobody_is_written_to_at_night(town, hour, wanted):
    note(town, days=20)
    services.tell_of_transitions(town.now.replace(hour=hour))
    assert Message.objects.get(kind="needs_again").not_before == dt.datetime.fromisoformat(f"{wanted}+00:00")


def test_a_worker_that_died_after_the_mail_sends_no_second_one(town):
    row = note(town, days=20)
    assert services.tell_of_transitions(town.now)
    Transition.objects.filter(pk=row.pk).update(told_at=None)
    assert services.tell_of_transitions(town.now)
    assert Message.objects.filter(kind="needs_again").count() == 1


def test_who_takes_it_back_or_has_left_is_not_asked(town):
    services.forget_transition(transition=note(town, days=20))
    note(town, days=20)
    cast.edit(town.cleo_asks, state="withdrawn")
    assert not services.tell_of_transitions(town.now)


def test_the_door_waits_when_something_is_near_until_a_fresh_look_is_asked_for(town):
    note(town, days=90)
    assert not door(town).waits
    assert door(town, town.now + dt.timedelta(days=30)).waits
    note(town)
    assert door(town).waits
    services.ask_for_fresh_look(mentee=town.cleo_asks, instead_of=[], by=town.cleo, now=town.now)
    assert not door(town).waits
    assert Transition.objects.filter(settled_at=None).count() == 1  # the far one is still to come


def test_ten_changes_wait_at_most(town):
    for _ in range(10):
        note(town)
    with pytest.raises(services.TooManyChanges):
        note(town)


def test_a_fresh_look_is_asked_for_once(town):
    services.ask_for_fresh_look(mentee=town.cleo_asks, instead_of=[], by=town.cleo, now=town.now)
    with pytest.raises(services.AlreadyAsked):
        services.ask_for_fresh_look(mentee=town.cleo_asks, instead_of=[], by=town.cleo, now=town.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        FreshLook.objects.create(society=town.society, mentee=town.cleo_asks, asked_at=town.now)


def test_a_mentee_notes_a_change_on_a_page_and_the_kind_stands_nowhere_in_clear(client, town):
    cast.enter(client, town.cleo)
    answer = client.post(at(town, "change_note"), {"kind": "leave"}, follow=True)
    page = answer.content.decode()
    assert "Going on leave, or coming back" in page
    assert at(town, "join_step", "needs") in page
    row = Transition.objects.get()
    assert b"leave" not in bytes(row.sealed)
    assert client.post(at(town, "change_note"), {"kind": "weather"}).status_code == 422
    client.post(at(town, "change_forget", row.code))
    assert not Transition.objects.exists()
    cast.enter(client, town.ben)
    assert client.get(at(town, "change_show", person=town.ben_mentors)).status_code == 404
    cast.enter(client, town.ada, second_factor=True)
    assert client.get(at(town, "change_show")).status_code == 404


def test_what_changed_re_matches_one_tie_and_the_others_stay(client, town):
    cast.edit(town.program, team_size=1)
    relationships.publish(run=run(town), by=town.ada, now=town.now)
    lived = Relationship.objects.get(mentee=town.cleo_asks, mentor=town.ben_mentors)
    others = set(Relationship.objects.exclude(pk=lived.pk).values_list("pk", "state"))
    # Cleo's needs become others; she asks for a fresh look, and somebody else instead of Ben.
    cast.enter(client, town.cleo)
    client.post(at(town, "change_note"), {"kind": "goal"})
    people.save_levels(participant=town.cleo_asks, levels={"family_parenting": 3}, now=town.now + dt.timedelta(hours=1))
    Relationship.objects.filter(pk=lived.pk).update(state="active", seat=1)
    client.post(at(town, "look_ask"), {"instead": [lived.code]})
    look = FreshLook.objects.get()
    # The coordinator sees who asks and how many changed their needs, ends the one, and looks at few changes.
    cast.enter(client, town.ada, second_factor=True)
    rows = client.get(of_cohort(town, "relationship_list")).content.decode()
    assert "1 mentee asks." in rows
    page = client.get(of_cohort(town, "look_list")).content.decode()
    assert "Cleo Marsh" in page
    assert "1 mentee changed what they ask for since run 1." in page
    assert "become another" not in page
    relationships.settle_swap(request=SwapRequest.objects.get(), end=True, by=town.ada, now=town.now)
    answer = client.post(of_cohort(town, "look_run"))
    look.refresh_from_db()
    assert answer.headers["Location"] == reverse("run_show", args=["ir", town.cohort.code, look.run.code])
    assert look.run.kind == MatchRun.Kind.CHANGES
    matching.perform_run(matching.claim_run(town.now))
    few = relationships.request_few_changes(
        frontier=MatchRun.objects.get(pk=look.run.pk), most=1, by=town.ada, now=town.now
    )
    matching.perform_run(matching.claim_run(town.now))
    few.refresh_from_db()
    assert few.state == "done", few.message
    relationships.publish(run=few, by=town.ada, now=town.now)
    now = Relationship.objects.exclude(pk=lived.pk)
    assert others <= set(now.values_list("pk", "state"))
    new = now.exclude(pk__in=[pk for pk, _state in others])
    assert [(row.mentee, row.mentor) for row in new] == [(town.cleo_asks, town.bea_mentors)]
    assert Message.objects.filter(kind="introduction_mentee", to="cleo@example.org").count() == 2
    client.post(of_cohort(town, "look_settle", look.code))
    look.refresh_from_db()
    assert look.settled_by == town.ada
    assert "Somebody settled this already." in client.post(
        of_cohort(town, "look_settle", look.code), follow=True
    ).content.decode()  # fmt: skip
    assert "Nobody waits for a fresh look." in client.post(of_cohort(town, "look_run"), follow=True).content.decode()


def test_a_coordinator_of_elsewhere_sees_no_fresh_look(client, town):
    services.ask_for_fresh_look(mentee=town.cleo_asks, instead_of=[], by=town.cleo, now=town.now)
    cast.enter(client, town.dov, second_factor=True)
    assert client.get(of_cohort(town, "look_list")).status_code == 404
    assert client.post(of_cohort(town, "look_settle", FreshLook.objects.get().code)).status_code == 404

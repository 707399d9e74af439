"""Before and after a conversation: the agenda, the day before, whether the two talked, and what is left of it."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.urls import reverse

import cast
from introducer_web.conversations.models import Conversation
from introducer_web.lib import doors
from introducer_web.mail.models import Message
from introducer_web.plans import services
from introducer_web.plans.models import AgendaPoint, Plan
from introducer_web.plans.prompts import GENERAL, PROMPTS, prompts_for
from introducer_web.programs.models import Domain
from introducer_web.site import subject

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def test_a_plan_is_no_conversation_until_somebody_says_that_they_talked(together, agree):
    plan = agree()
    with pytest.raises(services.StillToCome):
        services.say_held(plan=plan, person=together.cleo_asks, held=True, by=together.cleo, now=together.now)
    assert not Conversation.objects.exists()
    for person in (together.cleo_asks, together.ben_mentors, together.cleo_asks):
        services.say_held(plan=plan, person=person, held=True, by=person.user, now=together.later + HOUR)
    [found] = Conversation.objects.all()
    assert (found.held_on, found.minutes) == (together.later.date(), 30)
    assert found.confirmed_at == together.later + HOUR
    assert Plan.objects.get().state == "held"


def test_what_did_not_happen_counts_for_nothing_and_the_other_side_may_know_better(together, agree):
    plan = agree()
    later = together.later + HOUR
    services.say_held(plan=plan, person=together.cleo_asks, held=False, by=together.cleo, now=later)
    assert Plan.objects.get().state == "missed"
    assert not Conversation.objects.exists()
    services.say_held(plan=plan, person=together.ben_mentors, held=True, by=together.ben, now=later)
    services.say_held(plan=plan, person=together.cleo_asks, held=False, by=together.cleo, now=later)
    assert Plan.objects.get().state == "held"


def test_the_day_is_that_of_the_place_where_it_was_planned(together, agree):
    late = dt.datetime(2027, 1, 15, 3, tzinfo=dt.UTC)  # Thursday evening in Chicago
    plan = agree(late)
    services.say_held(plan=plan, person=together.ben_mentors, held=True, by=together.ben, now=late + HOUR)
    assert Conversation.objects.get().held_on == dt.date(2027, 1, 14)


def doors_of(two, person, now):
    between = doors.between_of(person=person, relationship=two, now=now)
    home = doors.home_of(person=person, now=now)
    return [[(door.title, door.waits) for door in found] for found in (between, home)]


def test_doors_lead_to_what_waits_and_then_to_what_comes(together, propose):
    cleo, ben, now = together.cleo_asks, together.ben_mentors, together.now
    between, home = doors_of(together.two, cleo, now)
    assert ("Plan a conversation", False) in between
    assert ("When you can be asked for", False) in home
    proposal = propose()
    assert ("Times that you proposed", False) in doors_of(together.two, cleo, now)[0]
    assert ("Cleo Marsh proposes times to talk", True) in doors_of(together.two, ben, now)[1]
    services.accept(proposal=proposal, person=ben, at=together.later, now=now)
    assert ("Next conversation", False) in doors_of(together.two, ben, now)[0]
    assert ("Next: Ben Castellanos", False) in doors_of(together.two, cleo, now)[1]
    after = together.later + HOUR
    assert ("Did you talk with Ben Castellanos?", True) in doors_of(together.two, cleo, after)[1]
    services.say_held(plan=Plan.objects.get(), person=cleo, held=True, by=together.cleo, now=after)
    assert ("Plan a conversation", False) in doors_of(together.two, cleo, after)[0]


def test_one_tap_says_that_they_talked(client, together):
    now = dt.datetime.now(dt.UTC)
    plan = Plan(society=together.society, relationship=together.two, starts_at=now - 2 * HOUR, zone="UTC", minutes=20,
                agreed_at=now, changed_at=now)  # fmt: skip
    plan.save()
    cast.enter(client, together.cleo)
    here = ["ir", together.cleo_asks.code, together.two.code]
    assert "Did you talk?" in client.get(reverse("plan_list", args=here)).content.decode()
    act = reverse("plan_act", args=[*here, plan.code])
    assert "Noted: you talked." in client.post(act, {"act": "held"}, follow=True).content.decode()
    assert Conversation.objects.get().minutes == 20
    assert client.post(act, {"act": "dance"}).status_code == 404
    assert "has begun already" in client.post(act, {"act": "cancel"}, follow=True).content.decode()


def test_a_plan_is_cancelled_on_its_page_and_moved_by_a_proposal(client, together):
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    plan = Plan(society=together.society, relationship=together.two, starts_at=now + DAY, zone="UTC", minutes=20,
                agreed_at=now, changed_at=now)  # fmt: skip
    plan.words = {"place": "Room 7"}
    plan.save()
    cast.enter(client, together.ben)
    here = ["ir", together.ben_mentors.code, together.two.code]
    page = client.get(reverse("plan_show", args=[*here, plan.code])).content.decode()
    assert "Room 7" in page
    assert "What you are there for" not in page  # nobody said what this one is for
    new = reverse("plan_new", args=here)
    assert "It stays there until" in client.get(f"{new}?moves={plan.code}").content.decode()
    assert client.get(f"{new}?moves={'x' * 22}").status_code == 404
    own = (now + 3 * DAY).strftime("%Y-%m-%dT12:00")
    given = {"minutes": "20", "moves": plan.code, "own_1": own, "where": "video", "place": "Room 7"}
    assert "Instead of one" in client.post(new, given, follow=True).content.decode()
    act = reverse("plan_act", args=[*here, plan.code])
    page = client.post(act, {"act": "cancel"}, follow=True).content.decode()
    assert "Nothing is planned yet." in page
    assert "Instead of one" not in page  # what was to be moved is no more


def agenda():
    return [(each.words["text"], each.state) for each in AgendaPoint.objects.order_by("pk")]


def test_the_agenda_is_the_mentees_and_a_mentor_suggests(together):
    cleo, ben, now = together.cleo_asks, together.ben_mentors, together.now
    add = {"relationship": together.two, "now": now}
    mine = services.add_point(person=cleo, text="  My   contract ", **add)
    services.add_point(person=cleo, text="My contract", **add)
    theirs = services.add_point(person=ben, text="Your talk", **add)
    assert agenda() == [("My contract", "open"), ("Your talk", "suggested")]
    for act in (services.take_point, lambda **given: services.settle_point(done=True, now=now, **given),
                services.drop_point):  # fmt: skip
        with pytest.raises(services.NotYourAgenda):
            act(point=mine, person=ben)
    services.take_point(point=theirs, person=cleo)
    services.settle_point(point=mine, person=cleo, done=True, now=now)
    assert agenda() == [("My contract", "done"), ("Your talk", "open")]
    with pytest.raises(services.NotYourAgenda):
        services.drop_point(point=theirs, person=ben)  # it is the mentee's by now
    services.drop_point(point=services.add_point(person=ben, text="Once more", **add), person=ben)
    with pytest.raises(services.NothingSaid):
        services.add_point(person=cleo, text="  ", **add)
    for k in range(11):
        services.add_point(person=cleo, text=f"Point {k}", **add)
    with pytest.raises(services.ListIsFull):
        services.add_point(person=cleo, text="One more", **add)


def test_a_tap_on_a_prompt_puts_it_on_the_agenda(client, together):
    type(together.two).objects.filter(pk=together.two.pk).update(needs=["contracts", "research.funding"])
    cast.enter(client, together.cleo)
    here = reverse("agenda", args=["ir", together.cleo_asks.code, together.two.code])
    page = client.get(here).content.decode()
    assert "Which three lines of a contract" in page
    assert "What is the question, in one sentence?" in page
    assert client.post(here, {"text": str(PROMPTS["contracts"][0])}).status_code == 302
    page = client.get(here).content.decode()
    assert page.count("Which three lines of a contract would you read first?") == 3  # the point, and its two buttons
    assert client.post(here, {"text": ""}).status_code == 422
    point = reverse("agenda_point", args=["ir", together.cleo_asks.code, together.two.code,
                                          AgendaPoint.objects.get().code])  # fmt: skip
    client.post(point, {"done": "yes"})
    assert AgendaPoint.objects.get().state == "done"


def test_every_domain_of_the_template_has_prompts_of_its_own(town):
    keys = set(Domain.objects.filter(program=town.program).values_list("key", flat=True))
    assert keys == set(PROMPTS)
    assert all(3 <= len(texts) <= 5 for texts in PROMPTS.values())
    texts = [str(each) for texts in (*PROMPTS.values(), GENERAL) for each in texts]
    assert len(set(texts)) == len(texts)
    assert prompts_for({"words_of_their_own": "Bridges"}) == [("For any conversation", [str(each) for each in GENERAL])]


def test_a_sensitive_domain_has_no_prompts_on_a_page_of_two(client, together):
    type(together.two).objects.filter(pk=together.two.pk).update(needs=["wellbeing"])
    Domain.objects.filter(program=together.program, key="wellbeing").update(sensitive=True)
    cast.enter(client, together.ben)
    page = client.get(reverse("agenda", args=["ir", together.ben_mentors.code, together.two.code])).content.decode()
    assert str(PROMPTS["wellbeing"][0]) not in page
    assert str(GENERAL[0]) in page


def reminders():
    return [(each.to, each.not_before) for each in Message.objects.filter(kind="plan_tomorrow").order_by("to")]


def test_on_the_day_before_both_are_written_to_once(together, agree):
    plan = agree()
    services.remind(together.later - 25 * HOUR)
    assert reminders() == []
    at = together.later - 23 * HOUR
    for _ in range(3):
        services.remind(at)
    assert reminders() == [("ben@example.org", at), ("cleo@example.org", at)]
    [mail] = Message.objects.filter(kind="plan_tomorrow", to="ben@example.org")
    assert reverse("plan_show", args=["ir", together.ben_mentors.code, together.two.code, plan.code]) in (
        mail.content["text"])  # fmt: skip
    services.cancel(plan=plan, now=at)
    assert {each.state for each in Message.objects.filter(kind="plan_tomorrow")} == {"dropped"}


def test_nobody_is_reminded_at_night_nor_of_what_was_just_agreed(agree):
    early = dt.datetime(2027, 1, 20, 12, 30, tzinfo=dt.UTC)  # half past six in the morning in Chicago
    agree(early)
    services.remind(early - DAY)
    assert {at for _to, at in reminders()} == {dt.datetime(2027, 1, 19, 14, tzinfo=dt.UTC)}  # eight
    Message.objects.all().delete()
    agree(early + DAY, now=early + HOUR)
    services.remind(early + 2 * HOUR)
    assert reminders() == []


def test_whoever_wants_no_reminder_has_none(together, agree):
    services.save_availability(person=together.ben_mentors, timezone="America/Chicago", week={}, away=[], address=None,
                               wants_brief=False, by=together.ben, now=together.now)  # fmt: skip
    agree()
    services.look_after(together.later - 20 * HOUR)
    assert [to for to, _at in reminders()] == ["cleo@example.org"]


def test_what_was_moved_is_reminded_of_again(together, agree, propose):
    plan = agree()
    services.remind(together.later - 20 * HOUR)
    move = propose(together.later + 5 * DAY, moves=plan, now=together.later - 19 * HOUR)
    services.accept(proposal=move, person=together.ben_mentors, at=together.later + 5 * DAY,
                    now=together.later - 18 * HOUR)  # fmt: skip
    services.remind(together.later + 4 * DAY + HOUR)
    states = Message.objects.filter(kind="plan_tomorrow", to="ben@example.org").order_by("pk")
    assert [each.state for each in states] == ["dropped", "queued"]


def test_a_person_takes_all_of_it_along_and_leaves_nothing(together, agree, propose):
    agree(place="Room 7")
    propose(together.later + DAY, place="Room 8")
    services.add_point(relationship=together.two, person=together.cleo_asks, text="My contract", now=together.now)
    given = {"timezone": "Europe/London", "week": {}, "away": [], "wants_brief": True, "now": together.now}
    given |= {"address": "https://calendar.example.org/a.ics", "by": together.cleo}
    services.save_availability(person=together.cleo_asks, **given)
    with zipfile.ZipFile(io.BytesIO(subject.export_person(together.cleo, together.now))) as archive:
        told = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "Room 7" in told["planned-conversations.json"]
    assert "Room 8" in told["proposed-times.json"]
    assert "My contract" in told["agenda.json"]
    assert "calendar.example.org" in told["when-you-can-be-asked-for.json"]
    assert not {"feed_digest", "sealed", "sealed_busy"} & set(json.dumps(told).split('\\"'))
    with zipfile.ZipFile(io.BytesIO(subject.export_person(together.cai, together.now))) as archive:
        assert "Room" not in "".join(archive.read(name).decode() for name in archive.namelist())
    subject.erase_person(together.cleo, now=together.now)
    assert not Plan.objects.exists()
    assert not AgendaPoint.objects.exists()


def test_whoever_is_forgotten_leaves_no_meeting_in_the_calendar_of_the_other(together, agree, told):
    plan = agree()
    first = agree(together.later + DAY, weeks=1, number=4)
    subject.erase_person(together.cleo, now=together.now)
    mails = Message.objects.filter(kind="plan_gone").order_by("pk")
    assert [mail.to for mail in mails] == ["ben@example.org"] * 2
    for mail, code in zip(mails, (plan.code, first.series.code), strict=True):
        text = json.dumps(mail.content)
        assert "METHOD:CANCEL" in mail.content["calendar"]["text"]
        assert f"UID:{code}@localhost" in mail.content["calendar"]["text"]
        assert "Cleo" not in text
        assert "cleo@" not in text
    assert told("plan_gone")["ben@example.org"].calendar.vevent.status.value == "CANCELLED"


def test_a_point_that_may_say_who_a_patient_is_is_not_kept_at_once(client, together):
    cast.enter(client, together.cleo)
    here = reverse("agenda", args=["ir", together.cleo_asks.code, together.two.code])
    words = "Patient John Miller, MRN 12345678, bled after the biopsy"
    page = client.post(here, {"text": words})
    assert page.status_code == 422
    assert "Might this say who a patient is?" in page.content.decode()
    assert not AgendaPoint.objects.exists()
    agreed = page.content.decode().partition('name="agreed" value="')[2].partition('"')[0]
    assert client.post(here, {"text": words, "agreed": agreed}).status_code == 302
    assert agenda() == [(words, "open")]


def test_hours_that_nobody_said_are_said_to_be_assumed(client, together):
    cast.enter(client, together.cleo)
    here = reverse("plan_new", args=["ir", together.cleo_asks.code, together.two.code])
    page = client.get(here).content.decode()
    assert "You have not said your hours" in page
    assert "Ben Castellanos has not said theirs" in page
    given = {"timezone": "America/Chicago", "week": {0: (dt.time(8), dt.time(9))}, "away": [], "address": None}
    for person in (together.cleo_asks, together.ben_mentors):
        services.save_availability(person=person, wants_brief=True, by=person.user, now=together.now, **given)
    page = client.get(here).content.decode()
    assert "have not said" not in page
    assert "has not said" not in page

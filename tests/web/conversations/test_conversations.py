"""Two people note that they talked: with a tap, once, whoever taps."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.conversations import services
from introducer_web.conversations.models import Conversation
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship

TODAY = cast.NOON.date()


@pytest.fixture
def together(town):
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def note(town, person, on=TODAY, **more):
    return services.log_conversation(
        relationship=town.two, person=person, on=on, by=person.user, now=town.now, **more
    )  # fmt: skip


def rows():
    return [(row.held_on, row.noted_by.user.name, row.confirmed_at is not None, row.minutes)
            for row in Conversation.objects.order_by("held_on", "number")]  # fmt: skip


def test_a_tap_is_a_conversation_and_a_second_one_is_the_same(together):
    note(together, together.cleo_asks)
    note(together, together.cleo_asks)
    assert rows() == [(TODAY, "Cleo Marsh", False, None)]
    assert Entry.objects.filter(act="conversations.log").count() == 1


def test_the_other_side_says_so_too_and_it_is_one(together):
    note(together, together.cleo_asks, minutes=30)
    note(together, together.ben_mentors)
    assert rows() == [(TODAY, "Cleo Marsh", True, 30)]
    note(together, together.ben_mentors, minutes=45)
    assert rows() == [(TODAY, "Cleo Marsh", True, 45)]


def test_one_more_on_the_same_day_is_said(together):
    note(together, together.cleo_asks)
    note(together, together.cleo_asks, another=True, minutes=10)
    note(together, together.ben_mentors)
    assert rows() == [(TODAY, "Cleo Marsh", True, None), (TODAY, "Cleo Marsh", False, 10)]


@pytest.mark.parametrize("days", [2, -367])
def test_a_day_to_come_and_one_long_past_are_refused_with_what_to_do(together, days):
    with pytest.raises(services.NotThatDay, match=r"That (day )?is"):
        note(together, together.cleo_asks, on=TODAY + dt.timedelta(days=days))
    assert rows() == []


def test_tomorrow_is_today_further_east(together):
    note(together, together.cleo_asks, on=TODAY + dt.timedelta(days=1))
    assert len(rows()) == 1


def test_who_has_not_agreed_has_nothing_to_note_and_who_has_ended_has_the_days_before(together):
    Relationship.objects.filter(pk=together.two.pk).update(state="introduced", seat=None)
    with pytest.raises(services.NotTogether):
        note(together, together.cleo_asks)
    week = dt.timedelta(days=7)
    Relationship.objects.filter(pk=together.two.pk).update(state="ended", ended_at=together.now - week)
    with pytest.raises(services.NotThatDay):
        note(together, together.cleo_asks)
    note(together, together.cleo_asks, on=TODAY - week)
    assert len(rows()) == 1


def test_what_one_takes_back_the_other_still_says(together):
    def back(person):
        services.take_back(conversation=Conversation.objects.get(), person=person, by=person.user, now=together.now)

    note(together, together.cleo_asks)
    with pytest.raises(services.NotNotedByYou):
        back(together.ben_mentors)
    note(together, together.ben_mentors)
    back(together.ben_mentors)
    assert rows() == [(TODAY, "Cleo Marsh", False, None)]
    note(together, together.ben_mentors)
    back(together.cleo_asks)
    assert rows() == [(TODAY, "Ben Castellanos", False, None)]
    back(together.ben_mentors)
    assert rows() == []


def test_two_taps_and_it_stands_there_with_its_length(client, together):
    cast.enter(client, together.cleo)
    home = reverse("participant_home", args=["ir", together.cleo_asks.code])
    log = reverse("conversation_log", args=["ir", together.cleo_asks.code, together.two.code])
    assert log in client.get(home).content.decode()
    page = client.post(log, follow=True).content.decode()
    assert "Noted: you talked on" in page
    found = Conversation.objects.get()
    assert found.held_on == found.noted_at.astimezone(ZoneInfo("America/Chicago")).date()  # the day where Cleo is
    say = reverse("conversation_say", args=["ir", together.cleo_asks.code, together.two.code, found.code])
    assert say in page
    page = client.post(say, {"minutes": "30"}, follow=True).content.decode()
    assert "half an hour" in page
    assert client.post(say, {"minutes": "7"}, follow=True).content.decode().count("Choose one of the lengths.") == 1
    assert Conversation.objects.get().minutes == 30
    assert "Taken back." in client.post(say, {"back": "yes"}, follow=True).content.decode()
    assert not Conversation.objects.exists()


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(client, together):
    cast.enter(client, together.cleo)
    log = reverse("conversation_log", args=["ir", together.cleo_asks.code, together.two.code])
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(days=9)).date()
    answer = client.post(log, {"on": later.isoformat(), "minutes": "45"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "still to come" in page
    assert later.isoformat() in page
    assert '<option value="45" selected' in page
    assert client.post(log, {"on": "yesterday"}).status_code == 422
    assert not Conversation.objects.exists()


def test_the_other_side_sees_it_and_cannot_take_it_back(client, together):
    noted = note(together, together.cleo_asks)
    cast.enter(client, together.ben)
    address = reverse("conversation_list", args=["ir", together.ben_mentors.code, together.two.code])
    assert "Cleo Marsh noted it." in client.get(address).content.decode()
    say = reverse("conversation_say", args=["ir", together.ben_mentors.code, together.two.code, noted.code])
    assert "The other side noted" in client.post(say, {"back": "yes"}, follow=True).content.decode()
    assert len(rows()) == 1


def test_nobody_else_finds_it_and_nothing_is_there_before_both_agreed(client, together):
    noted = note(together, together.cleo_asks)
    cast.enter(client, together.ada, second_factor=True)
    for person in (together.cleo_asks, together.ben_mentors):
        assert client.get(reverse("conversation_list", args=["ir", person.code, together.two.code])).status_code == 404
    cast.enter(client, together.cai)
    own = reverse("conversation_list", args=["ir", together.cai_asks.code, together.two.code])
    assert client.get(own).status_code == 404
    cast.enter(client, together.cleo)
    foreign = reverse("conversation_say", args=["ir", together.cleo_asks.code, together.two.code, "x" * 22])
    assert client.post(foreign, {"minutes": "10"}).status_code == 404
    Relationship.objects.filter(pk=together.two.pk).update(state="introduced", seat=None)
    say = reverse("conversation_say", args=["ir", together.cleo_asks.code, together.two.code, noted.code])
    assert client.post(say, {"minutes": "10"}).status_code == 404


def test_the_latest_hundred_are_shown_and_how_many_there_are(client, together):
    for days in range(103):
        note(together, together.cleo_asks, on=TODAY - dt.timedelta(days=days))
    cast.enter(client, together.cleo)
    page = client.get(reverse("conversation_list", args=["ir", together.cleo_asks.code, together.two.code]))
    assert "The latest 100 of 103." in page.content.decode()
    assert len(page.content) < 100_000


def test_the_coordinator_sees_when_they_last_talked_and_no_more(client, together):
    cast.enter(client, together.ada, second_factor=True)
    address = reverse("relationship_list", args=["ir", together.cohort.code])
    assert "no conversation noted yet" in client.get(address).content.decode()
    note(together, together.cleo_asks, on=TODAY - dt.timedelta(days=3), minutes=90)
    later = note(together, together.ben_mentors)
    page = client.get(address).content.decode()
    assert "last talked Jan. 12, 2027" in page
    assert "an hour and a half" not in page
    services.take_back(conversation=later, person=together.ben_mentors, by=together.ben, now=together.now)
    assert "last talked Jan. 9, 2027" in client.get(address).content.decode()

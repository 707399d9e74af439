"""Two people write to each other without giving an address; a mail says so by day, once, and not what."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.conversations import services
from introducer_web.conversations.models import Letter
from introducer_web.lib.nights import by_day
from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.people.models import Participant
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person

#: Nine in the evening in Chicago.
NIGHT = dt.datetime(2027, 1, 13, 3, tzinfo=dt.UTC)
MORNING = dt.datetime(2027, 1, 13, 14, tzinfo=dt.UTC)


@pytest.fixture
def together(town):
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    Message.objects.all().delete()
    return town


def write(town, person, text="Good news.", now=cast.NOON):
    return services.write_letter(relationship=town.two, person=person, text=text, now=now)


def read(town, person, upto, now=cast.NOON):
    return services.mark_read(relationship=town.two, person=person, upto=upto, now=now)


def mails():
    return list(Message.objects.filter(kind="letter").order_by("pk"))


def address(town, person):
    return reverse("letter_list", args=["ir", person.code, town.two.code])


def test_the_other_one_gets_a_mail_with_a_link_and_no_word_of_it(together):
    write(together, together.ben_mentors, "You got the place.")
    [message] = mails()
    assert message.to == "cleo@example.org"
    assert message.content["subject"] == "Ben Castellanos wrote to you"
    assert "You got the place" not in str(message.content)
    assert "ben@example.org" not in str(message.content)
    assert address(together, together.cleo_asks) in message.content["text"]
    assert address(together, together.cleo_asks) in message.content["html"]


def test_there_is_one_mail_until_the_letters_are_read(together):
    write(together, together.ben_mentors)
    last = write(together, together.ben_mentors)
    assert len(mails()) == 1
    Message.objects.update(state="sent")
    assert read(together, together.cleo_asks, last) == 2
    write(together, together.ben_mentors)
    assert len(mails()) == 2
    write(together, together.cleo_asks)
    assert [message.to for message in mails()] == ["cleo@example.org", "cleo@example.org", "ben@example.org"]


def test_nobody_is_written_to_at_night_and_who_has_read_it_by_then_not_at_all(together):
    one = write(together, together.ben_mentors, now=NIGHT)
    [message] = mails()
    assert message.not_before == MORNING
    assert mail.send_due(NIGHT) == 0
    read(together, together.cleo_asks, one, now=NIGHT)
    assert mail.send_due(MORNING) == 0
    message.refresh_from_db()
    assert message.state == "dropped"


def test_what_is_taken_back_unread_is_gone_with_its_mail(together):
    first, second = write(together, together.ben_mentors), write(together, together.ben_mentors, "And this.")
    services.take_back_letter(letter=second, person=together.ben_mentors)
    assert [message.state for message in mails()] == ["queued"]
    services.take_back_letter(letter=first, person=together.ben_mentors)
    assert [message.state for message in mails()] == ["dropped"]
    assert not Letter.objects.exists()
    third = write(together, together.ben_mentors)
    assert [message.state for message in mails()] == ["dropped", "queued"]
    read(together, together.cleo_asks, third)
    with pytest.raises(services.WasReadOrTakenBack):
        services.take_back_letter(letter=third, person=together.ben_mentors)
    assert Letter.objects.count() == 1


def test_a_letter_that_came_while_one_read_is_still_new(together):
    one = write(together, together.ben_mentors)
    two = write(together, together.ben_mentors)
    assert read(together, together.cleo_asks, one) == 1
    two.refresh_from_db()
    assert two.read_at is None
    assert read(together, together.ben_mentors, two) == 0, "nobody marks their own"


def test_more_in_an_hour_than_anybody_writes_is_refused(together):
    for _ in range(20):
        write(together, together.ben_mentors)
    with pytest.raises(services.TooManyLetters):
        write(together, together.ben_mentors)
    write(together, together.cleo_asks)
    write(together, together.ben_mentors, now=cast.NOON + dt.timedelta(minutes=61))


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001])
def test_nothing_and_too_much_are_refused(together, text):
    with pytest.raises((services.NothingWritten, services.TooMuchWritten)):
        write(together, together.ben_mentors, text)


def test_after_the_end_it_is_read_and_not_written(client, together):
    write(together, together.ben_mentors, "It was good.")
    Relationship.objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=together.now)
    with pytest.raises(services.IsOver):
        write(together, together.cleo_asks)
    cast.enter(client, together.cleo)
    page = client.get(address(together, together.cleo_asks)).content.decode()
    assert "It was good." in page
    assert "<textarea" not in page
    assert client.post(address(together, together.cleo_asks), {"words": "Wait"}).status_code == 422
    assert Letter.objects.count() == 1


def test_after_the_end_two_who_are_glad_to_stay_in_touch_still_write(client, together):
    Relationship.objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=together.now)
    together.two.refresh_from_db()
    for person in (together.cleo_asks, together.ben_mentors):
        with pytest.raises(services.IsOver):
            write(together, together.cleo_asks)
        relationships.say_glad(relationship=together.two, person=person, glad=True, now=together.now)
    write(together, together.cleo_asks, "I passed the boards.")
    cast.enter(client, together.ben)
    page = client.get(reverse("conversation_list", args=["ir", together.ben_mentors.code, together.two.code]))
    assert "1 new letter" in page.content.decode()
    assert "<textarea" in client.get(address(together, together.ben_mentors)).content.decode()
    assert mail.send_due(MORNING) >= 1
    assert [message.state for message in mails()] == ["sent"]
    relationships.keep_away(society=together.society, by=together.ben, other=together.cleo, now=together.now)
    with pytest.raises(services.IsOver):
        write(together, together.cleo_asks)


def test_two_people_write_read_and_answer(client, together):
    cast.enter(client, together.ben)
    page = client.post(address(together, together.ben_mentors), {"words": "<b>How</b> was it?"}, follow=True)
    assert "Sent." in page.content.decode()
    assert "Not read yet." in page.content.decode()
    cast.enter(client, together.cleo)
    home = client.get(reverse("participant_home", args=["ir", together.cleo_asks.code])).content.decode()
    assert "Ben Castellanos wrote to you" in home
    assert "waits for you" in home
    here = address(together, together.cleo_asks)
    two = client.get(reverse("conversation_list", args=["ir", together.cleo_asks.code, together.two.code]))
    assert "1 new letter" in two.content.decode()
    page = client.get(here).content.decode()
    assert "&lt;b&gt;How&lt;/b&gt; was it?" in page
    assert "I have read the new one" in page
    letter = Letter.objects.get()
    assert letter.read_at is None, "who looks at a page changes nothing"
    answer = {"words": "Good. Thank you.", "upto": letter.code}
    assert "Good. Thank you." in client.post(here, answer, follow=True).content.decode()
    letter.refresh_from_db()
    assert letter.read_at is not None, "who answers has read"
    assert (
        "wrote to you"
        not in client.get(reverse("participant_home", args=["ir", together.cleo_asks.code])).content.decode()
    )
    cast.enter(client, together.ben)
    there = address(together, together.ben_mentors)
    client.post(reverse("letters_read", args=["ir", together.ben_mentors.code, together.two.code]),
                {"upto": Letter.objects.latest("pk").code})  # fmt: skip
    assert "I have read" not in client.get(there).content.decode()


def test_who_takes_back_on_the_page_and_nobody_else_can(client, together):
    letter = write(together, together.ben_mentors)
    cast.enter(client, together.cleo)
    where = ["ir", together.cleo_asks.code, together.two.code, letter.code]
    assert client.post(reverse("letter_back", args=where)).status_code == 404
    cast.enter(client, together.ben)
    where[1] = together.ben_mentors.code
    assert "Taken back." in client.post(reverse("letter_back", args=where), follow=True).content.decode()
    assert client.post(reverse("letter_back", args=where)).status_code == 404


def test_a_patient_is_warned_of_before_anything_is_sent(client, together):
    cast.enter(client, together.ben)
    here = address(together, together.ben_mentors)
    answer = client.post(here, {"words": "Paciente María López, NHC 445566"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<mark>María López</mark>" in page
    assert "NHC 445566</textarea>" in page
    assert not Letter.objects.exists()
    assert mails() == []
    agreed = page.split('name="agreed" value="')[1].split('"')[0]
    client.post(here, {"words": "Paciente María López, NHC 445566", "agreed": agreed})
    assert Letter.objects.count() == 1


def test_the_coordinator_sees_no_letter_no_mail_about_one_and_no_act(client, together):
    before = Entry.objects.count()
    write(together, together.ben_mentors)
    assert Entry.objects.count() == before
    cast.enter(client, together.ada, second_factor=True)
    page = client.get(reverse("message_list", args=["ir", together.cohort.code])).content.decode()
    assert "cleo@example.org" not in page
    assert client.get(address(together, together.cleo_asks)).status_code == 404


def test_a_mail_about_somebody_who_is_gone_is_not_sent(together):
    write(together, together.ben_mentors, now=NIGHT)
    erase_person(together.ben, now=NIGHT)
    assert [message.state for message in mails()] == ["dropped"]


def test_a_mail_about_letters_of_two_who_parted_meanwhile_does_not_leave(together):
    write(together, together.ben_mentors, now=NIGHT)
    Relationship.objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=NIGHT)
    assert mail.send_due(MORNING) == 0
    assert [message.state for message in mails()] == ["dropped"]


def test_a_mail_that_a_mail_server_kept_back_does_not_leave_at_night(together):
    write(together, together.ben_mentors)
    assert mail.send_due(NIGHT) == 0
    [message] = mails()
    assert (message.state, message.not_before) == ("queued", MORNING)
    assert mail.send_due(MORNING) == 1


def test_a_time_zone_that_is_none_keeps_no_mail_back(together):
    Participant.objects.filter(pk=together.cleo_asks.pk).update(timezone="Central")
    write(together, together.ben_mentors)
    assert mail.send_due(cast.NOON) == 1


@pytest.mark.parametrize(
    ("zone", "now", "then"),
    [
        ("America/New_York", "2027-01-12T12:00+00:00", "2027-01-12T13:00+00:00"),
        ("America/New_York", "2027-01-12T13:00+00:00", "2027-01-12T13:00+00:00"),
        ("America/New_York", "2027-01-13T02:00+00:00", "2027-01-13T13:00+00:00"),
        ("America/New_York", "2027-03-14T03:00+00:00", "2027-03-14T12:00+00:00"),  # clocks go forward
        ("America/New_York", "2027-11-07T02:00+00:00", "2027-11-07T13:00+00:00"),  # and back
        ("Australia/Lord_Howe", "2027-04-03T10:30+00:00", "2027-04-03T21:30+00:00"),
        ("UTC", "2027-01-12T20:59+00:00", "2027-01-12T20:59+00:00"),
    ],
)
def test_a_mail_that_can_wait_waits_for_the_morning_of_its_reader(zone, now, then):
    found = by_day(dt.datetime.fromisoformat(now), ZoneInfo(zone))
    assert found == dt.datetime.fromisoformat(then)

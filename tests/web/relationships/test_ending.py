"""The good end: by either side, in one page, kindly, and with nobody else touched."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.people import services as people
from introducer_web.people.models import Block
from introducer_web.relationships import services
from introducer_web.relationships.models import Farewell, Introduction, Onward, Relationship, Thanks
from introducer_web.relationships.services.publish import send_introductions
from introducer_web.site.subject import erase_person, export_person
from introducer_web.tenants.models import User

DAY = dt.timedelta(days=1)


@pytest.fixture
def together(town):
    town.two, town.others = services.record_existing(
        cohort=town.cohort, by=town.ada, now=town.now,
        pairs=[(town.cleo_asks, town.ben_mentors), (town.cai_asks, town.ben_mentors)],
    )  # fmt: skip
    return town


@pytest.fixture
def introduced(town):
    town.two = Relationship.objects.create(
        society=town.society, cohort=town.cohort, mentee=town.cleo_asks, mentor=town.ben_mentors, began_at=town.now
    )
    send_introductions(town.two, now=town.now)
    return town


def end(town, person, **more):
    return services.end(relationship=town.two, person=person, by=person.user, now=town.now, **more)


def mails(kind):
    return {row.to: row.content for row in Message.objects.filter(kind=kind, state="queued")}


def page(town, who, name):
    person = town.ben_mentors if who == town.ben else town.cleo_asks
    return reverse(name, args=["ir", person.code, town.two.code])


def test_either_side_ends_it_the_seat_is_free_and_nobody_else_is_touched(together):
    services.request_swap(relationship=together.two, by=together.cleo, now=together.now)
    end(together, together.ben_mentors)
    together.two.refresh_from_db()
    together.others.refresh_from_db()
    assert (together.two.state, together.two.seat, together.two.ended_at) == ("ended", None, together.now)
    assert (together.others.state, together.others.seat, together.others.version) == ("active", 2, 1)
    assert not together.two.swap_requests.filter(settled_at=None).exists()


def test_the_other_side_is_told_kindly_and_nobody_can_tell_from_the_list_of_mails_who_ended_it(together):
    end(together, together.cleo_asks, reason="fit", thanks="For the call in March.")
    told = mails("relationship_ended")
    assert set(told) == {together.cleo.email, together.ben.email}
    text = json.dumps(told)
    assert "March" not in text
    assert "right fit" not in text
    assert "a thank-you from Cleo Marsh" in told[together.ben.email]["text"]
    assert "two days" in told[together.cleo.email]["text"]
    entry = Entry.objects.get(act="relationships.end")
    assert (entry.by, "fit" in entry.words) == ("", False)


def test_a_reason_is_for_whoever_gave_it_alone(together, sign_in):
    end(together, together.cleo_asks, reason="time")
    why = "too little time"
    assert why in sign_in(together.cleo).get(page(together, together.cleo, "relationship_after")).content.decode()
    assert why not in sign_in(together.ben).get(page(together, together.ben, "relationship_after")).content.decode()
    listed = reverse("relationship_list", args=["ir", together.cohort.code])
    assert why not in sign_in(together.ada).get(listed).content.decode()
    assert b"time" not in bytes(Farewell.objects.get().sealed)


def test_the_whole_end_on_one_page(together, sign_in):
    path = page(together, together.cleo, "relationship_end")
    shown = sign_in(together.cleo).get(path).content.decode()
    assert "What do you take with you" in shown
    answer = sign_in(together.cleo).post(path, {"reason": "finished", "thanks": "Thank you, Ben.", "glad": "yes"})
    assert answer.status_code == 302
    after = sign_in(together.ben).get(page(together, together.ben, "relationship_after")).content.decode()
    assert "Thank you, Ben." in after
    assert together.cleo.email not in after
    talks = sign_in(together.ben).get(page(together, together.ben, "conversation_list"))
    assert talks.status_code == 200
    assert "thanked you" in talks.content.decode()


def test_a_name_is_never_read_as_markup(together, sign_in):
    cast.edit(together.ben, name="<b>Ben</b>")
    assert "<b>Ben</b>" not in sign_in(together.cleo).get(
        page(together, together.cleo, "relationship_end")).content.decode()  # fmt: skip


def test_words_of_the_program_stand_on_the_page_and_in_the_mail(together, sign_in):
    path = reverse("program_endings", args=["ir", together.program.code])
    seen = sign_in(together.ada).get(path).context["seen"]
    said = {"ending_words": "Every end here is a good one.", "letters": "on", "seen": seen}
    assert sign_in(together.ada).post(path, said).status_code == 302
    assert "a good one" in sign_in(together.cleo).get(
        page(together, together.cleo, "relationship_end")).content.decode()  # fmt: skip
    together.two.refresh_from_db()
    end(together, together.cleo_asks)
    assert "a good one" in mails("relationship_ended")[together.ben.email]["text"]


def test_two_who_end_it_at_once_end_it_once(together):
    end(together, together.cleo_asks)
    with pytest.raises(services.AlreadyEnded):
        end(together, together.ben_mentors)
    assert Farewell.objects.count() == 1


def test_the_second_tab_finds_that_it_is_over(together, sign_in):
    path = page(together, together.cleo, "relationship_end")
    end(together, together.ben_mentors)
    assert sign_in(together.cleo).post(path, {}).status_code == 302
    assert Farewell.objects.get().person == together.ben_mentors


def test_an_end_is_taken_back_within_two_days_and_nobody_was_told(together):
    end(together, together.cleo_asks, reason="time")
    services.undo_end(
        relationship=together.two, person=together.cleo_asks, by=together.cleo, now=together.now + 1.9 * DAY
    )
    together.two.refresh_from_db()
    assert (together.two.state, together.two.seat, together.two.ended_at) == ("active", 1, None)
    assert not Farewell.objects.exists()
    assert mails("relationship_ended") == {}
    assert mails("relationship_resumed") == {}


def test_who_was_told_of_the_end_is_told_that_it_goes_on(together):
    end(together, together.cleo_asks)
    Message.objects.filter(kind="relationship_ended").update(state="sent")
    services.undo_end(relationship=together.two, person=together.cleo_asks, by=together.cleo, now=together.now)
    assert set(mails("relationship_resumed")) == {together.cleo.email, together.ben.email}


@pytest.mark.parametrize("late", ["two days", "the other side", "no seat", "left", "together anew"])
def test_an_end_stands_when_it_is_too_late(together, late):
    end(together, together.cleo_asks)
    person, now = together.cleo_asks, together.now
    if late == "two days":
        now += 2 * DAY
    elif late == "the other side":
        person = together.ben_mentors
    elif late == "no seat":
        cast.edit(together.ben_mentors, capacity=1)
    elif late == "left":
        cast.edit(together.ben_mentors, state="withdrawn")
    else:
        services.record_existing(
            cohort=together.cohort, pairs=[(together.cleo_asks, together.ben_mentors)], by=together.ada, now=now
        )
    with pytest.raises(services.TooLateToUndo):
        services.undo_end(relationship=together.two, person=person, by=person.user, now=now)


def test_addresses_stay_only_when_both_are_glad(together, sign_in):
    end(together, together.cleo_asks, glad=True)
    path = page(together, together.cleo, "relationship_after")
    assert together.ben.email not in sign_in(together.cleo).get(path).content.decode()
    sign_in(together.ben).post(page(together, together.ben, "relationship_after"), {"glad": "yes"})
    assert together.ben.email in sign_in(together.cleo).get(path).content.decode()
    assert set(mails("in_touch")) == {together.cleo.email, together.ben.email}
    assert not Message.objects.filter(kind="in_touch").exclude(about="").exists(), "no coordinator sees that they do"
    sign_in(together.ben).post(page(together, together.ben, "relationship_after"), {"glad": "no"})
    assert together.ben.email not in sign_in(together.cleo).get(path).content.decode()


def test_who_lives_it_needs_not_say_whether_they_stay_in_touch(together):
    with pytest.raises(services.NotOver):
        services.say_glad(relationship=together.two, person=together.cleo_asks, glad=True, now=together.now)


def test_an_introduction_that_waits_is_withdrawn_and_who_said_yes_is_told(introduced):
    yes = introduced.two.introductions.get(side="mentor")
    services.answer_introduction(introduction=yes, answer="accepted", now=introduced.now)
    end(introduced, introduced.cleo_asks)
    introduced.two.refresh_from_db()
    assert introduced.two.state == "declined"
    assert set(mails("introduction_over")) == {introduced.ben.email}
    assert Introduction.objects.get(side="mentee").answer == "declined"


def test_ones_own_yes_is_withdrawn_from_the_home_also_after_the_link_expired(introduced, sign_in):
    yes = introduced.two.introductions.get(side="mentor")
    services.answer_introduction(introduction=yes, answer="accepted", now=introduced.now)
    Introduction.objects.update(expires_at=introduced.now - DAY)
    path = page(introduced, introduced.ben, "relationship_end")
    home = reverse("participant_home", args=["ir", introduced.ben_mentors.code])
    assert path in sign_in(introduced.ben).get(home).content.decode()
    assert sign_in(introduced.ben).get(path).status_code == 200
    assert sign_in(introduced.ben).post(path).url == home
    introduced.two.refresh_from_db()
    assert introduced.two.state == "declined"
    assert mails("introduction_over") == {}, "the mentee had not answered"
    assert sign_in(introduced.ben).get(path).status_code == 404


def test_both_find_it_again_from_their_home(together, sign_in):
    end(together, together.ben_mentors)
    for who, person in ((together.cleo, together.cleo_asks), (together.ben, together.ben_mentors)):
        home = sign_in(who).get(reverse("participant_home", args=["ir", person.code])).content.decode()
        earlier = reverse("earlier_list", args=["ir", person.code])
        assert earlier in home
        assert page(together, who, "conversation_list") in sign_in(who).get(earlier).content.decode()


def test_a_thank_you_at_any_time_is_kept_for_the_other_and_mailed_without_its_words(together, sign_in):
    path = page(together, together.cleo, "thanks_write")
    assert sign_in(together.cleo).post(path, {"thanks": "For reading my contract."}).status_code == 302
    assert sign_in(together.cleo).post(path, {"thanks": "For reading my contract twice."}).status_code == 302
    assert Thanks.objects.count() == 1, "one a day"
    assert "contract" not in json.dumps(mails("thanked"))
    received = reverse("thanks_list", args=["ir", together.ben_mentors.code])
    assert "contract twice" in sign_in(together.ben).get(received).content.decode()
    assert b"contract" not in bytes(Thanks.objects.get().sealed)
    assert sign_in(together.cleo).post(path, {"thanks": "  "}).status_code == 422
    back = reverse("thanks_back", args=["ir", together.cleo_asks.code, together.two.code, Thanks.objects.get().code])
    sign_in(together.cleo).post(back)
    assert "contract" not in sign_in(together.ben).get(received).content.decode()
    assert mails("thanked") == {}


def test_thanks_are_said_for_three_months_after_the_end(together):
    end(together, together.cleo_asks)
    given = {"relationship": together.two, "person": together.ben_mentors, "text": "Thank you."}
    services.write_thanks(**given, now=together.now + 89 * DAY)
    with pytest.raises(services.NoThanks):
        services.write_thanks(**given, now=together.now + 90 * DAY)


def test_a_mentor_learns_what_became_of_a_mentee_who_lets_them_know_until_that_is_taken_back(together, sign_in):
    became = reverse("became_list", args=["ir", together.ben_mentors.code])
    assert "Cleo" not in sign_in(together.ben).get(became).content.decode(), "off by default"
    end(together, together.cleo_asks)
    path = page(together, together.cleo, "relationship_onward")
    sign_in(together.cleo).post(path, {"line": "I begin in Duluth in July.", "stage": "attending_early"})
    assert "Duluth" in sign_in(together.ben).get(became).content.decode()
    assert "Duluth" in sign_in(together.ben).get(page(together, together.ben, "conversation_list")).content.decode()
    assert "Duluth" not in json.dumps(mails("onward"))
    listed = reverse("relationship_list", args=["ir", together.cohort.code])
    assert "Duluth" not in sign_in(together.ada).get(listed).content.decode()
    assert sign_in(together.ben).get(page(together, together.ben, "relationship_onward")).status_code == 404
    sign_in(together.cleo).post(path, {"stop": "yes"})
    assert "Cleo" not in sign_in(together.ben).get(became).content.decode()
    assert not Onward.objects.exists()


def test_a_copy_has_ones_own_words_and_none_of_the_other_side(together):
    end(together, together.cleo_asks, reason="needs", thanks="Cleo says thanks.")
    services.write_thanks(relationship=together.two, person=together.ben_mentors, text="Ben says it.", now=together.now)

    def told(user):
        with zipfile.ZipFile(io.BytesIO(export_person(user, together.now))) as archive:
            return " ".join(archive.read(name).decode() for name in archive.namelist())

    assert "Cleo says thanks." in told(together.cleo)
    assert "needs" in told(together.cleo)
    assert "Ben says it." not in told(together.cleo)
    assert "Cleo says thanks." not in told(together.ben)


def test_who_is_forgotten_leaves_nothing_of_an_end(together):
    end(together, together.cleo_asks, reason="needs", thanks="Thanks.")
    services.let_know(relationship=together.two, line="Onward.", now=together.now)
    erase_person(together.cleo, now=together.now)
    assert not Farewell.objects.exists()
    assert not Thanks.objects.exists()
    assert not Onward.objects.exists()
    assert Relationship.objects.get() == together.others


def test_each_page_asks_as_often_for_many_as_for_few(town, sign_in):
    names = ("earlier_list", "thanks_list", "became_list", "away_list", "participant_home")
    client, asked = sign_in(town.ben), []
    for n in (3, 12):
        mentees = [
            cast.participant(town, User.objects.create_user(f"m{n}-{k}@example.org", name=f"M {k}"), "mentee")
            for k in range(n)
        ]
        pairs = [(each, town.ben_mentors) for each in mentees]
        for row in services.record_existing(cohort=town.cohort, pairs=pairs, by=town.ada, now=town.now):
            services.end(relationship=row, person=row.mentee, by=row.mentee.user, now=town.now, thanks="Thanks.")
            services.let_know(relationship=row, line="On.", now=town.now)
            people.block(society=town.society, by=town.ben, other=row.mentee.user, now=town.now)
        people.lift_block(block=Block.objects.order_by("pk").first())
        found = []
        for name in names:
            path = reverse(name, args=["ir", town.ben_mentors.code])
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        asked.append(found)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 15, dict(zip(names, asked[0], strict=True))


def test_mails_of_an_end_leave_with_a_subject_that_tells_no_reason(together):
    end(together, together.cleo_asks, reason="fit")
    mail.send_due(together.now)
    assert {row.content["subject"] for row in Message.objects.filter(kind="relationship_ended")} == {
        "Your mentoring with Ben Castellanos has ended", "Your mentoring with Cleo Marsh has ended",
    }  # fmt: skip

"""What needs a coordinator now: all that does, nothing that does not, and one thing to do for each."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as mailbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from introducer_web.care import services
from introducer_web.care.models import Reminder
from introducer_web.care.now import sections_of
from introducer_web.care.overview import doors_of
from introducer_web.conversations import services as conversations
from introducer_web.finding import services as finding
from introducer_web.goals import services as goals
from introducer_web.mail.services import queue, send_due
from introducer_web.matching import services as matching
from introducer_web.people import services as people
from introducer_web.people.models import Need, Participant
from introducer_web.plans.models import Plan
from introducer_web.programs.models import Domain
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.tenants.models import User

DAY = dt.timedelta(days=1)


def after(days):
    return cast.NOON + dt.timedelta(hours=3) + days * DAY


def rows(town, now):
    """Return what stands there: by kind, who, what is said, and the label of what to do."""
    return {
        section.key: [(row.who, row.says, row.act.label) for row in section.rows]
        for section in sections_of(town.society, town.cohort, now, services.rungs_of(town.cohort))
    }


@pytest.fixture
def published(town):
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    relationships.publish(run=run, by=town.ada, now=town.now)
    town.run = run
    town.two = Relationship.objects.get(mentee=town.cleo_asks, mentor=town.ben_mentors)
    Relationship.objects.exclude(pk=town.two.pk).exclude(mentee=town.cai_asks).delete()
    return town


def answer(town, side, said, now):
    found = Introduction.objects.get(relationship=town.two, side=side)
    return relationships.answer_introduction(introduction=found, answer=said, now=now)


def agree(town, now):
    answer(town, "mentee", "accepted", now)
    answer(town, "mentor", "accepted", now)


def test_before_anything_is_introduced_nothing_needs_anybody(town):
    assert rows(town, town.now) == {}


def test_who_has_not_answered_is_there_after_a_week_and_not_before(published):
    assert "unanswered" not in rows(published, after(6))
    answer(published, "mentee", "accepted", after(1))
    found = rows(published, after(9))["unanswered"]
    assert ("Cleo Marsh and Ben Castellanos", "Ben Castellanos: no answer for 9 days.", "Write again") in found
    services.write_again(relationship=published.two, by=published.ada, now=after(9))
    assert found[0][2] == "Write again"
    assert {row[2] for row in rows(published, after(10))["unanswered"] if "Cleo" in row[0]} == {
        "Withdraw the introduction"
    }  # fmt: skip


def test_who_asked_a_mentor_and_who_asks_for_a_fresh_look_are_there(town):
    """What is held for a confidential reason stands there as what nobody answered does."""
    finding.ask(mentee=town.cleo_asks, mentor=town.ben_mentors, message="May I?", by=town.cleo, now=after(0))
    people.record_conflict(society=town.society, user_a=town.ben, user_b=town.cai, source="evaluator", words="",
                           by=town.ada, now=town.now)  # fmt: skip
    finding.ask(mentee=town.cai_asks, mentor=town.ben_mentors, message="May I?", by=town.cai, now=after(0))
    assert "requests" not in rows(town, after(6))
    assert rows(town, after(8))["requests"] == [
        ("Cleo Marsh", "asked Ben Castellanos 8 days ago.", "See who offers what"),
        ("Cai Lindqvist", "asked Ben Castellanos 8 days ago.", "See who offers what"),
    ]
    goals.ask_for_fresh_look(mentee=town.cleo_asks, instead_of=(), by=town.cleo, now=after(8))
    assert [row[0] for row in rows(town, after(8))["looks"]] == ["Cleo Marsh"]


def test_two_of_whom_nobody_would_get_a_mail_are_not_written_to_again(published):
    agree(published, after(1))
    assert rows(published, after(30))["not_met"][0][2] == "Write again"
    for person in (published.cleo_asks, published.ben_mentors):
        cast.edit(person, wants_digest=False)
    assert rows(published, after(30))["not_met"][0][2] == "Ask Cleo Marsh yourself"


def test_the_list_of_cohorts_counts_as_the_page_does(published):
    """Also where the mentee is the one who is away, and where somebody asked first."""

    def counted(now):
        return doors_of(cohorts=[published.cohort], now=now)[published.cohort.pk].says

    assert "not answered" in counted(after(9))
    answer(published, "mentor", "accepted", after(1))
    for mentee in (published.cleo_asks, published.cai_asks):
        cast.edit(mentee, paused_until=after(40).date())
    assert len(rows(published, after(9)).get("unanswered", [])) == counted(after(9)).count("not answered")


def test_planted_troubles_are_all_there_and_what_goes_well_is_not(published):
    agree(published, after(1))
    assert "not_met" not in rows(published, after(20))
    assert rows(published, after(23))["not_met"] == [
        ("Cleo Marsh and Ben Castellanos", "both agreed 22 days ago; no conversation is noted.", "Write again")
    ]
    conversations.log_conversation(
        relationship=published.two, person=published.cleo_asks, on=after(24).date(), by=published.cleo, now=after(24)
    )
    found = rows(published, after(60))
    assert {"not_met", "quiet"} & found.keys() == set()
    assert [row[1] for row in rows(published, after(70))["quiet"]] == ["last talked 46 days ago."]


def test_days_are_those_of_the_ladder(published):
    agree(published, after(1))
    services.set_rungs(cohort=published.cohort, said={"first_meeting": (True, 40)}, by=published.ada, now=published.now)
    assert "not_met" not in rows(published, after(30))
    assert "not_met" in rows(published, after(42))


def test_who_asked_for_somebody_else_stands_there_once(published):
    agree(published, after(1))
    relationships.request_swap(relationship=published.two, by=published.cleo, now=after(3))
    found = rows(published, after(60))
    assert found["swaps"] == [("Cleo Marsh", "would like another mentor instead of Ben Castellanos.", "Settle it")]
    assert {"quiet", "not_met"} & found.keys() == set()


def test_what_ended_without_anybody_new_asks_for_a_mentor_and_later_it_is_history(published):
    answer(published, "mentor", "declined", after(2))
    assert rows(published, after(3))["ended"] == [
        ("Cleo Marsh", "the introduction of Ben Castellanos did not begin.", "Look for a mentor")
    ]
    assert "ended" not in rows(published, after(70))
    relationships.record_existing(
        cohort=published.cohort, pairs=[(published.cleo_asks, published.bea_mentors)], by=published.ada, now=after(4)
    )
    assert "ended" not in rows(published, after(5))


def test_a_closed_introduction_and_a_mentor_who_is_away_are_told(published):
    people.pause(participant=published.ben_mentors, until=after(20).date(), by=published.ben, now=after(1))
    away = rows(published, after(9))["away"]
    assert ("Cleo Marsh and Ben Castellanos", "Ben Castellanos is away until Feb. 1, 2027; the days do not count.",
            "Look for a mentor") in away  # fmt: skip
    relationships.expire(relationship=published.two, now=after(30))
    found = rows(published, after(31))
    assert found["expired"] == [
        ("Cleo Marsh", "the introduction of Ben Castellanos was closed without an answer.", "Look for a mentor")
    ]
    assert "Cleo Marsh" not in [row[0] for row in found.get("uncovered", [])], "one row for one trouble"


def test_a_mentor_with_more_mentees_than_seats_is_named(published):
    agree(published, after(1))
    cast.edit(published.ben_mentors, capacity=0)
    assert rows(published, after(2))["crowded"] == [
        ("Ben Castellanos", "1 mentee over all programs; seats: 0.", "Ask, and set the seats")
    ]


def test_open_needs_that_nobody_covers_are_named_and_private_or_sensitive_ones_never(published):
    sensitive = Domain.objects.create(
        society=published.society, program=published.program, key="hush", name="Hush", sensitive=True
    )
    Need.objects.create(society=published.society, participant=published.cleo_asks, domain=sensitive, level=3)
    found = dict(row[:2] for row in rows(published, after(1))["uncovered"])
    assert "Research" in found["Cleo Marsh"]
    assert "Contracts" not in found["Cleo Marsh"]
    assert "Hush" not in str(found)
    Relationship.objects.filter(mentee=published.cai_asks).delete()
    assert dict(row[:2] for row in rows(published, after(1))["uncovered"])["Cai Lindqvist"] == "has nobody yet."
    Participant.objects.filter(pk=published.cai_asks.pk).update(state="withdrawn")
    assert "Cai" not in str(rows(published, after(1)))


def test_in_a_closed_cohort_nobody_is_looked_for(published):
    assert "uncovered" in rows(published, after(9))
    cast.edit(published.cohort, is_closed=True)
    assert rows(published, after(9)).keys() == {"unanswered"}


def test_a_mail_that_could_not_be_sent_is_there_with_a_button(published, client, monkeypatch):
    send_due(published.now)

    def refuse(*_given):
        raise smtplib.SMTPRecipientsRefused({"cleo@example.org": (550, b"no such mailbox")})

    monkeypatch.setattr(mailbox.backends.locmem.EmailBackend, "send_messages", refuse)
    queue(to="cleo@example.org", kind="recalled", key="k", language="en", now=published.now, society=published.society,
          about=published.cohort.code,
          context={"society": published.society, "person": published.cleo, "other": published.ben})  # fmt: skip
    send_due(published.now)
    assert rows(published, published.now)["mails"] == [
        ("cleo@example.org", "introduction withdrawn: refused (550).", "Try again")
    ]
    cast.enter(client, published.ada)
    page = client.get(reverse("care_now", args=["ir", published.cohort.code])).content.decode()
    assert page.count("/again/") == 1


def test_one_press_writes_again(published, client):
    Introduction.objects.update(sent_at=after(-400), expires_at=after(9000))
    Relationship.objects.update(began_at=after(-400))
    cast.enter(client, published.ada)
    now = reverse("care_now", args=["ir", published.cohort.code])
    press = reverse("care_write", args=["ir", published.cohort.code, published.two.code])
    page = client.get(now).content.decode()
    assert press in page
    assert "No reminders go out for this cohort yet" in page
    assert "leaves by day, where they are" in client.post(press, follow=True).content.decode()
    assert Reminder.objects.filter(by_hand=True).count() == 2
    assert press not in client.get(now).content.decode()
    assert "within the last week" in client.post(press, follow=True).content.decode()


def test_long_lists_are_cut_and_the_rest_is_behind_a_link(published, client):
    for number in range(70):
        queue(to=f"p{number}@example.org", kind="recalled", key=f"k{number}", language="en", now=published.now,
              society=published.society, about=published.cohort.code,
              context={"society": published.society, "person": published.cleo, "other": published.ben}
              ).__class__.objects.filter(key=f"k{number}").update(state="failed")  # fmt: skip
    cast.enter(client, published.ada)
    address = reverse("care_now", args=["ir", published.cohort.code])
    page = client.get(address).content.decode()
    assert "and 65 more" in page
    assert page.count("/again/") == 5
    page = client.get(address, {"kind": "mails"}).content.decode()
    assert page.count("/again/") == 60
    assert "Page 1 of 2, 70 in all" in page


def test_another_coordinator_and_a_mentor_find_nothing(published, client):
    address = reverse("care_now", args=["ir", published.cohort.code])
    for user in (published.dov, published.ben, published.rae):
        cast.enter(client, user)
        assert client.get(address).status_code == 404


def test_the_page_of_all_cohorts_says_how_much_waits(published, client):
    agree(published, after(1))
    Relationship.objects.filter(pk=published.two.pk).update(last_contact_on="2020-01-01")
    Relationship.objects.exclude(pk=published.two.pk).delete()
    cast.enter(client, published.ada)
    page = client.get(reverse("society_home", args=["ir"])).content.decode()
    assert reverse("care_now", args=["ir", published.cohort.code]) in page
    assert "1 quiet" in page
    relationships.request_swap(relationship=published.two, by=published.cleo, now=after(3))
    page = client.get(reverse("society_home", args=["ir"])).content.decode()
    assert "1 asks for somebody else" in page
    assert "1 quiet" not in page


def test_who_has_agreed_on_a_time_needs_nobody(published):
    agree(published, after(1))
    assert "not_met" in rows(published, after(30))
    Plan.objects.create(
        society=published.society, relationship=published.two, starts_at=after(33), zone="America/Chicago", minutes=30,
        agreed_at=after(2), changed_at=after(2),
    )  # fmt: skip
    assert "not_met" not in rows(published, after(30))
    assert "not_met" in rows(published, after(35))


@pytest.mark.parametrize("name", ["care_now", "care_ladder", "society_home"])
def test_a_page_asks_little(published, client, name):
    services.set_rungs(cohort=published.cohort, said={"quiet": (True, 40)}, by=published.ada, now=published.now)
    mona = cast.participant(published, User.objects.create_user("mona@example.org", name="Mona Reyes"), "mentee")
    relationships.record_existing(
        cohort=published.cohort, pairs=[(mona, published.ben_mentors)], by=published.ada, now=after(-400)
    )
    Introduction.objects.update(sent_at=after(-400))
    cast.enter(client, published.ada)
    address = reverse(name, args=["ir"] if name == "society_home" else ["ir", published.cohort.code])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    queries = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]  # of the test's own transaction
    assert len(queries) <= 15, "\n".join(queries)

"""Reminders: approved once, each thing once, by day, and quiet for whoever asks for it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as mailbox
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.care import services
from introducer_web.care.kinds import KINDS
from introducer_web.care.models import Hold, Ladder, Reminder, Silence
from introducer_web.conversations import services as conversations
from introducer_web.feedback import services as feedback
from introducer_web.finding import services as finding
from introducer_web.lib.nights import by_day
from introducer_web.mail.models import Message
from introducer_web.mail.services import send_due
from introducer_web.matching import services as matching
from introducer_web.people import services as people
from introducer_web.people.models import Participant
from introducer_web.plans.models import Plan
from introducer_web.programs.models import Cohort
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.relationships.views_messages import KINDS as NAMES
from introducer_web.site.subject import erase_person
from introducer_web.tenants.models import User

DAY = dt.timedelta(days=1)


def after(days):
    """Return nine in the morning in Chicago, where they all are, so many days on; the fifth is a Sunday."""
    return cast.NOON + dt.timedelta(hours=3) + days * DAY


def approved(town, now=cast.NOON, **rungs):
    """Approve the ladder; nobody is asked how it goes unless a test is about that."""
    said = {"feedback": (False, 7)} | rungs
    services.set_rungs(cohort=town.cohort, said=said, by=town.ada, now=now)
    seen = services.seen_of(services.rungs_of(town.cohort))
    return services.approve(cohort=town.cohort, seen=seen, by=town.ada, now=now)


def work(now):
    """Let the worker do what there is at a moment; returns the new mails as kind and first name."""
    while services.remind_due(now):
        pass
    before = len(mailbox.outbox)
    send_due(now)
    return sorted((message.subject, message.to[0].partition("@")[0]) for message in mailbox.outbox[before:])


@pytest.fixture
def introduced(town):
    """Cleo and Ben are introduced, and nobody else."""
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    tie = next(tie for tie in relationships.preview(run, town.now).ties
               if (tie.mentee, tie.mentor) == (town.cleo_asks, town.ben_mentors))  # fmt: skip
    relationships.publish(run=run, by=town.ada, now=town.now, only={tie.code})
    town.two = Relationship.objects.get()
    send_due(town.now)
    return town


@pytest.fixture
def together(town):
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def answer(town, side, said, now):
    found = Introduction.objects.get(relationship=town.two, side=side)
    return relationships.answer_introduction(introduction=found, answer=said, now=now)


UNANSWERED = [("Ben Castellanos waits for your answer", "cleo"), ("Cleo Marsh waits for your answer", "ben")]
CLOSED = [
    ("The introduction of Ben Castellanos is closed", "cleo"),
    ("The introduction of Cleo Marsh is closed", "ben"),
]
NOT_MET = [("A first conversation with Ben Castellanos", "cleo"), ("A first conversation with Cleo Marsh", "ben")]


def test_nothing_leaves_before_a_coordinator_has_approved_it(introduced):
    assert work(after(8)) == []
    approved(introduced, after(8))
    assert work(after(8)) == UNANSWERED


def test_an_introduction_is_reminded_of_once_then_closed_and_both_are_told(introduced):
    approved(introduced)
    answer(introduced, "mentee", "accepted", after(1))
    assert work(after(6)) == []
    assert work(after(7)) == [UNANSWERED[1]]
    assert [work(after(days)) for days in (7.1, 8, 9, 13)] == [[], [], [], []]
    assert work(after(14)) == CLOSED
    introduced.two.refresh_from_db()
    assert (introduced.two.state, introduced.two.seat) == ("expired", None)
    assert relationships.known_of(introduced.cohort).existing == frozenset()
    texts = {message.to[0]: message.body for message in mailbox.outbox[-2:]}
    assert "Ben Castellanos has not answered in the time" in texts["cleo@example.org"]
    assert "Nothing is held against anybody" in texts["ben@example.org"]
    assert work(after(40)) == []
    assert Entry.objects.filter(act="relationships.expire").count() == 1


def test_the_link_of_a_closed_introduction_is_over(introduced, client):
    approved(introduced)
    work(after(8))
    work(after(15))
    token = Introduction.objects.get(side="mentor").words["token"]
    assert "This introduction is over" in client.get(reverse("answer", args=[token])).content.decode()


def test_who_was_never_reminded_is_reminded_before_an_introduction_is_closed(introduced):
    """A ladder that is approved late closes nothing on the spot, and the link works again as long as it stays open."""
    approved(introduced, after(41))
    assert work(after(41)) == UNANSWERED
    assert work(after(46)) == []
    answer(introduced, "mentor", "accepted", after(46))
    assert work(after(48)) == CLOSED


def test_no_first_conversation_and_a_long_quiet_are_said_once_each(together):
    approved(together)
    assert work(after(20)) == []
    assert work(after(21)) == NOT_MET
    assert work(after(30)) == []
    talked = after(31)
    conversations.log_conversation(
        relationship=together.two, person=together.cleo_asks, on=talked.date(), by=together.cleo, now=talked
    )
    assert work(after(75)) == []
    assert sorted(name for _said, name in work(after(77))) == ["ben", "cleo"]
    assert work(after(120)) == []
    conversations.log_conversation(
        relationship=together.two, person=together.cleo_asks, on=after(120).date(), by=together.cleo, now=after(120)
    )
    assert len(work(after(167))) == 2, "another time that it became quiet is another thing"


def planned(town, at):
    return Plan.objects.create(
        society=town.society, relationship=town.two, starts_at=at, zone="America/Chicago", minutes=30,
        agreed_at=town.now, changed_at=town.now,
    )  # fmt: skip


def test_who_has_agreed_on_a_time_is_not_reminded_unless_nothing_came_of_it(together):
    approved(together)
    planned(together, after(25))
    assert [work(after(days)) for days in (21, 23, 25)] == [[], [], []]
    assert work(after(27)) == NOT_MET


def test_a_time_that_is_agreed_on_in_the_night_holds_the_reminder_back(together):
    night = cast.NOON.replace(hour=6) + 22 * DAY
    approved(together)
    work(night)
    assert Reminder.objects.count() == 2
    plan = planned(together, after(25))
    assert [work(after(days)) for days in (22, 24, 25)] == [[], [], []]
    cast.edit(plan, state="missed")
    assert work(after(27)) == NOT_MET


def test_whoever_left_a_form_is_reminded_twice_and_never_again(town):
    approved(town)
    Participant.objects.filter(pk=town.cai_asks.pk).update(state="draft", finished_at=None)
    said = [len(work(after(days))) for days in (2, 3, 5, 9, 10, 11, 30, 200)]
    assert said == [0, 1, 0, 0, 1, 0, 0, 0]
    assert {message.to[0] for message in mailbox.outbox} == {"cai@example.org"}


def test_a_rung_that_is_off_sends_nothing_and_days_are_as_they_were_set(together):
    approved(together, first_meeting=(False, 21), quiet=(True, 30))
    assert work(after(25)) == []
    services.set_rungs(cohort=together.cohort, said={"first_meeting": (True, 30)}, by=together.ada, now=after(25))
    assert work(after(29)) == []
    assert work(after(30)) == NOT_MET


@pytest.mark.parametrize(("key", "days"), [("quiet", 3), ("quiet", 500), ("unanswered", 0), ("away", 1)])
def test_days_that_make_no_sense_are_refused(town, key, days):
    with pytest.raises(services.OutOfRange, match="between"):
        services.set_rungs(cohort=town.cohort, said={key: (True, days)}, by=town.ada, now=town.now)
    assert not Ladder.objects.exists()


def test_what_is_approved_is_what_was_seen(town):
    services.set_rungs(cohort=town.cohort, said={"quiet": (False, 45)}, by=town.ada, now=town.now)
    with pytest.raises(services.LadderIsStale):
        services.approve(cohort=town.cohort, seen=services.seen_of([]), by=town.ada, now=town.now)
    assert Ladder.objects.get().approved_at is None


@pytest.mark.parametrize(
    ("zone", "now", "leaves"),
    [
        ("America/Chicago", "2027-01-12T03:00", "2027-01-12T14:00"),  # nine in the evening
        ("America/Chicago", "2027-01-12T02:59", "2027-01-12T02:59"),
        ("America/Chicago", "2027-01-12T13:59", "2027-01-12T14:00"),
        ("Australia/Lord_Howe", "2027-01-12T12:00", "2027-01-12T21:00"),
        ("Europe/London", "2027-01-16T21:30", "2027-01-18T08:00"),  # Saturday night: Monday morning
        ("Europe/London", "2027-01-17T12:00", "2027-01-18T08:00"),
        ("America/New_York", "2027-03-14T02:00", "2027-03-15T12:00"),  # clocks go forward in that night
        ("America/New_York", "2027-03-13T04:00", "2027-03-13T13:00"),
    ],
)  # fmt: skip
def test_nobody_is_written_to_at_night_or_on_a_sunday(zone, now, leaves):
    moments = [dt.datetime.fromisoformat(each).replace(tzinfo=dt.UTC) for each in (now, leaves)]
    assert by_day(moments[0], ZoneInfo(zone), sundays=False) == moments[1]


def test_a_reminder_that_is_due_at_night_waits_for_the_morning(introduced):
    night = cast.NOON.replace(hour=6) + 8 * DAY  # midnight in Chicago
    approved(introduced)
    assert work(night) == []
    assert Reminder.objects.count() == 2
    assert work(night + dt.timedelta(hours=7)) == []
    assert work(night + dt.timedelta(hours=8)) == UNANSWERED


def test_what_was_answered_in_the_night_is_not_reminded_of_in_the_morning(introduced):
    night = cast.NOON.replace(hour=6) + 8 * DAY
    approved(introduced)
    work(night)
    answer(introduced, "mentee", "accepted", night + dt.timedelta(hours=1))
    assert work(night + dt.timedelta(hours=9)) == [UNANSWERED[1]]
    assert sorted(Message.objects.filter(kind="reminder_unanswered").values_list("state", flat=True)) == [
        "dropped", "sent"
    ]  # fmt: skip


@pytest.mark.parametrize("gone", ["withdrawn", "recalled", "stopped"])
def test_what_is_no_longer_due_or_wanted_is_taken_back(introduced, gone):
    night = cast.NOON.replace(hour=6) + 8 * DAY
    approved(introduced)
    work(night)
    if gone == "withdrawn":
        people.withdraw(participant=introduced.ben_mentors, now=night)
    elif gone == "recalled":
        relationships.recall(relationship=introduced.two, by=introduced.ada, now=night)
    else:
        relationships.stop_digests(participant=introduced.ben_mentors)
    left = [said for said, _name in work(night + dt.timedelta(hours=9)) if "waits for your answer" in said]
    assert left == ([UNANSWERED[0][0]] if gone == "stopped" else [])


def test_a_ladder_that_is_stopped_holds_what_waits_and_nothing_is_lost(introduced):
    night = cast.NOON.replace(hour=6) + 8 * DAY
    approved(introduced)
    work(night)
    services.stop(cohort=introduced.cohort, by=introduced.ada, now=night)
    assert work(night + dt.timedelta(hours=9)) == []
    approved(introduced, night + 2 * DAY)
    assert work(night + dt.timedelta(days=3, hours=9)) == UNANSWERED


def test_nobody_gets_two_reminders_in_a_day_and_nobody_is_forgotten_for_it(together):
    approved(together)
    cast.edit(together.ben_mentors, capacity=9)
    more = [cast.participant(together, User.objects.create_user(f"m{n}@example.org", name=f"M{n}"), "mentee")
            for n in range(3)]  # fmt: skip
    relationships.record_existing(
        cohort=together.cohort, pairs=[(mentee, together.ben_mentors) for mentee in more], by=together.ada, now=after(0)
    )
    days = [sum(name == "ben" for _said, name in work(after(day))) for day in (21, 21.2, 22, 23, 24, 25, 26)]
    assert days == [1, 0, 1, 1, 1, 0, 0]


def test_who_asked_first_starts_the_days_again_and_both_are_reminded(introduced):
    approved(introduced)
    found = Introduction.objects.get(side="mentor")
    relationships.answer_introduction(introduction=found, answer="asked", question="When?", now=after(3))
    work(after(3))
    assert [work(after(days)) for days in (7, 9)] == [[], []]
    assert work(after(10)) == UNANSWERED
    assert work(after(16)) == []
    assert work(after(17)) == CLOSED


def test_a_cohort_that_is_closed_reminds_nobody_until_it_is_open_again(introduced):
    night = cast.NOON.replace(hour=6) + 8 * DAY
    approved(introduced)
    work(night)
    Cohort.objects.filter(pk=introduced.cohort.pk).update(is_closed=True)
    assert work(night + dt.timedelta(hours=9)) == []
    assert work(night + dt.timedelta(days=1, hours=9)) == []
    Cohort.objects.filter(pk=introduced.cohort.pk).update(is_closed=False)
    assert work(night + dt.timedelta(days=3, hours=9)) == UNANSWERED


def test_a_month_of_quiet_is_kept_and_then_it_is_said_if_it_is_still_so(together):
    approved(together)
    services.silence(person=together.ben_mentors, relationship=together.two, now=after(10))
    assert work(after(22)) == [NOT_MET[0]]
    assert work(after(39)) == []
    assert work(after(41)) == [NOT_MET[1]]


def test_who_is_paused_is_not_reminded_until_the_day(together):
    approved(together)
    people.pause(participant=together.ben_mentors, until=after(50).date(), by=together.ben, now=after(1))
    assert work(after(22)) == [NOT_MET[0]]
    assert work(after(51)) == [NOT_MET[1]]


def test_days_of_a_pause_do_not_count_and_the_mentee_is_told_once(introduced):
    approved(introduced)
    answer(introduced, "mentee", "accepted", after(1))
    people.pause(participant=introduced.ben_mentors, until=after(30).date(), by=introduced.ben, now=after(3))
    told = [("Ben Castellanos is away until Feb. 11, 2027", "cleo")]
    assert work(after(3)) == told
    assert [work(after(days)) for days in (4, 8, 15, 29)] == [[]] * 4
    assert work(after(30)) == []
    assert work(after(33)) == []
    assert work(after(34)) == [UNANSWERED[1]], "three days before the pause and four after it"
    assert Introduction.objects.get(side="mentor").expires_at > after(50)
    assert work(after(41)) == CLOSED
    assert Hold.objects.get().held == after(30) - after(3)


def test_a_mentor_who_said_yes_before_the_pause_is_no_news_for_the_mentee(introduced):
    approved(introduced)
    answer(introduced, "mentor", "accepted", after(1))
    people.pause(participant=introduced.ben_mentors, until=after(30).date(), by=introduced.ben, now=after(3))
    assert work(after(4)) == []
    assert work(after(7)) == [UNANSWERED[0]]


def test_a_digest_and_a_reminder_do_not_say_the_same_thing(introduced):
    relationships.send_digests(after(8))
    assert Message.objects.filter(kind="digest").count() == 2
    approved(introduced, after(9))
    relationships.send_digests(after(16))
    assert Message.objects.filter(kind="digest").count() == 2
    services.set_rungs(cohort=introduced.cohort, said={"unanswered": (False, 7)}, by=introduced.ada, now=after(16))
    relationships.send_digests(after(16))
    assert Message.objects.filter(kind="digest").count() == 4


ASKED = [("Cleo Marsh asked you, and waits", "ben")]


def ask(town, now):
    return finding.ask(mentee=town.cleo_asks, mentor=town.ben_mentors, message="May I?", by=town.cleo, now=now)


def test_a_request_that_waits_is_reminded_of_once_with_its_link(town, client):
    """Coordinators approve its text; whom it reaches stands nowhere for them, so that nothing can be told from that."""
    asked = ask(town, after(0))
    approved(town)
    send_due(after(0))
    assert not work(after(6))
    assert work(after(7)) == ASKED
    assert not work(after(9))
    assert f"/asked/{asked.words['token']}/" in mailbox.outbox[-1].body
    assert not Message.objects.filter(kind__in=("request_new", "reminder_request"), about=town.cohort.code).exists()
    cast.enter(client, town.ada)
    page = client.get(reverse("care_ladder", args=["ir", town.cohort.code])).content.decode()
    assert "asked you on" in page
    finding.answer_request(request=asked, answer="declined", now=after(8))


def test_a_request_that_was_answered_meanwhile_or_is_held_is_not_reminded_of(town):
    asked = ask(town, after(0))
    approved(town)
    send_due(after(0))
    while services.remind_due(after(7)):
        pass
    finding.answer_request(request=asked, answer="declined", now=after(7))
    assert ASKED[0] not in work(after(7))
    people.record_conflict(society=town.society, user_a=town.bea, user_b=town.cleo, source="evaluator", words="",
                           by=town.ada, now=town.now)  # fmt: skip
    held = finding.ask(mentee=town.cleo_asks, mentor=town.bea_mentors, message="May I?", by=town.cleo, now=after(7))
    assert held.is_held
    assert not [mail for mail in work(after(15)) if mail[1] == "bea"]


def test_days_of_a_pause_do_not_count_for_a_request(town):
    ask(town, after(0))
    approved(town)
    send_due(after(0))
    cast.edit(town.ben_mentors, paused_until=after(9).date())
    while finding.requests_due(after(1)):
        pass
    assert ASKED[0] not in work(after(8)) + work(after(11))
    assert ASKED[0] in work(after(17))


def test_one_press_in_a_reminder_is_enough_and_can_be_taken_back(introduced, client):
    approved(introduced)
    work(after(7))
    mail = next(each for each in mailbox.outbox if each.subject == "Cleo Marsh waits for your answer")
    path = "/quiet/" + mail.body.partition("/quiet/")[2].split()[0]
    assert "/stop/" in mail.extra_headers["List-Unsubscribe"]
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "None about Cleo Marsh for a month" in client.get(path).content.decode()
    assert not Silence.objects.exists(), "looking changes nothing"
    assert "Quiet for a month" in client.post(path, {"what": "month"}).content.decode()
    assert Silence.objects.get().person == introduced.ben_mentors
    client.post(path, {"what": "all"})
    introduced.ben_mentors.refresh_from_db()
    assert not introduced.ben_mentors.wants_digest
    client.post(path, {"what": "again"})
    introduced.ben_mentors.refresh_from_db()
    assert introduced.ben_mentors.wants_digest
    assert not Silence.objects.exists()
    assert client.get("/quiet/made-up/").status_code == 404


def test_a_reminder_names_no_need(introduced):
    approved(introduced)
    work(after(7))
    said = " ".join(mail.subject + mail.body + str(mail.alternatives) for mail in mailbox.outbox[-2:])
    assert "ontract" not in said
    assert "/a/" in said


def test_a_reminder_speaks_the_language_of_its_reader(introduced):
    approved(introduced)
    cast.edit(introduced.ben, language="es")
    assert ("Cleo Marsh espera su respuesta", "ben") in work(after(7))


def test_the_page_shows_each_text_and_whom_it_would_reach_and_approves_that(introduced, client):
    cast.enter(client, introduced.ada)
    Introduction.objects.update(sent_at=after(-400))
    address = reverse("care_ladder", args=["ir", introduced.cohort.code])
    page = client.get(address).content.decode()
    assert page.count("Its text") == len(KINDS)
    assert "Not approved: nothing leaves." in page
    assert "Today it would reach:</b> Ben Castellanos, Cleo Marsh" in page or "Cleo Marsh, Ben Castellanos" in page
    assert Introduction.objects.first().words["token"] not in page, "links are keys of whoever gets them"
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    text = client.post(address, {"what": "approve", "seen": seen}, follow=True).content.decode()
    assert "Approved on" in text
    assert Ladder.objects.get().approved_by == introduced.ada
    text = client.post(address, {"what": "stop"}, follow=True).content.decode()
    assert "Not approved: nothing leaves." in text


def test_what_is_wrong_on_the_page_stands_beside_the_field(town, client):
    cast.enter(client, town.ada)
    address = reverse("care_ladder", args=["ir", town.cohort.code])
    given = {f"days_{kind.key}": kind.days for kind in KINDS} | {"on_quiet": "on", "days_quiet": "900"}
    answered = client.post(address, given | {"what": "save"})
    assert answered.status_code == 422
    assert 'value="900"' in answered.content.decode()
    assert client.post(address, given | {"what": "save", "days_quiet": "60"}).status_code == 302
    rungs = {rung.kind: (rung.is_on, rung.days) for rung in Ladder.objects.get().rungs.all()}
    assert (rungs["quiet"], rungs["unfinished"]) == ((True, 60), (False, 3))


def test_a_coordinator_writes_again_once_a_week_and_nobody_who_wants_quiet(introduced):
    relationships.stop_digests(participant=introduced.ben_mentors)
    relationships.stop_digests(participant=introduced.cleo_asks)
    with pytest.raises(services.NobodyToWrite):
        services.write_again(relationship=introduced.two, by=introduced.ada, now=after(9))
    relationships.stop_digests(participant=introduced.ben_mentors, wanted=True)
    assert len(services.write_again(relationship=introduced.two, by=introduced.ada, now=after(9))) == 1
    assert work(after(9)) == [UNANSWERED[1]]
    with pytest.raises(services.WrittenAlready):
        services.write_again(relationship=introduced.two, by=introduced.ada, now=after(12))
    services.write_again(relationship=introduced.two, by=introduced.ada, now=after(17))


def test_one_reminder_that_cannot_be_written_keeps_no_other_back(introduced, caplog):
    approved(introduced)
    found = Introduction.objects.get(side="mentee")
    found.words = {}
    found.save()
    assert work(after(7)) == [UNANSWERED[1]]
    assert "could not be written" in caplog.text
    found.words = {"token": "x"}
    found.save()
    assert work(after(8)) == [UNANSWERED[0]]


def test_each_kind_of_mail_has_a_name_for_the_coordinator():
    assert {kind.mail for kind in KINDS if not kind.between} <= NAMES.keys()


def test_each_is_asked_how_it_goes_and_no_coordinator_sees_whom_it_reached(together, client):
    approved(together, feedback=(True, 7), first_meeting=(False, 21), quiet=(False, 45))
    asked = [("How does it go with Ben Castellanos?", "cleo"), ("How does it go with Cleo Marsh?", "ben")]
    assert work(after(36)) == []
    assert work(after(38)) == asked
    assert work(after(60)) == []
    told = Message.objects.filter(kind="reminder_feedback")
    assert {message.about for message in told} == {""}
    assert "/feedback/" in mailbox.outbox[-1].body
    cast.enter(client, together.ada)
    page = client.get(reverse("care_ladder", args=["ir", together.cohort.code])).content.decode()
    assert "Whom it reaches is theirs to know." in page


def test_who_has_said_how_it_goes_meanwhile_is_not_asked(together):
    approved(together, feedback=(True, 7), first_meeting=(False, 21), quiet=(False, 45))
    while services.remind_due(after(38)):
        pass
    feedback.leave_out(relationship=together.two, person=together.cleo_asks, seen="", now=after(38))
    before = len(mailbox.outbox)
    send_due(after(38))
    assert [message.to for message in mailbox.outbox[before:]] == [["ben@example.org"]]


def test_what_was_sent_for_somebody_goes_with_them(introduced):
    approved(introduced)
    work(after(7))
    services.silence(person=introduced.ben_mentors, relationship=introduced.two, now=after(8))
    erase_person(User.objects.get(pk=introduced.ben.pk), now=after(9))
    assert not Silence.objects.exists()
    assert not Reminder.objects.filter(person__user=introduced.ben.pk).exists()
    assert work(after(20)) == []


def test_who_stopped_all_reminders_finds_the_way_back_on_their_home(together, client):
    cast.enter(client, together.ben)
    home = reverse("participant_home", args=["ir", together.ben_mentors.code])
    assert "You get no reminders" not in client.get(home).content.decode()
    relationships.stop_digests(participant=together.ben_mentors)
    page = client.get(home).content.decode()
    path = "/stop/" + page.partition('href="/stop/')[2].partition('"')[0]
    assert "Have them again" in client.get(path).content.decode()
    assert "Reminders come again" in client.post(path, {"again": "yes"}).content.decode()
    together.ben_mentors.refresh_from_db()
    assert together.ben_mentors.wants_digest
    client.post(path, {"List-Unsubscribe": "One-Click"})
    together.ben_mentors.refresh_from_db()
    assert not together.ben_mentors.wants_digest


def test_a_mail_server_that_is_away_for_two_days_loses_no_mail(introduced, settings):
    answer(introduced, "mentee", "accepted", after(1))
    answer(introduced, "mentor", "accepted", after(1))
    there = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1,
    )  # fmt: skip
    for minutes in range(0, 48 * 60, 30):
        send_due(after(1) + dt.timedelta(minutes=minutes))
    assert set(Message.objects.filter(kind="both_agreed").values_list("state", flat=True)) == {"queued"}
    settings.EMAIL_BACKEND = there
    send_due(after(4))
    assert set(Message.objects.filter(kind="both_agreed").values_list("state", flat=True)) == {"sent"}

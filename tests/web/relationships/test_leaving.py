"""What a worker ends: of somebody who has left, of a cohort that was closed, of a question that nobody answers."""

import datetime as dt

import pytest

from introducer_web.mail.models import Message
from introducer_web.people import services as people
from introducer_web.programs import closing
from introducer_web.relationships import services
from introducer_web.relationships.models import Introduction, Relationship, Renewal
from introducer_web.relationships.services.publish import send_introductions

DAY = dt.timedelta(days=1)


@pytest.fixture
def two(town):
    return services.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]


@pytest.fixture
def introduced(town):
    row = Relationship.objects.create(
        society=town.society, cohort=town.cohort, mentee=town.cai_asks, mentor=town.ben_mentors, began_at=town.now
    )
    send_introductions(row, now=town.now)
    return row


def let_go(now):
    while services.let_go_due(now):
        pass


def mails(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def test_who_withdraws_leaves_nobody_waiting(town, two, introduced):
    """What is lived ends with a kind mail to the other; an introduction is withdrawn; others are as they were."""
    cai_and_bea = services.record_existing(
        cohort=town.cohort, pairs=[(town.cai_asks, town.bea_mentors)], by=town.ada, now=town.now
    )[0]
    services.answer_introduction(
        introduction=Introduction.objects.get(relationship=introduced, side="mentee"), answer="accepted", now=town.now
    )
    assert not services.let_go_due(town.now)
    people.withdraw(participant=town.ben_mentors, now=town.now)
    let_go(town.now)
    for row in (two, introduced, cai_and_bea):
        row.refresh_from_db()
    assert (two.state, two.seat, introduced.state, cai_and_bea.state) == ("ended", None, "declined", "active")
    assert mails("relationship_ended") == ["cleo@example.org"]
    assert mails("introduction_over") == ["cai@example.org"]


def test_two_who_both_withdraw_get_no_mail(town, two):
    for person in (town.cleo_asks, town.ben_mentors):
        people.withdraw(participant=person, now=town.now)
    let_go(town.now)
    two.refresh_from_db()
    assert two.state == "ended"
    assert not mails("relationship_ended")


def test_an_introduction_of_a_cohort_that_is_closed_holds_no_seat(town, two, introduced):
    closing.close_cohort(cohort=town.cohort, by=town.ada, now=town.now)
    let_go(town.now)
    introduced.refresh_from_db()
    two.refresh_from_db()
    assert (introduced.state, two.state) == ("expired", "active")


def test_whether_two_go_on_is_asked_for_sixty_days(town, two):
    services.ask_on(cohort=town.cohort, until=town.now.date() + 200 * DAY, by=town.ada, now=town.now)
    assert not services.let_go_due(town.now + 59 * DAY)
    assert services.let_go_due(town.now + 60 * DAY)
    assert not services.let_go_due(town.now + 60 * DAY)
    renewal = Renewal.objects.get()
    assert renewal.settled_at == town.now + 60 * DAY
    with pytest.raises(services.NothingToRenew):
        services.say_on(renewal=renewal, person=town.cleo_asks, yes=True, now=town.now + 61 * DAY)
    two.refresh_from_db()
    assert (two.state, two.until) == ("active", None)


def test_a_question_about_what_has_ended_is_over(town, two):
    services.ask_on(cohort=town.cohort, until=town.now.date() + 200 * DAY, by=town.ada, now=town.now)
    services.end(relationship=two, person=town.cleo_asks, by=town.cleo, now=town.now)
    let_go(town.now)
    assert Renewal.objects.get().settled_at == town.now

"""Up to five times from one side, one of them taken by the other: once."""

import datetime as dt
import re

import pytest
from django.urls import reverse

import cast
from introducer_web.mail.models import Message
from introducer_web.plans import services
from introducer_web.plans.models import Plan, Proposal
from introducer_web.relationships.models import Relationship

HOUR = dt.timedelta(hours=1)


def token_of(proposal):
    return re.search(r"/when/([\w-]+)/", Message.objects.get(key=f"proposal:{proposal.code}").content["text"])[1]


def test_times_go_to_the_other_side_and_one_tap_agrees_on_one(together, propose):
    proposal = propose(together.later, together.later + HOUR, place="Cafeteria")
    [mail] = Message.objects.filter(kind="plan_proposed")
    assert mail.to == "ben@example.org"
    assert "Thursday, Jan. 14, 2027, 9 a.m. (Chicago)" in mail.content["text"]
    assert "Cafeteria" not in mail.content["text"]
    assert mail.content["headers"] == {"Reply-To": "cleo@example.org"}  # who answers by hand reaches the other
    assert mail.about == ""  # no coordinator sees that it went out
    plan = services.accept(proposal=proposal, person=together.ben_mentors, at=together.later, now=together.now)
    assert (plan.starts_at, plan.minutes, plan.state, plan.words) == (
        together.later, 30, "agreed", {"place": "Cafeteria"})  # fmt: skip
    assert sorted(Message.objects.filter(kind="plan_agreed").values_list("to", flat=True)) == [
        "ben@example.org", "cleo@example.org"]  # fmt: skip


def test_a_second_tap_is_the_same_and_another_time_is_refused(together, propose):
    proposal = propose(together.later, together.later + HOUR)
    first = services.accept(proposal=proposal, person=together.ben_mentors, at=together.later, now=together.now)
    again = services.accept(proposal=proposal, person=together.ben_mentors, at=together.later, now=together.now)
    assert again == first
    with pytest.raises(services.AlreadySettled):
        services.accept(proposal=proposal, person=together.ben_mentors, at=together.later + HOUR, now=together.now)
    assert Plan.objects.count() == 1
    assert Message.objects.filter(kind="plan_agreed").count() == 2


def test_who_proposed_does_not_accept_and_who_was_asked_takes_nothing_back(together, propose):
    proposal = propose()
    with pytest.raises(services.NotYours):
        services.accept(proposal=proposal, person=together.cleo_asks, at=together.later, now=together.now)
    with pytest.raises(services.NotYours):
        services.decline(proposal=proposal, person=together.cleo_asks, now=together.now)
    with pytest.raises(services.NotYours):
        services.withdraw(proposal=proposal, person=together.ben_mentors, now=together.now)


@pytest.mark.parametrize("hours", [[], [1, 2, 3, 4, 5, 6], [-200], [24 * 400]], ids=str)
def test_no_time_six_times_a_past_one_and_one_in_years_are_refused(together, hours):
    times = [together.later + HOUR * each for each in hours]
    with pytest.raises(services.NoSuchTime):
        services.propose(relationship=together.two, person=together.cleo_asks, times=times, minutes=30,
                         now=together.now)  # fmt: skip
    assert not Proposal.objects.exists()


def test_a_time_that_was_not_proposed_or_is_over_is_not_agreed_on(together, propose):
    proposal = propose(together.later, together.later + HOUR)
    with pytest.raises(services.NoSuchTime):
        services.accept(proposal=proposal, person=together.ben_mentors, at=together.later + HOUR / 2, now=together.now)
    with pytest.raises(services.NoSuchTime):
        services.accept(
            proposal=proposal, person=together.ben_mentors, at=together.later, now=together.later + HOUR / 2
        )


def test_other_times_take_the_place_of_those_before(together, propose):
    first = propose()
    second = propose(together.later + HOUR, person=together.ben_mentors)
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "open")
    assert Message.objects.get(key=f"proposal:{first.code}").state == "dropped"
    with pytest.raises(services.AlreadySettled):
        services.accept(proposal=first, person=together.ben_mentors, at=together.later, now=together.now)
    services.accept(proposal=second, person=together.cleo_asks, at=together.later + HOUR, now=together.now)


def test_declined_is_told_without_a_reason_and_taken_back_is_told_to_nobody(together, propose):
    proposal = propose()
    services.decline(proposal=proposal, person=together.ben_mentors, now=together.now)
    services.decline(proposal=proposal, person=together.ben_mentors, now=together.now)
    assert [each.to for each in Message.objects.filter(kind="plan_declined")] == ["cleo@example.org"]
    other = propose(together.later + HOUR)
    services.withdraw(proposal=other, person=together.cleo_asks, now=together.now)
    services.withdraw(proposal=other, person=together.cleo_asks, now=together.now)
    assert Message.objects.get(key=f"proposal:{other.code}").state == "dropped"


def test_a_proposal_waits_two_weeks_and_not_beyond_its_last_time(together, propose):
    assert propose().expires_at == together.later
    far = propose(together.later + dt.timedelta(days=60))
    assert far.expires_at == together.now + dt.timedelta(days=14)
    services.end_what_is_over(together.now + dt.timedelta(days=15))
    far.refresh_from_db()
    assert far.state == "expired"
    with pytest.raises(services.AlreadySettled):
        services.accept(proposal=far, person=together.ben_mentors, at=far.moments[0],
                        now=together.now + dt.timedelta(days=15))  # fmt: skip


def test_the_two_are_not_planned_twice_at_one_time(together, propose, agree):
    agree()
    with pytest.raises(services.AlreadyPlanned):
        services.accept(proposal=propose(), person=together.ben_mentors, at=together.later, now=together.now)
    assert Plan.objects.count() == 1


def test_who_has_ended_plans_nothing_more(together, propose):
    proposal = propose()
    Relationship.objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=together.now)
    with pytest.raises(services.NotTogether):
        services.accept(proposal=proposal, person=together.ben_mentors, at=together.later, now=together.now)
    with pytest.raises(services.NotTogether):
        propose()


def live(together, **more):
    """Propose from now on: pages know no other time."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    at = now + dt.timedelta(days=3)
    proposal = services.propose(relationship=together.two, person=together.cleo_asks, times=[at, at + HOUR],
                                minutes=20, now=now, **more)  # fmt: skip
    return proposal, at


def test_a_mentor_answers_from_the_mail_without_signing_in(client, together):
    proposal, at = live(together)
    link = reverse("when", args=[token_of(proposal)])
    page = client.get(link).content.decode()
    assert "When will you talk with Cleo Marsh?" in page
    assert not Plan.objects.exists()  # looking changes nothing
    page = client.post(link, {"at": at.isoformat()}, follow=True).content.decode()
    assert "Agreed" in page
    assert Plan.objects.get().starts_at == at
    answer = client.post(link, {"at": (at + HOUR).isoformat()})
    assert answer.status_code == 409
    assert "settled already" in answer.content.decode()


def test_from_the_mail_none_fits_and_nonsense_is_refused(client, together):
    proposal, _at = live(together)
    link = reverse("when", args=[token_of(proposal)])
    assert client.post(link, {"at": "soon"}).status_code == 409
    assert client.post(link, {"at": "2027-01-01"}).status_code == 409
    assert client.post(link, {"back": "yes"}).status_code == 409  # it is not theirs to take back
    assert "knows that none of the times fits" in client.post(link, {"none": "yes"}, follow=True).content.decode()
    assert client.get(reverse("when", args=["x" * 43])).status_code == 404


def test_the_page_proposes_times_that_fit_and_times_of_ones_own(client, together):
    cast.enter(client, together.cleo)
    here = ["ir", together.cleo_asks.code, together.two.code]
    page = client.get(reverse("plan_new", args=here) + "?minutes=45").content.decode()
    values = re.findall(r'name="times" value="([^"]+)"', page)
    assert 1 <= len(values) <= 12
    own = (dt.datetime.now(dt.UTC) + dt.timedelta(days=9)).strftime("%Y-%m-%dT10:00")
    said = {"minutes": "45", "times": values[:2], "own_1": own, "where": "phone", "place": "555 0100"}
    answer = client.post(reverse("plan_new", args=here), said, follow=True)
    page = answer.content.decode()
    assert "Times that you proposed" in page
    proposal = Proposal.objects.get()
    assert len(proposal.times) == 3
    assert proposal.words == {"place": "555 0100"}
    assert b"555 0100" not in bytes(proposal.sealed)
    code = reverse("proposal_answer", args=[*here, proposal.code])
    assert "Taken back." in client.post(code, {"back": "yes"}, follow=True).content.decode()


def test_what_is_wrong_stands_there_and_nothing_is_lost(client, together):
    cast.enter(client, together.cleo)
    here = ["ir", together.cleo_asks.code, together.two.code]
    answer = client.post(reverse("plan_new", args=here), {"minutes": "45", "where": "place", "place": "Room 7",
                                                          "weeks": "2"})  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say how many, or until when." in page
    assert "Room 7" in page
    answer = client.post(reverse("plan_new", args=here), {"minutes": "45", "where": "place"})
    assert answer.status_code == 422
    assert "at least one time" in answer.content.decode()


def test_nobody_else_finds_what_two_people_plan(client, together):
    proposal, _at = live(together)
    for user, person in ((together.ada, together.cleo_asks), (together.cai, together.cai_asks)):
        cast.enter(client, user)
        for name in ("plan_list", "plan_new", "agenda"):
            assert client.get(reverse(name, args=["ir", person.code, together.two.code])).status_code == 404
        answer = reverse("proposal_answer", args=["ir", person.code, together.two.code, proposal.code])
        assert client.post(answer, {"none": "yes"}).status_code == 404

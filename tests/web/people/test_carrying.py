"""People of an earlier cohort are asked once, see what they said, and count only when they say it again."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.core import mail as mailbox
from django.urls import reverse
from django.utils import timezone

import cast
from introducer_web.mail.models import Message
from introducer_web.mail.services import send_due
from introducer_web.matching import services as matching
from introducer_web.matching.models import Order
from introducer_web.people import services
from introducer_web.people.models import Answer, Invitation, Participant
from introducer_web.programs import closing, copying
from introducer_web.programs import services as programs
from introducer_web.programs.models import Question
from introducer_web.relationships import services as relationships
from introducer_web.site import subject

State = Participant.State


@pytest.fixture
def year(town):
    """The cohort of a year later; whoever sends the form takes part."""
    cast.edit(town.program, approves=False)
    town.now = timezone.now()
    town.next = programs.create_cohort(program=town.program, name="2028", by=town.ada, now=town.now)
    return town


def ask(town, **more):
    return services.ask_again(cohort=town.next, earlier=town.cohort, by=town.ada, now=town.now, **more)


def link_to(user):
    while send_due(timezone.now() + dt.timedelta(days=1)):
        pass
    return re.search(r"/i/\S+/", [mail for mail in mailbox.outbox if mail.to == [user.email]][-1].body).group()


def again(town, user, client):
    """Let somebody follow their link and begin; returns the new place."""
    answer = client.post(link_to(user), {"what": "accept"})
    assert answer.status_code == 302
    return Participant.objects.get(cohort=town.next, user=user)


def step(person, name):
    return reverse("join_step", args=["ir", person.code, name])


def test_everybody_gets_one_mail_and_nobody_two(year):
    assert ask(year) == 4
    assert sorted(Message.objects.filter(kind="asked_again").values_list("to", flat=True)) == [
        "bea@example.org", "ben@example.org", "cai@example.org", "cleo@example.org",
    ]  # fmt: skip
    with pytest.raises(services.NobodyToAsk):
        ask(year)
    assert Message.objects.filter(kind="asked_again").count() == 4
    assert not Participant.objects.filter(cohort=year.next).exists()


def test_only_some_are_asked_and_who_declined_withdrew_or_joined_is_not(year):
    assert ask(year, only={year.cleo_asks.code}) == 1
    services.decline_again(invitation=Invitation.objects.get(earlier=year.cleo_asks), now=year.now)
    cast.edit(year.cai_asks, state="withdrawn")
    services.accept_invitation(
        invitation=services.invite(cohort=year.next, email=year.ben.email, role="mentor", by=year.ada, now=year.now),
        user=None, now=year.now,
    )  # fmt: skip
    found = services.candidates(cohort=year.next, earlier=year.cohort, now=year.now)
    assert {(str(each.person.user), each.why) for each in found} == {
        ("Ben Castellanos", "is in this cohort already"), ("Bea Okafor", ""), ("Cleo Marsh", "said: not this time"),
    }  # fmt: skip
    assert ask(year) == 1


def test_who_did_not_answer_is_asked_again_only_by_name(year):
    ask(year)
    year.now += services.AGAIN_FOR + dt.timedelta(days=1)
    with pytest.raises(services.NobodyToAsk):
        ask(year)
    assert ask(year, only={year.cleo_asks.code}) == 1
    assert Invitation.objects.filter(email=year.cleo.email, revoked_at=None).count() == 1


def test_what_was_looked_at_is_what_is_sent(year):
    found = services.candidates(cohort=year.next, earlier=year.cohort, now=year.now)
    seen = services.seen_of(found)
    cast.edit(year.cai_asks, state="withdrawn")
    with pytest.raises(services.ListIsStale):
        ask(year, seen=seen)
    assert not Message.objects.filter(kind="asked_again").exists()


def test_they_look_over_what_they_said_and_count_only_when_they_send_it(year, client):
    question = Question.objects.create(society=year.society, program=year.program, text="Why?")
    Answer.objects.create(society=year.society, participant=year.cleo_asks, question=question, text="Because")
    ask(year)
    link = link_to(year.cleo)
    page = client.get(link).content.decode()
    assert "You took part in 2027" in page
    assert "contracts" not in page.lower(), "a link alone shows nothing of what somebody said"
    person = again(year, year.cleo, client)
    assert (person.state, person.may_be_matched, person.earlier) == (State.DRAFT, False, year.cleo_asks)
    look = client.get(reverse("join", args=["ir", person.code]), follow=True).content.decode()
    assert "This is what you said last time" in look
    assert "Contracts" in look
    assert person.answers.get().text == "Because"
    cast.participant(_in(year), year.bea, "mentor", offers={"contracts": 3})
    with pytest.raises(matching.NobodyToMatch):
        relationships.request_run(cohort=year.next, by=year.ada, now=year.now)
    assert client.post(step(person, "send"), {}).status_code == 409
    client.post(step(person, "send"), {"agrees": "1"})
    person.refresh_from_db()
    assert (person.state, person.may_be_matched) == (State.ACTIVE, True)


def _in(town):
    return SimpleNamespace(society=town.society, program=town.program, cohort=town.next)


def test_a_mentor_commits_anew(year, client):
    ask(year)
    person = again(year, year.ben, client)
    assert {row.key: row.level for row in person.offers.all()} == {"contracts": 3, "leadership": 2}
    assert person.committed_at is None
    assert client.post(step(person, "send"), {"agrees": "1"}).status_code == 409
    client.post(step(person, "send"), {"agrees": "1", "commitment": "1"})
    person.refresh_from_db()
    assert (person.state, person.committed_at is not None) == (State.ACTIVE, True)


class TestInConfidence:
    @pytest.fixture
    def person(self, year, client):
        services.save_levels(
            participant=year.cleo_asks, levels={"contracts": 3, "leadership": 2}, private=["leadership"], now=year.now
        )
        services.save_wishes(participant=year.cleo_asks, wishes={"first_generation": 2}, now=year.now)
        services.save_private(
            participant=year.cleo_asks, attributes={"religion": ["Sikh"]}, now=year.now,
            consents=[("religion", "match"), ("religion", "fairness")],
        )  # fmt: skip
        services.save_avoid(participant=year.cleo_asks, codes=[year.bea.code], named=["Dr Nobody"], now=year.now)
        ask(year)
        return again(year, year.cleo, client)

    def test_nothing_of_it_counts_and_whom_they_avoid_does(self, person, year):
        held = person.private_answers.answers
        assert held == {"avoid": [year.bea.code], "avoid_named": ["Dr Nobody"]}
        assert not person.consents.exists()
        assert {row.key for row in person.needs.all()} == {"contracts"}

    def test_it_is_shown_to_them_and_no_yes_is_ticked(self, person, client):
        look = client.get(step(person, "send")).content.decode()
        assert "Last time you also said things in confidence" in look
        page = client.get(step(person, "private")).content.decode()
        assert 'value="Sikh"' in page
        assert "checked" not in page
        needs = client.get(step(person, "needs")).content.decode()
        assert re.search(r'name="level:leadership" value="2"[^>]*checked', needs)
        assert not person.consents.exists()

    def test_each_yes_is_said_again_one_by_one(self, person, client):
        client.post(step(person, "private"), {"words:religion": "Sikh", "use:religion:match": "1"})
        assert list(person.consents.values_list("attribute", "purpose")) == [("religion", "match")]
        person.private_answers.refresh_from_db()
        assert person.private_answers.answers["attributes"] == {"religion": ["Sikh"]}
        assert "What only the match may use" not in _waits(client, person)

    def test_who_sends_without_it_has_said_no(self, person, client):
        client.post(step(person, "send"), {"agrees": "1"})
        person.refresh_from_db()
        assert person.state == State.ACTIVE
        person.private_answers.refresh_from_db()
        assert set(person.private_answers.answers) == {"avoid", "avoid_named"}
        assert "Sikh" not in client.get(step(person, "private")).content.decode()


def _waits(client, person):
    return client.get(step(person, "send")).content.decode().partition('class="note"')[2].partition("</section>")[0]


def test_one_tap_declines_and_the_link_takes_a_change_of_mind(year, client):
    ask(year)
    link = link_to(year.cleo)
    assert "You said: not this time" in client.post(link, {"what": "decline"}).content.decode()
    client.post(link, {"what": "decline"})
    assert not Participant.objects.filter(cohort=year.next).exists()
    assert "not asked again" not in client.get(link).content.decode()
    person = again(year, year.cleo, client)
    assert person.state == State.DRAFT
    assert Invitation.objects.get(earlier=year.cleo_asks).declined_at is None
    assert client.post(link, {"what": "decline"}).status_code == 409


def test_who_is_held_apart_stays_so_also_a_cohort_later(year, client):
    matching.order_tie(kind="veto", mentee=year.cleo_asks, mentor=year.ben_mentors, words="why", by=year.ada,
                       now=year.now)  # fmt: skip
    services.record_conflict(
        society=year.society, user_a=year.cai, user_b=year.bea, source="relative", words="", by=year.ada, now=year.now
    )
    ask(year)
    for user in (year.cleo, year.ben):
        person = again(year, user, client)
        client.post(step(person, "send"), {"agrees": "1", "commitment": "1"})
        client.logout()
    run = relationships.request_run(cohort=year.next, by=year.ada, now=year.now)
    held = Order.objects.get(cohort=year.next)
    assert (held.kind, held.mentee.user, held.mentor.user, held.note["words"]) == ("veto", year.cleo, year.ben, "why")
    matching.stop_run(run=run, by=year.ada, now=year.now)
    matching.lift_order(order=held, by=year.ada, now=year.now)
    relationships.request_run(cohort=year.next, by=year.ada, now=year.now)
    assert Order.objects.filter(cohort=year.next).count() == 1, "what a coordinator lifted here stays lifted"


def test_words_are_found_again_in_a_copy_of_the_program(year, client):
    made = copying.clone_program(program=year.program, name="Second", by=year.ada, now=year.now,
                                 cohort={"name": "2028"})  # fmt: skip
    cast.edit(made.domains.get(key="research"), retired=True)
    year.next = made.cohorts.get()
    ask(year)
    person = again(year, year.cleo, client)
    need = person.needs.get()
    assert (need.key, need.domain.program) == ("contracts", made)


class TestPages:
    def test_a_coordinator_chooses_looks_and_sends(self, year, sign_in):
        ada = sign_in(year.ada)
        address = reverse("people_carry", args=["ir", year.next.code])
        assert f"?from={year.cohort.code}" in ada.get(address).content.decode()
        page = ada.get(address, {"from": year.cohort.code, "role": "mentee"}).content.decode()
        assert "Cleo Marsh" in page
        assert "Ben Castellanos" not in page
        said = {"from": year.cohort.code, "which": "ticked", "who": [year.cleo_asks.code, year.ben_mentors.code]}
        look = ada.post(address, said)
        text = look.content.decode()
        assert "would you take part again" in text
        assert not Message.objects.filter(kind="asked_again").exists()
        seen = re.search(r'name="seen" value="(\w+)"', text)[1]
        assert ada.post(address, said | {"what": "send", "seen": seen}).status_code == 302
        ada.post(address, said | {"what": "send", "seen": seen})
        assert Message.objects.filter(kind="asked_again").count() == 2
        page = ada.get(address, {"from": year.cohort.code}).content.decode()
        assert page.partition("<table")[2].count("was asked already") == 2

    def test_nobody_ticked_is_said(self, year, sign_in):
        ada = sign_in(year.ada)
        address = reverse("people_carry", args=["ir", year.next.code])
        page = ada.post(address, {"from": year.cohort.code, "which": "ticked"}, follow=True).content.decode()
        assert "Tick somebody" in page

    def test_a_cohort_of_another_society_is_no_choice(self, year, sign_in):
        ada = sign_in(year.ada)
        address = reverse("people_carry", args=["ir", year.next.code])
        page = ada.post(address, {"from": year.cohort_abroad.code, "which": "all"}).content.decode()
        assert "Of which cohort?" in page


def test_a_cohort_that_is_closed_asks_nobody(year):
    closing.close_cohort(cohort=year.next, by=year.ada, now=year.now)
    with pytest.raises(closing.CohortIsClosed):
        ask(year)


def test_who_is_erased_takes_the_question_with_them(year):
    ask(year)
    subject.erase_person(year.cleo, now=year.now)
    assert not Invitation.objects.filter(email="cleo@example.org").exists()

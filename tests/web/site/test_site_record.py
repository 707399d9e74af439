"""The record of acts: what each was about, for whoever may know; who was erased stays nameless."""

from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.audit.services import broken_at
from introducer_web.matching import services as matching
from introducer_web.people import services as people
from introducer_web.programs import services as programs
from introducer_web.programs import words
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Introduction
from introducer_web.site.record import named
from introducer_web.site.subject import erase_person


def page_of(client, **query):
    return client.get(reverse("audit_list", args=["ir"]), query).content.decode()


def busy(town):
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    relationships.publish(run=run, by=town.ada, now=town.now)
    matching.order_tie(kind="veto", mentee=town.cai_asks, mentor=town.bea_mentors, words="", by=town.ada, now=town.now)
    people.invite(cohort=town.cohort, email="new@example.org", role="mentee", by=town.ada, now=town.now)
    people.pause(participant=town.bea_mentors, until=None, by=town.bea, now=town.now)
    relationships.answer_introduction(
        introduction=Introduction.objects.get(
            side="mentor", relationship__mentee=town.cleo_asks, relationship__mentor=town.ben_mentors
        ),
        answer="accepted", now=town.now,
    )  # fmt: skip
    return run


def test_each_act_says_what_it_was_about(town, sign_in):
    busy(town)
    text = page_of(sign_in(town.ada))
    for about in ("2027, run 1", "Cai Lindqvist · Bea Okafor", "new@example.org", "Bea Okafor, mentor",
                  "Cleo Marsh · Ben Castellanos"):  # fmt: skip
        assert about in text, about
    assert "the link in a mail" in text
    assert broken_at(town.society) is None


def test_two_who_have_a_conflict_are_named_by_no_entry(town, sign_in):
    people.record_conflict(
        society=town.society, user_a=town.cleo, user_b=town.ben, source="complaint", words="words", by=town.ada,
        now=town.now,
    )  # fmt: skip
    entry = Entry.objects.get(act="people.conflict")
    assert named({entry.subject}) == {}
    assert "Cleo" not in page_of(sign_in(town.ada), act="people.conflict")


def test_who_was_erased_is_named_no_more(town, sign_in):
    people.pause(participant=town.cleo_asks, until=None, by=town.cleo, now=town.now)
    client = sign_in(town.ada)
    assert "Cleo Marsh, mentee" in page_of(client)
    erase_person(town.cleo, now=town.now)
    assert "Cleo Marsh" not in page_of(client)


def test_a_save_that_changes_nothing_is_no_act(town):
    before = Entry.objects.count()
    given = {"by": town.ada, "now": town.now}
    society, program = town.society, town.program
    domain = program.domains.get(key="contracts")
    programs.edit_society(society=society, name=society.name, **given)
    programs.edit_program(program=program, capacity=program.capacity, **given)
    words.edit_word(word=domain, program=program, name=domain.name, **given)
    words.retire_word(word=domain, program=program, retired=False, **given)
    assert Entry.objects.count() == before
    programs.edit_society(society=society, name="Another", contact=society.contact, **given)
    words.edit_word(word=domain, program=program, name="Agreements", text=domain.text, **given)
    assert list(Entry.objects.order_by("-number").values_list("words", flat=True)[:2]) == [
        "Edited a word of a program: name.", "Edited the society: name."
    ]  # fmt: skip


def test_research_is_counts_of_ten_or_more_and_nobody(town, client):
    cast.enter(client, town.rae)
    page = client.get(reverse("research_home", args=["ir"])).content.decode()
    assert "Mentoring, 2027" in page
    assert page.count("&lt; 10") == 5
    assert "Cleo" not in page
    assert client.get(reverse("research_home", args=["abroad"])).status_code == 404
    cast.enter(client, town.ada)
    assert client.get(reverse("research_home", args=["ir"])).status_code == 404

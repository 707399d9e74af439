"""Keeping somebody away: at once, for good, and so that nobody can tell."""

import json
import re

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.lib.errors import DomainError
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.matching.models import Tie
from introducer_web.people import services as people
from introducer_web.people.models import Block
from introducer_web.programs import services as programs
from introducer_web.relationships import services
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.publish import send_introductions
from introducer_web.site.subject import erase_person


@pytest.fixture
def together(town):
    town.two = services.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def away(town, by=None, other=None, **more):
    return services.keep_away(
        society=town.society, by=by or town.cleo, other=other or town.ben, now=town.now, **more
    )  # fmt: skip


def run(town):
    found = services.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    found.refresh_from_db()
    assert found.state == "done", found.message
    return found


def test_what_two_people_live_ends_and_looks_like_any_end(together, sign_in):
    away(together, note="He called at night.")
    together.two.refresh_from_db()
    assert (together.two.state, together.two.seat) == ("ended", None)
    told = {row.to: row.content["text"] for row in Message.objects.filter(kind="relationship_ended")}
    assert "has ended your mentoring" in told[together.ben.email]
    everything = json.dumps(told) + " ".join(row.words + row.act for row in Entry.objects.all())
    assert "night" not in everything
    assert "block" not in everything
    assert "away" not in everything
    path = reverse("relationship_after", args=["ir", together.ben_mentors.code, together.two.code])
    assert "night" not in sign_in(together.ben).get(path).content.decode()


def test_an_introduction_that_waits_is_withdrawn(town):
    two = Relationship.objects.create(
        society=town.society, cohort=town.cohort, mentee=town.cleo_asks, mentor=town.ben_mentors, began_at=town.now
    )
    send_introductions(two, now=town.now)
    away(town, by=town.ben, other=town.cleo)
    two.refresh_from_db()
    assert two.state == "declined"
    assert not Message.objects.filter(kind__startswith="introduction_", state="queued").exists()


def test_two_who_are_kept_apart_are_never_tied_whoever_of_them_wished_it(town):
    assert Tie.objects.filter(run=run(town), mentee=town.cleo_asks, mentor=town.ben_mentors).exists()
    away(town, by=town.ben, other=town.cleo)
    assert not Tie.objects.filter(run=run(town), mentee=town.cleo_asks, mentor=town.ben_mentors).exists()


def test_nor_are_they_published_when_it_was_said_after_the_run(town):
    done = run(town)
    away(town)
    found = services.preview(done, town.now)
    pairs = {(tie.mentee_id, tie.mentor_id) for tie in found.ties}
    assert (town.cleo_asks.pk, town.ben_mentors.pk) not in pairs
    reasons = {why for tie, why in found.left_out if tie.mentee_id == town.cleo_asks.pk}
    assert reasons == {"A confidential fact was recorded after the run."}


def test_it_holds_in_every_program_of_the_society(town):
    away(town)
    other = programs.create_program(society=town.society, name="Second", template="ir/1", by=town.ada, now=town.now)
    town.program, town.cohort = other, programs.create_cohort(program=other, name="1", by=town.ada, now=town.now)
    cast.participant(town, town.cleo, "mentee", needs={"contracts": 3}, institution="Another")
    cast.participant(town, town.ben, "mentor", offers={"contracts": 3})
    assert not Tie.objects.filter(run=run(town)).exists()


def test_it_is_asked_with_one_question_from_both_sides_with_the_facts_of_coordinators(town, django_assert_num_queries):
    away(town)
    people.record_conflict(
        society=town.society, user_a=town.bea, user_b=town.cleo, source="relative", words="", by=town.ada, now=town.now
    )
    with django_assert_num_queries(1):
        assert people.kept_apart(town.cleo) == {town.ben.pk, town.bea.pk}
    assert people.kept_apart(town.ben) == {town.cleo.pk}
    assert people.kept_apart(town.cai) == set()


def test_who_keeps_somebody_away_can_lift_it(together, sign_in):
    away(together, note="For now")
    path = reverse("away_list", args=["ir", together.cleo_asks.code])
    shown = sign_in(together.cleo).get(path).content.decode()
    assert "Ben Castellanos" in shown
    assert "For now" in shown
    block = Block.objects.get()
    assert b"For now" not in bytes(block.sealed)
    theirs = reverse("away_lift", args=["ir", together.ben_mentors.code, block.code])
    assert sign_in(together.ben).post(theirs).status_code == 404
    sign_in(together.cleo).post(reverse("away_lift", args=["ir", together.cleo_asks.code, block.code]))
    assert people.kept_apart(together.cleo) == set()
    together.two.refresh_from_db()
    assert together.two.state == "ended"


def test_from_the_page_of_the_end_somebody_is_kept_away(together, sign_in):
    path = reverse("away_person", args=["ir", together.cleo_asks.code, together.ben_mentors.code])
    end = reverse("relationship_end", args=["ir", together.cleo_asks.code, together.two.code])
    assert path in sign_in(together.cleo).get(end).content.decode()
    assert sign_in(together.cleo).get(path).status_code == 200
    assert sign_in(together.cleo).post(path, {"note": "x" * 501}).status_code == 422
    sign_in(together.cleo).post(path)
    sign_in(together.cleo).post(path)
    assert Block.objects.count() == 1


def test_nobody_keeps_themselves_away(town, sign_in):
    with pytest.raises(DomainError, match="yourself"):
        people.block(society=town.society, by=town.ben, other=town.ben, now=town.now)
    own = reverse("away_person", args=["ir", town.cleo_asks.code, town.cleo_asks.code])
    assert sign_in(town.cleo).get(own).status_code == 404


def test_coordinators_see_nothing_of_it(together, sign_in):
    away(together)
    client = sign_in(together.ada)
    for name, args in (
        ("people_person", [together.cleo_asks.code]), ("people_person", [together.ben_mentors.code]),
        ("relationship_list", []), ("message_list", []),
    ):  # fmt: skip
        shown = client.get(reverse(name, args=["ir", together.cohort.code, *args])).content.decode().casefold()
        # As words: what is drawn by lot for a form may hold any letters.
        assert not re.search(r"\baway\b|\bblock", re.sub(r'value="\w+"', "", shown))


def test_words_do_not_go_between_two_who_are_kept_apart_and_nobody_notices(together, sign_in):
    away(together)
    path = reverse("thanks_write", args=["ir", together.ben_mentors.code, together.two.code])
    assert sign_in(together.ben).post(path, {"thanks": "Please answer me."}).status_code == 302
    assert "Please answer" in sign_in(together.ben).get(path).content.decode()
    assert not Message.objects.filter(kind="thanked").exists()
    mine = [together.cleo_asks.code, together.two.code]
    for name in ("relationship_after", "thanks_write", "conversation_list"):
        assert "Please answer" not in sign_in(together.cleo).get(reverse(name, args=["ir", *mine])).content.decode()
    received = reverse("thanks_list", args=["ir", together.cleo_asks.code])
    assert "Please answer" not in sign_in(together.cleo).get(received).content.decode()


def test_who_is_kept_away_keeps_the_thanks_that_they_had(together, sign_in):
    services.write_thanks(relationship=together.two, person=together.cleo_asks, text="For March.", now=together.now)
    away(together)
    mine = [together.ben_mentors.code, together.two.code]
    for name in ("relationship_after", "thanks_write"):
        assert "For March." in sign_in(together.ben).get(reverse(name, args=["ir", *mine])).content.decode()


def test_no_address_stays_between_them_whatever_they_said(together, sign_in):
    away(together)
    for person in (together.cleo_asks, together.ben_mentors):
        services.say_glad(relationship=together.two, person=person, glad=True, now=together.now)
    path = reverse("relationship_after", args=["ir", together.ben_mentors.code, together.two.code])
    assert together.cleo.email not in sign_in(together.ben).get(path).content.decode()
    assert not Message.objects.filter(kind="in_touch").exists()


def test_an_end_is_not_taken_back_while_it_stands(together):
    away(together)
    with pytest.raises(services.TooLateToUndo):
        services.undo_end(relationship=together.two, person=together.cleo_asks, by=together.cleo, now=together.now)


def test_who_is_forgotten_keeps_nobody_away(together):
    away(together)
    erase_person(together.cleo, now=together.now)
    assert not Block.objects.exists()


def test_a_sheet_brings_no_two_together_who_are_kept_apart(together):
    away(together)
    assert services.record_existing(
        cohort=together.cohort, by=together.ada, now=together.now,
        pairs=[(together.cleo_asks, together.ben_mentors), (together.cleo_asks, together.bea_mentors)],
    )[0].mentor == together.bea_mentors  # fmt: skip
    assert Relationship.objects.filter(state="active").count() == 1

"""What two people agree on: clause by clause, in versions, signed by both."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import cast
from introducer_web.agreements import pages, services
from introducer_web.agreements.clauses import EDITION, said_in
from introducer_web.agreements.models import Agreement, AgreementVersion, Signature
from introducer_web.audit.models import Entry
from introducer_web.lib import doors
from introducer_web.mail.models import Message
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person, export_person

STAND = {"limits", "identifiers", "firewall", "exit"}


@pytest.fixture
def two(town):
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def change(two, clause="cadence", text="Every other week.", seen=1, person=None):
    return services.change_clause(
        relationship=two.two, clause=clause, text=text, seen=seen, person=person or two.cleo_asks, now=two.now
    )


def sign(two, person, seen=1, name=None, now=None):
    services.sign(
        relationship=two.two, name=person.user.name if name is None else name, language="en", seen=seen, person=person,
        now=now or two.now,
    )  # fmt: skip


def both_sign(two, seen=1):
    sign(two, two.cleo_asks, seen)
    sign(two, two.ben_mentors, seen)


def said(two, key):
    return next(each for each in pages.newest_of(two.two).clauses if each.clause.key == key)


def address(two, name, person=None, *more):
    return reverse(name, args=["ir", (person or two.cleo_asks).code, two.two.code, *more])


def door(two, person, now=None):
    two.two.refresh_from_db()
    person.cohort.program.refresh_from_db()
    ways = doors.between_of(person=person, relationship=two.two, now=now or two.now)
    return next(each for each in ways if each.title == "Your agreement")


def test_every_clause_that_was_promised_is_there_and_four_of_them_stand():
    clauses = [each.clause for each in said_in(EDITION, {})]
    assert [each.key for each in clauses] == [
        "purpose", "roles", "cadence", "channel", "response", "agenda", "confidentiality", "limits", "off_limits",
        "identifiers", "feedback", "sponsorship", "firewall", "review", "exit", "humility",
    ]  # fmt: skip
    assert {each.key for each in clauses if each.stands} == STAND


def test_a_page_writes_nothing_and_shows_our_text(client, two):
    cast.enter(client, two.cleo)
    page = client.get(address(two, "agreement_show")).content.decode()
    assert "Kept apart from every evaluation" in page
    assert "Nobody has signed version 1 yet." in page
    assert not Agreement.objects.exists()


def test_a_change_makes_a_version_and_says_who_made_it(two):
    made = change(two)
    assert (made.number, made.made_by, Agreement.objects.get().newest) == (2, two.cleo_asks, 2)
    assert said(two, "cadence").text == "Every other week."
    assert AgreementVersion.objects.count() == 2
    assert change(two, seen=2) == made  # the same words once more
    assert change(two, text="", seen=2).number == 3  # our text again
    assert not said(two, "cadence").own


def test_a_clause_can_be_left_out_and_one_that_stands_cannot(two):
    change(two, text=None)
    assert said(two, "cadence").left_out
    seen = 2
    for key in sorted(STAND):
        assert change(two, clause=key, text=None, seen=seen).number == seen
        change(two, clause=key, text="And our families too.", seen=seen)
        assert said(two, key).text == str(said(two, key).clause.text)
        assert said(two, key).added == "And our families too."
        seen = change(two, clause=key, text=None, seen=seen + 1).number
        assert not said(two, key).added


def test_both_sign_and_the_day_to_look_again_stands(two):
    sign(two, two.cleo_asks)
    assert Message.objects.get(kind="agreement_waits").to == "ben@example.org"
    assert Relationship.objects.get().signed_at is None
    assert not Entry.objects.filter(act="agreements.sign").exists()
    sign(two, two.cleo_asks)
    assert Signature.objects.count() == 1
    sign(two, two.ben_mentors)
    assert Relationship.objects.get().signed_at == two.now
    assert Agreement.objects.get().review_on == two.now.date() + dt.timedelta(days=182)
    assert Entry.objects.get(act="agreements.sign").by == ""
    assert Message.objects.filter(kind="agreement_waits").count() == 1
    assert [each.name for each in pages.newest_of(two.two).signed] == ["Cleo Marsh", "Ben Castellanos"]


def test_signatures_belong_to_their_version(two):
    both_sign(two)
    change(two)
    assert pages.newest_of(two.two).signed == ()
    assert Relationship.objects.get().signed_at is None
    assert pages.signed_of(two.two).number == 1
    both_sign(two, seen=2)
    assert pages.signed_of(two.two).number == 2
    assert Relationship.objects.get().signed_at == two.now


def test_nobody_signs_what_they_did_not_see_nor_without_a_name(two):
    change(two)
    with pytest.raises(services.VersionMoved):
        sign(two, two.ben_mentors, seen=1)
    with pytest.raises(services.NoName):
        sign(two, two.ben_mentors, seen=2, name="  ")
    assert not Signature.objects.exists()


def test_the_database_takes_one_of_two_versions_with_one_number(two):
    row = change(two)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementVersion.objects.create(
            society=row.society, agreement=row.agreement, number=2, edition=1, made_at=two.now
        )


def test_what_has_ended_stays_as_it_is(client, two):
    both_sign(two)
    Relationship.objects.update(state="ended", seat=None, ended_at=two.now)
    with pytest.raises(services.IsOver):
        change(two)
    with pytest.raises(services.IsOver):
        sign(two, two.cleo_asks)
    cast.enter(client, two.cleo)
    assert client.get(address(two, "agreement_show")).status_code == 200
    assert client.get(address(two, "agreement_signed")).status_code == 200
    clause = address(two, "agreement_clause", None, "purpose")
    assert "Save as a new version" not in client.get(clause).content.decode()
    answer = client.post(clause, {"text": "Too late.", "seen": "1"})
    assert answer.status_code == 409
    assert "its agreement stays as it is" in answer.content.decode()
    assert not door(two, two.cleo_asks).waits


def test_the_day_is_still_to_come_and_signatures_stay(client, two):
    both_sign(two)
    cast.enter(client, two.ben)
    review = address(two, "agreement_review", two.ben_mentors)
    today = dt.datetime.now(dt.UTC).date()
    assert client.post(review, {"on": today.isoformat()}).status_code == 422
    assert client.post(review, {"on": (today + dt.timedelta(days=900)).isoformat()}).status_code == 422
    assert client.post(review, {"on": (today + dt.timedelta(days=90)).isoformat()}).status_code == 302
    assert Agreement.objects.get().review_on == today + dt.timedelta(days=90)
    assert pages.newest_of(two.two).both


def test_a_person_changes_a_clause_is_told_what_falls_away_and_both_sign_again(client, two):
    both_sign(two)
    cast.enter(client, two.cleo)
    clause = address(two, "agreement_clause", None, "cadence")
    page = client.get(clause).content.decode()
    assert "Signed by Cleo Marsh, Ben Castellanos. A change makes a new version" in page
    page = client.post(clause, {"text": "Twice <b>a month</b>.", "seen": "1"}, follow=True).content.decode()
    assert "Version 2 stands now. Both of you sign it." in page
    assert "Twice &lt;b&gt;a month&lt;/b&gt;." in page
    page = client.post(address(two, "agreement_sign"), {"name": "C. Marsh", "seen": "2"}, follow=True).content.decode()
    assert "You signed version 2; Ben Castellanos has not yet." in page
    versions = client.get(address(two, "agreement_versions")).content.decode()
    assert "Changed by Cleo Marsh." in versions
    assert "<del>" in versions
    assert versions.index("Version 2") < versions.index("Version 1")
    signed = client.get(address(two, "agreement_signed"))
    assert "version 2 waits for both of you" in signed.content.decode()
    text = client.get(address(two, "agreement_signed") + "?as=text")
    assert text.headers["Content-Disposition"] == 'attachment; filename="agreement-1.txt"'
    assert "Signatures" in text.content.decode()
    assert "Ben Castellanos, " in text.content.decode()


def test_a_clause_that_might_name_a_patient_is_warned_of(client, two):
    cast.enter(client, two.cleo)
    clause = address(two, "agreement_clause", None, "cadence")
    answer = client.post(clause, {"text": "As for the pt, MRN 00123456.", "seen": "1"})
    assert answer.status_code == 422
    assert "Might this say who a patient is?" in answer.content.decode()
    assert not Agreement.objects.exists()


def test_of_two_tabs_the_second_sees_what_the_first_made_and_loses_nothing(client, two):
    change(two, text="Cleo was first.")
    cast.enter(client, two.ben)
    clause = address(two, "agreement_clause", two.ben_mentors, "cadence")
    answer = client.post(clause, {"text": "Ben was second.", "seen": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Cleo was first." in page
    assert "Ben was second." in page
    assert "Cleo Marsh made version 2" in page
    assert client.post(clause, {"text": "Ben was second.", "seen": "2"}).status_code == 302
    assert said(two, "cadence").text == "Ben was second."
    assert client.post(clause, {"text": "x" * 3001, "seen": "3"}).status_code == 422
    answer = client.post(address(two, "agreement_sign", two.ben_mentors), {"name": "Ben", "seen": "2"})
    assert answer.status_code == 409
    assert 'name="seen" value="3"' in answer.content.decode()
    assert client.post(address(two, "agreement_sign", two.ben_mentors), {"name": "", "seen": "3"}).status_code == 422


def test_the_door_waits_in_a_formal_program_until_both_have_signed(client, two):
    assert not door(two, two.cleo_asks).waits
    cast.edit(two.program, formal=True)
    assert door(two, two.cleo_asks).waits
    cast.enter(client, two.cleo)
    home = reverse("participant_home", args=["ir", two.cleo_asks.code])
    assert "agreement not signed by both" in client.get(home).content.decode()
    sign(two, two.cleo_asks)
    assert door(two, two.cleo_asks).says == "You signed it; Ben Castellanos has not yet."
    assert not door(two, two.cleo_asks).waits
    assert door(two, two.ben_mentors).waits
    sign(two, two.ben_mentors)
    assert not door(two, two.ben_mentors).waits
    assert "agreement not signed by both" not in client.get(home).content.decode()
    assert door(two, two.ben_mentors, two.now + dt.timedelta(days=182)).waits
    cast.enter(client, two.ben)
    assert "Both of you signed it." in client.get(address(two, "conversation_list", two.ben_mentors)).content.decode()


def test_thirty_versions_take_as_many_queries_as_two(client, two, django_assert_max_num_queries):
    cast.enter(client, two.cleo)
    for seen in range(1, 31):
        change(two, text=f"Every {seen} weeks.", seen=seen)
        both_sign(two, seen + 1)
    for name in ("agreement_show", "agreement_versions", "agreement_signed"):
        with django_assert_max_num_queries(12):
            page = client.get(address(two, name))
        assert len(page.content) < 100_000


def test_whether_a_program_is_formal_is_set_with_its_policy(client, two):
    cast.enter(client, two.ada, second_factor=True)
    page = client.get(reverse("program_policy", args=["ir", two.program.code])).content.decode()
    assert 'name="formal"' in page


def test_the_coordinator_sees_whether_and_when_both_signed_and_no_word(client, two):
    cast.edit(two.program, formal=True)
    change(two, text="Every secret week.")
    cast.enter(client, two.ada, second_factor=True)
    rows = reverse("relationship_list", args=["ir", two.cohort.code])
    assert "agreement not signed by both" in client.get(rows).content.decode()
    both_sign(two, seen=2)
    page = client.get(rows).content.decode()
    assert "both signed their agreement Jan. 12, 2027" in page
    assert "secret" not in page
    for person in (two.cleo_asks, two.ben_mentors):
        assert client.get(address(two, "agreement_show", person)).status_code == 404
        assert client.get(address(two, "agreement_signed", person)).status_code == 404


def test_a_third_person_finds_nothing_and_an_introduction_has_no_agreement_yet(client, two):
    cast.enter(client, two.cai)
    assert client.get(address(two, "agreement_show", two.cai_asks)).status_code == 404
    cast.enter(client, two.cleo)
    assert client.get(address(two, "agreement_clause", None, "clauses")).status_code == 404
    assert client.get(address(two, "agreement_signed")).status_code == 404
    Relationship.objects.update(state="introduced", seat=None)
    assert client.get(address(two, "agreement_show")).status_code == 404


def test_words_stand_sealed_and_go_with_either_of_the_two(two):
    change(two, text="Only ours.")
    both_sign(two, seen=2)
    assert b"Only ours." not in bytes(AgreementVersion.objects.get(number=2).sealed)
    assert b"Cleo" not in bytes(Signature.objects.first().sealed)
    for user in (two.cleo, two.ben):
        with zipfile.ZipFile(io.BytesIO(export_person(user, two.now))) as archive:
            versions = json.loads(archive.read("agreements.json"))
            assert len(json.loads(archive.read("signatures.json"))) == 2
        assert versions[1]["words"]["own"] == {"cadence": "Only ours."}
    erase_person(two.ben, now=two.now)
    assert not Agreement.objects.exists()
    assert not AgreementVersion.objects.exists()
    assert not Signature.objects.exists()


def test_it_can_be_read_in_spanish(client, two):
    two.cleo.language = "es"
    two.cleo.save()
    cast.enter(client, two.cleo)
    client.cookies["django_language"] = "es"
    page = client.get(address(two, "agreement_show"), headers={"accept-language": "es"}).content.decode()
    assert "Para qué es esto" in page

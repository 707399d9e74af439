"""Letters of recognition: figures of one's own conversations, proved by a link, and nobody named in them."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

import cast
from introducer_web.care.models import Recognition
from introducer_web.care.services.recognition import LettersAreOff, NotAPeriod, NothingToRecognize, figures_of, issue
from introducer_web.conversations import services as conversations
from introducer_web.people import services as people
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person
from introducer_web.tenants.models import User

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2026, 1, 1), cast.NOON.date()


@pytest.fixture
def lived(town):
    """Ben with Cleo (three conversations, one of them noted by both) and with Cai (one), Bea with Cai (one)."""
    pairs = [(town.cleo_asks, town.ben_mentors), (town.cai_asks, town.ben_mentors), (town.cai_asks, town.bea_mentors)]
    town.cleo_ben, town.cai_ben, town.cai_bea = relationships.record_existing(
        cohort=town.cohort, pairs=pairs, by=town.ada, now=town.now
    )
    Relationship.objects.filter(pk=town.cleo_ben.pk).update(needs=["contracts"])
    talk(town, town.cleo_ben, 40, minutes=45)
    talk(town, town.cleo_ben, 30, minutes=30)
    talk(town, town.cleo_ben, 20)
    talk(town, town.cleo_ben, 20, person=town.ben_mentors)
    talk(town, town.cai_ben, 10, minutes=10)
    talk(town, town.cai_bea, 10, minutes=90)
    return town


def talk(town, relationship, days_ago, person=None, minutes=None):
    person = person or relationship.mentee
    conversations.log_conversation(
        relationship=relationship, person=person, on=(town.now - days_ago * DAY).date(), by=person.user, now=town.now,
        minutes=minutes,
    )  # fmt: skip


def letter(town, begins=FIRST, ends=LAST):
    return issue(mentor=town.ben_mentors, begins=begins, ends=ends, by=town.ben, now=town.now)


def path(town, name, made, *more):
    return reverse(name, args=["ir", town.ben_mentors.code, made.code, *more])


def test_the_figures_are_of_ones_own_conversations_in_the_period(lived):
    found = figures_of(lived.ben_mentors, FIRST, LAST)
    assert (found.conversations, found.confirmed, found.mentees) == (4, 1, 2)
    assert (found.minutes, found.with_minutes) == (85, 3)
    day = (lived.now - 30 * DAY).date()
    assert figures_of(lived.ben_mentors, day, day).conversations == 1
    assert figures_of(lived.ben_mentors, FIRST, day - 15 * DAY).conversations == 0


def test_with_few_mentees_the_domains_are_those_that_the_mentor_offers(lived):
    found = figures_of(lived.ben_mentors, FIRST, LAST)
    assert found.offered
    assert "contract" in " ".join(found.domains).casefold()
    mentees = [
        cast.participant(lived, User.objects.create_user(f"m{k}@example.org", name=f"M {k}"), "mentee")
        for k in range(2)
    ]
    for row in relationships.record_existing(
        cohort=lived.cohort, pairs=[(each, lived.ben_mentors) for each in mentees], by=lived.ada, now=lived.now
    ):
        Relationship.objects.filter(pk=row.pk).update(needs=["advocacy", "family_parenting"])
        talk(lived, row, 5)
    lived.program.domains.filter(key="family_parenting").update(sensitive=True)
    found = figures_of(lived.ben_mentors, FIRST, LAST)
    assert not found.offered
    names = set(lived.program.domains.filter(key__in=("advocacy", "contracts")).values_list("name", flat=True))
    assert set(found.domains) == names, "what is sensitive is not named"


def test_what_was_only_introduced_does_not_count(lived):
    Relationship.objects.filter(pk=lived.cai_ben.pk).update(state="declined", seat=None)
    assert figures_of(lived.ben_mentors, FIRST, LAST).mentees == 1


def test_a_mentor_makes_it_and_it_names_no_mentee_and_claims_no_hour_that_was_not_noted(lived, sign_in):
    made = sign_in(lived.ben).post(
        reverse("recognition_list", args=["ir", lived.ben_mentors.code]), {"begins": "2026-01-01", "ends": str(LAST)}
    )
    shown = sign_in(lived.ben).get(made.url).content.decode()
    assert "4 conversations" in shown
    assert "2 mentees" in shown
    assert "1 hour 25 minutes" in shown
    assert "One more is noted without its length" in shown
    assert "IR Society" in shown
    for name in ("Cleo", "Cai"):
        assert name not in shown


def test_it_is_downloaded_as_a_page_and_as_text(lived, sign_in):
    made = letter(lived)
    client = sign_in(lived.ben)
    page = client.get(path(lived, "recognition_file", made, "html"))
    assert page["Content-Disposition"].startswith("attachment")
    assert "4 conversations" in page.content.decode()
    text = client.get(path(lived, "recognition_file", made, "txt"))
    assert text["Content-Type"].startswith("text/plain")
    assert "<" not in text.content.decode()
    assert f"/v/{made.words['token']}/" in text.content.decode()
    assert client.get(path(lived, "recognition_file", made, "pdf")).status_code == 404


def test_whoever_has_the_link_sees_what_the_letter_said_when_it_was_made(lived, sign_in):
    made = letter(lived)
    talk(lived, lived.cai_ben, 3)
    cast.edit(lived.ben, name="Another Name")
    proof = f"/v/{made.words['token']}/"
    shown = Client().get(proof).content.decode()
    assert "4 conversations" in shown
    assert "Ben Castellanos" in shown
    sign_in(lived.ben).post(path(lived, "recognition_delete", made))
    assert Client().get(proof).status_code == 404
    assert Client().get("/v/made-up/").status_code == 404


def test_a_letter_is_ones_own(lived, sign_in):
    made = letter(lived)
    for who in (lived.bea, lived.cleo, lived.ada, lived.dov):
        assert sign_in(who).get(path(lived, "recognition_show", made)).status_code == 404
    assert sign_in(lived.cleo).get(reverse("recognition_list", args=["ir", lived.cleo_asks.code])).status_code == 404


def test_a_program_may_make_none(lived, sign_in):
    made = letter(lived)
    cast.edit(lived.program, letters=False)
    lived.ben_mentors.cohort.program.refresh_from_db()
    with pytest.raises(LettersAreOff):
        letter(lived)
    assert figures_of(lived.ben_mentors, FIRST, LAST).conversations == 0
    shown = sign_in(lived.ben).get(reverse("recognition_list", args=["ir", lived.ben_mentors.code])).content.decode()
    assert "makes no letters" in shown
    assert Client().get(f"/v/{made.words['token']}/").status_code == 200, "what was issued was issued"


@pytest.mark.parametrize(
    ("begins", "ends", "error"),
    [
        (LAST, FIRST, NotAPeriod),
        (LAST + DAY, LAST + DAY, NotAPeriod),
        (FIRST, FIRST, NothingToRecognize),
    ],
)
def test_a_period_without_anything_is_refused_with_what_to_do(lived, sign_in, begins, ends, error):
    with pytest.raises(error):
        letter(lived, begins, ends)
    answer = sign_in(lived.ben).post(
        reverse("recognition_list", args=["ir", lived.ben_mentors.code]), {"begins": str(begins), "ends": str(ends)}
    )
    assert answer.status_code == 422


def test_the_link_is_kept_sealed_and_as_a_digest(lived):
    made = letter(lived)
    token = made.words["token"]
    assert token.encode() not in bytes(made.sealed)
    assert token not in made.digest


def test_the_home_of_a_mentor_leads_there(lived, sign_in):
    home = reverse("participant_home", args=["ir", lived.ben_mentors.code])
    assert (
        reverse("recognition_list", args=["ir", lived.ben_mentors.code])
        in sign_in(lived.ben).get(home).content.decode()
    )
    home = reverse("participant_home", args=["ir", lived.cleo_asks.code])
    assert "letters/" not in sign_in(lived.cleo).get(home).content.decode()


def test_who_is_forgotten_leaves_no_letter(lived):
    made = letter(lived)
    people.withdraw(participant=lived.ben_mentors, now=lived.now)
    assert Client().get(f"/v/{made.words['token']}/").status_code == 200
    erase_person(lived.ben, now=lived.now)
    assert not Recognition.objects.exists()
    assert Client().get(f"/v/{made.words['token']}/").status_code == 404

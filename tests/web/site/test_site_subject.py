"""A person's copy of what is kept, and being forgotten."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.lib.codes import new_code
from introducer_web.lib.personal import registry
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.matching.models import MatchRun, Tie
from introducer_web.people import services as people
from introducer_web.people.models import Invitation, Participant, PrivateAnswers
from introducer_web.relationships import services as relationships
from introducer_web.relationships.services.answers import tell_both
from introducer_web.site.copies import FILES
from introducer_web.site.subject import erase_person
from introducer_web.tenants.models import User


def copy_of(client):
    answer = client.post(reverse("my_download"))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def matched(town):
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    assert run.state == MatchRun.State.DONE
    return run


def test_a_copy_has_ones_own_words_opened_and_nobody_elses(town, sign_in):
    said = PrivateAnswers.objects.get(participant=town.cleo_asks)
    said.answers = {"attributes": {"religion": ["Sikh"]}, "avoid": [town.ben.code]}
    said.save()
    files = copy_of(sign_in(town.cleo))
    assert json.loads(files["said-in-confidence.json"])[0]["answers"]["attributes"] == {"religion": ["Sikh"]}
    assert "cleo@example.org" in files["account.json"]
    everything = "".join(files.values())
    for other in ("ben@example.org", "Cai Lindqvist", "cai@example.org"):
        assert other not in everything


def test_each_file_of_a_copy_is_named_by_what_it_holds_and_the_note_says_so(town, sign_in):
    cast.edit(town.cleo, language="es")
    files = copy_of(sign_in(town.cleo))
    assert {"account.json", "your-places.json", "what-you-asked-for.json", "said-in-confidence.json"} <= files.keys()
    note = files.pop("read-me.txt")
    assert all(f"{name}: " in note for name in files)
    assert "cleo@example.org" in note


def test_every_table_of_which_something_is_handed_out_has_a_file():
    exported = {label for label, table in registry().items()
                if table.owner and any(what and what.exported for what in table.declared().values())}  # fmt: skip
    assert exported == FILES.keys()
    assert len({name for name, _what in FILES.values()}) == len(FILES)


def test_the_page_says_what_can_be_done(town, sign_in):
    page = sign_in(town.cleo).get(reverse("my_pages")).content.decode()
    assert "Type your e-mail address to delete everything" in page


def test_another_address_deletes_nothing(town, sign_in):
    page = sign_in(town.cleo).post(reverse("my_delete"), {"email": "cai@example.org"}, follow=True)
    assert "Nothing was deleted." in page.content.decode()
    assert User.objects.filter(email="cleo@example.org").exists()


def test_no_code_begins_like_a_formula(monkeypatch):
    drawn = iter(["-begins-like-a-formula", "-so-does-this-one-here", "this_one_is_a_fine_one"])
    monkeypatch.setattr("introducer_web.lib.codes.secrets.token_urlsafe", lambda _bits: next(drawn))
    assert new_code() == "this_one_is_a_fine_one"


@pytest.mark.parametrize("first", ["", "-"])
def test_a_person_is_forgotten_everywhere_and_nobody_else_changes(town, sign_in, first):
    """Also one whose code begins with a hyphen, as earlier versions gave some: a sheet writes it otherwise."""
    cast.edit(town.cleo, code=first + town.cleo.code[len(first) :])
    run = matched(town)
    cleo, code = town.cleo, town.cleo.code
    assert code in json.dumps(run.folder)
    people.invite(cohort=town.cohort, email=cleo.email, role="mentor", by=town.ada, now=town.now)
    others = Tie.objects.exclude(mentee__user=cleo).count()
    page = sign_in(cleo).post(reverse("my_delete"), {"email": "Cleo@example.org"}, follow=True)
    assert "Everything of yours was deleted." in page.content.decode()
    assert not User.objects.filter(code=code).exists()
    assert not Participant.objects.filter(user_id=cleo.pk).exists()
    assert not Invitation.objects.filter(email="cleo@example.org").exists()
    run.refresh_from_db()
    assert code not in json.dumps([run.folder, run.outcome])
    assert town.cai.code in json.dumps(run.folder)
    assert run.summary["forgotten"] == 1
    assert Tie.objects.count() == others
    assert Entry.objects.filter(act="site.erase", subject=code).count() == 1


def test_mails_to_others_that_name_whoever_is_forgotten_are_taken_back(town):
    """What has left stays as a row, so that it is not sent anew, and says nothing; mails of others are as they were."""
    pairs = [(town.cleo_asks, town.ben_mentors), (town.cai_asks, town.ben_mentors)]
    for two in relationships.record_existing(cohort=town.cohort, pairs=pairs, by=town.ada, now=town.now):
        tell_both(two, "", town.now)
    left, waits = Message.objects.filter(to="ben@example.org").order_by("pk")
    Message.objects.filter(pk=left.pk).update(state="sent", sent_at=town.now)
    erase_person(town.cleo, now=town.now)
    left.refresh_from_db()
    assert (left.state, left.content["text"]) == ("sent", "")
    waits.refresh_from_db()
    assert waits.state == "queued"
    assert "Cai" in waits.content["text"]
    erase_person(town.cai, now=town.now)
    waits.refresh_from_db()
    assert (waits.state, waits.content["text"]) == ("dropped", "")


def test_whom_others_avoid_is_forgotten_in_frozen_runs(town, sign_in):
    said = PrivateAnswers.objects.get(participant=town.cai_asks)
    said.answers = {"avoid": [town.ben.code, town.bea.code]}
    said.save()
    run = matched(town)
    sign_in(town.ben).post(reverse("my_delete"), {"email": "ben@example.org"})
    run.refresh_from_db()
    assert town.ben.code not in run.folder["mentees.csv"]
    assert town.bea.code in run.folder["mentees.csv"]


def test_a_coordinator_is_forgotten_too(town, sign_in):
    sign_in(town.rae).post(reverse("my_delete"), {"email": "rae@example.org"})
    assert not User.objects.filter(email="rae@example.org").exists()
    assert Entry.objects.filter(act="site.erase").count() == 1

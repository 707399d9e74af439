"""Notes are their author's: for themselves or for both, under a key of their own, and kept when the other one goes."""

import base64
import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.conversations import services
from introducer_web.conversations.models import Conversation, Letter, Note
from introducer_web.lib import crypto
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person, export_person

LATER = cast.NOON + dt.timedelta(hours=1)


@pytest.fixture
def together(town):
    town.two, town.others = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors), (town.cai_asks, town.ben_mentors)], by=town.ada,
        now=town.now,
    )  # fmt: skip
    return town


def write(town, person, text, **more):
    return services.write_note(relationship=town.two, person=person, text=text, now=town.now, **more)


def pages(town, person):
    where = ["ir", person.code, town.two.code]
    return reverse("note_list", args=where), lambda note: reverse("note_edit", args=[*where, note.code])


def read(client, town, person):
    cast.enter(client, person.user)
    return client.get(pages(town, person)[0]).content.decode()


def test_a_note_is_for_oneself_unless_one_says_otherwise(client, together):
    write(together, together.cleo_asks, "I dread the contract talk.")
    write(together, together.cleo_asks, "We said: three offers.", is_shared=True)
    mine = read(client, together, together.cleo_asks)
    assert "I dread the contract talk." in mine
    his = read(client, together, together.ben_mentors)
    assert "I dread" not in his
    assert "We said: three offers." in his
    assert his.count("Change or delete") == 0


def test_a_note_is_kept_with_a_form_and_says_who_reads_it(client, together):
    talk = services.log_conversation(
        relationship=together.two, person=together.cleo_asks, on=together.now.date(), by=together.cleo, now=together.now
    )
    cast.enter(client, together.cleo)
    address, _edit = pages(together, together.cleo_asks)
    talks = client.get(reverse("conversation_list", args=["ir", together.cleo_asks.code, together.two.code]))
    assert f"{address}?about={talk.code}#write" in talks.content.decode()
    page = client.get(address, {"about": talk.code}).content.decode()
    assert f'value="{talk.code}" selected' in page
    assert 'value="me" ' in page.split("checked")[0][-120:]
    posted = {"words": "Ask for the call schedule.", "conversation": talk.code, "is_shared": "me"}
    page = client.post(address, posted, follow=True).content.decode()
    assert "Kept. You alone can read it." in page
    assert "The conversation of Jan. 12, 2027" in page
    note = Note.objects.get()
    assert (note.words, note.conversation, note.is_shared) == ("Ask for the call schedule.", talk, False)
    assert client.post(address, posted | {"words": " "}).status_code == 422
    assert client.post(address, posted | {"words": "x" * 4001}).status_code == 422
    assert client.post(address, posted | {"is_shared": "all"}).status_code == 422
    assert Note.objects.count() == 1


def test_an_edit_of_two_windows_is_not_lost(client, together):
    note = write(together, together.cleo_asks, "First.")
    cast.enter(client, together.cleo)
    edit = pages(together, together.cleo_asks)[1](note)
    assert 'name="version" value="1"' in client.get(edit).content.decode()
    assert client.post(edit, {"words": "Second.", "is_shared": "both", "version": "1"}).status_code == 302
    answer = client.post(edit, {"words": "Of the other window.", "is_shared": "me", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "What stands there now" in page
    assert "<p>Second.</p>" in page
    assert "Of the other window.</textarea>" in page
    assert 'name="version" value="2"' in page
    note.refresh_from_db()
    assert (note.words, note.is_shared, note.version) == ("Second.", True, 2)
    assert client.post(edit, {"words": "Both.", "is_shared": "both", "version": "2"}).status_code == 302
    note.refresh_from_db()
    assert note.words == "Both."
    assert note.changed_at is not None


def test_a_note_deleted_in_another_window_is_not_written_again(together):
    note = write(together, together.cleo_asks, "Gone.")
    services.remove_note(note=Note.objects.get())
    with pytest.raises(services.ChangedMeanwhile, match="deleted"):
        services.edit_note(note=note, text="Still here?", is_shared=False, seen=1, now=LATER)
    assert not Note.objects.exists()


def test_who_deletes_a_shared_note_deletes_it_for_both(client, together):
    note = write(together, together.cleo_asks, "We said: three offers.", is_shared=True)
    cast.enter(client, together.cleo)
    assert (
        "Deleted."
        in client.post(pages(together, together.cleo_asks)[1](note), {"remove": "y"}, follow=True).content.decode()
    )
    assert "three offers" not in read(client, together, together.ben_mentors)


def test_nobody_but_its_author_changes_a_note_and_nobody_but_the_two_finds_it(client, together):
    shared = write(together, together.cleo_asks, "For both.", is_shared=True)
    cast.enter(client, together.ben)
    _address, edit = pages(together, together.ben_mentors)
    assert client.get(edit(shared)).status_code == 404
    assert client.post(edit(shared), {"remove": "y"}).status_code == 404
    for user in (together.ada, together.cai, together.dov, together.rae):
        cast.enter(client, user)
        for person in (together.cleo_asks, together.ben_mentors, together.cai_asks):
            there, one = pages(together, person)
            assert client.get(there).status_code == 404
            assert client.get(one(shared)).status_code == 404
            assert client.post(there, {"words": "I was here", "is_shared": "both"}).status_code == 404
    assert Note.objects.count() == 1


def test_a_note_of_one_mentee_is_not_among_those_of_another(client, together):
    services.write_note(
        relationship=together.others,
        person=together.ben_mentors,
        text="Of Cai alone.",
        now=together.now,
        is_shared=True,
    )
    assert "Of Cai alone." not in read(client, together, together.ben_mentors)
    assert "Of Cai alone." not in read(client, together, together.cleo_asks)


def test_before_both_agreed_there_is_nothing_and_after_the_end_one_writes_for_oneself(client, together):
    shared = write(together, together.cleo_asks, "For both.", is_shared=True)
    Relationship.objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=together.now)
    with pytest.raises(services.NotShared):
        write(together, together.cleo_asks, "One more thing", is_shared=True)
    with pytest.raises(services.NotShared):
        services.edit_note(note=shared, text="And this.", is_shared=True, seen=1, now=LATER)
    services.edit_note(note=shared, text="For both.", is_shared=True, seen=1, now=LATER)
    services.edit_note(note=shared, text="What I take along.", is_shared=False, seen=2, now=LATER)
    write(together, together.cleo_asks, "What I learned.")
    page = read(client, together, together.cleo_asks)
    assert "What I learned." in page
    assert 'value="both"' not in page
    Relationship.objects.filter(pk=together.two.pk).update(state="introduced", ended_at=None)
    with pytest.raises(services.NotTogether):
        write(together, together.cleo_asks, "Too early")
    assert client.get(pages(together, together.cleo_asks)[0]).status_code == 404


def test_the_other_one_goes_and_ones_own_notes_stay(client, together):
    write(together, together.cleo_asks, "Mine, of the two of us.", is_shared=True)
    write(together, together.ben_mentors, "His, shared.", is_shared=True)
    services.write_letter(relationship=together.two, person=together.cleo_asks, text="My letter.", now=together.now)
    services.write_letter(relationship=together.two, person=together.ben_mentors, text="His letter.", now=together.now)
    erase_person(together.ben, now=LATER)
    assert not Relationship.objects.filter(pk=together.two.pk).exists()
    assert [(row.words, row.relationship) for row in Note.objects.all()] == [("Mine, of the two of us.", None)]
    assert [row.words for row in Letter.objects.all()] == ["My letter."]
    cast.enter(client, together.cleo)
    home = client.get(reverse("participant_home", args=["ir", together.cleo_asks.code])).content.decode()
    kept = reverse("kept_list", args=["ir", together.cleo_asks.code])
    assert kept in home
    page = client.get(kept).content.decode()
    assert "Mine, of the two of us." in page
    assert "My letter." in page
    assert "His" not in page
    with zipfile.ZipFile(io.BytesIO(export_person(together.cleo, LATER))) as archive:
        notes, letters = (json.loads(archive.read(name)) for name in ("notes.json", "letters.json"))
    assert notes[0]["words"] == "Mine, of the two of us."
    assert letters[0]["words"] == "My letter."
    cast.enter(client, together.cai)
    assert client.get(kept).status_code == 404
    note = Note.objects.get()
    theirs = reverse("kept_remove", args=["ir", together.cai_asks.code, note.code])
    assert client.post(theirs).status_code == 404
    assert Note.objects.exists()
    cast.enter(client, together.cleo)
    for row in (note, Letter.objects.get()):
        client.post(reverse("kept_remove", args=["ir", together.cleo_asks.code, row.code]))
    assert not Note.objects.exists()
    assert not Letter.objects.exists()


def test_the_author_goes_and_with_them_all_that_they_wrote(together):
    write(together, together.cleo_asks, "Mine.", is_shared=True)
    write(together, together.ben_mentors, "His.")
    erase_person(together.cleo, now=LATER)
    assert [row.words for row in Note.objects.all()] == ["His."]


def test_a_copy_has_ones_own_notes_and_nobody_elses(together):
    write(together, together.cleo_asks, "Mine.", is_shared=True)
    write(together, together.ben_mentors, "His, shared.", is_shared=True)
    with zipfile.ZipFile(io.BytesIO(export_person(together.cleo, LATER))) as archive:
        [note] = json.loads(archive.read("notes.json"))
    assert note["words"] == "Mine."


class TestTheKey:
    """A note opens for its author in its relationship alone."""

    def test_it_opens_for_nobody_else(self, together):
        note = write(together, together.cleo_asks, "Mine.")
        Note.objects.filter(pk=note.pk).update(author=together.ben_mentors)
        with pytest.raises(crypto.Broken):
            Note.objects.get().words  # noqa: B018 - reading opens

    def test_it_opens_in_no_other_relationship(self, together):
        note = write(together, together.ben_mentors, "Of Cleo.")
        Note.objects.filter(pk=note.pk).update(relationship_code=together.others.code, relationship=together.others)
        with pytest.raises(crypto.Broken):
            Note.objects.get().words  # noqa: B018 - reading opens

    def test_a_row_that_points_elsewhere_is_in_no_list(self, client, together):
        note = write(together, together.ben_mentors, "Of Cleo.", is_shared=True)
        Note.objects.filter(pk=note.pk).update(relationship=together.others)
        cast.enter(client, together.cai)
        page = client.get(reverse("note_list", args=["ir", together.cai_asks.code, together.others.code]))
        assert page.status_code == 200
        assert "Of Cleo." not in page.content.decode()

    def test_the_first_key_alone_does_not_open_it(self, together):
        note = write(together, together.cleo_asks, "Mine.")
        bound = Note.words.bound_to(note)
        assert json.loads(crypto.open_sealed(note.sealed, bound, Note.words.under(note))) == "Mine."
        with pytest.raises(crypto.Broken):
            crypto.open_sealed(note.sealed, bound)

    def test_what_is_sealed_the_plain_way_opens_as_before(self, together):
        answers = together.cleo_asks.private_answers
        assert crypto.open_sealed(answers.sealed, type(answers).answers.bound_to(answers)) == b"{}"

    def test_a_new_key_seals_it_anew(self, together, settings):
        note = write(together, together.cleo_asks, "Mine.")
        services.write_letter(relationship=together.two, person=together.cleo_asks, text="To Ben.", now=together.now)
        new = f"new:{base64.urlsafe_b64encode(b'n' * 32).decode().rstrip('=')}"
        settings.INTRODUCER_KEYS = [new, *settings.INTRODUCER_KEYS]
        out = io.StringIO()
        call_command("rotate_keys", stdout=out)
        assert "conversations.Note words: 1 sealed anew" in out.getvalue()
        settings.INTRODUCER_KEYS = [new]
        assert Note.objects.get(pk=note.pk).words == "Mine."
        assert Letter.objects.get().words == "To Ben."


class TestPatients:
    """What may say who a patient is is warned of, nothing is lost, and nothing is blocked."""

    def test_a_warning_shows_what_it_saw_and_keeps_the_words(self, client, together, caplog):
        cast.enter(client, together.cleo)
        address, _edit = pages(together, together.cleo_asks)
        posted = {"words": "Hard night.\nMRN 00123456 bled.", "is_shared": "me"}
        answer = client.post(address, posted)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Line 2, a number of a medical record:" in page
        assert "<mark>00123456</mark>" in page
        assert "MRN 00123456 bled.</textarea>" in page
        assert not Note.objects.exists()
        assert "00123456" not in caplog.text
        agreed = page.split('name="agreed" value="')[1].split('"')[0]
        assert client.post(address, posted | {"agreed": agreed}).status_code == 302
        assert Note.objects.get().words == "Hard night.\nMRN 00123456 bled."

    def test_who_agreed_to_one_thing_has_not_agreed_to_the_next(self, client, together):
        cast.enter(client, together.cleo)
        address, _edit = pages(together, together.cleo_asks)
        posted = {"words": "MRN 00123456", "is_shared": "me"}
        agreed = client.post(address, posted).content.decode().split('name="agreed" value="')[1].split('"')[0]
        answer = client.post(address, posted | {"words": "MRN 00123456, Mrs. Alvarez", "agreed": agreed})
        assert answer.status_code == 422
        assert "<mark>Mrs. Alvarez</mark>" in answer.content.decode()

    def test_an_edit_is_looked_at_too_and_keeps_its_version(self, client, together):
        note = write(together, together.cleo_asks, "Hard night.")
        cast.enter(client, together.cleo)
        edit = pages(together, together.cleo_asks)[1](note)
        posted = {"words": "Hard night with Mrs. Alvarez", "is_shared": "me", "version": "1"}
        answer = client.post(edit, posted)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'name="version" value="1"' in page
        agreed = page.split('name="agreed" value="')[1].split('"')[0]
        assert client.post(edit, posted | {"agreed": agreed}).status_code == 302


def test_no_act_is_recorded_of_a_note(together):
    before = Entry.objects.count()
    note = write(together, together.cleo_asks, "Mine.")
    services.edit_note(note=note, text="Mine again.", is_shared=True, seen=1, now=LATER)
    services.remove_note(note=note)
    assert Entry.objects.count() == before


def test_a_long_list_has_pages(client, together):
    for k in range(12):
        write(together, together.cleo_asks, f"Note {k}: {'x' * 3900}")
    cast.enter(client, together.cleo)
    page = client.get(pages(together, together.cleo_asks)[0])
    assert len(page.content) < 100_000
    assert "Page 1 of 2" in page.content.decode()


class TestOpenEndsOfConversations:
    def test_a_length_of_what_was_taken_back_meanwhile_is_said_in_a_sentence(self, together):
        talk = services.log_conversation(
            relationship=together.two, person=together.cleo_asks, on=together.now.date(), by=together.cleo,
            now=together.now,
        )  # fmt: skip
        Conversation.objects.all().delete()
        with pytest.raises(services.TakenBack, match="taken back in the meantime"):
            services.say_minutes(conversation=talk, minutes=30)
        with pytest.raises(services.TakenBack):
            services.take_back(conversation=talk, person=together.cleo_asks, by=together.cleo, now=together.now)

    def test_that_the_other_side_says_so_too_is_recorded_once(self, together):
        for person in (together.cleo_asks, together.ben_mentors, together.ben_mentors):
            services.log_conversation(
                relationship=together.two, person=person, on=together.now.date(), by=person.user, now=together.now
            )
        [entry] = Entry.objects.filter(act="conversations.confirm")
        assert (entry.by, entry.subject) == ("", together.two.code), "which of the two is not said"

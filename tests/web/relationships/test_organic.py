"""People whom a mentee has already: added with a name, confirmed with a tap, nobody's business but theirs."""

import datetime as dt
import io
import json
import re
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.lib import doors
from introducer_web.lib.qr import QUIET, code_of
from introducer_web.mail.models import Message
from introducer_web.relationships import services
from introducer_web.relationships.models import OrganicTie
from introducer_web.site.subject import erase_person, export_person

DAY = dt.timedelta(days=1)


@pytest.fixture
def known(town):
    """Cleo has an aunt who knows contracts."""
    town.tie = services.add_tie(person=town.cleo_asks, name="Aunt  Zoë", domains=["contracts"], now=town.now)
    return town


def linked(town):
    """Return the path of a link that was just made."""
    town.tie = services.make_link(tie=town.tie, now=town.now)
    return f"/o/{town.tie.link['token']}/"


def at(name, town, *more):
    return reverse(name, args=["ir", town.cleo_asks.code, *more])


def fresh(town):
    return OrganicTie.objects.get(pk=town.tie.pk)


# Adding somebody


def test_a_name_and_a_tick_and_it_counts_at_once(client, town):
    cast.enter(client, town.cleo)
    home = at("participant_home", town)
    assert at("organic_add", town) in client.get(home).content.decode()
    page = client.get(at("organic_add", town)).content.decode()
    assert page.index("Contracts") < page.index("Something else")  # what they asked for comes first
    answer = client.post(at("organic_add", town), {"name": "Zoë", "domains": ["contracts"]})
    tie = OrganicTie.objects.get()
    assert answer.url == at("organic_tie", town, tie.code)
    assert tie.facts["domains"] == ["contracts"]
    page = client.get(home).content.decode()
    assert "Zoë" in page
    assert "<b>1 of the 2</b>" in page
    assert "1 of 2 needs covered" in page  # the picture says the same


def test_a_name_alone_is_enough_and_none_is_not(client, town):
    cast.enter(client, town.cleo)
    assert client.post(at("organic_add", town), {"name": " "}).status_code == 422
    assert client.post(at("organic_add", town), {"name": "Zoë"}).status_code == 302
    assert OrganicTie.objects.get().facts["domains"] == []


def test_two_taps_on_one_button_are_one_person(known):
    again = services.add_tie(person=known.cleo_asks, name="aunt zoe", domains=["research"], now=known.now)
    assert again.pk == known.tie.pk
    assert again.facts["domains"] == ["contracts", "research"]
    assert again.facts["name"] == "Aunt Zoë"


def test_forty_people_are_enough(town):
    for k in range(40):
        services.add_tie(person=town.cleo_asks, name=f"N{k}", domains=[], now=town.now)
    with pytest.raises(services.TooManyTies, match="Remove somebody"):
        services.add_tie(person=town.cleo_asks, name="N41", domains=[], now=town.now)


def test_a_mentor_has_no_such_page(client, town):
    cast.enter(client, town.ben)
    assert client.get(reverse("organic_add", args=["ir", town.ben_mentors.code])).status_code == 404


def test_nothing_of_it_reaches_the_record_the_outbox_the_load_or_a_match(client, known):
    before = Entry.objects.count(), Message.objects.count()
    path = linked(known)
    client.post(path, {"act": "confirm"})
    services.note_talk(tie=known.tie, on=known.now.date(), now=known.now)
    assert (Entry.objects.count(), Message.objects.count()) == before
    run = services.request_run(cohort=known.cohort, by=known.ada, now=known.now)
    assert "contracts" in json.dumps(run.folder)
    assert "Zo" not in json.dumps(run.folder, ensure_ascii=False)
    cast.enter(client, known.ada)
    for name in ("people_list", "relationship_list", "people_supply", "message_list", "run_list"):
        page = client.get(reverse(name, args=["ir", known.cohort.code])).content.decode()
        assert "Zoë" not in page, name
        assert known.tie.code not in page, name


def test_it_goes_on_in_another_cohort_of_the_society(client, known):
    there = type(known)(**vars(known))
    there.cohort = known.cohort_abroad.__class__.objects.create(
        society=known.society, program=known.program, name="2028"
    )
    later = cast.participant(there, known.cleo, "mentee", needs={"contracts": 2}, institution="")
    cast.enter(client, known.cleo)
    page = client.get(reverse("participant_home", args=["ir", later.code])).content.decode()
    assert "Zoë" in page
    assert client.get(reverse("organic_tie", args=["ir", later.code, known.tie.code])).status_code == 200


# The link


def test_the_link_is_shown_with_its_picture_and_only_its_digest_is_kept_in_clear(client, known):
    path = linked(known)
    cast.enter(client, known.cleo)
    page = client.get(at("organic_tie", known, known.tie.code)).content.decode()
    assert path in page
    assert 'class="qr"' in page
    token = path.split("/")[2]
    row = OrganicTie.objects.filter(pk=known.tie.pk).values().get()
    assert token.encode() not in b"".join(bytes(v) for v in row.values() if isinstance(v, (bytes, memoryview)))
    assert token not in json.dumps(row, default=str)


def test_to_look_changes_nothing_and_one_tap_confirms(client, known):
    path = linked(known)
    page = client.get(path).content.decode()
    assert "Cleo Marsh says that you help them" in page
    assert "Aunt Zoë" in page
    assert "Contracts" in page
    assert "nothing to buy" in page
    assert fresh(known).state == "claimed"
    assert client.post(path, {"act": "confirm"}).url == path
    assert fresh(known).state == "confirmed"
    assert fresh(known).words["agreed_at"]
    client.post(path, {"act": "confirm"})
    assert "both know" in client.get(path).content.decode()


def test_what_was_asked_in_confidence_or_is_sensitive_is_not_shown_to_the_other_side(client, known):
    known.program.domains.filter(key="research").update(sensitive=True)
    held = known.cleo_asks.private_answers
    held.answers = {"needs": {"leadership": 3}}
    held.save()
    services.change_tie(tie=known.tie, name="Zoë", domains=["contracts", "leadership", "research"])
    page = client.get(linked(known)).content.decode()
    assert "Contracts" in page
    assert "Leadership" not in page
    assert "Research" not in page


def test_a_link_expires_is_made_anew_and_ends(client, known):
    old = linked(known)
    cast.edit(known.tie, expires_at=known.now - 3000 * DAY)
    assert "expired" in client.get(old).content.decode()
    assert "Cleo" not in client.get(old).content.decode()
    assert client.post(old, {"act": "confirm"}).status_code == 409
    new = linked(known)
    assert client.get(old).status_code == 404
    services.withdraw_link(tie=known.tie)
    assert client.get(new).status_code == 404
    assert fresh(known).link == {}


def test_what_is_confirmed_keeps_its_link(client, known):
    path = linked(known)
    client.post(path, {"act": "confirm"})
    with pytest.raises(services.AlreadyConfirmed):
        services.make_link(tie=known.tie, now=known.now)
    with pytest.raises(services.AlreadyConfirmed):
        services.withdraw_link(tie=known.tie)
    assert client.get(path).status_code == 200


def test_what_they_disclose_is_read_at_once(client, known):
    path = linked(known)
    client.post(path, {"act": "confirm"})
    said = {"act": "say", "reach": "By phone", "kind": "adviser", "sells": "Pensions", "paid_by": "A bank"}
    client.post(path, said)
    cast.enter(client, known.cleo)
    page = client.get(at("organic_tie", known, known.tie.code)).content.decode()
    assert all(words in page for words in ("By phone", "Pensions", "A bank"))
    assert "May have something to sell" in client.get(at("participant_home", known)).content.decode()


def test_an_adviser_who_has_not_said_anything_is_marked(client, known):
    facts = known.tie.facts | {"kind": "industry"}
    services.change_tie(tie=known.tie, **facts)
    cast.enter(client, known.cleo)
    assert "Ask before you decide" in client.get(at("organic_tie", known, known.tie.code)).content.decode()


def test_they_step_out_without_a_reason_and_their_words_go(client, known):
    path = linked(known)
    client.post(path, {"act": "confirm"})
    client.post(path, {"act": "say", "reach": "By phone"})
    client.post(path, {"act": "leave", "forget": "yes"})
    assert fresh(known).state == "left"
    assert fresh(known).words == {}
    assert "You have stepped out" in client.get(path).content.decode()
    assert client.post(path, {"act": "confirm"}).status_code == 409
    assert client.post(path, {"act": "say", "reach": "x"}).status_code == 409
    cast.enter(client, known.cleo)
    page = client.get(at("participant_home", known)).content.decode()
    assert "has stepped out" in page
    assert "<b>0 of the 2</b>" in page


def test_their_words_stay_until_they_ask_even_after_the_end(client, known):
    path = linked(known)
    client.post(path, {"act": "confirm"})
    client.post(path, {"act": "say", "reach": "By phone"})
    services.end_tie(tie=known.tie, now=known.now)
    assert "Forget what I said" in client.get(path).content.decode()
    client.post(path, {"act": "leave", "forget": "yes"})
    assert fresh(known).state == "ended"
    assert fresh(known).words == {}
    assert "Forget what I said" not in client.get(path).content.decode()


def test_no_is_an_answer(client, known):
    path = linked(known)
    client.post(path, {"act": "leave"})
    assert fresh(known).state == "left"
    assert client.post(path, {"act": "what"}).status_code == 409


# Living with it


def test_a_tap_notes_that_they_talked_and_a_day_counts_once(client, known):
    cast.enter(client, known.cleo)
    for _ in range(2):
        client.post(at("organic_talk", known, known.tie.code))
    assert len(fresh(known).facts["days"]) == 1
    [day] = fresh(known).facts["days"]
    client.post(at("organic_talk", known, known.tie.code), {"on": day, "back": "yes"})
    assert fresh(known).facts["days"] == []


def test_a_day_to_come_is_refused_beside_its_field(client, known):
    cast.enter(client, known.cleo)
    answer = client.post(at("organic_talk", known, known.tie.code), {"on": "2199-01-01"})
    assert answer.status_code == 422
    assert "last twelve months" in answer.content.decode()
    services.end_tie(tie=known.tie, now=known.now)
    with pytest.raises(services.TieIsOver):
        services.note_talk(tie=known.tie, on=known.now.date(), now=known.now)


def test_the_mentee_says_more_of_them(client, known):
    cast.enter(client, known.cleo)
    said = {"name": "Zoë", "domains": ["research"], "roles": ["sponsor", "peer"], "kind": "family", "since": "2019"}
    client.post(at("organic_tie", known, known.tie.code), said)
    facts = fresh(known).facts
    assert (facts["domains"], facts["roles"], facts["kind"], facts["since"]) == (
        ["research"], ["sponsor", "peer"], "family", 2019,
    )  # fmt: skip
    assert client.post(at("organic_tie", known, known.tie.code), said | {"since": "19"}).status_code == 422


def test_ended_it_is_past_and_removed_it_is_gone(client, known):
    cast.enter(client, known.cleo)
    client.post(at("organic_end", known, known.tie.code), {"end": "yes"})
    assert "Zoë" not in client.get(at("participant_home", known)).content.decode()
    client.post(at("organic_end", known, known.tie.code), {"remove": "yes"})
    assert not OrganicTie.objects.exists()


def test_two_tabs_of_which_one_ended_it(client, known):
    cast.enter(client, known.cleo)
    for _ in range(2):
        assert client.post(at("organic_end", known, known.tie.code), {"end": "yes"}).status_code == 302
    page = client.post(at("organic_link", known, known.tie.code), follow=True).content.decode()
    assert "This is over" in page
    assert fresh(known).digest is None


def test_nobody_else_reaches_it(client, known):
    for user in (known.cai, known.ben, known.ada, known.rae):
        cast.enter(client, user)
        for name in ("organic_tie", "organic_link", "organic_talk", "organic_end"):
            assert client.post(at(name, known, known.tie.code), {"name": "x"}).status_code == 404


def test_another_mentee_cannot_put_it_behind_their_own_address(client, known):
    cast.enter(client, known.cai)
    assert client.get(reverse("organic_tie", args=["ir", known.cai_asks.code, known.tie.code])).status_code == 404


def test_the_copy_holds_what_the_mentee_said_and_nothing_of_the_other_side(known):
    linked(known)
    services.confirm_tie(tie=known.tie, now=known.now)
    services.say_of_oneself(tie=known.tie, kind="", reach="tokenreach", sells="", paid_by="")
    packed = zipfile.ZipFile(io.BytesIO(export_person(known.cleo, known.now)))
    text = packed.read("who-helped-you-already.json").decode()
    assert "Aunt Zoë" in text
    assert "tokenreach" not in text
    assert known.tie.link["token"] not in text


def test_it_goes_with_the_mentee(known):
    erase_person(known.cleo, now=known.now)
    assert not OrganicTie.objects.exists()


def test_the_database_wants_a_time_for_what_is_confirmed(known):
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.edit(known.tie, state="confirmed")


def test_another_app_opens_a_door_on_their_page(client, known, monkeypatch):
    monkeypatch.setattr(doors, "_organic", [lambda **given: [doors.Door("Say it", f"/x/{given['tie'].code}/")]])
    cast.enter(client, known.cleo)
    assert f"/x/{known.tie.code}/" in client.get(at("organic_tie", known, known.tie.code)).content.decode()


# The picture of a link


def test_a_code_is_drawn_with_its_quiet_zone_and_its_title():
    drawn = code_of("https://example.org/o/x/", "The <link>")
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', drawn)[1])
    assert (size - 2 * QUIET - 17) % 4 == 0  # a version of the standard
    assert "The &lt;link&gt;" in drawn
    assert "style=" not in drawn
    lefts = [int(x) for x in re.findall(r"M(\d+) ", drawn)]
    assert min(lefts) == QUIET
    # The three finders: seven dark modules in a row at both upper corners.
    assert f"M{QUIET} {QUIET}h7v1h-7z" in drawn
    assert f"M{size - QUIET - 7} {QUIET}h7v1h-7z" in drawn


def test_selling_can_be_reported_from_their_page(client, known):
    cast.enter(client, known.cleo)
    report = reverse("report_new", args=["ir"])
    assert f'href="{report}"' in client.get(at("organic_tie", known, known.tie.code)).content.decode()
    assert client.get(report).status_code == 200

"""Turning to somebody outside of the program: sealed, without coordinators, and answered."""

import datetime as dt
import json
import logging
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

import cast
from introducer_web.audit.models import Entry
from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.programs import services as programs
from introducer_web.programs.models import Staff
from introducer_web.relationships import services as relationships
from introducer_web.safety import services
from introducer_web.safety.models import Confidant, Delivery, Report
from introducer_web.site.subject import erase_person
from introducer_web.tenants.models import User

SAID = "He asked me to buy his course, twice."


@pytest.fixture
def named(town):
    """Two confidants of the society, and Cleo and Ben who are together."""
    town.ida, town.ola = (
        services.name_confidant(
            society=town.society, program=None, name=name, email=f"{name.partition(' ')[0].lower()}@else.example.org",
            about="Ombudsperson of the university", by=town.ada, now=town.now,
        )
        for name in ("Ida Berg", "Ola Lund")
    )  # fmt: skip
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def write(town, *confidants, **more):
    return services.report(
        society=town.society, by=town.cleo, kind="solicitation", words=SAID, confidants=confidants or (town.ida,),
        now=town.now, of=town.ben, **more,
    )  # fmt: skip


def link(confidant):
    message = Message.objects.get(kind="report_waits", to=confidant.email)
    return re.search(r"/r/[\w-]+/", message.content["text"])[0]


def test_from_the_page_of_two_somebody_writes_to_the_one_they_choose(named, sign_in):
    client = sign_in(named.cleo)
    two = client.get(reverse("conversation_list", args=["ir", named.cleo_asks.code, named.two.code])).content.decode()
    path = f"{reverse('report_new', args=['ir'])}?of={named.two.code}"
    assert path in two
    form = client.get(path)
    assert form.context["form"].initial["of"] == named.ben.code
    assert "Ida Berg" in form.content.decode()
    answer = client.post(
        path, {"to": [named.ida.code], "kind": "solicitation", "of": named.ben.code, "words": SAID, "named": "no"}
    )
    shown = client.get(answer.url).content.decode()
    assert SAID in shown
    assert "sent on" in shown
    assert [row.to for row in Message.objects.filter(kind="report_waits")] == [named.ida.email]
    assert SAID.encode() not in bytes(Report.objects.get().sealed)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(named, sign_in):
    page = sign_in(named.cleo).post(reverse("report_new", args=["ir"]), {"words": SAID, "kind": "other"})
    assert page.status_code == 422
    assert SAID in page.content.decode()
    assert not Report.objects.exists()


def test_words_that_may_name_a_patient_are_warned_of_and_sent_all_the_same_if_one_likes(named, sign_in):
    path = reverse("report_new", args=["ir"])
    said = {"to": [named.ida.code], "kind": "other", "words": "He sent me MRN 4471234 of a patient.", "named": "no"}
    page = sign_in(named.cleo).post(path, said)
    assert page.status_code == 422
    assert "Might this say who a patient is?" in page.content.decode()
    assert not Report.objects.exists()
    assert sign_in(named.cleo).post(path, said | {"agreed": page.context["form"].agree}).status_code == 302


def test_the_mail_and_its_subject_have_no_word_and_no_name_of_it(named):
    write(named)
    told = json.dumps([row.content for row in Message.objects.filter(kind="report_waits")])
    for secret in ("course", "Ben", "Cleo", "solicit"):
        assert secret not in told
    assert not Message.objects.filter(kind__startswith="report_").exclude(about="").exists()


def test_a_confidant_opens_it_without_an_account_and_looking_at_the_link_opens_nothing(named):
    write(named)
    path, client = link(named.ida), Client()
    cover = client.get(path).content.decode()
    assert "course" not in cover
    assert Delivery.objects.get().read_at is None
    client.post(path, {"what": "open"})
    shown = client.get(path).content.decode()
    assert SAID in shown
    assert "Ben Castellanos" in shown
    assert "Cleo" not in shown, "she did not tell her name"
    assert Delivery.objects.get().read_at is not None


def test_who_wishes_to_be_named_is_named(named):
    write(named, named=True)
    client = Client()
    client.post(link(named.ida), {"what": "open"})
    assert "Cleo Marsh" in client.get(link(named.ida)).content.decode()


def test_an_answer_reaches_who_wrote_also_unnamed_and_the_state_goes_on(named, sign_in):
    made = write(named, named.ida, named.ola)
    path, client = link(named.ida), Client()
    client.post(path, {"what": "open"})
    assert client.post(path, {"what": "answer", "answer": "  "}).status_code == 422
    client.post(path, {"what": "answer", "answer": "Keep his mails. I am here."})
    client.post(path, {"what": "answer", "answer": "Shall we talk on Monday?"})
    own = reverse("report_show", args=["ir", made.code])
    shown = sign_in(named.cleo).get(own).content.decode()
    assert "Keep his mails. I am here." in shown
    assert "Monday" in shown
    assert "answered on" in shown
    assert "sent on" in shown, "the other one has not read it"
    moved = Message.objects.filter(kind="report_moved")
    assert {row.to for row in moved} == {named.cleo.email}
    assert "Keep" not in json.dumps([row.content for row in moved])
    assert own in moved[0].content["text"]
    client.post(path, {"what": "close"})
    client.post(path, {"what": "close"})
    assert "course" not in client.get(path).content.decode()
    assert client.post(path, {"what": "answer", "answer": "More."}).status_code == 422
    assert "closed on" in sign_in(named.cleo).get(own).content.decode()


def test_the_person_whom_it_is_about_never_reads_it_nor_who_wrote_it(named, sign_in):
    cast.edit(named.ola, email=named.ben.email)
    with pytest.raises(services.NotThemselves, match="Choose the other one"):
        write(named, named.ida, named.ola)
    with pytest.raises(services.NotThemselves):
        services.report(society=named.society, by=named.cai, kind="other", words="x", confidants=[named.ida],
                        about="the ida berg whom you named", now=named.now)  # fmt: skip
    assert not Report.objects.exists()
    cast.edit(named.ola, email=named.cleo.email)
    assert "Ola Lund" not in sign_in(named.cleo).get(reverse("report_new", args=["ir"])).content.decode()


def test_nobody_else_finds_it(named, sign_in):
    made = write(named)
    own = reverse("report_show", args=["ir", made.code])
    for who in (named.ada, named.ben, named.cai, named.rae, named.dov):
        assert sign_in(who).get(own).status_code == 404
        assert SAID not in sign_in(who).get(reverse("human_help", args=["ir"])).content.decode()
    assert Client().get(own).status_code == 404


def test_no_page_of_a_coordinator_tells_that_there_is_one_and_no_record_counts_them(named, sign_in):
    pages = [("confidant_list", []), ("audit_list", []), ("society_home", []), ("message_list", [named.cohort.code]),
             ("relationship_list", [named.cohort.code]), ("people_list", [named.cohort.code])]  # fmt: skip

    def seen():
        client = sign_in(named.ada)
        found = [client.get(reverse(name, args=["ir", *args])).content.decode() for name, args in pages]
        return [re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]+"', "", each) for each in found]

    before, entries = seen(), Entry.objects.count()
    write(named)
    Client().post(link(named.ida), {"what": "open"})
    assert seen() == before
    assert Entry.objects.count() == entries


def test_only_who_stands_outside_of_the_reporting_line_is_named(named, sign_in):
    client = sign_in(named.ada)
    path = reverse("confidant_list", args=["ir"])
    said = {"name": "Rae Novak", "email": "Rae@example.org", "about": "Researches", "outside": "on"}
    assert "coordinates or evaluates here" in client.post(path, said).content.decode()
    assert client.post(path, said | {"email": named.ada.email}).status_code == 422
    assert client.post(path, said | {"email": named.ida.email}).status_code == 422
    assert client.post(path, {**said, "email": "new@else.example.org", "outside": ""}).status_code == 422
    assert client.post(path, {**said, "email": "new@else.example.org"}).status_code == 302
    assert Message.objects.filter(kind="confidant_named", to="new@else.example.org").exists()


def test_a_program_with_fewer_than_two_says_so_to_its_coordinator(town, sign_in):
    home, path = reverse("society_home", args=["ir"]), reverse("confidant_list", args=["ir"])
    assert "1 program has fewer than two confidants" in sign_in(town.ada).get(home).content.decode()
    assert "Mentoring has fewer than two" in sign_in(town.ada).get(path).content.decode()
    for name in ("a", "b"):
        services.name_confidant(society=town.society, program=town.program, name=name, about="x", by=town.ada,
                                email=f"{name}@else.example.org", now=town.now)  # fmt: skip
    assert "fewer than two" not in sign_in(town.ada).get(home).content.decode()
    assert "fewer than two" not in sign_in(town.ada).get(path).content.decode()


def test_confidants_of_another_program_are_not_offered(named, sign_in):
    other = programs.create_program(society=named.society, name="Other", template="ir/1", by=named.ada, now=named.now)
    services.name_confidant(society=named.society, program=other, name="Far Away", about="x", by=named.ada,
                            email="far@else.example.org", now=named.now)  # fmt: skip
    assert "Far Away" not in sign_in(named.cleo).get(reverse("report_new", args=["ir"])).content.decode()


def test_a_confidant_who_is_one_no_longer_reads_nothing_and_who_wrote_sees_it(named, sign_in):
    made = write(named)
    client = Client()
    client.post(link(named.ida), {"what": "open"})
    sign_in(named.ada).post(reverse("confidant_end", args=["ir", named.ida.code]))
    assert client.get(link(named.ida)).status_code == 404
    shown = sign_in(named.cleo).get(reverse("report_show", args=["ir", made.code])).content.decode()
    assert "no longer reads" in shown


def test_a_confidant_who_comes_to_coordinate_here_reads_nothing_any_more(named, sign_in):
    """It was refused when they were named; it holds when the post comes later, and ends with it."""
    write(named)
    client = Client()
    client.post(link(named.ida), {"what": "open"})
    user = User.objects.create(email=named.ida.email, name="Ida")
    post = Staff.objects.create(society=named.society, user=user, program=None, role="coordinator", since=named.now)
    assert client.get(link(named.ida)).status_code == 404
    assert named.ida.name not in sign_in(named.cleo).get(reverse("report_new", args=["ir"])).content.decode()
    page = sign_in(named.ada).get(reverse("confidant_list", args=["ir"])).content.decode()
    assert "Coordinates or evaluates here by now" in page
    assert "fewer than two confidants" in page
    cast.edit(post, until=named.now)
    assert client.get(link(named.ida)).status_code == 200


def test_anybody_finds_where_human_help_is_and_only_who_belongs_here_sees_whom_to_write_to(named, sign_in):
    services.edit_help(society=named.society, words="Doctors in need: 555 0100, day and night", by=named.ada,
                       now=named.now)  # fmt: skip
    path = reverse("human_help", args=["ir"])
    page = Client().get(path).content.decode()
    assert "555 0100" in page
    assert "your local emergency number" in page
    assert "Ida Berg" not in page
    assert "Ida Berg" in sign_in(named.cleo).get(path).content.decode()
    assert "Ida Berg" not in sign_in(named.dov).get(path).content.decode()
    home = reverse("participant_home", args=["ir", named.cleo_asks.code])
    assert path in sign_in(named.cleo).get(home).content.decode(), "it stands at the foot of every page of the society"
    assert path in sign_in(named.cleo).get(reverse("my_pages")).content.decode()
    join = reverse("program_join", args=["ir", cast.edit(named.program, is_open=True).code])
    assert path in Client().get(join).content.decode()


def test_a_coordinator_writes_the_societys_own_lines(named, sign_in):
    path = reverse("help_edit", args=["ir"])
    assert sign_in(named.ada).post(path, {"words": "<b>Line</b> 1"}).status_code == 302
    assert "&lt;b&gt;Line" in Client().get(reverse("human_help", args=["ir"])).content.decode()
    assert sign_in(named.cleo).get(path).status_code == 404


def test_who_wrote_can_take_it_back(named, sign_in):
    made = write(named)
    path = link(named.ida)
    assert sign_in(named.ben).post(reverse("report_delete", args=["ir", made.code])).status_code == 404
    sign_in(named.cleo).post(reverse("report_delete", args=["ir", made.code]))
    assert not Report.objects.exists()
    assert Client().get(path).status_code == 404
    mail.send_due(named.now)
    assert not Message.objects.filter(kind="report_waits", state="sent").exists()


def test_one_person_cannot_flood_a_confidant(named):
    for _ in range(5):
        write(named)
    with pytest.raises(services.TooMany, match="emergency number"):
        write(named)
    named.now += dt.timedelta(days=1)
    write(named)


def test_who_is_forgotten_leaves_no_report(named):
    write(named)
    erase_person(named.cleo, now=named.now)
    assert not Report.objects.exists()
    assert not Delivery.objects.exists()
    assert Confidant.objects.count() == 2


def test_the_link_is_in_no_line_of_the_log():
    line = dict(settings.LOGGING["formatters"]["line"])
    written = import_string(line.pop("()"))(**line).format(
        logging.LogRecord("x", logging.INFO, "", 0, "GET /r/secretsecret/ and /v/othersecret/", (), None)
    )
    assert "secret" not in written

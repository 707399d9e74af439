"""Segments: who is in them now, and writing to everybody in one, once each."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as mailbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from introducer_web.care import links
from introducer_web.care.models import Mailing, Segment
from introducer_web.care.segment_forms import SegmentForm
from introducer_web.care.segments import Sight, criteria_of
from introducer_web.care.services import segments as services
from introducer_web.lib.nights import by_day
from introducer_web.mail.models import Message
from introducer_web.mail.services import send_due
from introducer_web.people.models import Need
from introducer_web.programs.models import Domain, TrainingSite
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Introduction
from introducer_web.site import subject

DAY = dt.timedelta(days=1)


def names(town, **said):
    return [person.user.name for person in Sight(town.cohort, town.now).of(criteria_of(said))]


@pytest.fixture
def together(town):
    """Cleo and Ben have agreed; Cai has nobody."""
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def save(town, name="Mentees", **said):
    return services.save_segment(cohort=town.cohort, name=name, said=said, by=town.ada, now=town.now)


def write(town, segment, body="Dear {name}, look: {link}", **more):
    return services.send_mailing(
        segment=segment, subject="News of {program}", body=body, by=town.ada, now=town.now, **more
    )


def work(town):
    while services.send_mailings(town.now):
        pass


class TestWhoIsInIt:
    def test_plain_facts(self, town):
        site = TrainingSite.objects.create(society=town.society, name="Mercy")
        cast.edit(town.cleo_asks, site=site, rural=True, languages=["es", "en"], stage="pgy5")
        cast.edit(town.cai_asks, paused_until=(town.now + DAY).date())
        cast.edit(town.bea_mentors, state="withdrawn")
        assert names(town, role="mentee") == ["Cai Lindqvist", "Cleo Marsh"]
        assert names(town, role="mentor", state="active") == ["Ben Castellanos"]
        assert names(town, site=site.code) == ["Cleo Marsh"]
        assert names(town, rural=True) == ["Cleo Marsh"]
        assert names(town, language="es") == ["Cleo Marsh"]
        assert names(town, stage="pgy5") == ["Cleo Marsh"]
        assert names(town, paused="yes") == ["Cai Lindqvist"]
        assert names(town, role="mentee", paused="no") == ["Cleo Marsh"]
        assert len(names(town)) == 4

    def test_a_pause_that_is_over_is_none(self, town):
        cast.edit(town.cai_asks, paused_until=town.now.date())
        assert names(town, paused="yes") == []

    def test_who_has_nobody(self, together):
        assert names(together, alone=True) == ["Bea Okafor", "Cai Lindqvist"]
        cast.edit(together.two, state="ended", seat=None, ended_at=together.now)
        assert len(names(together, alone=True)) == 4
        assert names(together, ended=7) == ["Ben Castellanos", "Cleo Marsh"]
        cast.edit(together.two, ended_at=together.now - 8 * DAY)
        assert names(together, ended=7) == []

    def test_not_met_and_quiet(self, together):
        assert names(together, not_met=21) == []
        cast.edit(together.two, began_at=together.now - 21 * DAY)
        assert names(together, not_met=21) == ["Ben Castellanos", "Cleo Marsh"]
        assert names(together, quiet=45) == []
        cast.edit(together.two, last_contact_on=(together.now - 45 * DAY).date())
        assert names(together, not_met=21) == []
        assert names(together, quiet=45, role="mentee") == ["Cleo Marsh"]
        assert names(together, quiet=46) == []

    def test_who_has_not_answered(self, together):
        cast.edit(together.two, state="introduced", seat=None)
        given = {"society": together.society, "relationship": together.two, "expires_at": together.now + 9 * DAY}
        for side, answer in (("mentee", "accepted"), ("mentor", "none")):
            Introduction.objects.create(
                **given, side=side, digest=side, answer=answer, sent_at=together.now - 7 * DAY
            )  # fmt: skip
        assert names(together, unanswered=7) == ["Ben Castellanos"]
        assert names(together, unanswered=8) == []

    def test_a_need_for_which_nobody_is_there(self, together):
        assert names(together, uncovered="contracts") == ["Cleo Marsh"]
        cast.edit(together.two, needs=["contracts.offers"])
        assert names(together, uncovered="contracts") == []
        assert names(together, uncovered="leadership") == ["Cai Lindqvist"]

    def test_nothing_that_was_said_in_confidence_is_a_criterion(self, town):
        answers = town.cleo_asks.private_answers
        answers.answers = {"needs": {"research": 3}}
        answers.save()
        Need.objects.filter(participant=town.cleo_asks, domain__key="research").delete()
        assert names(town, uncovered="research") == []
        Domain.objects.filter(program=town.program, key="contracts").update(sensitive=True)
        assert names(town, uncovered="contracts") == []
        form = SegmentForm(cohort=town.cohort)
        offered = {key for key, _label in form.fields["uncovered"].choices}
        assert "contracts" not in offered
        assert "leadership" in offered

    def test_criteria_of_another_schema_mean_nobody_here(self, town):
        with pytest.raises(ValueError, match="schema 2"):
            Sight(town.cohort, town.now).of({"schema": 2})

    def test_a_name_is_used_once_in_a_cohort(self, town):
        save(town)
        with pytest.raises(services.NameIsTaken):
            save(town)
        assert Segment.objects.count() == 1


class TestWriting:
    def test_each_gets_one_mail_of_their_own(self, town):
        write(town, save(town, role="mentee"))
        assert not Message.objects.filter(kind="news").exists(), "a page does not wait for it"
        work(town)
        work(town)
        while send_due(town.now + dt.timedelta(hours=2)):  # eight in the morning in Chicago
            pass
        mails = {mail.to[0]: mail for mail in mailbox.outbox}
        assert set(mails) == {"cleo@example.org", "cai@example.org"}
        assert mails["cleo@example.org"].subject == "News of Mentoring"
        assert "Dear Cleo, look: " in mails["cleo@example.org"].body
        assert town.cleo_asks.code in mails["cleo@example.org"].body
        assert mails["cleo@example.org"].extra_headers["Reply-To"] == "ada@example.org"
        assert Mailing.objects.get().state == "done"

    def test_a_second_press_is_the_same_mailing(self, town):
        segment = save(town, role="mentee")
        assert write(town, segment).pk == write(town, segment).pk
        assert write(town, segment, body="Another text").pk != write(town, segment).pk
        assert Mailing.objects.count() == 2

    def test_who_wants_none_since_it_was_queued_gets_none_and_nobody_at_night(self, town):
        write(town, save(town, role="mentee"))
        work(town)
        services.say_news(participant=town.cleo_asks, wanted=False)
        while send_due(town.now + dt.timedelta(hours=17)):  # eleven at night in Chicago: the mail server was away
            pass
        assert mailbox.outbox == []
        while send_due(town.now + dt.timedelta(days=1, hours=3)):
            pass
        assert [mail.to for mail in mailbox.outbox] == [["cai@example.org"]]

    def test_who_is_both_gets_one(self, town):
        cast.participant(town, town.ben, "mentee")
        assert write(town, save(town)).recipients == 4
        work(town)
        assert Message.objects.filter(kind="news", to="ben@example.org").count() == 1

    def test_who_wants_no_news_and_who_has_left_gets_none(self, town):
        services.say_news(participant=town.cleo_asks, wanted=False)
        cast.edit(town.cai_asks, state="withdrawn")
        with pytest.raises(services.NobodyInIt):
            write(town, save(town, role="mentee"))
        segment = save(town, "Everybody")
        write(town, segment)
        services.say_news(participant=town.ben_mentors, wanted=False)  # between the button and the worker
        work(town)
        assert list(Message.objects.filter(kind="news").values_list("to", flat=True)) == ["bea@example.org"]

    @pytest.mark.parametrize(
        ("zone", "hour", "local"),
        [("America/Chicago", 12, 8), ("Australia/Lord_Howe", 12, 8), ("Europe/London", 12, 12), ("nowhere", 12, 12)],
    )
    def test_it_arrives_by_day_where_they_are(self, town, zone, hour, local):
        now = dt.datetime(2027, 1, 12, hour, tzinfo=dt.UTC)
        cast.edit(town.cleo_asks, timezone=zone)
        there = ZoneInfo("UTC" if zone == "nowhere" else zone)
        leaves = by_day(now, there, sundays=False)
        assert leaves.astimezone(there).hour == local
        town.now = now
        write(town, save(town, role="mentee"))
        work(town)
        assert Message.objects.get(to="cleo@example.org", kind="news").not_before == leaves

    def test_what_looks_like_html_or_a_heading_stays_text(self, town):
        cast.edit(town.cleo, name="<b>Cleo</b> Marsh")
        shown = services.shown_mail(town.cohort, town.cleo_asks, "Hello\n{name}", "<script>{name}</script> {other}")
        assert shown["subject"] == "Hello <b>Cleo</b>"
        assert "<script>" not in shown["html"]
        assert "<script><b>Cleo</b></script> {other}" in shown["text"]

    def test_many_are_queued_a_hundred_at_a_time(self, town, monkeypatch):
        monkeypatch.setattr(services, "_AT_ONCE", 1)
        write(town, save(town, role="mentee"))
        assert services.send_mailings(town.now)
        assert (Message.objects.filter(kind="news").count(), Mailing.objects.get().state) == (1, "waiting")
        work(town)
        assert (Message.objects.filter(kind="news").count(), Mailing.objects.get().state) == (2, "done")

    def test_who_is_erased_meanwhile_is_passed_over(self, town):
        write(town, save(town, role="mentee"))
        subject.erase_person(town.cleo, now=town.now)
        work(town)
        assert list(Message.objects.filter(kind="news").values_list("to", flat=True)) == ["cai@example.org"]

    def test_who_leaves_meanwhile_gets_none(self, town):
        write(town, save(town, role="mentee"))
        work(town)
        cast.edit(town.cai_asks, state="withdrawn")
        noon = town.now + dt.timedelta(hours=6)
        send_due(noon)
        states = dict(Message.objects.filter(kind="news").values_list("to", "state"))
        assert states == {"cai@example.org": "dropped", "cleo@example.org": "sent"}


class TestPages:
    def at(self, town, name, *more):
        return reverse(name, args=["ir", town.cohort.code, *more])

    def test_a_segment_is_looked_at_saved_changed_and_deleted(self, together, sign_in):
        ada = sign_in(together.ada)
        new = self.at(together, "segment_new")
        page = ada.post(new, {"name": "Alone", "role": "mentee", "alone": "on", "what": "look"}).content.decode()
        assert "1 person is in it now" in page
        assert not Segment.objects.exists()
        ada.post(new, {"name": "Alone", "role": "mentee", "alone": "on", "what": "save"})
        segment = Segment.objects.get()
        assert segment.criteria == {"schema": 1, "role": "mentee", "alone": True}
        assert ada.post(new, {"name": "Alone", "what": "save"}).status_code == 422
        show = self.at(together, "segment_show", segment.code)
        assert "Cai Lindqvist" in ada.get(show).content.decode()
        edit = self.at(together, "segment_edit", segment.code)
        assert 'value="mentee" selected' in ada.get(edit).content.decode()
        ada.post(edit, {"name": "Alone now", "what": "save", "not_met": "21"})
        segment.refresh_from_db()
        assert (segment.name, segment.criteria) == ("Alone now", {"schema": 1, "not_met": 21})
        ada.post(self.at(together, "segment_delete", segment.code))
        assert not Segment.objects.exists()

    def test_seen_tried_sent_and_in_the_log(self, town, sign_in):
        ada = sign_in(town.ada)
        segment = save(town, role="mentee")
        address = self.at(town, "segment_write", segment.code)
        said = {"subject": "A day in June", "body": "Dear {name}, come."}
        assert "is nothing that can be filled in" in ada.post(address, said | {"body": "{nmae}"}).content.decode()
        look = ada.post(address, said | {"what": "look"}).content.decode()
        assert "Dear Cleo, come." in look
        assert "Send it to all 2" in look
        assert "Send it to all" not in ada.get(address).content.decode(), "nothing is sent that nobody saw"
        ada.post(address, said | {"what": "test"})
        test = Message.objects.get(kind="news")
        assert (test.to, test.content["subject"]) == ("ada@example.org", "Test: A day in June")
        assert "Dear Cai, come." in test.content["text"]
        ada.post(address, said | {"what": "send"})
        ada.post(address, said | {"what": "send"})
        work(town)
        Message.objects.filter(to="cai@example.org", kind="news").update(state="failed")
        Message.objects.filter(to="cleo@example.org", kind="news").update(state="sent", sent_at=town.now)
        log = ada.get(self.at(town, "segment_list")).content.decode()
        assert log.count("Mentees</a>") == 2
        mailing = Mailing.objects.get()
        page = ada.get(self.at(town, "mailing_show", mailing.code)).content.decode()
        assert "Dear {name}, come." in page
        assert "Ada Abara" in page
        assert b"come" not in bytes(mailing.sealed)

    def test_a_link_ends_the_news_and_brings_it_back(self, town, client):
        path = links.news_link(town.cleo_asks.code)
        assert client.get(path).status_code == 200
        town.cleo_asks.refresh_from_db()
        assert town.cleo_asks.wants_news, "opening a link changes nothing"
        assert "You get no more news" in client.post(path).content.decode()
        town.cleo_asks.refresh_from_db()
        assert not town.cleo_asks.wants_news
        client.post(path, {"what": "again"})
        town.cleo_asks.refresh_from_db()
        assert town.cleo_asks.wants_news
        assert client.get("/news/made-up/").status_code == 404

    def test_nobody_else_finds_them(self, town, sign_in):
        segment = save(town)
        for user in (town.cleo, town.ben, town.rae, town.dov):
            them = sign_in(user)
            assert them.get(self.at(town, "segment_show", segment.code)).status_code == 404
            assert them.post(self.at(town, "segment_write", segment.code), {}).status_code == 404


@pytest.mark.parametrize("page", ["segment_list", "segment_show", "segment_write", "segment_edit", "mailing_show"])
def test_no_more_queries_for_many_segments(town, sign_in, page):
    for n in range(20):
        segment = save(town, f"Segment {n}", role="mentee")
        mailing = write(town, segment, body=f"Text {n}")
    work(town)
    ada = sign_in(town.ada)
    more = {"segment_list": [], "mailing_show": [mailing.code]}.get(page, [segment.code])
    address = reverse(page, args=["ir", town.cohort.code, *more])
    ada.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert ada.get(address).status_code == 200
    queries = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert len(queries) <= 15, [re.search(r'(?:FROM|UPDATE|INTO) "(\w+)"', each) for each in queries]

"""The e-mails of a cohort as its coordinators see them, and the preview as it will arrive."""

import smtplib

import pytest
from django.core import mail as mailbox
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.mail.models import Message
from introducer_web.mail.services import queue, send_due
from introducer_web.matching import services as matching
from introducer_web.matching.models import Order
from introducer_web.relationships import services
from introducer_web.relationships.views_messages import KINDS
from introducer_web.tenants.models import User


def run_of(town):
    run = services.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    return run


@pytest.fixture
def matched(town):
    town.run = run_of(town)
    return town


@pytest.fixture
def published(matched):
    services.publish(run=matched.run, by=matched.ada, now=matched.now)
    return matched


def page_of(town, name="message_list", *more):
    return reverse(name, args=["ir", town.cohort.code, *more])


def test_every_mail_of_the_cohort_stands_there_and_says_nothing_of_its_words(published, client):
    cast.enter(client, published.ada)
    text = client.get(page_of(published)).content.decode()
    assert text.count("introduction, to the mentee") == 4
    assert "waits to be sent" in text
    assert "Meet" not in text
    send_due(published.now)
    assert "Sent <span" in client.get(page_of(published)).content.decode()
    found = client.get(page_of(published), {"q": "CLEO@"}).content.decode()
    assert ("cleo@example.org" in found, "cai@example.org" in found) == (True, False)


def test_mails_of_another_cohort_and_of_signing_in_are_not_among_them(published, client):
    queue(to="cleo@example.org", kind="login_code", key="k", language="en", now=published.now,
          context={"code": "AAAA-BBBB", "minutes": 10, "person": published.cleo})  # fmt: skip
    cast.enter(client, published.ada)
    assert client.get(page_of(published)).context["every"] == 8
    assert not Message.objects.filter(about=published.cohort_abroad.code).exists()


@pytest.mark.usefixtures("published")
def test_each_kind_that_a_cohort_sends_has_a_name():
    """A kind without one would be shown by the name of its folder."""
    assert set(Message.objects.exclude(about="").values_list("kind", flat=True)) <= KINDS.keys()


def test_what_could_not_be_sent_says_why_and_is_tried_again(published, client, monkeypatch):
    cast.enter(client, published.ada)
    kept = mailbox.backends.locmem.EmailBackend.send_messages

    def refuse(*_given):
        raise smtplib.SMTPRecipientsRefused({"cleo@example.org": (550, b"no such mailbox")})

    monkeypatch.setattr(mailbox.backends.locmem.EmailBackend, "send_messages", refuse)
    send_due(published.now, most=1)
    monkeypatch.setattr(mailbox.backends.locmem.EmailBackend, "send_messages", kept)
    failed = Message.objects.get(state="failed")
    text = client.get(page_of(published)).content.decode()
    assert "refused (550)" in text
    assert "1 could not be sent." in text
    client.post(page_of(published, "message_again", failed.code))
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error) == ("queued", 0, "")
    assert Entry.objects.filter(act="mail.send_again").count() == 1
    client.post(page_of(published, "message_again", failed.code))
    assert Entry.objects.filter(act="mail.send_again").count() == 1, "what waits is not queued once more"


def test_the_preview_shows_the_html_as_a_mail_program_would(matched, client):
    cast.enter(client, matched.ada)
    tie = services.preview(matched.run, matched.now).ties[0]
    page = client.get(page_of(matched, "publish_mail", matched.run.code, tie.code)).content.decode()
    assert page.count("<iframe") == 2
    for mail in services.tie_mails(tie):
        path = page_of(matched, "publish_html", matched.run.code, tie.code, mail["side"])
        assert path in page
        shown = client.get(path)
        assert shown.content.decode() == mail["html"]
        assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
        policy = shown.headers["Content-Security-Policy"]
        assert "script-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
    assert client.get(page_of(matched, "publish_html", matched.run.code, tie.code, "nobody")).status_code == 404


def test_publishing_asks_who_signed_in_long_ago_to_show_it_again(matched, client):
    cast.enter(client, matched.ada)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    preview = services.preview(matched.run, matched.now)
    answer = client.post(page_of(matched, "publish", matched.run.code), {"what": "all", "seen": preview.seen})
    assert answer.status_code == 302
    assert "%2Fpublish%2F" in answer.url, "and leads back to the preview"
    assert not Message.objects.exists()


def test_who_could_come_instead_is_pinned_from_the_list(town, client):
    """The next best mentor stands beside what did not begin, and one press orders it."""
    mona = User.objects.create_user("mona@example.org", name="Mona Reyes")
    mona = cast.participant(town, mona, "mentor", offers={"contracts": 2}, capacity=3)
    cast.edit(town.cleo_asks, team_size=1)
    run = run_of(town)
    services.publish(run=run, by=town.ada, now=town.now)
    relationship = town.cleo_asks.as_mentee.get(mentor=town.ben_mentors)
    mentor = relationship.introductions.get(side="mentor")
    services.answer_introduction(introduction=mentor, answer="declined", now=town.now)
    cast.enter(client, town.ada)
    page = page_of(town, "relationship_list")
    text = client.get(page).content.decode()
    assert "1 did not begin; the next best mentor is named beside it." in text
    assert "Pin Mona Reyes" in text
    given = {"kind": "pin", "mentee": town.cleo_asks.code, "mentor": mona.code, "back": page}
    assert client.post(page_of(town, "order_list"), given).url == page
    assert Order.objects.get(kind="pin").mentor == mona

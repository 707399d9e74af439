"""Stories, each on a phone and on a desk: what people do with each other after the match, from end to end."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from browser.live_site import link_in, serve
from browser.way import Strict, Way
from mail_server import text_of

pytestmark = pytest.mark.browser
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}

#: The cast, joined a month ago; for each size people of its own, so that the stories do not meet.
FURNISH = """
import datetime as dt
from django.utils import timezone
from allauth.mfa.totp.internal.auth import TOTP
from django_scopes import scope
import cast
from introducer_web.matching import services as matching
from introducer_web.relationships import services as relationships
from introducer_web.safety import services as safety
from introducer_web.tenants.models import User
now = timezone.now()
cast.NOON = now - dt.timedelta(days=30)
town = cast.settle()
cast.edit(town.program, requests=True)
TOTP.activate(town.ada, "JBSWY3DPEHPK3PXP")
safety.name_confidant(society=town.society, program=None, name="Olu Ombuds", email="olu@elsewhere.example.org",
                      about="ombudsperson of another house", by=town.ada, now=now)
def person(name, role, **said):
    user = User.objects.create_user(f"{name.lower()}@example.org", name=f"{name} {name[::-1].title()}")
    return cast.participant(town, user, role, **said)
for size in ("phone", "desk"):
    rural = person(f"Rural{size}", "mentee", needs={"research": 3}, rural=True)
    attending = person(f"Attending{size}", "mentor", offers={"research": 3}, capacity=2, answers_within=3)
    asker = person(f"Asker{size}", "mentee", needs={"finance": 3, "contracts": 2})
    pairs = []
    for story in ("Quiet", "Good", "Goal"):
        mentee = person(f"{story}ee{size}", "mentee", needs={"leadership": 2, "contracts": 3}, team_size=1)
        mentor = person(f"{story}or{size}", "mentor", offers={"leadership": 3, "contracts": 1}, capacity=1)
        pairs.append((mentee, mentor))
    person(f"Contracts{size}", "mentor", offers={"contracts": 3}, capacity=1)
    relationships.record_existing(cohort=town.cohort, pairs=pairs, by=town.ada, now=cast.NOON)
run = relationships.request_run(cohort=town.cohort, by=town.ada, now=now)
matching.perform_run(matching.claim_run(now))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("stories"), "", None, FURNISH) as live:
        yield live


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def ways(site, size, browser):
    """Somebody at a browser of this size, each with a context of their own; axe looks at every page on the phone."""
    strict = Strict()
    made = []

    def way():
        page = browser.new_context(viewport=SIZES[size]).new_page()
        made.append(Way(site, page, strict if size == "phone" else fits))
        return made[-1]

    yield way
    for each in made:
        each.page.context.close()
    assert strict.faults == [], "\n".join(strict.faults)


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert not wide, f"{page.url}: {wide} pixels too wide"


def coordinate(way):
    """Sign the coordinator in, both steps; once, for a code of the second step opens nothing twice."""
    if not way.site.coordinator:
        way.sign_in("ada@example.org")
        counter = next(yield_hotp_counters_from_time())
        way.enter(format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", counter)))
        way.site.coordinator = way.page.context.cookies()
    way.page.context.add_cookies(way.site.coordinator)


def test_a_rural_trainee_finds_somebody_and_asks_and_the_attending_says_yes_between_two_cases(ways, size):
    trainee, attending = ways(), ways()
    address = f"attending{size}@example.org"
    trainee.sign_in(f"rural{size}@example.org")
    trainee.go("/", "Your constellation")
    trainee.follow("Find a mentor", "Find a mentor")
    trainee.follow("The whole directory", "The directory")
    trainee.page.get_by_label("Words").fill(f"Attending{size}")
    trainee.press("Show", "The directory")
    trainee.follow(re.compile("^See and ask"), f"Attending{size}")
    trainee.page.locator("textarea[name=message]").fill("Dear colleague, may I ask you about a first paper?")
    trainee.press("Ask", ".")
    mail = trainee.site.mailbox.wait_for(address, "/asked/")
    assert "first paper" not in text_of(mail), "the words stay on the page"
    begun = attending.clock()
    attending.go(link_in(mail, "/asked/"), "asks you to be a mentor")
    assert "first paper" in attending.text()
    attending.press("Yes, I would like to begin", "both agreed")
    assert attending.clock() - begun < 60
    trainee.go("/", "Your constellation")
    assert address in trainee.text()
    trainee.press("We talked today", f"You and Attending{size}")
    assert "You noted it." in trainee.text()


def test_the_monday_of_a_coordinator_who_approves_the_reminders_and_writes_to_who_has_not_met(ways, size):
    ada = ways()
    coordinate(ada)
    ada.go("/s/ir/setup/", "IR Society")
    ada.follow("Mentoring", "Mentoring")
    ada.follow("2027", ".")
    ada.follow("Now", "What needs you now")
    assert f"Quietee{size}" in ada.text()
    assert "Not yet met" in ada.text()
    if size == "phone":
        ada.follow("Read and approve them", "Reminders of 2027")
        assert "Quietee" in ada.text(), "whom they would reach stands there before anything leaves"
        assert not [mail for mail in ada.site.mailbox.mails if "Quietee" in str(mail["To"])]
        ada.press("Approve these reminders", "Reminders of 2027")
        assert "Approved on" in ada.text()
        ada.follow("Now", "What needs you now")
    row = ada.page.get_by_role("listitem").filter(has_text=f"Quietee{size}").filter(has=ada.page.get_by_role("button"))
    with ada.page.expect_navigation():
        row.get_by_role("button").first.click()
    ada.see("What needs you now")


def test_a_guest_accountant_confirms_says_what_they_sell_and_is_reported(ways, size):
    asker, accountant, confidant = ways(), ways(), ways()
    asker.sign_in(f"asker{size}@example.org")
    asker.go("/", "Your constellation")
    begun = asker.clock()
    asker.follow("Add somebody who helps you already", "Somebody who helps you already")
    asker.page.get_by_label("Their name").fill("Acc the accountant")
    asker.press("Add", "Acc the accountant")
    assert asker.clock() - begun < 20
    asker.press("Make a link and a QR code", "Acc the accountant")
    link = re.findall(r"https?://\S+/o/[\w-]+/", asker.page.content())[0]
    accountant.go(link, "says that you help them")
    accountant.press("Yes, it is so", "both know")
    accountant.page.get_by_label("sell", exact=False).first.fill("Insurance policies")
    accountant.press("Keep it", "both know")
    asker.go("/", "Your constellation")
    assert "confirmed" in asker.text()
    asker.follow(re.compile("Acc the accountant"), "Acc the accountant")
    assert "Insurance policies" in asker.text()
    asker.follow("Report that they sell", "Write to a confidant")
    asker.page.get_by_label("Olu Ombuds").check()
    asker.page.locator("input[name=kind]").first.check()
    asker.page.locator("[name=about]").fill("Acc the accountant")
    asker.page.locator("[name=words]").fill(f"Sold me something on {size}.")
    after = len(asker.site.mailbox.mails)
    asker.press("Send it", ".")
    mail = asker.site.mailbox.wait_for("olu@elsewhere.example.org", "/r/", after)
    assert "Sold me" not in text_of(mail)
    confidant.go(link_in(mail, "/r/"), "Somebody turns to you")
    confidant.press("Open it", "Somebody turns to you")
    assert "Sold me something" in confidant.text()
    assert "unnamed" in confidant.text()


def test_a_goal_changes_and_the_match_is_looked_at_once_more_with_the_fewest_changes(ways, size):
    mentee, ada = ways(), ways()
    mentee.sign_in(f"goalee{size}@example.org")
    mentee.go("/", "Your constellation")
    mentee.follow("Your goals", "Your goals")
    mentee.follow("A new goal", ".")
    page = mentee.page
    page.locator("[name=what]").fill("Lead a small project")
    page.locator("[name=measure]").fill("It has a start and an end")
    page.locator("[name=by_when]").fill("2027-06-01")
    mentee.press("Keep it", "Lead a small project")
    mentee.go("/", "Your constellation")
    mentee.follow("Your goals", "Your goals")
    mentee.follow("What changes for you", "What changes for you")
    page.get_by_label(f"Goalor{size}").check()
    mentee.press("Ask for a fresh look", "What changes for you")
    assert "You asked on" in mentee.text()
    coordinate(ada)
    ada.go("/s/ir/setup/", "IR Society")
    ada.follow("Mentoring", "Mentoring")
    ada.follow("2027", ".")
    ada.follow("Relationships", "Relationships of 2027")
    assert f"instead of Goalor{size}" in ada.text()
    assert "small project" not in ada.page.content(), "why is the mentee's"
    asks = ada.page.locator(".person").filter(has_text=f"instead of Goalor{size}")
    asks.get_by_text("End it kindly").click()
    with ada.page.expect_navigation():
        asks.get_by_role("button", name="End it", exact=True).click()
    ada.see("Relationships of 2027")
    ada.follow(re.compile("^Fresh looks at the match"), "Fresh looks")
    ada.press("See what few changes would bring", ".")
    ada.until("What a few changes would bring")
    assert f"Goalee{size}" in ada.text()
    ada.press(re.compile("^Make a proposal with"), ".")
    ada.until("Preview and publish")
    ada.follow("Preview and publish", "Who will be told what")
    after = len(ada.site.mailbox.mails)
    for other in ada.page.get_by_role("checkbox").all():
        other.uncheck()
    ada.page.get_by_role("checkbox", name=re.compile(f"Goalee{size}")).check()
    ada.press("Publish those ticked on this page", "Relationships of 2027")
    mail = mentee.site.mailbox.wait_for(f"goalee{size}@example.org", "/a/", after)
    mentee.go(link_in(mail, "/a/"), ".")
    assert f"Goalor{size}" not in mentee.text()


def test_a_good_end_with_thanks_and_an_address_for_both(ways, size):
    mentee, mentor = ways(), ways()
    mentee.sign_in(f"goodee{size}@example.org")
    mentee.go("/", "Your constellation")
    mentee.follow(re.compile("^Our conversations"), f"You and Goodor{size}")
    mentee.follow("End this mentoring, kindly", "End your mentoring")
    begun = mentee.clock()
    page = mentee.page
    page.locator("input[name=reason]").first.check()
    page.locator("[name=thanks]").fill("Thank you for a good year.")
    page.locator("input[name=glad][value=yes]").check()
    mentee.press("End it", ".")
    assert mentee.clock() - begun < 120
    mail = mentee.site.mailbox.wait_for(f"goodor{size}@example.org", f"Goodee{size}")
    assert "good year" not in text_of(mail)
    mentor.sign_in(f"goodor{size}@example.org")
    mentor.go("/", "Your mentees")
    mentor.follow(re.compile("Earlier mentees"), ".")
    mentor.follow(re.compile(f"Goodee{size}"), ".")
    if not mentor.page.get_by_role("button", name="Yes, gladly").count():
        mentor.follow("How it ended, and staying in touch", "it has ended")
    assert "Thank you for a good year." in mentor.text()
    mentor.press("Yes, gladly", "it has ended")
    assert f"goodee{size}@example.org" in mentor.text()

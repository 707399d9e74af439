"""The whole way as people go it: a coordinator imports, corrects, matches, publishes; two people answer their mail."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

import postgres
from browser.live_site import link_in, serve
from browser.way import Strict, Way
from mail_server import text_of

pytestmark = pytest.mark.browser
ADA = "ada@example.org"
_FILES = re.compile(r"/(faults|changes|download|outcome)/|/setup/audit/\?|healthz|\.csv|\.ics|/file/")


def sheet(header, people):
    out = io.StringIO()
    rows = [[f"{name}@example.org", name.title(), *said, "yes"] for name, said in people]
    csv.writer(out).writerows([["E-mail", "Name", *header, "Agreed"], *rows])
    return out.getvalue().encode()


MENTORS = sheet(["Seats", "offer:contracts", "offer:research"], [(f"mentor{n}", (2, 3, 1)) for n in range(6)])
MENTEES = sheet(["need:contracts", "need:research"], [(f"mentee{n}", (3, 2)) for n in range(8)])


def set_up_an_app(way):
    way.follow("Set up an app", "Set up an app")
    secret = re.findall(r"\b[A-Z2-7]{32}\b", way.page.content())[0]
    way.enter(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def make_a_passkey(way):
    session = way.page.context.new_cdp_session(way.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    way.follow("Make a passkey", "[Kk]ey")
    way.page.locator("input[name=name]").fill("My telephone")
    with way.page.expect_navigation():
        way.page.locator("main form button").first.click()
    way.see(".")


def sign_in_by_passkey(way):
    way.press("Sign out", ".")
    if "Sign out" in way.text():
        way.press("Sign out", ".")
    way.go("/account/sign-in/", "Sign in")
    way.press("Sign in with a passkey", ".")
    way.go("/s/ir/setup/", "Society of Interventional Radiology")


def make_a_program(way):
    way.go("/s/ir/setup/", "Society of Interventional Radiology")
    way.follow("Create a program", "A new program")
    way.page.get_by_label("Name").fill("Mentoring 2027")
    way.press("Save", "Mentoring 2027")
    way.follow("A new cohort", "cohort")
    way.page.get_by_label("Name").fill("Spring")
    way.press("Save", "Mentoring 2027")


def import_people(way):
    page = way.page
    way.follow("Import", "Import people")
    way.upload("mentors", MENTORS.replace(b",2,3,1,", b",heaps,3,1,", 1), "mentors.csv")
    page.get_by_label("Seats").select_option(label="How many mentees at most")
    page.get_by_label("Agreed").select_option(label="Agreed to be matched")
    way.press("Check the sheet", "mentors.csv")
    way.until("Nothing was written")
    assert "'heaps' is no count" in way.text()
    way.follow("Upload a corrected sheet", "Import people")
    way.upload("mentors", MENTORS, "mentors.csv")
    assert page.get_by_label("Seats").locator("option:checked").inner_text() == "How many mentees at most"
    way.press("Check the sheet", "mentors.csv")
    way.until("nothing is written yet")
    page.get_by_label("The mentors made their commitment already, on").fill("2026-09-01")
    way.press("Write this into the cohort", "mentors.csv")
    way.until("Written: 6 people added")
    way.follow("Import another sheet", "Import people")
    way.upload("mentees", MENTEES, "mentees.csv")
    page.get_by_label("Agreed").select_option(label="Agreed to be matched")
    way.press("Check the sheet", "mentees.csv")
    way.until("nothing is written yet")
    way.press("Write this into the cohort", "mentees.csv")
    way.until("Written: 8 people added")


def match(way):
    """Run, pin somebody who was not proposed, run again; return the page of the second run."""
    page = way.page
    way.follow("Mentoring 2027", "Mentoring 2027")
    way.follow("Asked and offered", ".")
    page.go_back()
    way.follow("People", ".")
    page.go_back()
    way.follow("Match runs", "Match runs")
    runs = page.url
    way.press("Run the match", ".")
    way.until("mentees have a constellation")
    assert "8 of 8" in way.text()
    way.follow("Mentee0", "Mentee0")
    pin = page.get_by_role("button", name=re.compile("^Pin Mentor")).first
    pinned = pin.get_attribute("aria-label").removeprefix("Pin ")
    way.press(f"Pin {pinned}", "Mentee0")
    assert f"{pinned} is pinned for Mentee0 from the next run on" in way.text()
    way.go(runs, "Match runs")
    way.press("Run again, moving little", ".")
    way.until("Review of run 2")
    row = page.get_by_role("row").filter(has_text="Mentee0").first.inner_text()
    assert f"{pinned} pinned" in row.replace("\n", " ")
    review = page.url
    way.press("Compare", "Run 2 against run 1")
    way.go(review, "Review of run 2")
    way.follow("The whole sky", ".")
    try_another_policy(way, runs)
    promise_a_share(way, runs)
    look_at_a_few_changes(way, runs)
    way.go(review, "Review of run 2")
    ask_for_advice(way)
    way.go(review, "Review of run 2")
    return pinned


def try_another_policy(way, runs):
    """Look at a policy that is not saved: counted, then tried."""
    way.go(runs, "Match runs")
    way.follow("Try another policy", "Policy")
    way.page.locator("input[name=team_size]").fill("1")
    way.press("See what it would do", "What this policy would do")
    assert "Mentors that mentees may have together: 24 → 8" in way.text()
    way.press(re.compile("^Try it on"), ".")
    way.until("What another policy would do")
    assert "Mentors for each mentee\n3 → 1" in way.text()
    way.follow("Leave it as it is", "Policy")
    assert way.page.locator("input[name=team_size]").input_value() == "3"


def promise_a_share(way, runs):
    """Try a floor that cannot be had, and follow the way on that the page offers."""
    way.go(runs, "Match runs")
    way.follow("Try another policy", "Policy")
    way.page.get_by_label("nobody below a share that you name").check()
    way.page.locator("input[name=least_share]").fill("100")
    way.press("See what it would do", "What this policy would do")
    way.press(re.compile("^Try it on"), ".")
    way.until("that cannot be had with these people, seats and rules")
    assert "No match gives everybody" in way.text()
    way.press("Raise who has least as far as it goes", "What this policy would do")
    assert "raise who has least" in way.text()
    way.press(re.compile("^Try it on"), ".")
    way.until("How evenly it is spread")
    way.follow("Leave it as it is", "Policy")


def ask_for_advice(way):
    """Ask which introductions stand, and leave the page meanwhile."""
    way.follow("Advice", "Advice on run 2")
    way.press(re.compile("which introductions stand"), "Advice on run 2")
    way.until("introductions stood every time")
    assert "worked out" in way.text()


def look_at_a_few_changes(way, runs):
    """Look at what a few changes would bring, where a mentor has another seat since."""
    way.go(runs, "Match runs")
    way.press("Change only a few", ".")
    way.until("What a few changes would bring")


def publish(way, pinned):
    way.follow("Preview and publish", "Who will be told what")
    assert f"Read them Mentee0, {pinned}" in " ".join(way.text().split())
    way.follow(re.compile(f"Mentee0, {pinned}"), "The two mails|Who will be told what")
    assert f"Meet {pinned}, a mentor for you" in way.text()
    way.page.go_back()
    assert not [mail for mail in way.site.mailbox.mails if "/a/" in text_of(mail)], "nobody has been told yet"
    way.press(re.compile("^Publish all"), "Relationships of Spring")
    assert "introductions are on their way" in way.text()


def answer(way, coordinator, mentor):
    mailbox = way.site.mailbox
    to_mentor = mailbox.wait_for(f"{mentor.lower()}@example.org", "introduce Mentee0")
    to_mentee = mailbox.wait_for("mentee0@example.org", f"introduce {mentor}")
    assert {part.get_content_type() for part in to_mentee.iter_parts()} == {"text/plain", "text/html"}
    assert "What you could talk about: Contracts" in text_of(to_mentee)
    way.go(link_in(to_mentor, "/a/"), "Will you mentor Mentee0")
    assert "mentee0@example.org" not in way.page.content()
    coordinator.page.reload()
    assert "mentor: yes" not in coordinator.text(), "opening the link answers nothing"
    way.press("Yes, I would like to begin", ".")
    assert "You said yes" in way.text()
    way.go(link_in(to_mentee, "/a/"), f"{mentor}, a mentor for you")
    way.page.locator("#message").fill("Dear mentor, may we talk about contracts?")
    way.press("Keep it", f"{mentor}, a mentor for you")
    way.press("Yes, I would like to begin", f"You and {mentor} both agreed")
    assert f"{mentor.lower()}@example.org" in way.text()
    assert "may we talk about contracts?" in way.text()
    assert "mentee0@example.org" in text_of(mailbox.wait_for(f"{mentor.lower()}@example.org", "mentee0@example.org"))
    assert f"{mentor.lower()}@example.org" in text_of(mailbox.wait_for("mentee0@example.org", f"{mentor.lower()}@"))


def decline(way, coordinator):
    mail = next(m for m in way.site.mailbox.mails if "introduce Mentee7" in text_of(m))
    way.go(link_in(mail, "/a/"), "Will you mentor Mentee7")
    way.page.get_by_text("Not this time").click()
    way.press("Decline", "Thank you for saying so")
    coordinator.page.reload()
    assert "Did not begin" in coordinator.text()
    coordinator.see("Relationships of Spring")


def note_a_conversation(way, coordinator, mentor):
    """On a phone, from the home: one tap notes it, a second one says how long it was."""
    before = way.page.viewport_size
    way.page.set_viewport_size({"width": 390, "height": 844})
    way.sign_in("mentee0@example.org")
    way.go("/", "Your constellation")
    begun = way.clock()
    way.press("We talked today", f"You and {mentor}")
    way.press("half an hour", f"You and {mentor}")
    assert way.clock() - begun < 15
    assert "half an hour. You noted it." in way.text()
    way.page.set_viewport_size(before)
    coordinator.page.reload()
    assert "last talked" in coordinator.text()


def walk_about(way, address):
    """Follow every link that a person is shown, to pages of each shape once."""
    if address:
        way.sign_in(address)
    way.go("/", ".")
    shapes, waiting = set(), [way.page.url]
    while waiting:
        url = waiting.pop()
        answer = way.load(url)
        assert answer.status == 200, f"{answer.status} at {url}"
        way.see(".")
        for link in way.page.eval_on_selector_all("a[href]", "found => found.map(each => each.href.split('#')[0])"):
            shape = re.sub(r"[\w-]{20,}|\d+", "…", link)
            if link.startswith(way.site.origin) and shape not in shapes and not _FILES.search(link):
                shapes.add(shape)
                waiting.append(link)
    assert len(shapes) > (10 if address else 1), shapes


@contextlib.contextmanager
def database(kind):
    if kind == "sqlite":
        yield None
    elif not postgres.is_here() and os.environ.get("CI") != "true":
        pytest.skip("PostgreSQL is not here: tools/system.sh postgres installs it")
    else:
        with postgres.server() as url:
            yield url


@pytest.mark.parametrize(("kind", "javascript"), [("sqlite", True), ("postgres", True), ("sqlite", False)])
def test_from_a_sheet_to_two_people_who_agreed(kind, javascript, browser, tmp_path):
    with database(kind) as url, serve(tmp_path, ADA, url) as site:
        strict = Strict()
        # axe is asked once: the pages are the same on both databases, and it is a script itself.
        look = strict if javascript and kind == "sqlite" else lambda _page: None
        ada, they = (Way(site, browser.new_context(java_script_enabled=javascript).new_page(), look) for _ in range(2))
        ada.sign_in(ADA)
        ada.go("/s/ir/setup/", "A second step")
        if javascript:
            make_a_passkey(ada)
            sign_in_by_passkey(ada)
        else:
            set_up_an_app(ada)
        make_a_program(ada)
        import_people(ada)
        pinned = match(ada)
        publish(ada, pinned)
        answer(they, ada, pinned)
        decline(they, ada)
        note_a_conversation(they, ada, pinned)
        if look is strict:
            walk_about(ada, None)
            for address in ("mentee0@example.org", "mentor0@example.org"):
                they.page.context.clear_cookies()
                walk_about(they, address)
        for way in (ada, they):
            way.page.context.close()
        assert strict.faults == [], "\n".join(strict.faults)

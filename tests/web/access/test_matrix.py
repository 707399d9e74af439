"""Who may what: every route, by every method, for every role, against the reviewed matrix.

After a new route, run this: the failure prints its rows as they were answered. Review each cell
before it goes into ``matrix.csv``; a 200 that should not be is a bug and never a row.
"""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from web.access import walk
from web.access.full_town import ROLES, made_up

pytestmark = pytest.mark.django_db
#: Pages of a society that are for everybody: that there is such a society is no secret of theirs.
OPEN = ("program_join", "human_help")
REFUSED = {"404", "302 sign-in", "302 second-step", "302 again", "405", "403"}
#: What a GET writes: nothing, but for allauth's own rows.
LIBRARY = re.compile(r"\"(account|mfa)_")


@pytest.fixture(scope="module")
def walking(standing):
    return walk.Walk(standing)


@pytest.fixture(scope="module")
def walked(walking):
    """Every answer, by row and role."""
    return {
        (row, role): walking.ask(row, role)
        for row in walk.rows()
        for role in ROLES
        if role != "link_holder" or "token" in walking.parameters(row)
    }


def test_every_route_and_method_has_a_row_and_every_row_a_route(walked):
    wanted, there = set(walk.rows()), set(walk.expected())
    lines = [
        ",".join([row.route, row.name, row.method, row.of, *(walked[row, r].kind if (row, r) in walked else "-"
                                                            for r in ROLES)])
        for row in sorted(wanted - there, key=str)
    ]  # fmt: skip
    assert lines == [], "to review, then to add:\n" + "\n".join(lines)
    assert there - wanted == set()


def test_every_answer_is_the_expected_one(walked):
    wanted = walk.expected()
    wrong = [
        f"{row.method} {row.name} {row.of} as {role}: {answer.kind}, not {wanted[row][role]} {answer.body[:200]}"
        for (row, role), answer in walked.items()
        if row in wanted and wanted[row][role] != answer.kind
    ]
    assert wrong == []


def test_who_is_refused_writes_nothing_and_no_page_that_is_looked_at_does(walked):
    wrong = [
        f"{row.method} {row.name} as {role}: {written}"
        for (row, role), answer in walked.items()
        if answer.kind in REFUSED or row.method == "GET"
        for written in answer.written
        if not LIBRARY.search(written) and row.name != "account_login"  # asking for a code sends one
    ]
    assert wrong == []


def test_what_is_foreign_answers_as_what_does_not_exist(walking, walked):
    """The same status and the same bytes, for whoever may not see it, as for a code that nothing has."""
    different = []
    for (row, role), answer in walked.items():
        codes = [name for name in walking.parameters(row) if name not in ("society", "kind", "step", "pk")]
        if answer.kind != "404" or not codes or role == "anonymous":
            continue
        for name in codes:
            other = walking.ask(row, role, **{name: made_up(name)})
            if (other.status, other.body) != (answer.status, answer.body):
                different.append(f"{row.method} {row.name} {row.of}, {name}, as {role}: {answer.kind} {other.kind}")
    assert different == []


def strangers(walking, row, name):
    """Return codes of things that stand elsewhere, by where: they are of the right kind, and not of this place."""
    town = walking.town
    own = walking.given(row, "coordinator")[name]
    found = {place: walking.codes[place, row.route, row.of][name] for place in ("neighbor", "abroad")}
    found |= {
        "introduction": {"the other side's": walking.town.home.introduction[
            "mentor" if row.of == "mentee" else "mentee"].code},
        "mentor": {"a mentee": town.home.mentees[0].code},
        "mentee": {"a mentor": town.home.mentors[0].code},
        "code": {"left": town.left.code, "abroad, her own": town.elsewhere.code} if "/me/" in row.route else {},
    }.get(name, {})  # fmt: skip
    return {place: code for place, code in found.items() if code != own}


def mixed(walking, role_of, wrong, only=None):
    """Put a stranger's code into each place of each address that a role may ask for, and collect what is told."""
    for row in only or walk.rows():
        role = role_of(row)
        if row.of.endswith(" run") or "token" in row.route or walking.ask(row, role).kind in REFUSED:
            continue
        for name in walking.parameters(row):
            nothing = walking.ask(row, role, **{name: made_up(name)})
            assert nothing.kind in ("404", "302 sign-in"), (row, name, nothing.kind)
            for place, code in strangers(walking, row, name).items():
                if name == "society" and row.name in OPEN:
                    continue
                answer = walking.ask(row, role, **{name: code})
                if (answer.kind, answer.body) != (nothing.kind, nothing.body):
                    wrong.append(f"{row.method} {row.name} {row.of} {name} of {place} as {role}: {answer.kind}")


def own_role(row):
    return row.of if "/me/" in row.route else "coordinator"


def program_role(row):
    return own_role(row) if own_role(row) != "coordinator" else "coordinator_of_program"


def assert_strangers_are_refused(walking, role_of, only=None):
    wrong = []
    mixed(walking, role_of, wrong, only)
    neighbor = [
        each for each in wrong
        if "of neighbor as coordinator:" in each and (" code " in each or " site " in each or " staff " in each
             or " confidant " in each)
    ]  # fmt: skip
    assert [each for each in wrong if each not in neighbor] == [], "Ada runs the neighbor too, nobody else does"


def test_a_society_that_is_foreign_answers_as_one_that_does_not_exist(walking):
    for row in walk.rows():
        if "society" in walking.parameters(row) and row.name not in OPEN:
            assert walking.ask(row, "anonymous", society="nowhere").kind == "404", row
            if walking.ask(row, "coordinator").kind == "405":
                continue  # a method that nobody may use; that a society exists is no secret
            answers = [walking.ask(row, "coordinator", society=slug) for slug in ("abroad", "nowhere")]
            assert answers[0].kind == answers[1].kind, row
            assert answers[0].body == answers[1].body, row


@pytest.mark.parametrize("role_of", [own_role, program_role])
def test_no_address_takes_the_code_of_a_thing_that_stands_elsewhere(walking, role_of):
    assert_strangers_are_refused(walking, role_of)


def without_scopes():
    ours = "introducer_web.tenants.middleware.SocietyMiddleware"
    changed = ["web.access.unscoped.Unscoped" if each == ours else each for each in settings.MIDDLEWARE]
    return override_settings(MIDDLEWARE=changed)


@without_scopes()
def assert_it_holds_without_scopes(walking, only=None):
    other = walk.Walk(walking.town)
    wrong = []
    mixed(other, own_role, wrong, only)
    strangers_slug = [
        f"{row.method} {row.name}: {other.ask(row, 'coordinator', society='abroad').kind}"
        for row in walk.rows()
        if "society" in other.parameters(row) and other.ask(row, "coordinator", society="abroad").kind not in REFUSED
        and row.name not in OPEN
    ]  # fmt: skip
    assert [each for each in wrong if "of abroad" in each] == []
    assert strangers_slug == []
    assert other.ask(walk.Row("s/<slug:society>/setup/", "society_home", "GET"), "coordinator_abroad").kind == "404"


def test_the_access_functions_hold_by_themselves_where_no_scope_helps(walking):
    """Two walls: the scope of a society is one, what the access functions ask for is the other."""
    assert_it_holds_without_scopes(walking)


def test_no_page_shows_anything_of_a_program_that_its_reader_has_no_part_in(walked):
    everywhere = {"coordinator", "coordinator_yesterday"}
    for (row, role), answer in walked.items():
        if answer.status == 200 and role != "coordinator_abroad":
            assert b"Overseas" not in answer.body or row.name in ("home", "my_pages"), (row, role)
            if role not in everywhere and role != "coordinator_of_neighbor":
                shared = row.name in ("join_step", "site_list", "staff_list", "program_new")
                assert b"Neighborly" not in answer.body or shared, (row, role)


def links(body):
    return set(re.findall(rb'href="(/[^"#]*)"', body)) | set(re.findall(rb'action="(/[^"#]*)"', body))


def test_no_page_links_to_what_its_reader_may_not_see(walking, walked):
    asked, dead = set(), []
    for (row, role), answer in walked.items():
        if answer.status != 200 or role in ("anonymous", "link_holder"):
            continue
        for link in links(answer.body):
            path = link.decode().replace("&amp;", "&")
            if (role, path) not in asked and not path.startswith("/static/"):
                asked.add((role, path))
                found = walking.fetch(path, role)
                if found.status in (403, 404, 500):
                    dead.append(f"{row.name} as {role} links to {path}: {found.kind}")
    assert len(asked) > 150, "the walk goes through the pages"
    assert dead == []


def test_places_are_a_persons_own_and_those_of_the_society_alone(walking):
    """Cleo has a place in two societies; Cai has left one cohort."""
    home = walking.fetch("/", "mentee").body.decode()
    assert "/s/ir/me/" in home
    assert "/s/abroad/me/" in home
    assert b"/s/abroad/" not in walking.fetch(f"/s/ir/me/{walking.town.cleo_asks.code}/", "mentee").body
    assert b"/s/abroad/" in walking.fetch("/", "coordinator_of_neighbor").body
    assert b"/s/abroad/" not in walking.fetch("/s/ir/setup/", "coordinator_of_neighbor").body
    assert walking.town.left.code not in walking.fetch("/?all=1", "other_mentee").body.decode()


def test_a_page_that_names_its_methods_takes_no_other(walking, walked):
    limited = {row for (row, _role), answer in walked.items() if answer.kind == "405"}
    names = {row.name for row in limited if row.route} | {
        "again_by_code",
        "answer",
        "digest_stop",
        "import_new",
        "news_stop",
    }
    for row in walk.rows():
        if row.name in names and not row.name.startswith(("mfa_", "account_")):
            path = reverse(row.name, kwargs=walking.given(row, "coordinator"))
            assert walking.fetch(path, "coordinator", "DELETE").kind == "405", row


def test_a_cohort_that_is_closed_takes_nobody(walking):
    page = walking.fetch(f"/s/ir/p/{walking.town.program.code}/join/", "anonymous").body.decode()
    assert "2020" not in page
    answer = walking.ask(walk.Row("s/<slug:society>/p/<str:code>/join/", "program_join", "POST"), "researcher")
    assert (answer.kind, answer.location.startswith("/s/ir/me/")) == ("302", True)


def test_imports_of_another_program_are_not_in_the_list(walking):
    page = walking.fetch(reverse("import_new", args=["ir", walking.town.cohort.code]), "coordinator").body.decode()
    assert "sheet-Homely.csv" in page
    assert "Neighborly" not in page


def test_every_post_wants_its_token(walking):
    client = Client(enforce_csrf_checks=True)
    client.cookies = walking.entered["coordinator"].cookies
    free = []
    for row in walk.rows():
        if row.method == "POST":
            path = reverse(row.name, kwargs=walking.given(row, "coordinator"))
            if client.post(path).status_code not in (403, 405):
                free.append(row.name)
    assert sorted(set(free)) == ["digest_stop", "news_stop"], "a mail program's one click has no token; its address has"


def test_every_answer_keeps_itself_to_who_asked(walked):
    for (row, role), answer in walked.items():
        if answer.status < 500:
            headers = answer.headers
            assert "no-store" in headers["Cache-Control"] or "no-cache" in headers["Cache-Control"], (row, role)
            assert "Cookie" in headers["Vary"], (row, role)
            assert headers["X-Content-Type-Options"] == "nosniff", (row, role)
            assert headers["Referrer-Policy"] == "same-origin", (row, role)
            # A mail of the preview stands in a frame of ours, where it runs nothing.
            framed = row.name == "publish_html" and answer.status == 200
            framers = "'self'; " if framed else "'none'; "
            policy = headers["Content-Security-Policy"] + "; "
            assert f"frame-ancestors {framers}" in policy, (row, role)
            assert not framed or "script-src 'none'; " in policy, (row, role)

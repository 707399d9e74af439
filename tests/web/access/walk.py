"""Every route, by every method, for every role: what is asked, and what class of answer came back."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import hashlib
import html
import re
from dataclasses import dataclass, field
from pathlib import Path

from django.core.cache import cache
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django_scopes import scopes_disabled

from introducer_web.care.services import seen_of
from introducer_web.programs.forms import WORD_FORMS, EndingsForm, SiteForm, SocietyForm, TopicForm
from introducer_web.programs.services import state_of
from introducer_web.programs.terms import TERMS
from web.access.full_town import ROLES, codes_of, enter_as, made_up

__all__ = ["MATRIX", "Answer", "Row", "Walk", "expected", "routes", "rows"]

MATRIX = Path(__file__).with_name("matrix.csv")
_LOGIN, _SECOND, _AGAIN = "/account/sign-in/", "/account/second-step/", "/account/again/"
_MADE_IN = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce=")[^"]+')


@dataclass(frozen=True)
class Row:
    """One route and method; ``of`` says whose object stands in the address where there is a choice."""

    route: str
    name: str
    method: str
    of: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    kind: str
    status: int
    body: bytes = field(repr=False)
    location: str = ""
    written: tuple[str, ...] = ()
    headers: dict = field(default_factory=dict, repr=False)

    @property
    def digest(self):
        return hashlib.sha256(self.body).hexdigest()


def routes():
    """Return every route that the resolver knows, with the pattern that answers; of two names the first."""

    def below(patterns, prefix=""):
        for each in patterns:
            if isinstance(each, URLPattern):
                yield prefix + str(each.pattern), each
            else:
                yield from below(each.url_patterns, prefix + str(each.pattern))

    found = {}
    for route, pattern in below(get_resolver().url_patterns):
        found.setdefault(route, pattern)
    return found


def rows():
    """Return the rows that the matrix must have."""
    found = []
    for route, pattern in routes().items():
        kinds = [""]
        if "/me/" in route or route.startswith(("a/", "stop/", "quiet/", "news/")):
            kinds = ["mentee", "mentor"]
        elif "<str:run>" in route:
            kinds = ["", "stopped run", "trial run"]
        found += [Row(route, pattern.name, method, of) for of in kinds for method in ("GET", "POST")]
    return found


def expected():
    """Return the matrix: by row and role the class of answer."""
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        return {
            Row(line["route"], line["name"], line["method"], line["of"]): {role: line[role] for role in ROLES}
            for line in csv.DictReader(lines)
        }


def _posted(town, name, of=""):
    """Return what a form of a route would send, so that who may do it does it."""
    home = town.home
    day = (home.now + dt.timedelta(days=90)).date().isoformat()
    with scopes_disabled():
        word = home.program.domains.order_by("pk").first()
        topic = word.topics.order_by("pk").first()
    policy = {"privacy": "background", "team_size": 2, "capacity": 2, "same_site": "allow", "institution_limit": 1}
    policy |= {"guests": "allow", "shared_language": "require", "wish_weight": 50, "floor": "total", "least_share": 50}
    policy |= {"pair_weight": 15, "stage_best_from": 1, "stage_best_to": 4, "stage_fade": 8, "equity_rural": 100}
    policy |= {"equity_no_home_program": 100, **{f"pair_terms_{name}": 1 for name in TERMS}}
    return {
        "set_language": {"language": "es", "next": "/"},
        "my_delete": {"email": "not@this.example.org"},
        "program_join": {"role": "mentor"},
        "join_step": {"name": "Another Name", "stage": "pgy3"},
        "participant_pause": {"until": day},
        "people_decide": {"what": "approve"},
        "people_conflict": {"other": home.mentors[1].code, "source": "relative", "words": ""},
        "people_invite": {"role": "mentee", "emails": "one@example.org"},
        "answer": {"answer": "accepted"},
        "answer_message": {"message": "Own words"},
        "find_mentor": {"message": "Own words"},
        "ranking": {},
        "round_set": {"open": "yes"},
        "talk_say": {"view": "glad"},
        "request_answer": {"answer": "declined"},
        "find_me": {"wanted": "on"},
        "move_add": {"left": "academic", "came": "private_ir"},
        "finding_list": {"name": "An hour", "begins_at": f"{day}T18:00"},
        "publish": {"what": "all", "seen": town.seen},
        "swap_settle": {"what": "end"},
        "society_edit": {
            "name": "IR",
            "language": "en",
            "timezone": "UTC",
            "contact": "",
            "seen": state_of(home.society, SocietyForm.Meta.fields),
        },
        "changes_take": {"changes": "1"},
        "keep": {"keep": "yes"},
        "goal_new": {"what": "Own goal", "measure": "One", "by_when": day, "kind": "personal", "weeks": 4},
        "goal_word": {"what": "Own", "measure": "1", "by_when": day, "kind": "personal", "weeks": 4, "seen": 1},
        "goal_progress": {"note": "Own progress"},
        "goal_close": {"along": "yes"},
        "decision_new": {"what": "Own decision", "decided_on": day},
        "decision_look": {"later": "Own later"},
        "track_begin": {"key": "attending", "began_on": day},
        "track_step": {"step": "terms", "what": "done"},
        "change_note": {"kind": "job", "on": day},
        "agreement_clause": {"text": "Own words of two", "seen": 2},
        "agreement_sign": {"name": "Own Name", "seen": 2},
        "agreement_review": {"on": day},
        "relationship_after": {"glad": "yes"},
        "thanks_write": {"thanks": "Once more"},
        "relationship_onward": {"line": "On and on"},
        "report_new": {
            "to": [home.confidant.code],
            "kind": "other",
            "words": "Something happened.",
            "named": "no",
        },
        "report_link": {"what": "open"},
        "recognition_list": {
            "begins": (home.now - dt.timedelta(days=300)).date().isoformat(),
            "ends": home.now.date().isoformat(),
        },
        "confidant_list": {
            "name": "New",
            "email": "new-confidant@example.org",
            "about": "Ombudsperson",
            "outside": "on",
        },
        "help_edit": {"words": "Our own line"},
        "program_endings": {
            "ending_words": "Well ended.",
            "letters": "on",
            "seen": state_of(home.program, EndingsForm.Meta.fields),
        },
        "policy_preview": policy,
        "policy_try": policy,
        "program_new": {"name": "Third", "template": "ir/1", "privacy": "neutral"},
        "staff_list": {"email": "another@example.org", "role": "coordinator"},
        "site_list": {"name": "Another site"},
        "site_edit": {"name": "Site renamed", "seen": state_of(home.site, SiteForm.Meta.fields)},
        "cohort_new": {"name": "2030"},
        "program_clone": {"name": "Fourth"},
        "cohort_close": {"what": "close"},
        "segment_new": {"name": "Another segment", "what": "save"},
        "segment_edit": {"name": "Segment renamed", "what": "save"},
        "segment_write": {"subject": "News", "body": "Dear {name}", "what": "send"},
        "relationship_desk": {"which": "all", "what": "end"},
        "mentor_hand_over": {"what": "do"},
        "renewal_say": {"say": "yes"},
        "continue_list": {"relationship": home.relationship.code},
        "program_hand_over": {"email": "another@example.org"},
        "people_carry": {"from": town.left.cohort.code, "which": "all"},
        "word_list": {"name": "Another word"},
        "word_edit": {"name": "Renamed", "seen": state_of(word, WORD_FORMS["domains"].Meta.fields)},
        "word_act": {"act": "up"},
        "topic_act": {"act": "down"},
        "topic_edit": {"name": "Renamed", "seen": state_of(topic, TopicForm.Meta.fields)},
        "order_list": {"kind": "veto", "mentee": home.mentees[1].code, "mentor": home.mentors[0].code},
        "mentor_capacity": {"capacity": 4},
        "import_confirm": {"turn": town.turn, "agreed": "on"},
        "import_spellings": {"spelling_0": "3"},
        "note_list": {"words": "What I take along", "is_shared": "me"},
        "note_edit": {"words": "Only for me now", "is_shared": "me", "version": 1},
        "feedback_list": {"useful": 1, "seen": home.said.get(of, home.said["mentee"]).code},
        "feedback_show": {"back": "y"},
        "letter_list": {"words": "One more word"},
        "care_ladder": {"what": "approve", "seen": seen_of([])},
        "care_quiet": {"what": "month"},
        "when": {"at": home.proposal.times[0]},
        "availability": {"timezone": "Europe/London", "from_0": "09:00", "to_0": "17:00"},
        "plan_new": {"minutes": "30", "where": "video", "own_1": f"{day}T10:00"},
        "proposal_answer": {"at": home.asked.times[0]},
        "plan_act": {"act": "missed"},
        "agenda": {"text": "Something to talk about"},
        "organic_add": {"name": "Somebody known"},
        "organic_tie": {"name": "Somebody renamed", "roles": ["sponsor"]},
        "organic_confirm": {"act": "confirm"},
        "network_say": {"close": "4", "nobody": "on"},
        "roles": {"roles": ["coach"], "domains": ["contracts"]},
        "account_login": {"email": "cleo@example.org"},
    }.get(name, {})


class Walk:
    """Asks for rows; whatever an answer did to the database is taken back."""

    def __init__(self, town):
        self.town = town
        self.before_it_is_taken_back = lambda: None
        self.places = {"home": town.home, "neighbor": town.neighbor, "abroad": town.overseas}
        with scopes_disabled():
            self.entered = {role: enter_as(Client(), town, role) for role in ROLES}
            self.codes = {
                (place, row.route, row.of): self._codes(place, row) for place in self.places for row in rows()
            }

    def _codes(self, place, row):
        found = codes_of(self.places[place], row.route, "mentor" if row.of == "mentor" else "mentee")
        if row.of == "stopped run":
            found["run"] = self.places[place].stopped.code
        elif row.of == "trial run":
            found["run"] = self.places[place].trial.code
        elif row.name in ("policy_adopt", "changes_take"):
            there = self.places[place]
            found["run"] = (there.trial if row.name == "policy_adopt" else there.changes).code
        return found | {"pk": self.town.key.pk}

    def parameters(self, row):
        """Return the names in a route."""
        return re.findall(r"<\w+:(\w+)>", row.route)

    def given(self, row, role):
        """Return what stands in the address that a role asks for: its own things, or the town's."""
        codes = dict(self.codes["home", row.route, row.of])
        if role == "anonymous" and "token" in codes:
            codes["token"] = made_up("token")
        return {name: codes[name] for name in self.parameters(row)}

    def ask(self, row, role, **changed):
        """Ask for a row as a role; ``changed`` puts other codes into the address."""
        given = self.given(row, role) | changed
        path = reverse(row.name, kwargs=given)
        if row.name == "run_compare":
            path += f"?with={self.town.home.earlier.code}"
        return self.fetch(path, role, row.method, _posted(self.town, row.name, row.of))

    def fetch(self, path, role, method="GET", posted=None, **headers):
        """Ask for a path, take back what it did, and return the answer."""
        client = self.entered[role]
        kept = copy.deepcopy(client.cookies)
        cache.clear()
        reset_queries()
        try:
            with transaction.atomic(), CaptureQueriesContext(connection) as asked:
                answer = getattr(client, method.lower())(path, posted or {}, headers=headers)
                body = b"".join(answer) if answer.streaming else answer.content
                self.before_it_is_taken_back()
                transaction.set_rollback(True)
        except Exception as crash:  # noqa: BLE001 - a crash is an answer too, and never an expected one
            return Answer(f"crash {type(crash).__name__}", 500, str(crash).encode())
        finally:
            client.cookies = kept
        writes = tuple(
            query["sql"] for query in asked
            if re.match(r"(INSERT|UPDATE|DELETE)", query["sql"]) and "django_session" not in query["sql"]
        )  # fmt: skip
        location = answer.headers.get("Location", "")
        return Answer(_kind(method, answer, location), answer.status_code, _same(body, path), location, writes,
                      dict(answer.headers))  # fmt: skip


def _kind(method, answer, location):
    if answer.status_code in (301, 302, 303):
        for begin, word in ((_LOGIN, " sign-in"), (_SECOND, " second-step"), (_AGAIN, " again")):
            if location.startswith(begin):
                return f"{answer.status_code}{word}"
        return str(answer.status_code)
    if answer.status_code == 200:
        if not answer.headers["Content-Type"].startswith("text/html"):
            return "200 file"
        return "200 form" if method == "POST" else "200"
    return str(answer.status_code)


def _same(body, path):
    """Return a body without what differs between two answers to the same question."""
    body = _MADE_IN.sub(rb"\1", body)
    for text in {path, html.escape(path), path.partition("?")[0]}:
        body = body.replace(text.encode(), b"PATH") if len(text) > 1 else body
    return body

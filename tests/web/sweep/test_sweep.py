"""No token of a confidential cell is anywhere but where its reader may see it.

Swept are all answers of all routes to all roles (bodies, headers, files inside archives), pages
beyond the matrix, fragments, every mail that is queued, whatever is logged, every cell of every
table and every byte of the database.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import zipfile

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_scopes import scopes_disabled

from introducer_web.care import services as care
from introducer_web.lib.crypto import sealed_of
from introducer_web.lib.personal import Class, registry
from introducer_web.mail.models import Message
from introducer_web.people import services as people
from introducer_web.people.models import Participant, PrivateAnswers
from introducer_web.relationships import services as relationships
from web.access import walk
from web.access.full_town import ROLES
from web.sweep import planted

pytestmark = pytest.mark.django_db
CONFIDENTIAL = (Class.C3, Class.C4, Class.C5)


class Kept(logging.Handler):
    """Every line that is logged, as it would be written."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        line = dict(settings.LOGGING["formatters"]["line"])
        self.setFormatter(import_string(line.pop("()"))(**line))

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def swept(django_db_setup, django_db_blocker):  # noqa: ARG001 - the database has to be there
    """The town with its tokens, and everything that it says to anybody."""
    with django_db_blocker.unblock(), transaction.atomic():
        with scopes_disabled():
            town, tokens = planted.build()
        yield Sweep(town, tokens)
        transaction.set_rollback(True)


class Sweep:
    """Asks everything once, and keeps what was said."""

    def __init__(self, town, tokens):
        self.town, self.tokens = town, tokens
        self.walking = walk.Walk(town)
        self.said = []
        self.mails, self.keys = {}, set()
        self.walking.before_it_is_taken_back = self._keep_mails
        self.log = Kept()
        root = logging.getLogger()
        level = root.level
        root.addHandler(self.log)
        root.setLevel(logging.INFO)  # what a server writes; the database's statements are of a debugger alone
        try:
            self._ask()
        finally:
            root.removeHandler(self.log)
            root.setLevel(level)
        with scopes_disabled():
            relationships.send_digests(town.home.now + dt.timedelta(days=8))
            self._keep_mails()
            for days in (8, 16, 30, 60):
                while care.remind_due(town.home.now + dt.timedelta(days=days)):
                    self._keep_mails()

    def _keep_mails(self):
        with scopes_disabled():
            for message in Message.objects.exclude(code__in=self.mails):
                self.mails[message.code] = (message.to, json.dumps(message.content) + message.key)
                self.keys.add(message.key)

    def _ask(self):
        for row in walk.rows():
            for role in ROLES:
                if role == "link_holder" and "token" not in self.walking.parameters(row):
                    continue
                self._hear(row.name, role, self.walking.ask(row, role))
        for name, path in beyond(self.town):
            for role in ROLES:
                self._hear(name, role, self.walking.fetch(path, role))
                self._hear(name, role, self.walking.fetch(path, role, **{"HX-Request": "true"}))

    def _hear(self, name, role, answer):
        body = answer.body
        if answer.headers.get("Content-Type") == "application/zip":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = b"\n".join(archive.read(each) for each in archive.namelist())
        text = body.decode("utf-8", "replace") + "\n" + json.dumps(answer.headers)
        self.said.append((name, role, text.casefold()))


def beyond(town):
    """Return pages that the matrix asks for with one thing alone: every step, every person, every constellation."""
    home, found = town.home, []
    c = f"/s/ir/c/{home.cohort.code}"
    for person in (*home.mentees, *home.mentors):
        me = f"/s/ir/me/{person.code}"
        found += [("join_step", f"{me}/join/{step}/") for step in
                  ("about", "needs", "offers", "wishes", "private", "avoid", "questions", "send")]  # fmt: skip
        found += [("participant_home", f"{me}/"), ("participant_privacy", f"{me}/privacy/")]
        found += [
            ("find_mentors", f"{me}/find/mentors/?q=token"),
            ("find", f"{me}/find/"),
            ("ranking", f"{me}/ranking/"),
            ("marks", f"{me}/marks/"),
            ("talk_list", f"{me}/talks/"),
        ]
        found += [("find_mentor", f"{me}/find/mentors/{mentor.code}/") for mentor in home.mentors]
        whose = " of a mentor" if person in home.mentors else ""
        found.append((f"people_person{whose}", f"{c}/people/{person.code}/"))
        found.append(("constellation_show", f"{c}/runs/{home.run.code}/mentees/{person.code}/"))
    found += [("word_list", f"/s/ir/p/{home.program.code}/words/{kind}/")
              for kind in ("domains", "experiences", "questions")]  # fmt: skip
    found += [
        ("import_show", f"{c}/import/{home.faulty.code}/"),
        ("import_faults", f"{c}/import/{home.faulty.code}/faults/"),
    ]
    found += [("import_show", f"{c}/import/{home.faulty.code}/?step=mapping")]
    found += [("people_list", f"{c}/people/?q=token"), ("relationship_list", f"{c}/relationships/?state=introduced")]
    found += [
        ("audit_list", "/s/ir/setup/audit/?act=people.record_conflict"),
        ("run_show", f"{c}/runs/{home.earlier.code}/"),
        ("run_show", f"{c}/runs/{home.trial.code}/"),
        ("run_show", f"{c}/runs/{home.changes.code}/?changes=1"),
    ]
    return found


def leaks_on_pages(swept):
    return [
        f"{what} on {name} for {role}"
        for what, token in swept.tokens.items()
        for name, role, text in swept.said
        if token.text.casefold() in text and not token.may_be_read(name, role)
    ]


def leaks_in_mails(swept):
    return [
        f"{what} in a mail to {to}"
        for what, token in swept.tokens.items()
        for to, text in swept.mails.values()
        if token.text.casefold() in text.casefold() and to not in token.mails
    ]


def leaks_in_the_log(swept):
    log = "\n".join(swept.log.lines).casefold()
    return [what for what, token in swept.tokens.items() if token.text.casefold() in log]


def leaks_in_cells(tokens):
    """Return the tokens that stand in a cell of any table, as text or as bytes; those of sessions are opened."""
    found = set()
    sealed = {what: token.text.casefold() for what, token in tokens.items() if token.sealed}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's own name
            for row in cursor.fetchall():
                cells = [bytes(each).decode("latin-1") if isinstance(each, (bytes, memoryview)) else str(each)
                         for each in row]  # fmt: skip
                text = "\n".join(cells).casefold()
                found |= {f"{what} in {table}" for what, token in sealed.items() if token in text}
    for session in Session.objects.all():
        text = json.dumps(session.get_decoded()).casefold()
        found |= {f"{what} in a session" for what, token in sealed.items() if token in text}
    return sorted(found)


def leaks_in_the_file(tokens):
    """Return the tokens that stand in the bytes of the database, indexes and freed pages among them."""
    if connection.vendor != "sqlite":
        return leaks_in_cells(tokens)
    content = connection.connection.serialize().lower()
    assert b"homely" in content, "these are the bytes of the town"
    return [what for what, token in tokens.items() if token.sealed and token.text.lower().encode() in content]


def test_every_confidential_field_has_a_token_or_a_reason(swept):
    confidential = {
        f"{label}.{name}"
        for label, table in registry().items()
        for name, what in table.declared().items()
        if what is not None and what.kind in CONFIDENTIAL
    } | {"mail.Message.sealed"}
    assert confidential == set(planted.FIELDS)
    assert all(tokens <= set(swept.tokens) for tokens in planted.FIELDS.values() if isinstance(tokens, set))


def test_every_token_is_where_it_was_planted(swept):
    """A sweep for what is not there would find nothing."""
    missing = []
    with scopes_disabled():
        for path, tokens in planted.FIELDS.items():
            if isinstance(tokens, str):
                continue
            label, _, name = path.rpartition(".")
            model = apps.get_model(label)
            opened = {value.field: each for each, value in sealed_of(model).items()}
            text = " ".join(str(getattr(row, opened.get(name, name))) for row in model.objects.all())
            missing += [f"{what} in {path}" for what in tokens if swept.tokens[what].text not in text]
    assert missing == []


def test_who_may_read_a_token_finds_it(swept):
    for what in ("attribute", "conflict", "note", "question", "first message", "cell", "answer", "sensitive need",
                 "note for both", "note for oneself", "letter", "kept note", "said", "told",
                 "said once"):  # fmt: skip
        text = swept.tokens[what].text.casefold()
        assert any(text in said for _name, _role, said in swept.said), what


def test_no_page_file_fragment_header_or_redirect_tells(swept):
    assert len(swept.said) > 2000
    assert leaks_on_pages(swept) == [], "\n".join(leaks_on_pages(swept))


def test_no_mail_tells(swept):
    assert len(swept.mails) > 20
    kinds = {key.split(":")[1] for key in swept.keys if key.startswith("reminder:")}
    assert {"unanswered", "expiry"} <= kinds
    assert leaks_in_mails(swept) == []


def test_the_log_does_not_tell(swept):
    assert len(swept.log.lines) > 100
    assert leaks_in_the_log(swept) == []


def test_the_database_does_not_tell(swept):
    assert leaks_in_cells(swept.tokens) == []
    assert leaks_in_the_file(swept.tokens) == []


def test_a_leak_on_a_page_is_found(swept):
    before = len(swept.said)
    with transaction.atomic():
        swept.town.program.about = "Ask Cleo of tokenattribute."
        swept.town.program.save()
        swept._hear("program_join", "anonymous", swept.walking.fetch(
            f"/s/ir/p/{swept.town.program.code}/join/", "anonymous"))  # fmt: skip
        transaction.set_rollback(True)
    found = leaks_on_pages(swept)
    del swept.said[before:]
    assert found == ["attribute on program_join for anonymous"]


def test_a_leak_in_a_mail_is_found(swept):
    kept = dict(swept.mails)
    with scopes_disabled(), transaction.atomic():
        home = swept.town.home
        home.program.name = "Mentoring for tokenneed"
        people.invite(cohort=home.cohort, email="x@example.org", role="mentee", by=swept.town.ada, now=home.now)
        swept._keep_mails()
        transaction.set_rollback(True)
    found = leaks_in_mails(swept)
    swept.mails = kept
    assert found == ["need in a mail to x@example.org"]


def test_a_leak_in_the_log_is_found(swept):
    logger = logging.getLogger("introducer_web.sweep")
    logger.addHandler(swept.log)
    logger.warning("Nobody covers %s.", "tokenconflict")
    logger.removeHandler(swept.log)
    found = leaks_in_the_log(swept)
    swept.log.lines.pop()
    assert found == ["conflict"]


def test_a_sealed_field_that_is_made_plain_is_found(swept):
    with scopes_disabled(), transaction.atomic():
        row = PrivateAnswers.objects.get(participant=swept.town.cleo_asks)
        PrivateAnswers.objects.filter(pk=row.pk).update(sealed=json.dumps(row.answers).encode())
        assert leaks_in_cells(swept.tokens) == ["attribute in people_privateanswers"]
        assert leaks_in_the_file(swept.tokens) == ["attribute"] or connection.vendor != "sqlite"
        transaction.set_rollback(True)


def test_a_token_in_a_plain_cell_is_found(swept):
    with scopes_disabled(), transaction.atomic():
        Participant.objects.filter(pk=swept.town.cleo_asks.pk).update(institution="tokennote hospital")
        assert leaks_in_cells(swept.tokens) == ["note in people_participant"]
        transaction.set_rollback(True)

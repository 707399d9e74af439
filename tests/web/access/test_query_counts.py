"""Every list has as many queries with 30 rows as with 3, at most 15, and its page is light."""

import datetime as dt
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

import cast
from introducer_web.care.services import segments
from introducer_web.conversations import services as conversations
from introducer_web.conversations.models import Note
from introducer_web.feedback.models import Feedback
from introducer_web.finding import services as finding
from introducer_web.finding.models import FirstTalk, Recommendation, Request
from introducer_web.goals import services as goals
from introducer_web.matching import services as matching
from introducer_web.people import services as people
from introducer_web.people.imports import services as imports
from introducer_web.programs import services as programs
from introducer_web.programs.models import Domain, Experience, Question, TrainingSite
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import User

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 30
MOST = 15
#: Name of a page: who reads it, its address as a view and what stands in it, and what stands behind the "?".
PAGES = {
    "home": ("ada", "home", [], ""),
    "my pages": ("ada", "my_pages", [], ""),
    "programs and cohorts": ("ada", "society_home", ["ir"], ""),
    "cohorts of a program": ("ada", "program_home", ["ir", "program"], ""),
    "staff": ("ada", "staff_list", ["ir"], ""),
    "sites": ("ada", "site_list", ["ir"], ""),
    "audit": ("ada", "audit_list", ["ir"], ""),
    "audit of one act": ("ada", "audit_list", ["ir"], "act=people.invite"),
    "domains": ("ada", "word_list", ["ir", "program", "=domains"], ""),
    "topics of a domain": ("ada", "word_edit", ["ir", "program", "=domains", "domain"], ""),
    "experiences": ("ada", "word_list", ["ir", "program", "=experiences"], ""),
    "questions": ("ada", "word_list", ["ir", "program", "=questions"], ""),
    "people": ("ada", "people_list", ["ir", "cohort"], ""),
    "people, filtered": ("ada", "people_list", ["ir", "cohort"], "role=mentor&state=active&q=e"),
    "a mentee": ("ada", "people_person", ["ir", "cohort", "mentee"], ""),
    "a mentor": ("ada", "people_person", ["ir", "cohort", "mentor"], ""),
    "invitations": ("ada", "people_invite", ["ir", "cohort"], ""),
    "people of an earlier cohort": ("ada", "people_carry", ["ir", "later"], "from=cohort"),
    "closing a cohort": ("ada", "cohort_close", ["ir", "cohort"], ""),
    "supply": ("ada", "people_supply", ["ir", "cohort"], ""),
    "runs": ("ada", "run_list", ["ir", "cohort"], ""),
    "review": ("ada", "run_show", ["ir", "cohort", "run"], ""),
    "advice": ("ada", "advice_show", ["ir", "cohort", "run"], ""),
    "constellation": ("ada", "constellation_show", ["ir", "cohort", "run", "mentee"], ""),
    "sky": ("ada", "run_sky", ["ir", "cohort", "run"], ""),
    "comparison": ("ada", "run_compare", ["ir", "cohort", "run"], "with=before"),
    "a trial of another policy": ("ada", "run_show", ["ir", "cohort", "trial"], ""),
    "what a few changes bring": ("ada", "run_show", ["ir", "cohort", "changes"], "changes=1"),
    "orders": ("ada", "order_list", ["ir", "cohort"], ""),
    "preview": ("ada", "publish", ["ir", "cohort", "run"], ""),
    "a mail of the preview": ("ada", "publish_mail", ["ir", "cohort", "run", "tie"], ""),
    "relationships": ("ada", "relationship_list", ["ir", "cohort"], ""),
    "active relationships": ("ada", "relationship_list", ["ir", "cohort"], "state=active"),
    "extending or ending": ("ada", "relationship_desk", ["ir", "cohort"], ""),
    "handing over": ("ada", "mentor_hand_over", ["ir", "cohort", "mentor"], ""),
    "relationships as a sheet": ("ada", "relationship_sheet", ["ir", "cohort"], ""),
    "messages": ("ada", "message_list", ["ir", "cohort"], ""),
    "now": ("ada", "care_now", ["ir", "cohort"], ""),
    "one kind of now": ("ada", "care_now", ["ir", "cohort"], "kind=uncovered"),
    "reminders": ("ada", "care_ladder", ["ir", "cohort"], ""),
    "segments": ("ada", "segment_list", ["ir", "cohort"], ""),
    "a segment": ("ada", "segment_show", ["ir", "cohort", "segment"], ""),
    "writing to a segment": ("ada", "segment_write", ["ir", "cohort", "segment"], ""),
    "imports": ("ada", "import_new", ["ir", "cohort"], ""),
    "a dry run": ("ada", "import_show", ["ir", "cohort", "sheet"], ""),
    "a mapping": ("ada", "import_show", ["ir", "cohort", "sheet"], "step=mapping"),
    "faults": ("ada", "import_show", ["ir", "cohort", "faulty"], ""),
    "faults as a file": ("ada", "import_faults", ["ir", "cohort", "faulty"], ""),
    "changes as a file": ("ada", "import_changes", ["ir", "cohort", "sheet"], ""),
    "a mentor's home": ("mentors", "participant_home", ["ir", "mentor"], ""),
    "two people": ("mentors", "conversation_list", ["ir", "mentor", "two"], ""),
    "their notes": ("mentors", "note_list", ["ir", "mentor", "two"], ""),
    "their letters": ("mentors", "letter_list", ["ir", "mentor", "two"], ""),
    "how it goes": ("mentors", "feedback_list", ["ir", "mentor", "two"], ""),
    "how it went": ("mentors", "feedback_mine", ["ir", "mentor"], ""),
    "what is kept": ("mentors", "kept_list", ["ir", "mentor"], ""),
    "a mentee's home": ("mentees", "participant_home", ["ir", "mentee"], ""),
    "whom a mentee avoids": ("mentees", "join_step", ["ir", "mentee", "=avoid"], ""),
    "what a mentee needs": ("mentees", "join_step", ["ir", "mentee", "=needs"], ""),
    "what a mentee wishes": ("mentees", "join_step", ["ir", "mentee", "=wishes"], ""),
    "what a mentor offers": ("mentors", "join_step", ["ir", "mentor", "=offers"], ""),
    "what a mentee answers": ("mentees", "join_step", ["ir", "mentee", "=questions"], ""),
    "somebody whom a mentee added": ("mentees", "organic_tie", ["ir", "mentee", "added"], ""),
    "a mentee's network": ("mentees", "network_show", ["ir", "mentee"], ""),
    "somebody of a network": ("mentees", "network_say", ["ir", "mentee", "added"], ""),
    "adding somebody": ("mentees", "organic_add", ["ir", "mentee"], ""),
    "goals of a mentee": ("mentees", "goal_list", ["ir", "mentee"], ""),
    "decisions of a mentee": ("mentees", "decision_list", ["ir", "mentee"], ""),
    "what changes for a mentee": ("mentees", "change_show", ["ir", "mentee"], ""),
    "fresh looks": ("ada", "look_list", ["ir", "cohort"], ""),
    "what a mentee said": ("mentees", "participant_privacy", ["ir", "mentee"], ""),
    "whom a mentee might ask": ("mentees", "find", ["ir", "mentee"], ""),
    "the directory": ("mentees", "find_mentors", ["ir", "mentee"], ""),
    "the directory, searched": (
        "mentees", "find_mentors", ["ir", "mentee"], "q=person&domain=contracts&languages=en&hours=6&within=14",
    ),
    "a mentor whom a mentee might ask": ("mentees", "find_mentor", ["ir", "mentee", "found"], ""),
    "whom a mentee asked": ("mentees", "request_list", ["ir", "mentee"], ""),
    "who asked a mentor": ("mentors", "request_list", ["ir", "mentor"], ""),
    "how a mentor is found": ("mentors", "find_me", ["ir", "mentor"], ""),
    "a mentee's ranking": ("mentees", "ranking", ["ir", "mentee"], ""),
    "a mentor's marks": ("mentors", "marks", ["ir", "mentor"], ""),
    "first conversations": ("mentors", "talk_list", ["ir", "mentor"], ""),
    "requests and dates": ("ada", "finding_list", ["ir", "cohort"], ""),
}  # fmt: skip

#: Pages that show more once ties are published.
AFTER = (
    "relationships", "active relationships", "messages", "reminders", "now", "a mentor's home", "a mentee's home",
    "a mentee's network",
)  # fmt: skip


def crowd(n):
    """Build the town, and n of everything that a page may list."""
    now = timezone.now()
    town = cast.settle()
    society, program, cohort, ada = town.society, town.program, town.cohort, town.ada
    by = {"by": ada, "now": now}
    users = [User.objects.create_user(f"p{k}@example.org", name=f"Person {k}") for k in range(2 * n)]
    mentees = [
        cast.participant(town, user, "mentee", needs={"contracts": 3, "research": 2}, experiences=["first_generation"],
                         private={"needs": {"leadership": 2}, "wishes": {}, "avoid": [], "attributes": {}})
        for user in users[:n]
    ]  # fmt: skip
    mentors = [
        cast.participant(town, user, "mentor", offers={"contracts": 3, "research": 2, "leadership": 1}, capacity=n + 5)
        for user in users[n:]
    ]
    town.mentee, town.mentor, town.mentees, town.mentors = mentees[0], mentors[0], users[0], users[n]
    mine = {"society": society}
    for k in range(n):
        TrainingSite.objects.create(**mine, name=f"Site {k}")
        Question.objects.create(**mine, program=program, text=f"Question {k}?")
        Experience.objects.create(**mine, program=program, key=f"x{k}", name=f"Experience {k}")
        if program.domains.count() < n:
            Domain.objects.create(**mine, program=program, key=f"d{k}", name=f"Domain {k}")
        programs.create_program(**mine, name=f"Program {k}", template="campus/1", **by)
        programs.create_cohort(program=program, name=f"Cohort {k}", **by)
        programs.appoint(**mine, user=users[k], role="researcher", program=program, **by)
        people.invite(cohort=cohort, email=f"new{k}@example.org", role="mentee", **by)
        people.record_conflict(**mine, user_a=mentees[0].user, user_b=users[n + k], source="other", words="", **by)
    for k in range(n):
        town.segment = segments.save_segment(cohort=cohort, name=f"Segment {k}", said={"role": "mentee"}, **by)
        segments.send_mailing(segment=town.segment, subject="News", body=f"Text {k}", **by)
    town.later = program.cohorts.get(name="Cohort 0")
    town.domain = program.domains.create(**mine, key="wide", name="Wide", retired=True)
    for k in range(n):
        town.domain.topics.create(**mine, key=f"t{k}", name=f"Topic {k}")
        cast.participant(_at(town, k), ada, "mentee")
        matching.order_tie(kind="veto", mentee=mentees[k], mentor=mentors[-1 - k], words="", **by)
    relationships.record_existing(cohort=cohort, pairs=[(each, mentors[0]) for each in mentees[1:]], **by)
    town.two = Relationship.objects.get(mentee=mentees[1], mentor=mentors[0])
    for k in range(n):
        between = {"relationship": town.two, "person": mentors[0], "text": "Words"}
        conversations.write_note(**between, now=now, is_shared=True)
        conversations.write_letter(**between, now=now - timedelta(hours=2 * (n - k)))
        conversations.log_conversation(
            relationship=town.two, person=mentors[0], on=now.date(), by=users[n], now=now, another=True
        )
        said = Feedback(**mine, author=(mentors[0], mentees[1])[k % 2], relationship=town.two,
                        relationship_code=town.two.code, given_at=now, told_at=now)  # fmt: skip
        said.words, said.told = {"helped": "Words"}, "Told"
        said.save()
        kept = Note(**mine, author=mentors[0], relationship_code=town.two.code, written_at=now)
        kept.words = "Kept"
        kept.save()
    _look_for_each_other(town, mentees, mentors, by)
    for _ in range(min(n, 28)):
        matching.stop_run(run=relationships.request_run(cohort=cohort, **by), **by)
    for k in range(n):
        town.added = relationships.add_tie(person=mentees[0], name=f"Own {k}", domains=["contracts"], now=now)
    relationships.make_link(tie=town.added, now=now)
    town.before, town.run = (_run(cohort, by) for _ in range(2))
    town.trial = _run(cohort, by, relationships.request_trial, policy={"team_size": 1})
    town.changes = _run(cohort, by, relationships.request_frontier)
    for kind in ("recruit", "robustness", "stability"):
        matching.perform_advice(_claimed(town.run, kind, by))
    town.tie = relationships.preview(town.run, now).ties[0]
    town.sheet, town.faulty = (_sheet(town, n, level, by) for level in ("2", "heaps"))
    for _ in range(n - 2):
        imports.upload(cohort=cohort, what="mentees", name="s.csv", content=b"email\nx@example.org\n", **by)
    return town


def _look_for_each_other(town, mentees, mentors, by):
    """Let every mentee have asked the first mentor, and the first one everybody; the rest stands in lists."""
    now, town.found = by["now"], mentors[1]
    _goals(mentees, now)
    pairs = {(mentees[0], mentor) for mentor in mentors[2:]} | {(mentee, mentors[0]) for mentee in mentees}
    for k, (mentee, mentor) in enumerate(sorted(pairs, key=lambda pair: (pair[0].pk, pair[1].pk))):
        asked = Request(
            society=town.society, mentee=mentee, mentor=mentor, digest=f"{k:064}", asked_at=now,
            expires_at=now + finding.OPEN_FOR,
        )  # fmt: skip
        asked.words = {"token": f"asked-{k}", "message": "A message."}
        asked.save()
    for k, mentor in enumerate(mentors):
        mentor.answers_within = 7
        mentor.save(update_fields=["answers_within"])
        finding.add_event(cohort=town.cohort, name=f"Event {k}", begins_at=now + dt.timedelta(days=9), **by)
        if k < 5:
            Recommendation.objects.create(society=town.society, mentee=mentees[0], mentor=mentor, place=k + 1)
    for k in range(min(len(mentors), 12)):
        finding.add_move(participant=mentors[0], left="academic", came="private_ir", year=2000 + k, **by)
    finding.set_round(cohort=town.cohort, asks=True, **by)
    held = finding.round_of(town.cohort)
    held.talks_opened_at = now
    held.save()
    for mentee in mentees:
        FirstTalk.objects.create(
            society=town.society, mentee=mentee, mentor=mentors[0], proposed_at=now, mentee_ready_at=now,
            mentor_ready_at=now,
        )  # fmt: skip
    ranked = [(mentor.code, "Because.") for mentor in mentors[:10]]
    finding.rank(mentee=mentees[0], ranked=ranked, by=mentees[0].user, now=now)
    while finding.index_due(now):
        pass


def _goals(mentees, now):
    """Let the first mentee have goals and decisions, and all of them ask for a fresh look."""
    for k, person in enumerate(mentees):
        words = {"what": f"Goal {k}", "measure": "", "by_when": "2028-01-01"}
        goal = goals.begin_goal(
            mentee=mentees[0], relationship=None, kind="personal", words=words, weeks=4, today=now.date(), now=now
        )
        if k > 1:
            goals.close_goal(goal=goal, mentee=mentees[0], state="reached", note="", now=now)
        goals.note_decision(
            mentee=mentees[0], relationship=None, words={"what": f"Decision {k}"}, decided_on=now.date(), look_on=None
        )
        goals.ask_for_fresh_look(mentee=person, instead_of=[], by=person.user, now=now)


def _at(town, k):
    found = type(town)(**vars(town))
    found.cohort = town.program.cohorts.get(name=f"Cohort {k}")
    return found


def _run(cohort, by, ask=relationships.request_run, **given):
    run = ask(cohort=cohort, **by, **given)
    matching.perform_run(matching.claim_run(by["now"]))
    run.refresh_from_db()
    assert run.state == "done", run.message
    return run


def _claimed(run, kind, by):
    matching.ask_advice(run=run, kind=kind, **by)
    return matching.claim_advice(by["now"])


def _sheet(town, n, level, by):
    text = "email,stage,need:contracts\n" + "".join(f"row{k}@example.org,pgy3,{level}\n" for k in range(n))
    text += "".join(f"p{k}@example.org,pgy5,{level}\n" for k in range(n))
    held = imports.upload(cohort=town.cohort, what="mentees", name="sheet.csv", content=text.encode(), **by)
    imports.choose_mapping(sheet_import=held, mapping=held.mapping, values={}, **by)
    imports.perform_now(held, by["now"])
    held.refresh_from_db()
    return held


def measured(town, pages=tuple(PAGES)):
    """Return queries and bytes of every page: the second time, when templates and the session are there."""
    found, entered = {}, {}
    for page in pages:
        who, name, given, query = PAGES[page]
        if who not in entered:
            entered[who] = cast.enter(Client(), getattr(town, who))
        args = [_given(town, each) for each in given]
        path = reverse(name, args=args) + (f"?{query}" if query else "")
        path = path.replace("with=before", f"with={town.before.code}")
        path = path.replace("from=cohort", f"from={town.cohort.code}")
        for _ in range(2):  # templates are read, and it is written down that somebody is here
            assert entered[who].get(path).status_code == 200, (page, path)
        with CaptureQueriesContext(connection) as asked:
            answer = entered[who].get(path)
        queries = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]  # of the test's own transaction
        found[page] = (queries, len(answer.content))
    return found


def _given(town, name):
    if name == "ir":
        return name
    return name[1:] if name.startswith("=") else getattr(town, name).code


def published(town):
    """Publish all, let some decline, and ask for swaps: what the list of relationships and the homes show then."""
    relationships.publish(run=town.run, by=town.ada, now=town.run.finished_at)
    rows = Relationship.objects.filter(state="introduced").order_by("pk")
    for k, row in enumerate(rows):
        if k % 3 == 0:
            side = row.introductions.get(side="mentor")
            relationships.answer_introduction(introduction=side, answer="declined", now=town.run.finished_at)
        elif k % 3 == 1:
            relationships.request_swap(relationship=row, by=row.mentee.user, now=town.run.finished_at)
    return town


@pytest.fixture(scope="module")
def counted(django_db_setup, django_db_blocker):  # noqa: ARG001 - the database has to be there
    """Queries and bytes by number of rows, before and after publishing."""
    found = {}
    with django_db_blocker.unblock():
        for n in (FEW, MANY):
            with transaction.atomic():
                with scopes_disabled():
                    town = crowd(n)
                found["before", n] = measured(town)
                with scopes_disabled():
                    published(town)
                found["after", n] = measured(town, AFTER)
                transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(("when", "page"), [("before", page) for page in PAGES] + [("after", page) for page in AFTER])
def test_a_list_has_no_more_queries_with_many_rows_than_with_few(counted, when, page):
    (few, _light), (many, heavy) = (counted[when, n][page] for n in (FEW, MANY))
    tables = Counter(re.search(r'(?:FROM|UPDATE|INTO) "(\w+)"', each)[1] for each in many)
    assert len(many) <= len(few), tables
    assert len(many) <= MOST, tables
    assert heavy < 100_000

"""What the people of the made-up society have done since they were introduced, so that every page has something."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from introducer_web.agreements import services as agreements
from introducer_web.conversations import services as conversations
from introducer_web.finding import services as finding
from introducer_web.finding.directory import searched
from introducer_web.goals import services as goals
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Participant, Role
from introducer_web.plans import services as plans
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.safety import services as safety

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["live"]

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
#: Of six relationships in a row: one has never met, one has become quiet, the others talk.
_NEVER, _QUIET, _OF = 1, 2, 6


def live(cohort: Cohort, ada: User, began: datetime, now: datetime) -> None:
    """Let them talk, plan, want, ask and look for somebody, between the introductions and now."""
    lived = list(
        Relationship.objects.filter(cohort=cohort, state=Relationship.State.ACTIVE)
        .select_related("society", "mentee__user", "mentee__society", "mentee__cohort__program", "mentor__user",
                        "mentor__society")
        .order_by("pk")
    )  # fmt: skip
    for number, two in enumerate(lived):
        _talk(two, number % _OF, began, now)
    first, second = lived[0], next(two for two in lived if two.mentee_id != lived[0].mentee_id)
    _work_together(first, began, now)
    _look_ahead(first.mentee, now)
    _want_somebody_else(second, now)
    _ask_a_mentor(cohort, now)
    for name, about in (("Olu Ombuds", "Ombudsperson of the medical school"), ("Rita Retired", "Retired colleague")):
        safety.name_confidant(
            society=cohort.society, program=None, name=name, about=about, by=ada, now=now,
            email=f"{name.split()[0].lower()}@elsewhere.example.org",
        )  # fmt: skip


def _talk(two: Relationship, kind: int, began: datetime, now: datetime) -> None:
    if kind == _NEVER:
        return
    day, last = began + _WEEK, began + 2 * _WEEK if kind == _QUIET else now - 3 * _DAY
    while day < last:
        conversations.log_conversation(
            relationship=two, person=two.mentee, on=day.date(), by=two.mentee.user, now=now, minutes=30
        )
        day += 2 * _WEEK


def _work_together(two: Relationship, began: datetime, now: datetime) -> None:
    """Let two have an agreement, a goal, something that is planned, a list of points, notes and letters."""
    mentee, mentor = two.mentee, two.mentor
    for person in (mentee, mentor):
        agreements.sign(
            relationship=two, name=str(person.user), language="en", seen=1, person=person, now=began + 3 * _DAY
        )
    goal = goals.begin_goal(
        mentee=mentee, relationship=two, kind="professional", weeks=4, today=began.date(), now=began + _WEEK,
        words={"what": "Give a talk at the regional meeting", "measure": "The abstract is accepted",
               "by_when": (now + 20 * _WEEK).date().isoformat(), "why": "To be known beyond my own program",
               "barrier": "Too little time on call weeks", "support": "Somebody who reads a draft", "confidence": 6},
    )  # fmt: skip
    goals.note_progress(
        goal=goal, person=mentee, note="A first draft of the abstract is there.", confidence=7,
        today=(now - _WEEK).date(), now=now - _WEEK,
    )  # fmt: skip
    goals.note_decision(
        mentee=mentee, relationship=two, decided_on=(now - 2 * _WEEK).date(), look_on=(now + 12 * _WEEK).date(),
        words={"what": "Stay for a fellowship year", "options": "A job nearby; a fellowship",
               "why": "The case mix that I lack"},
    )  # fmt: skip
    relationships.say_roles(
        relationship=two, person=mentee, roles=("mentor", "sponsor"),
        domains=[need.domain.key for need in mentee.needs.select_related("domain")[:2]], now=now,
    )  # fmt: skip
    noon = now.replace(hour=16, minute=0, second=0, microsecond=0)
    first, other = noon + _WEEK, noon + _WEEK + 2 * _DAY
    proposal = plans.propose(relationship=two, person=mentor, times=(first, other), minutes=30, now=now - _DAY)
    plans.accept(proposal=proposal, person=mentee, at=first, now=now)
    plans.propose(relationship=two, person=mentor, times=(noon + 4 * _WEEK,), minutes=45, now=now)
    for text in ("What a good abstract leaves out", "Whom to ask for the second reading"):
        plans.add_point(relationship=two, person=mentee, text=text, now=now)
    plans.add_point(relationship=two, person=mentor, text="Practice the first two minutes aloud", now=now)
    conversations.write_note(relationship=two, person=mentee, text="Read the two papers that were named.", now=now)
    conversations.write_letter(relationship=two, person=mentor, text="The draft reads well.", now=now)


def _look_ahead(mentee: Participant, now: datetime) -> None:
    """Let a mentee have somebody of their own, a change that is near, and the first hundred days somewhere."""
    relationships.add_tie(person=mentee, name="Aunt Mabel, accountant", domains=["finance"], now=now)
    goals.note_transition(mentee=mentee, kind="boards", on=(now + 8 * _WEEK).date(), now=now)
    goals.begin_track(mentee=mentee, key="fellowship", began_on=(now - 2 * _WEEK).date())


def _want_somebody_else(two: Relationship, now: datetime) -> None:
    goals.ask_for_fresh_look(mentee=two.mentee, instead_of=(two,), by=two.mentee.user, now=now - 2 * _DAY)


def _ask_a_mentor(cohort: Cohort, now: datetime) -> None:
    """Let a mentee who has nobody ask the first mentor of the directory whom the rules allow."""
    alone = Participant.objects.filter(cohort=cohort, role=Role.MENTEE, as_mentee__isnull=True)
    for mentee in alone.select_related("user", "society", "cohort__program").order_by("pk")[:5]:
        for mentor in searched(mentee, {}, now).select_related("user", "cohort__program")[:5]:
            try:
                finding.ask(
                    mentee=mentee, mentor=mentor, by=mentee.user, now=now - 8 * _DAY,
                    message="I read that you made the move that I think about. May I ask you about it?",
                )  # fmt: skip
            except DomainError:
                continue
            return

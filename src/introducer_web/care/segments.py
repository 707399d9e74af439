"""Who is in a segment: criteria by name, held against a cohort as it is now.

Criteria are plain facts that a coordinator sees anyway: no need that was said in confidence, no private attribute, no
feedback, nothing of conversations but when the last one was.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from introducer_web.people.models import Need, Participant
from introducer_web.relationships.models import Introduction, Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from introducer_web.programs.models import Cohort

__all__ = ["SCHEMA", "Sight", "criteria_of"]

#: Of the criteria as they are kept.
SCHEMA = 1
#: Criteria by name, and what each takes: one of some texts, a number of days, or a yes.
_TEXTS = ("role", "state", "paused", "stage", "site", "language", "uncovered")
_DAYS = ("not_met", "quiet", "unanswered", "ended")
_YES = ("rural", "alone")


def criteria_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return criteria as they are kept: those that were said, and the number of their schema."""
    kept = {name: said[name] for name in (*_TEXTS, *_DAYS, *_YES) if said.get(name) not in (None, "", False)}
    return {"schema": SCHEMA} | kept


@dataclass
class Sight:
    """A cohort as it is now, read once: whatever number of segments is held against it. Five queries.

    Attributes
    ----------
    people : list of Participant
        Everybody of the cohort, by name.
    """

    cohort: Cohort
    now: datetime
    people: list[Participant] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read it all."""
        self.people = list(
            Participant.objects.filter(cohort=self.cohort)
            .select_related("user", "society", "site").order_by("user__name", "user__email", "pk")
        )  # fmt: skip
        self._lived: dict[int, list[Relationship]] = defaultdict(list)
        rows = Relationship.objects.filter(cohort=self.cohort).only(
            "society", "mentee_id", "mentor_id", "state", "needs", "began_at", "ended_at", "last_contact_on"
        )
        for row in rows.order_by("pk"):
            self._lived[row.mentee_id].append(row)
            self._lived[row.mentor_id].append(row)
        self._waiting: dict[int, list[datetime]] = defaultdict(list)
        unanswered = Introduction.objects.filter(
            relationship__cohort=self.cohort, relationship__state=Relationship.State.INTRODUCED,
            answer=Introduction.Answer.NONE,
        )  # fmt: skip
        sides = unanswered.values_list("side", "relationship__mentee", "relationship__mentor", "sent_at")
        for side, mentee, mentor, sent in sides:
            self._waiting[mentor if side == "mentor" else mentee].append(sent)
        self._asked: dict[int, set[str]] = defaultdict(set)
        needs = Need.objects.filter(participant__cohort=self.cohort, domain__sensitive=False)
        for person, key in needs.values_list("participant", "domain__key"):
            self._asked[person].add(key)

    def of(self, criteria: Mapping[str, Any]) -> list[Participant]:
        """Return who meets all of the criteria.

        Raises
        ------
        ValueError
            If they are of another schema: nobody is better than the wrong people.
        """
        if criteria.get("schema") != SCHEMA:
            msg = f"criteria of schema {criteria.get('schema')}"
            raise ValueError(msg)
        tests = [(getattr(self, f"_{name}"), value) for name, value in criteria.items() if name != "schema"]
        return [person for person in self.people if all(test(person, value) for test, value in tests)]

    # How each criterion is held against a person, by its name.

    def _role(self, person: Participant, role: str) -> bool:
        return person.role == role

    def _state(self, person: Participant, state: str) -> bool:
        return person.state == state

    def _paused(self, person: Participant, whether: str) -> bool:
        paused = person.paused_until is not None and person.paused_until > self.now.date()
        return paused == (whether == "yes")

    def _stage(self, person: Participant, stage: str) -> bool:
        return person.stage == stage

    def _site(self, person: Participant, code: str) -> bool:
        return person.site is not None and person.site.code == code

    def _language(self, person: Participant, language: str) -> bool:
        return language in person.languages

    def _rural(self, person: Participant, _yes: bool) -> bool:
        return person.rural

    def _not_met(self, person: Participant, days: int) -> bool:
        """Tell whether they have agreed with somebody for so long, and have noted no conversation."""
        until = self.now - timedelta(days=days)
        return any(row.last_contact_on is None and row.began_at <= until for row in self._together(person))

    def _quiet(self, person: Participant, days: int) -> bool:
        until = self.now.date() - timedelta(days=days)
        return any(row.last_contact_on and row.last_contact_on <= until for row in self._together(person))

    def _unanswered(self, person: Participant, days: int) -> bool:
        return any(sent <= self.now - timedelta(days=days) for sent in self._waiting[person.pk])

    def _ended(self, person: Participant, days: int) -> bool:
        since = self.now - timedelta(days=days)
        over = (row for row in self._lived[person.pk] if row.state == Relationship.State.ENDED)
        return any(row.ended_at is not None and row.ended_at >= since for row in over)

    def _alone(self, person: Participant, _yes: bool) -> bool:
        return not any(row.state in Relationship.TOGETHER for row in self._lived[person.pk])

    def _uncovered(self, person: Participant, domain: str) -> bool:
        """Tell whether they ask openly for a domain for which nobody is there."""
        rows = (
            row for row in self._lived[person.pk] if row.state in Relationship.TOGETHER and row.mentee_id == person.pk
        )
        there = {key.partition(".")[0] for row in rows for key in row.needs}
        return domain in self._asked[person.pk] and domain not in there

    def _together(self, person: Participant) -> list[Relationship]:
        return [row for row in self._lived[person.pk] if row.state == Relationship.State.ACTIVE]

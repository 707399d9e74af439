"""Writing a plan: everything in one transaction, in few statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password

from introducer_web.people.imports.changes import PLAIN, came_by_sheet
from introducer_web.people.models import Claim, Need, Offer, Participant, Role
from introducer_web.programs.models import TrainingSite
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from introducer_web.people.imports.changes import Person, Plan
    from introducer_web.programs.models import Cohort

__all__ = ["Choices", "write"]

State = Participant.State
#: Rows in one statement.
BATCH = 500


@dataclass(frozen=True)
class Choices:
    """What a coordinator stated when confirming.

    Attributes
    ----------
    agreed : bool
        They agreed to be matched when they signed up. A "no" in the sheet stays a no.
    committed_at : datetime or None
        When the mentors made their commitment; None: they are asked for it.
    """

    agreed: bool = False
    committed_at: datetime | None = None


def write(cohort: Cohort, role: Role, plan: Plan, choices: Choices, now: datetime) -> list[Participant]:
    """Write a plan; returns the participants who are new. The caller holds the transaction and the lock."""
    society = cohort.society
    TrainingSite.objects.bulk_create(TrainingSite(society=society, name=name) for name in plan.new_sites)
    writer = _Writer(cohort, role, choices, now)
    writer.users(plan.added)
    new = writer.add(plan.added)
    writer.change(plan.changed)
    writer.state_choices(plan.changed + plan.same)
    return new


class _Writer:
    def __init__(self, cohort: Cohort, role: Role, choices: Choices, now: datetime) -> None:
        self.cohort, self.role, self.choices, self.now = cohort, role, choices, now
        self.rows = Need if role == Role.MENTEE else Offer
        self.sites = {site.name.casefold(): site for site in TrainingSite.objects.all()}
        self.words: dict[str, dict[str, int]] = {}
        for domain in cohort.program.domains.filter(retired=False).prefetch_related("topics"):
            self.words[domain.key] = {"domain_id": domain.pk}
            for topic in domain.topics.all():
                if not topic.retired:
                    self.words[f"{domain.key}.{topic.key}"] = {"domain_id": domain.pk, "topic_id": topic.pk}
        self.experiences = dict(cohort.program.experiences.values_list("key", "pk"))

    def users(self, added: Sequence[Person]) -> None:
        """Create the people who are nobody yet, and name those who have no name."""
        new = []
        for person in added:
            if person.user is None:
                person.user = User(email=person.entry["email"], name=person.entry.get("name", ""),
                                   language=self.cohort.society.language, password=make_password(None))  # fmt: skip
                new.append(person.user)
        User.objects.bulk_create(new, batch_size=BATCH)
        self._name([person for person in added if person.entry.get("name") and not person.user.name])

    def _name(self, people: Sequence[Person]) -> None:
        for person in people:
            person.user.name = person.entry["name"]
        User.objects.bulk_update([person.user for person in people], ["name"], batch_size=BATCH)

    def add(self, added: Sequence[Person]) -> list[Participant]:
        """Let new people take part: approved, with nothing confidential. A mentor's commitment comes first."""
        new = []
        for person in added:
            entry = person.entry
            participant = Participant(
                society=self.cohort.society, cohort=self.cohort, user=person.user, role=self.role,
                imported_as=entry["id"] or entry["email"], joined_at=self.now, decided_at=self.now,
                may_be_matched=entry.get("consent", self.choices.agreed),
                **{key: entry[key] for key in PLAIN if key in entry},
            )  # fmt: skip
            participant.site = self._site(entry)
            if self.role == Role.MENTOR:
                participant.committed_at = self.choices.committed_at
            committed = self.role == Role.MENTEE or participant.committed_at is not None
            participant.state = State.ACTIVE if committed else State.APPLIED
            person.participant = participant
            new.append(participant)
        Participant.objects.bulk_create(new, batch_size=BATCH)
        self.rows.objects.bulk_create(
            (self._level(person.participant, key, level)
             for person in added
             for key, level in person.entry.get("levels", {}).items()
             if level and key in self.words),
            batch_size=BATCH,
        )  # fmt: skip
        self._claims([(person.participant, person.entry.get("experiences", ())) for person in added])
        return new

    def change(self, changed: Sequence[Person]) -> None:
        """Write the fields that changed, and the levels and experiences that did."""
        touched = []
        for person in changed:
            participant, keys = person.participant, {key for key, _before, _after in person.changes}
            for key in PLAIN:
                if key in keys:
                    setattr(participant, key, person.entry[key])
            if "site" in keys:
                participant.site = self._site(person.entry)
            if "consent" in keys:
                participant.may_be_matched = person.entry["consent"]
            participant.version += 1
            touched.append(participant)
        _update(Participant, touched, [*PLAIN, "site", "may_be_matched", "version"])
        self._name([person for person in changed if any(key == "name" for key, _b, _a in person.changes)])
        self._change_levels(changed)
        claimed = [person for person in changed if any(key == "experiences" for key, _b, _a in person.changes)]
        for start in range(0, len(claimed), BATCH):
            owners = [person.participant for person in claimed[start : start + BATCH]]
            Claim.objects.filter(participant__in=owners).delete()
        self._claims([(person.participant, person.entry["experiences"]) for person in claimed])

    def _change_levels(self, changed: Sequence[Person]) -> None:
        wanted = {
            (person.participant.pk, key.removeprefix("level:")): (person.participant, before, after)
            for person in changed
            for key, before, after in person.changes
            if key.startswith("level:")
        }
        owners = sorted({pk for pk, _key in wanted})
        updated, gone = [], []
        for start in range(0, len(owners), BATCH):
            rows = self.rows.objects.filter(participant__in=owners[start : start + BATCH])
            for row in rows.select_related("domain", "topic"):
                _owner, _before, after = wanted.get((row.participant_id, row.key), (None, 0, None))
                if after:
                    row.level = after
                    updated.append(row)
                elif after == 0:
                    gone.append(row.pk)
        _update(self.rows, updated, ["level"])
        for start in range(0, len(gone), BATCH):
            self.rows.objects.filter(pk__in=gone[start : start + BATCH]).delete()
        self.rows.objects.bulk_create(
            (self._level(owner, key, after) for (_pk, key), (owner, before, after) in wanted.items() if not before),
            batch_size=BATCH,
        )

    def state_choices(self, known: Sequence[Person]) -> None:
        """Let what the coordinator stated count for people of an earlier sheet who answered nothing here yet."""
        earlier = [person for person in known if came_by_sheet(person.participant)]
        touched = []
        for person in earlier:
            participant = person.participant
            agreed = self.choices.agreed and person.entry.get("consent", True) and not participant.may_be_matched
            at = self.choices.committed_at
            committed = self.role == Role.MENTOR and at is not None and participant.committed_at is None
            if committed:
                participant.committed_at, participant.state = at, State.ACTIVE
            participant.may_be_matched = participant.may_be_matched or bool(agreed)
            if agreed or committed:
                participant.version += 1
                touched.append(participant)
        _update(Participant, touched, ["may_be_matched", "committed_at", "state", "version"])

    def _site(self, entry: Mapping[str, Any]) -> TrainingSite | None:
        return self.sites[entry["site"].casefold()] if entry.get("site") else None

    def _level(self, participant: Participant, key: str, level: int) -> Need | Offer:
        return self.rows(society=self.cohort.society, participant=participant, level=level, **self.words[key])

    def _claims(self, of: Sequence[tuple[Participant, Sequence[str]]]) -> None:
        Claim.objects.bulk_create(
            (Claim(society=self.cohort.society, participant=participant, experience_id=self.experiences[key])
             for participant, keys in of
             for key in keys
             if key in self.experiences),
            batch_size=BATCH,
        )  # fmt: skip


def _update(model: type[Any], rows: Sequence[Any], names: Sequence[str]) -> None:
    """Update rows that are there and locked: as an insertion that meets them, which is ten times as fast."""
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=list(names), batch_size=BATCH
    )

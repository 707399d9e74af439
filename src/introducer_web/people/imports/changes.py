"""What entries would change, field by field, and the writing of it in one go.

The plan is made twice: for the dry run that a coordinator confirms, and again under the lock of the
writing, where it must come out the same.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from introducer_web.people.models import Claim, Need, Offer, Participant, Role, SheetImport
from introducer_web.programs.models import TrainingSite
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from introducer_web.programs.models import Cohort

__all__ = ["PLAIN", "Person", "Plan", "came_by_sheet", "plan", "role_of"]

State = Participant.State
#: Keys of an entry that are fields of ``Participant`` and of the engine, or nearly.
PLAIN = ("stage", "settings", "routes", "procedures", "roles", "institution", "region", "timezone", "languages",
         "rural", "no_home_program", "team_size",
         "capacity", "min_load", "kind")  # fmt: skip
#: Those that are lists in no order.
_LISTS = frozenset({"settings", "routes", "procedures", "roles"})
#: States of people whom a sheet does not bring back.
_GONE = {State.WITHDRAWN, State.DECLINED}
#: States of people who wait for somebody's decision, which a sheet is not.
_UNDECIDED = {State.DRAFT, State.APPLIED, State.WAITING}
#: Values in one question to the database.
CHUNK = 5_000


@dataclass
class Person:
    """One entry beside what is known of its person.

    Attributes
    ----------
    changes : list of [key, from, to]
        What would change. Empty for somebody new, all of whose entry is written.
    """

    entry: Mapping[str, Any]
    user: User | None
    participant: Participant | None
    changes: list[list[Any]] = field(default_factory=list)


@dataclass
class Plan:
    """What a sheet would do."""

    added: list[Person] = field(default_factory=list)
    changed: list[Person] = field(default_factory=list)
    same: list[Person] = field(default_factory=list)
    set_aside: list[list[Any]] = field(default_factory=list)  # row, address, why
    notices: list[str] = field(default_factory=list)
    new_sites: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A fingerprint of what would be written."""
        told = [
            sorted(person.entry["email"] for person in self.added),
            sorted([person.entry["email"], person.changes] for person in self.changed),
            self.new_sites,
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def role_of(what: str) -> Role:
    """Return what the people of a sheet are."""
    return Role.MENTEE if what == SheetImport.What.MENTEES else Role.MENTOR


def plan(cohort: Cohort, what: str, entries: Sequence[Mapping[str, Any]], *, lock: bool = False) -> Plan:
    """Compare entries with what is known; nothing is written. With ``lock``, nobody else changes it meanwhile."""
    known = _Known(cohort, role_of(what), lock=lock)
    users = {user.email: user for user in _users(entry["email"] for entry in entries)}
    found = Plan()
    waiting = refused = 0
    for entry in entries:
        participant = known.participants.get(entry["email"])
        person = Person(entry, participant.user if participant else users.get(entry["email"]), participant)
        if participant is None:
            found.added.append(person)
            continue
        if participant.state in _GONE:
            why = _("has withdrawn") if participant.state == State.WITHDRAWN else _("was not taken")
            found.set_aside.append([entry["row"], entry["email"], why])
            continue
        waiting += participant.state in _UNDECIDED and participant.decided_at is None
        refused += bool(entry.get("consent")) and not participant.may_be_matched and not came_by_sheet(participant)
        person.changes = list(known.changes(entry, participant))
        (found.changed if person.changes else found.same).append(person)
    known_sites = {name.casefold() for name in known.sites}
    named = (person.entry.get("site", "") for person in (*found.added, *found.changed))
    new = {name.casefold(): name for name in sorted(named, reverse=True) if name.casefold() not in known_sites}
    found.new_sites = sorted(name for name in new.values() if name)
    found.notices = list(_notices(found, waiting, refused, known.retired(entries)))
    return found


def _notices(found: Plan, waiting: int, refused: int, retired: Sequence[str]) -> Iterator[str]:
    if found.new_sites:
        yield _("These training sites are new and will be added: %(names)s.") % {"names": ", ".join(found.new_sites)}
    if waiting:
        yield _("%(count)s of them wait for an approval. A sheet does not approve anybody who applied here.") % {
            "count": waiting
        }
    if refused:
        yield _("%(count)s of them answered here that they do not want to be matched. That stays, whatever the sheet "
                "says.") % {"count": refused}  # fmt: skip
    if retired:
        yield _("These are no longer asked and were left out: %(names)s.") % {"names": ", ".join(retired)}


def came_by_sheet(participant: Participant) -> bool:
    """Tell whether a participant was imported and has not filled in anything here since."""
    return bool(participant.imported_as) and participant.finished_at is None


def _users(emails: Iterable[str]) -> Iterator[User]:
    asked = sorted(set(emails))
    for start in range(0, len(asked), CHUNK):
        yield from User.objects.filter(email__in=asked[start : start + CHUNK])


class _Known:
    """What stands in the database of a cohort's people in one role; six queries, whatever their number."""

    def __init__(self, cohort: Cohort, role: Role, *, lock: bool) -> None:
        self.levels_of = Need if role == Role.MENTEE else Offer
        people = Participant.objects.filter(cohort=cohort, role=role).select_related("user", "site")
        people = people.select_for_update(of=("self",)) if lock else people
        self.participants = {person.user.email: person for person in people}
        self.sites = list(TrainingSite.objects.values_list("name", flat=True))
        self.keys: dict[tuple[int, int | None], str] = {}
        self.asked: set[str] = set()
        for domain in cohort.program.domains.prefetch_related("topics"):
            self._key((domain.pk, None), domain.key, asked=not domain.retired)
            for topic in domain.topics.all():
                asked = not (domain.retired or topic.retired)
                self._key((domain.pk, topic.pk), f"{domain.key}.{topic.key}", asked=asked)
        self.levels: dict[int, dict[str, int]] = {}
        rows = self.levels_of.objects.filter(participant__cohort=cohort, participant__role=role)
        for owner, domain_id, topic_id, level in rows.values_list("participant", "domain", "topic", "level"):
            self.levels.setdefault(owner, {})[self.keys[domain_id, topic_id]] = level
        self.claims: dict[int, set[str]] = {}
        claimed = Claim.objects.filter(participant__cohort=cohort, participant__role=role)
        for owner, key in claimed.values_list("participant", "experience__key"):
            self.claims.setdefault(owner, set()).add(key)

    def _key(self, ids: tuple[int, int | None], key: str, *, asked: bool) -> None:
        self.keys[ids] = key
        if asked:
            self.asked.add(key)

    def retired(self, entries: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return the domains and topics that entries name and nobody asks any more."""
        return sorted({key for entry in entries for key in entry.get("levels", {})} - self.asked)

    def changes(self, entry: Mapping[str, Any], participant: Participant) -> Iterator[list[Any]]:
        """Yield what an entry would change of its participant."""
        if entry.get("name") and not participant.user.name:
            yield ["name", "", entry["name"]]
        for key in PLAIN:
            before = getattr(participant, key)
            before = sorted(before) if key in _LISTS else before
            if key in entry and before != entry[key]:
                yield [key, before, entry[key]]
        site = participant.site.name if participant.site else ""
        if "site" in entry and site.casefold() != entry["site"].casefold():
            yield ["site", site, entry["site"]]
        levels = self.levels.get(participant.pk, {})
        after = levels_after(entry, levels, self.asked)
        for key in sorted(levels.keys() | after.keys()):
            if levels.get(key, 0) != after.get(key, 0):
                yield [f"level:{key}", levels.get(key, 0), after.get(key, 0)]
        claims = self.claims.get(participant.pk, set())
        if "experiences" in entry and claims != set(entry["experiences"]):
            yield ["experiences", sorted(claims), entry["experiences"]]
        said = entry.get("consent", participant.may_be_matched)
        if said != participant.may_be_matched and (came_by_sheet(participant) or not said):
            yield ["consent", participant.may_be_matched, said]


def levels_after(entry: Mapping[str, Any], before: Mapping[str, int], asked: set[str]) -> dict[str, int]:
    """Return the levels of a person once the entry counts: only those of mapped columns change."""
    after = {} if entry.get("all") else dict(before)
    after |= {key: level for key, level in entry.get("levels", {}).items() if key in asked}
    return {key: level for key, level in after.items() if level}

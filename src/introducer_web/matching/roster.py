"""The only translation of people into an engine roster: a folder in the open format, frozen with the run.

A person's id in it is the code of the user, so that a mentee who mentors too is one person. What
is confidential (private needs, wishes, attributes, whom to avoid, conflicts) stands in the folder
as plain text, and therefore the folder stands sealed in the run.
"""

from __future__ import annotations

import csv
import io
import json
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from introducer_web.lib import engine
from introducer_web.matching.kept import hold
from introducer_web.matching.models import Order
from introducer_web.matching.policy_file import policy_lines
from introducer_web.matching.preferred import preferred_in
from introducer_web.people.known import folded, known_as
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import pairs_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from introducer_web.matching.preferred import Preferred
    from introducer_web.programs.models import Cohort, Program

__all__ = ["CHOICES", "Known", "freeze", "freeze_two", "program_file", "under"]

State = Participant.State
#: Fields of a program that a run depends on.
CHOICES = (
    "privacy", "team_size", "capacity", "same_site", "institution_limit", "guests", "shared_language", "wish_weight",
    "floor", "least_share", "pair_weight", "pair_terms", "stage_least", "stage_most", "stage_best_from",
    "stage_best_to", "stage_fade", "equity_rural", "equity_no_home_program",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a run must know of relationships, handed down as plain values.

    Attributes
    ----------
    existing : frozenset of (str, str)
        Codes of mentee and mentor participants who are together, or were introduced: they stay so.
    locked : frozenset of (str, str)
        Those of them whom one of the two asked to keep: held first where not all can be held.
    ended : frozenset of (str, str)
        Codes of those who ended or declined: not tied again.
    loads : mapping of str to int
        By code of a user: seats taken in other cohorts.
    """

    existing: frozenset[tuple[str, str]] = frozenset()
    locked: frozenset[tuple[str, str]] = frozenset()
    ended: frozenset[tuple[str, str]] = frozenset()
    loads: Mapping[str, int] = field(default_factory=dict)


def under(cohort: Cohort, policy: Mapping[str, Any]) -> Cohort:
    """Return a cohort as it would be if its program had made other choices. It is to be read, never saved."""
    held = copy(cohort)
    held.program = copy(cohort.program)
    for name in CHOICES:
        if name in policy:
            setattr(held.program, name, policy[name])
    return held


def freeze(cohort: Cohort, known: Known, today: date) -> dict[str, str]:
    """Return the folder of a cohort as it is now: name of a file, its text.

    Who takes part: participants who are active. A mentor's capacity is what other cohorts leave
    of it. Who paused, or did not agree to be matched, is in the folder and refused by the engine
    with that reason.
    """
    people = _people(Participant.objects.filter(cohort=cohort, state=State.ACTIVE))
    frozen = _Frozen(cohort.program, known, today, people)
    mentees = [frozen.mentee(person) for person in people if person.role == Role.MENTEE]
    mentors = [frozen.mentor(person) for person in people if person.role == Role.MENTOR]
    ties = _ties(cohort, known, people)
    preferred = preferred_in(cohort)
    _keep_apart(preferred, mentees)
    together, locked = _by_user(known.existing), _by_user(known.locked)
    if together:
        refused = engine.refused(_folder(cohort, mentees, mentors, {tie for tie in ties if tie[0] != Order.Kind.PIN}))
        ties |= {("pin", *pair) for pair in hold(cohort.program, mentees, mentors, together, refused, locked)}
    return _folder(cohort, mentees, mentors, ties, preferred)


def freeze_two(mentee: Participant, mentor: Participant, today: date, *, openly: bool = False) -> dict[str, str]:
    """Return the folder of two people alone, as the program of the mentee has it: for the rules about the two.

    The mentor may be of another cohort of the program. Who is together, and was, is not in it. With ``openly`` nothing
    stands there of whom one avoids or would rather not have, of conflicts, and of what a coordinator ordered.
    """
    people = _people(Participant.objects.filter(pk__in=(mentee.pk, mentor.pk), state=State.ACTIVE))
    frozen = _Frozen(mentee.cohort.program, Known(), today, people)
    mentees = [frozen.mentee(person) for person in people if person.pk == mentee.pk]
    mentors = [frozen.mentor(person) for person in people if person.pk == mentor.pk]
    if openly:
        asking, asked = ([row | {"avoid": ""} for row in rows] for rows in (mentees, mentors))
        return _folder(mentee.cohort, asking, asked, ())
    _keep_apart(preferred_in(mentee.cohort), mentees)
    return _folder(mentee.cohort, mentees, mentors, _ties(mentee.cohort, Known(), people))


def _keep_apart(preferred: Preferred, mentees: Iterable[dict[str, Any]]) -> None:
    """Let mentees avoid where one of the two would rather not: nobody can tell which of them said so."""
    for row in mentees:
        apart = {mentor for mentee, mentor in preferred.apart if mentee == row["id"]}
        if apart:
            row["avoid"] = ";".join(sorted({*filter(None, row["avoid"].split(";")), *apart}))


def _people(rows: QuerySet[Participant]) -> list[Participant]:
    """Return people with all that a folder says of them."""
    return list(
        rows.select_related("user", "site", "private_answers")
        .prefetch_related("needs__domain", "needs__topic", "offers__domain", "offers__topic", "claims__experience",
                          "consents")
        .order_by("user__code", "role")
    )  # fmt: skip


def _folder(
    cohort: Cohort,
    mentees: list[dict[str, Any]],
    mentors: list[dict[str, Any]],
    ties: Iterable[tuple[str, str, str]],
    preferred: Preferred | None = None,
) -> dict[str, str]:
    named: list[dict[str, Any]] = [dict(zip(("kind", "mentee", "mentor"), tie, strict=True)) for tie in sorted(ties)]
    if preferred is not None:
        named += preferred.rows({row["id"] for row in mentees}, {row["id"] for row in mentors})
    return {
        "program.toml": program_file(cohort.program, str(cohort)),
        "mentees.csv": _table(["id", "name", "stage"], mentees),
        "mentors.csv": _table(["id", "name", "stage", "capacity"], mentors),
        "ties.csv": _table(["kind", "mentee", "mentor"], named),
    }


def _by_user(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return pairs of codes of users for pairs of codes of participants, whoever of them takes part."""
    pairs = set(pairs)
    codes = {code for pair in pairs for code in pair}
    users = dict(Participant.objects.filter(code__in=codes).values_list("code", "user__code"))
    return {(users[mentee], users[mentor]) for mentee, mentor in pairs}


def program_file(program: Program, name: str) -> str:
    """Return ``program.toml``: the template, the policy and the program's own words over the template's."""
    lines = [
        "format = 1", "", "[program]", f"name = {json.dumps(name)}", f"template = {json.dumps(program.template)}", "",
        *policy_lines(program),
    ]  # fmt: skip
    words = engine.template_vocabulary(program.template)
    shipped = {term.id: term for term in (*words.domains, *words.experiences)}
    for domain in program.domains.order_by("place", "pk").prefetch_related("topics"):
        topics = [{"id": topic.key, "name": topic.name, "text": topic.text, "sensitive": topic.sensitive}
                  for topic in sorted(domain.topics.all(), key=lambda topic: (topic.place, topic.pk))]  # fmt: skip
        lines += _entry("domains", domain, shipped.get(domain.key), topics)
    for experience in program.experiences.order_by("place", "pk"):
        lines += _entry("experiences", experience, shipped.get(experience.key))
    return "\n".join(lines) + "\n"


def _entry(kind: str, word: Any, shipped: Any, topics: Iterable[dict[str, Any]] = ()) -> list[str]:
    """Return a term where it differs from the shipped one."""
    given = {"name": word.name, "text": word.text, "sensitive": word.sensitive}
    topics = list(topics)
    if shipped is not None:
        given = {key: value for key, value in given.items() if getattr(shipped, key) != value}
        if [
            {"id": topic.id, "name": topic.name, "text": topic.text, "sensitive": topic.sensitive}
            for topic in getattr(shipped, "topics", ())
        ] == topics:
            topics = []
    if not given and not topics:
        return []
    lines = ["", f"[[{kind}]]", f"id = {json.dumps(word.key)}"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in given.items()]
    if topics:
        inside = ", ".join(
            "{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in topic.items()) + " }" for topic in topics
        )
        lines.append(f"topics = [{inside}]")
    return lines


class _Frozen:
    """Rows of one cohort."""

    def __init__(self, program: Program, known: Known, today: date, people: Sequence[Participant]) -> None:
        self.program, self.known, self.today = program, known, today
        self.codes = {person.user.code for person in people}
        self.apart, self.meant = _apart(people), known_as(people)
        self.asked, self.walked = _asked(program)

    def mentee(self, person: Participant) -> dict[str, Any]:
        """Return the row of a mentee."""
        answers = _private(person)
        needs = {need.key: need.level for need in person.needs.all() if need.key in self.asked}
        private = {key: level for key, level in answers.get("needs", {}).items() if level and key in self.asked}
        row = self._person(person, answers)
        row |= {f"need:{key}": level for key, level in (needs | private).items()}
        row |= {
            "private": ";".join(sorted(private)),
            "team_size": "" if person.team_size is None else person.team_size,
            "rural": _bool(person.rural),
            "no_home_program": _bool(person.no_home_program),
        }
        if self.program.privacy != self.program.Privacy.NEUTRAL:
            shared = self.program.privacy == self.program.Privacy.BACKGROUND
            row |= {
                f"wish:{key}": level
                for key, level in answers.get("wishes", {}).items()
                if level and (key in self.walked or (shared and key.startswith("same:")))
            }
        return row

    def mentor(self, person: Participant) -> dict[str, Any]:
        """Return the row of a mentor."""
        row = self._person(person, _private(person))
        row |= {f"offer:{offer.key}": offer.level for offer in person.offers.all() if offer.key in self.asked}
        most = self.program.capacity if person.capacity is None else person.capacity
        row |= {
            "experiences": ";".join(sorted({claim.experience.key for claim in person.claims.all()} & self.walked)),
            "capacity": max(0, most - self.known.loads.get(person.user.code, 0)),
            "min_load": "" if person.min_load is None else person.min_load,
            "kind": person.kind,
        }
        return row

    def _person(self, person: Participant, answers: Mapping[str, Any]) -> dict[str, Any]:
        # Who is kept apart stands beside whom a person avoids: nobody who reads of a refusal can tell which it is.
        named = {code for name in answers.get("avoid_named", ()) for code in self.meant.get(folded(name), ())}
        avoided = self.codes & {*answers.get("avoid", []), *named, *self.apart.get(person.user_id, ())}
        avoided -= {person.user.code}
        paused = person.paused_until is not None and person.paused_until > self.today
        row = {
            "id": person.user.code,
            "name": person.user.name,
            "stage": person.stage,
            "setting": ";".join(person.settings),
            "route": ";".join(person.routes),
            "procedures": ";".join(person.procedures),
            "roles": ";".join(person.roles),
            "institution": person.institution or (person.site.institution if person.site else ""),
            "site": person.site.name if person.site else "",
            "region": person.region or (person.site.region if person.site else ""),
            "timezone": person.timezone,
            "languages": ";".join(person.languages),
            "avoid": ";".join(sorted(avoided)),
            "paused": _bool(paused),
            "consent": _bool(person.may_be_matched),
        }
        if self.program.privacy == self.program.Privacy.BACKGROUND:
            agreed = {each.attribute for each in person.consents.all()
                      if each.purpose == "match" and each.withdrawn_at is None}  # fmt: skip
            for name, values in answers.get("attributes", {}).items():
                if name in agreed and values:
                    row[f"attr:{name}"] = ";".join(value.replace(";", ",") for value in values)
                    row[f"consent:{name}"] = "yes"
        return row


def _asked(program: Program) -> tuple[set[str], set[str]]:
    """Return the keys of domains and topics, and of experiences, that are not retired: those count in a run."""
    asked = set()
    for domain in program.domains.filter(retired=False).prefetch_related("topics"):
        asked.add(domain.key)
        asked |= {f"{domain.key}.{topic.key}" for topic in domain.topics.all() if not topic.retired}
    return asked, set(program.experiences.filter(retired=False).values_list("key", flat=True))


def _private(person: Participant) -> Mapping[str, Any]:
    held = getattr(person, "private_answers", None)
    answers: Mapping[str, Any] = held.answers if held else {}
    return answers


def _bool(value: bool) -> str:
    return "yes" if value else "no"


def _ties(cohort: Cohort, known: Known, people: Iterable[Participant]) -> set[tuple[str, str, str]]:
    mentees = {person.code: person.user.code for person in people if person.role == Role.MENTEE}
    mentors = {person.code: person.user.code for person in people if person.role == Role.MENTOR}
    orders = set(
        Order.objects.filter(cohort=cohort, lifted_at=None).values_list("kind", "mentee__code", "mentor__code")
    )
    pinned = {(mentee, mentor) for kind, mentee, mentor in orders if kind == Order.Kind.PIN}
    # Who is together needs no pin of a coordinator any more, and who is again together is not over;
    # a pin says that a coordinator wants two together once more who ended.
    rows = orders - {(Order.Kind.PIN, *pair) for pair in known.existing}
    rows |= {("existing", *pair) for pair in known.existing}
    rows |= {("veto", *pair) for pair in known.ended - pinned - known.existing}
    return {
        (str(kind), mentees[mentee], mentors[mentor])
        for kind, mentee, mentor in rows
        if mentee in mentees and mentor in mentors
    }


def _apart(people: Iterable[Participant]) -> dict[int, set[str]]:
    """Return, by primary key of a user, the codes of users whom they are kept apart from."""
    users = {person.user_id: person.user.code for person in people}
    found: dict[int, set[str]] = {}
    for one, other in map(tuple, pairs_apart(users)):
        found.setdefault(one, set()).add(users[other])
        found.setdefault(other, set()).add(users[one])
    return found


def _table(first: list[str], rows: list[dict[str, Any]]) -> str:
    header = [*first, *sorted({key for row in rows for key in row} - set(first))]
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()

"""A sheet of existing relationships: its pairs, checked. Whoever keeps relationships, a layer above, writes them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from introducer_web.lib import engine
from introducer_web.people.imports import reading, writing
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from introducer_web.lib.sheets import Table
    from introducer_web.programs.models import Cohort

__all__ = ["Keeper", "check_ties", "keep_with", "kept"]

State = Participant.State
#: Faults with a proposal for whom was meant: each takes a comparison with everybody.
HINTED = 50
#: States of people whose relationships are kept.
_HERE = (State.ACTIVE, State.APPLIED, State.WAITING)


@dataclass(frozen=True)
class Keeper:
    """Who keeps relationships.

    Attributes
    ----------
    together : callable
        Takes a cohort; returns who is together in it, or was introduced: codes of mentee and mentor.
    record : callable
        Takes ``cohort``, ``pairs`` of participants (mentee, mentor), ``by`` and ``now``; records
        those that are new, inside the caller's transaction.
    """

    together: Callable[[Cohort], Collection[tuple[str, str]]]
    record: Callable[..., object]


_keepers: list[Keeper] = []


def keep_with(keeper: Keeper) -> None:
    """Say who keeps relationships; once, when the platform starts."""
    _keepers[:] = [keeper]


def kept() -> Keeper:
    """Return who keeps relationships."""
    return _keepers[0]


def check_ties(
    cohort: Cohort, table: Table, mapping: Mapping[str, Sequence[str]]
) -> tuple[reading.Findings, list[list[str]]]:
    """Return what is wrong, and the pairs as codes of participants: mentee, mentor."""
    found = reading.Findings(faults=reading.uneven_rows(table))
    people = {role: _people(cohort, role) for role in (Role.MENTEE, Role.MENTOR)}
    places = {name: table.header.index(headers[0]) for name, headers in mapping.items()}
    known_user = {person.code: person.user_id for known in people.values() for person in known.values()}
    rows = []
    for number, cells in table.rows:
        kind = cells[places["kind"]] if "kind" in places else ""
        said = [kind or "existing"]
        for role, known in people.items():
            text = cells[places[role]]
            person = known.get(text.casefold())
            if person is None:
                hint = _near(text, known) if len(found.faults) < HINTED else ""
                reason = (
                    _("There is no such mentee in this cohort.")
                    if role == Role.MENTEE
                    else _("There is no such mentor in this cohort.")
                )
                found.faults.append([number, table.header[places[role]], text[:200], reason, hint])
            else:
                said.append(person.code)
        if kind.casefold() not in ("", "existing"):
            reason = _("Only existing relationships are imported here.")
            hint = _("Pins, vetoes and conflicts are entered in the cohort itself.")
            found.faults.append([number, table.header[places["kind"]], kind[:200], reason, hint])
        elif len(said) == 3 and len({known_user[code] for code in said[1:]}) == 1:
            hint = _("Perhaps one of the two addresses is wrong.")
            found.faults.append([number, "", "", _("Nobody mentors themselves."), hint])
        elif len(said) == 3:
            rows.append((number, said))
    checked = engine.check(_folder(people, rows))
    for fault in checked.faults:
        value = "" if any(code in fault.value for code in known_user) else fault.value
        found.faults.append([fault.row, "", value, writing.sentence(fault.reason, table), fault.suggestion])
    found.faults.sort(key=lambda fault: (fault[0], fault[1]))
    return found, [[tie.mentee, tie.mentor] for tie in checked.ties]


def _people(cohort: Cohort, role: Role) -> dict[str, Any]:
    """Return who is in a cohort, by address and by the id of the sheet that they came with."""
    people = Participant.objects.filter(cohort=cohort, role=role, state__in=_HERE).select_related("user")
    by_id: dict[str, Any] = {}
    by_address = {}
    for person in people.order_by("pk"):
        by_address[person.user.email] = person
        if person.imported_as:
            by_id.setdefault(person.imported_as.casefold(), person)
    return by_id | by_address


def _near(text: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(text.casefold(), known, n=1, cutoff=0.8)
    return _("Did you mean %(name)s?") % {"name": near[0]} if near else ""


def _folder(people: Mapping[Role, Mapping[str, Any]], rows: Sequence[tuple[int, Sequence[str]]]) -> dict[str, str]:
    """Return the folder of pairs: people by their codes, since a participant is one by address and by id."""
    codes = {role: sorted({person.code for person in known.values()}) for role, known in people.items()}
    return {
        "program.toml": "format = 1\n",
        "mentees.csv": "id\n" + "".join(f'"{code}"\n' for code in codes[Role.MENTEE]),
        "mentors.csv": "id\n" + "".join(f'"{code}"\n' for code in codes[Role.MENTOR]),
        "ties.csv": writing.ties_file(rows),
    }

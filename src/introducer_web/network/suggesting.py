"""What a mentee might do about their network: computed, each with its reason, and none of it asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from introducer_web.network.figures import closeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from introducer_web.network.figures import Figures
    from introducer_web.network.gathering import Row
    from introducer_web.relationships.pages import NeedLine

__all__ = ["DENSE", "MOST", "QUIET_DAYS", "Suggestion", "suggestions"]

#: Suggestions on one page, at most: more is a list of faults.
MOST = 5
#: A rating from which on somebody is called close, and days after which that has gone quiet. Our conventions.
RATED_CLOSE, QUIET_DAYS = 4, 90
#: From which density on nearly everybody knows everybody. Our convention.
DENSE = 0.7
#: A need that is asked for this much should not hang on one person.
MUCH = 3
#: Kinds that are of the field itself; everybody else is from outside.
_INSIDE = frozenset({"", "own_field", "co_trainee"})


@dataclass(frozen=True)
class Suggestion:
    """Something that one might do, and why."""

    what: str
    why: str


def suggestions(people: Sequence[Row], needs: Iterable[NeedLine], found: Figures) -> list[Suggestion]:
    """Return what a mentee might do, the most telling first.

    Parameters
    ----------
    people : sequence of Row
        Who helps now.
    needs : iterable of NeedLine
        What was asked for, the greatest need first.
    found : Figures
    """
    needs = list(needs)
    every = (*_uncovered(needs), *_quiet(people), *_thin(needs), *_missing(people, found))
    return list(every)[:MOST]


def _uncovered(needs: Iterable[NeedLine]) -> Iterator[Suggestion]:
    first = next((need for need in needs if not need.fit), None)
    if first is not None:
        yield Suggestion(
            _("Begin with %(need)s.") % {"need": first.name},
            _("Of what nobody is there for, you asked for this most."),
        )


def _quiet(people: Iterable[Row]) -> Iterator[Suggestion]:
    close = [row for row in people if (row.person.rating or 0) >= RATED_CLOSE and row.person.days_ago]
    for row in sorted(close, key=lambda row: -min(row.person.days_ago)):
        if min(row.person.days_ago) > QUIET_DAYS:
            yield Suggestion(
                _("Write to %(name)s.") % {"name": row.name},
                _("You call them close, and the last conversation that you noted is %(days)s days ago.")
                % {"days": min(row.person.days_ago)},
            )
            return


def _thin(needs: Iterable[NeedLine]) -> Iterator[Suggestion]:
    alone = next((need for need in needs if need.level >= MUCH and len(need.by) == 1), None)
    if alone is not None:
        yield Suggestion(
            _("Look for a second person for %(need)s.") % {"need": alone.name},
            _("You asked for it a lot, and %(name)s alone is there for it.") % {"name": alone.by[0]},
        )


def _missing(people: Sequence[Row], found: Figures) -> Iterator[Suggestion]:
    """Return what a network lacks that has somebody in it at all."""
    if not people:
        yield Suggestion(
            _("Add somebody who helps you already."), _("A teacher, a friend or a relative counts as much as a mentor.")
        )
        return
    roles = {role for row in people for role in row.person.roles}
    if all(row.kind in _INSIDE for row in people):
        yield Suggestion(
            _("Look for one person from another field."),
            _("Everybody here is of your own field. Others see leadership, money or a change of path with fresh eyes."),
        )
    if "sponsor" not in roles:
        yield Suggestion(
            _("Ask somebody whether they would put your name forward."),
            _("Nobody here is a sponsor yet. A mentor talks with you, a sponsor of you, where decisions are made."),
        )
    if found.density is not None and found.density >= DENSE and len(people) > 2:
        yield Suggestion(
            _("Get to know somebody whom the others do not know."),
            _("Nearly all of your people know each other, and may hear of the same things."),
        )
    if not roles & {"peer", "near_peer"}:
        yield Suggestion(
            _("Add a peer."), _("Nobody here stands where you stand. Those who do often know what helps this week.")
        )
    if any(closeness(row.person) is None for row in people):
        yield Suggestion(
            _("Say how close somebody is, or note when you talk."),
            _("Of some people nothing is noted yet, so the page can say less than it might."),
        )

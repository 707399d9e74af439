"""The first five of every mentee of a cohort, made by a worker: when seats changed, or a day after answers did.

No mentee can make them anew. So nobody learns what others keep private by changing an answer and looking again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from introducer_web.finding.models import Listing, Recommendation, Recommending, Request
from introducer_web.lib import engine
from introducer_web.lib.leases import claim, renew, still_ours
from introducer_web.matching.models import Order
from introducer_web.matching.roster import CHOICES, Known, freeze
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import pairs_apart
from introducer_web.programs.models import Cohort
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["recommend", "recommend_due"]

#: Answers that changed wait so long; see above.
_WAIT = timedelta(days=1)
#: More than any mentor has.
_ALL = 10_000


@dataclass(frozen=True)
class _Standing:
    """What the lists of a cohort rest on beside the answers: by codes of users, and pairs of them."""

    taken: Counter[str]  # seats, over all programs
    full: frozenset[str]
    apart: frozenset[tuple[str, str]]
    unlisted: frozenset[str]

    @property
    def digest(self) -> str:
        """Of all of it."""
        return _digest(sorted(self.taken.items()), sorted(self.full), sorted(self.apart), sorted(self.unlisted))


def _digest(*told: Any) -> str:
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def recommend_due(now: datetime) -> bool:
    """Make the recommendations of one cohort that are due; tells whether there were any."""
    with scopes_disabled():
        cohorts = Cohort.objects.filter(is_closed=False, program__requests=True).order_by("pk")
        for cohort in cohorts.select_related("program", "society"):
            row, _new = Recommending.objects.get_or_create(cohort=cohort, defaults={"society": cohort.society})
            if _is_due(row, cohort, now):
                mine = claim(Recommending.objects.filter(pk=row.pk), now=now)
                if mine is not None:
                    recommend(cohort=cohort, row=mine, now=now)
                    return True
    return False


def _is_due(row: Recommending, cohort: Cohort, now: datetime) -> bool:
    if row.made_at is None or row.seats != _standing(cohort).digest:
        return True
    return row.made_at <= now - _WAIT and row.answers != _answers(cohort, now)


def recommend(*, cohort: Cohort, row: Recommending, now: datetime) -> None:
    """Make all lists of a cohort at once, and put them in the place of those that stood; a claimed row."""
    standing, answers = _standing(cohort), _answers(cohort, now)
    loads = standing.taken + Counter(dict.fromkeys(standing.unlisted, _ALL))
    folder = freeze(cohort, Known(loads=loads), now.date())

    def beat() -> None:
        renew(row, now=timezone.now())  # work takes time that the caller's clock does not see

    found = engine.firsts(folder, standing.full, standing.apart, beat)
    people = Participant.objects.filter(cohort=cohort).select_related("user")
    by_code = {(person.user.code, person.role): person for person in people}
    made, places = [], Counter[str]()
    for first in found:
        places[first.mentee] += 1
        made.append(
            Recommendation(
                society=cohort.society, mentee=by_code[first.mentee, Role.MENTEE],
                mentor=by_code[first.mentor, Role.MENTOR], place=places[first.mentee], needs=list(first.needs),
                common=list(first.common),
            )
        )  # fmt: skip
    with transaction.atomic():
        mine = {"seats": standing.digest, "answers": answers, "made_at": now, "leased_until": None}
        if still_ours(row).update(**mine):
            Recommendation.objects.filter(mentee__cohort=cohort).delete()
            Recommendation.objects.bulk_create(made, batch_size=500)


def _standing(cohort: Cohort) -> _Standing:
    program = cohort.program
    mentors = Participant.objects.filter(cohort=cohort, role=Role.MENTOR, state=Participant.State.ACTIVE)
    together = Relationship.objects.filter(state__in=Relationship.TOGETHER, mentor__user__in=mentors.values("user"))
    here = Relationship.objects.filter(cohort=cohort)
    known = here.filter(state__in=(*Relationship.TOGETHER, *Relationship.OVER))
    teams = Counter(here.filter(state__in=Relationship.TOGETHER).values_list("mentee", flat=True))
    mentees = Participant.objects.filter(cohort=cohort, role=Role.MENTEE).values_list("pk", "user__code", "team_size")
    refused = Request.objects.filter(mentee__cohort=cohort, state=Request.State.DECLINED)
    both = ("mentee__user__code", "mentor__user__code")
    return _Standing(
        taken=Counter(together.values_list("mentor__user__code", flat=True)),
        full=frozenset(
            code for key, code, size in mentees if teams[key] >= (program.team_size if size is None else size)
        ),
        apart=frozenset(known.values_list(*both)) | frozenset(refused.values_list(*both)),
        unlisted=frozenset(
            Listing.objects.filter(participant__in=mentors, is_listed=False)
            .values_list("participant__user__code", flat=True)
        ),
    )  # fmt: skip


def _answers(cohort: Cohort, now: datetime) -> str:
    people = Participant.objects.filter(cohort=cohort, state=Participant.State.ACTIVE)
    said = people.values_list("code", "version", "may_be_matched", "paused_until", "capacity", "team_size")
    paused = [code for code, _version, _agrees, until, *_rest in said if until is not None and until > now.date()]
    apart = pairs_apart(set(people.values_list("user", flat=True)))
    orders = Order.objects.filter(cohort=cohort, lifted_at=None)
    return _digest(
        sorted(said), sorted(paused), [getattr(cohort.program, name) for name in CHOICES],
        sorted(sorted(pair) for pair in apart), sorted(orders.values_list("code", flat=True)),
    )  # fmt: skip

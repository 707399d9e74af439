"""Performing a run in a worker: claimed, computed outside any transaction, written in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_scopes import scope, scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.lib import engine
from introducer_web.lib.faults import crash_point
from introducer_web.lib.leases import claim, still_ours
from introducer_web.matching.models import Constellation, FrontierPoint, MatchRun, Order, Tie
from introducer_web.matching.services.figures import points_of, summary_of
from introducer_web.matching.services.watching import signs_of_life
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.lib.engine import Performed

__all__ = ["claim_run", "perform_due", "perform_run"]

State = MatchRun.State
#: Rules whose names would tell something confidential.
_CONFIDENTIAL = ("conflict", "evaluator", "avoid")


def perform_due(now: datetime) -> bool:
    """Perform one run that waits, or that a worker left; False when there is none."""
    run = claim_run(now)
    if run is None:
        return False
    perform_run(run)
    return True


def claim_run(now: datetime) -> MatchRun | None:
    """Claim the oldest run that waits, or whose worker has said nothing for a lease."""
    with scopes_disabled():
        waiting = MatchRun.objects.filter(state__in=(State.QUEUED, State.RUNNING)).order_by("requested_at", "pk")
        return claim(waiting, now=now, state=State.RUNNING)


def perform_run(run: MatchRun) -> None:
    """Compute a claimed run and write what came out, whole or not at all.

    A worker that dies on the way leaves the run to the next one, which begins anew: the folder
    is frozen, so that it comes to the same outcome.
    """
    with scope(society=run.society):
        crash_point("run-claimed")
        try:
            with signs_of_life(run) as watch:
                performed = engine.perform(
                    run.folder, _previous(run), watch.tell, watch.stop, _language(run), _before(run), run.most_changes
                )
        except Exception as error:
            causes = engine.causes_of(error)
            if not causes:
                _end(run, State.FAILED, type(error).__name__)
                raise
            floor = engine.refused_floor(error)
            if floor is None:
                _end(run, State.INFEASIBLE, "\n".join(_told(run, causes)))
            else:  # in figures, which the page says in words, and which name nobody
                reached, impossible = floor
                summary = {**run.summary, "floor": {"reached": reached, "impossible": impossible}}
                _end(run, State.INFEASIBLE, "", summary=summary)
        else:
            crash_point("run-computed")
            if watch.stop() and not still_ours(run).filter(keeps=True).exists():
                _end(run, State.STOPPED, "")  # by a person; a run that another worker has is not ours to end
            else:
                _write(run, performed)


def _language(run: MatchRun) -> str:
    """Return the language of whoever asked for a run."""
    return run.requested_by.language if run.requested_by else settings.LANGUAGE_CODE


def _previous(run: MatchRun) -> list[tuple[str, str]]:
    if run.previous is None:
        return []
    ties = Tie.objects.filter(run=run.previous).values_list("mentee__user__code", "mentor__user__code")
    return list(ties)


def _before(run: MatchRun) -> dict[str, list[str]] | None:
    """Return the teams that few changes are counted from; those of who took part without a team are empty."""
    if run.previous is None or run.most_changes is None:
        return None
    part = Constellation.objects.filter(run=run.previous, note="").values_list("mentee__user__code", flat=True)
    teams: dict[str, list[str]] = {code: [] for code in part}
    for mentee, mentor in _previous(run):
        teams.setdefault(mentee, []).append(mentor)
    return teams


def _end(run: MatchRun, state: str, message: str, **more: Any) -> None:
    still_ours(run).update(state=state, message=message, finished_at=timezone.now(), leased_until=None, **more)


def _told(run: MatchRun, causes: tuple[str, ...]) -> list[str]:
    """Put names in place of ids, and one word for every rule that rests on something confidential."""
    sentences = []
    names = dict(Participant.objects.filter(cohort=run.cohort).values_list("user__code", "user__name"))
    with override(_language(run)):
        fact = _("a confidential fact")
        facts = {_("the rule '%(rule)s'") % {"rule": rule}: fact for rule in _CONFIDENTIAL}
        # Last, in case a catalog has the two sentences in different words: then it reads badly, and tells nothing.
        facts |= {f"'{rule}'": fact for rule in _CONFIDENTIAL}
    for cause in causes:
        sentence = cause
        for rule, fact in facts.items():
            sentence = sentence.replace(rule, fact)
        for code, name in names.items():
            sentence = sentence.replace(code, name or code)
        sentences.append(sentence)
    return sentences


@transaction.atomic
def _write(run: MatchRun, performed: Performed) -> None:
    """Write the outcome in one transaction, unless another worker has the run by now."""
    locked = still_ours(run).select_for_update().first()
    if locked is None:
        return
    now = timezone.now()
    people = {
        (person.user.code, person.role): person
        for person in Participant.objects.filter(cohort=run.cohort)
        .select_related("user")
        .prefetch_related("offers__domain", "needs__domain", "needs__topic")
    }
    mentees = [people.get((code, Role.MENTEE.value)) for code in performed.mentees]
    mentors = [people.get((code, Role.MENTOR.value)) for code in performed.mentors]
    orders = set(
        Order.objects.filter(cohort=run.cohort, kind="pin", lifted_at=None).values_list("mentee__code", "mentor__code")
    )
    rows, ties = [], []
    for place, (shown, mentee) in enumerate(zip(performed.review.mentees, mentees, strict=True)):
        if mentee is None:
            continue  # erased while the run computed: nothing of theirs is written
        words = {language: said[place] for language, said in performed.words.items()}
        rows.append(_constellation(run, mentee, shown, mentors, words))
        ties += _ties(run, mentee, shown, mentors, orders, performed.together)
    Constellation.objects.bulk_create(rows)
    crash_point("run-half-written")
    Tie.objects.bulk_create(ties)
    FrontierPoint.objects.bulk_create(points_of(run, performed))
    run.outcome = dict(performed.files)
    run.summary = {**run.summary, **summary_of(run, performed, rows)}
    run.state, run.finished_at, run.leased_until = State.DONE, now, None
    run.progress, run.phase, run.message = 1.0, "", ""
    run.save()
    audit.record(
        society=run.society, by=None, act="matching.finish_run", subject=run.code, now=now,
        words=f"Match run {run.number} ended with {len(ties)} ties.",
    )  # fmt: skip


def _constellation(
    run: MatchRun, mentee: Participant, shown: Any, mentors: list[Participant | None], words: dict[str, tuple[str, str]]
) -> Constellation:
    facts = shown.facts
    codes = [mentor.code if mentor else "" for mentor in mentors]
    by_name = {mate.name: codes[mate.mentor] for mate in facts.team}
    needs = [need for need in facts.needs if not need.private]
    private = [need for need in facts.needs if need.private]
    weight = sum(need.level for need in needs)
    urgent = {need.key for need in mentee.needs.all() if need.urgent}
    row = Constellation(
        society=run.society,
        run=run,
        mentee=mentee,
        size=len(facts.team),
        most=_default(run) if mentee.team_size is None else mentee.team_size,
        asked=len(needs),
        covered=sum(need.fit > 0 for need in needs),
        share=sum(need.level * (need.fit > 0) for need in needs) / weight if weight else 1.0,
        needs=[
            {
                "key": need.key, "name": need.name, "level": need.level, "urgent": need.key in urgent,
                "fit": round(need.fit, 4),
                "by": [by_name[name] for name in need.by if name in by_name], "why": need.why,
            }
            for need in needs
        ],
        private_asked=len(private),
        private_covered=sum(need.fit > 0 for need in private),
        others=[
            {
                "mentor": codes[other.mentor],
                "leaves": "" if other.leaves is None else codes[other.leaves],
                "cost": round(other.cost, 4),
            }
            for other in shown.others
        ],
        note=facts.note,
    )  # fmt: skip
    row.words = {
        "coordinator": {language: text for language, (text, _own) in words.items()},
        "participant": {language: own for language, (_text, own) in words.items()},
        "private": {key: [codes[j] for j in by] for key, by in shown.private.items()},
        "vetoes": {codes[j]: round(cost, 4) for j, cost in shown.vetoes.items()},
    }
    return row


def _default(run: MatchRun) -> int:
    """Return how many mentors a mentee has who said nothing else, under the policy of the run."""
    most: int = run.policy.get("team_size", run.cohort.program.team_size)
    return most


def _ties(
    run: MatchRun,
    mentee: Participant,
    shown: Any,
    mentors: list[Participant | None],
    orders: set[tuple[str, str]],
    together: frozenset[tuple[str, str]],
) -> list[Tie]:
    ties = []
    for mate in shown.facts.team:
        mentor = mentors[mate.mentor]
        if mentor is None:
            continue
        pinned = (mentee.code, mentor.code) in orders
        ties.append(
            Tie(
                society=run.society, run=run, mentee=mentee, mentor=mentor, pinned=pinned,
                kept=(mentee.user.code, mentor.user.code) in together,
                cost=shown.pins.get(mate.mentor) if pinned else None,
                needs=_why(shown.facts.needs, mate.covers or (), mentor),
                fits={need.key: round(need.fit, 4) for need in _open(shown.facts.needs, mate.covers or ())},
            )
        )  # fmt: skip
    return ties


def _open(needs: Any, covers: Iterable[int]) -> list[Any]:
    """Return the open needs that a mentor covers best."""
    return [needs[k] for k in covers if not needs[k].private]


def _why(needs: Any, covers: Iterable[int], mentor: Participant) -> list[str]:
    """Return the open needs that a mentor covers best, or those that they could also help with if there is none."""
    best = [need.key for need in _open(needs, covers)]
    offered = {offer.domain.key for offer in mentor.offers.all()}
    return best or [need.key for need in needs if not need.private and need.key.partition(".")[0] in offered]

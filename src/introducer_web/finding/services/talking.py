"""A round of short first conversations before a final match: proposed, taken up by both, spoken of in confidence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.finding.models import FirstTalk, Recommendation, Round
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people import services as people
from introducer_web.people.models import Participant

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["NobodyToTalk", "TalksAreOver", "close_talks", "open_talks", "ready", "say_of"]

#: First conversations of a mentee, and of a mentor: short, and few enough for a week.
_OF_A_MENTEE = 3
_OF_A_MENTOR = 4


class NobodyToTalk(DomainError):
    """The round proposes whom the recommendations name; there are none."""


class TalksAreOver(DomainError):
    """The round is closed, or the two have not both said that they would like to talk."""


@transaction.atomic
def open_talks(*, cohort: Cohort, by: User, now: datetime) -> Round:
    """Propose first conversations from the recommendations, the first ones first, and tell everybody once.

    Raises
    ------
    NobodyToTalk
    """
    held, _new = Round.objects.select_for_update().get_or_create(cohort=cohort, defaults={"society": cohort.society})
    active = Participant.State.ACTIVE
    rows = Recommendation.objects.filter(mentee__cohort=cohort, mentee__state=active, mentor__state=active)
    of_mentee, of_mentor = Counter[int](), Counter[int]()
    apart = people.pairs_apart(
        set(rows.values_list("mentee__user", flat=True)) | set(rows.values_list("mentor__user", flat=True))
    )
    known = set(FirstTalk.objects.filter(mentee__cohort=cohort).values_list("mentee", "mentor"))
    for mentee, mentor in known:
        of_mentee[mentee] += 1
        of_mentor[mentor] += 1
    made = []
    for row in rows.select_related("mentee", "mentor").order_by("place", "mentee__code"):
        if frozenset((row.mentee.user_id, row.mentor.user_id)) in apart:
            continue
        room = of_mentee[row.mentee_id] < _OF_A_MENTEE and of_mentor[row.mentor_id] < _OF_A_MENTOR
        if room and (row.mentee_id, row.mentor_id) not in known:
            of_mentee[row.mentee_id] += 1
            of_mentor[row.mentor_id] += 1
            made.append(
                FirstTalk(society=cohort.society, mentee_id=row.mentee_id, mentor_id=row.mentor_id, proposed_at=now)
            )
    if not made and not known:
        raise NobodyToTalk(_("Nobody is recommended to anybody yet. Wait until the worker has made recommendations."))
    FirstTalk.objects.bulk_create(made, batch_size=500)
    held.talks_opened_at, held.talks_closed_at = now, None
    held.save(update_fields=["talks_opened_at", "talks_closed_at"])
    told = {key for talk in made for key in (talk.mentee_id, talk.mentor_id)}
    for person in Participant.objects.filter(pk__in=told).select_related("user"):
        _tell(cohort, person, "first_talks", f"first_talks:{person.code}:{now.isoformat()}", now)
    audit.record(
        society=cohort.society, by=by, act="finding.open_talks", subject=cohort.code, now=now,
        words=f"Opened a round of first conversations: {len(made)} were proposed.",
    )  # fmt: skip
    return held


@transaction.atomic
def close_talks(*, cohort: Cohort, by: User, now: datetime) -> Round:
    """Close the round; what was said counts in the next match."""
    held, _new = Round.objects.select_for_update().get_or_create(cohort=cohort, defaults={"society": cohort.society})
    if held.talks_open:
        held.talks_closed_at = now
        held.save(update_fields=["talks_closed_at"])
        audit.record(
            society=cohort.society, by=by, act="finding.close_talks", subject=cohort.code, now=now,
            words="Closed a round of first conversations.",
        )  # fmt: skip
    return held


@transaction.atomic
def ready(*, talk: FirstTalk, person: Participant, by: User, now: datetime) -> FirstTalk:
    """Note that one side would like to talk. When both would, each learns how to reach the other.

    Raises
    ------
    TalksAreOver
    """
    talk = _locked(talk)
    _refuse_over(talk)
    name = "mentor_ready_at" if person.pk == talk.mentor_id else "mentee_ready_at"
    if getattr(talk, name) is None:
        setattr(talk, name, now)
        talk.save(update_fields=[name])
    if talk.both_ready:
        for own, other in ((talk.mentee, talk.mentor), (talk.mentor, talk.mentee)):
            _tell(talk.mentee.cohort, own, "first_talk_ready", f"first_talk_ready:{talk.code}:{own.code}", now, other)
    return talk


@transaction.atomic
def say_of(*, talk: FirstTalk, person: Participant, view: str) -> FirstTalk:
    """Keep, sealed, what one side says of a first conversation. Nothing is recorded of it, and nobody is told.

    Raises
    ------
    TalksAreOver
    """
    talk = _locked(talk)
    _refuse_over(talk)
    if not talk.both_ready:
        raise TalksAreOver(_("Say it after you have talked."))
    if view not in FirstTalk.View.values:
        raise DomainError(_("Choose one of the answers."))
    if person.pk == talk.mentor_id:
        talk.mentor_said = {"view": view}
        talk.save(update_fields=["sealed_mentor"])
    else:
        talk.mentee_said = {"view": view}
        talk.save(update_fields=["sealed_mentee"])
    return talk


def _locked(talk: FirstTalk) -> FirstTalk:
    rows = FirstTalk.objects.select_for_update(of=("self",))
    return rows.select_related("society", "mentee__user", "mentor__user", "mentee__cohort").get(pk=talk.pk)


def _refuse_over(talk: FirstTalk) -> None:
    held = Round.objects.filter(cohort=talk.mentee.cohort_id).first()
    here = all(person.state == Participant.State.ACTIVE for person in (talk.mentee, talk.mentor))
    if held is None or not held.talks_open or not here:
        raise TalksAreOver(_("This round of first conversations is over. What was said counts."))


def _tell(
    cohort: Cohort, person: Participant, kind: str, key: str, now: datetime, other: Participant | None = None
) -> None:
    mail.queue(
        to=person.user.email, kind=kind, key=key, language=person.user.language, now=now, society=cohort.society,
        about="" if other else cohort.code,  # who would like to talk with whom is no coordinator's
        context={"society": cohort.society, "person": person.user, "is_mentor": person.is_mentor,
                 "other": other.user if other else None, "path": f"/s/{cohort.society.slug}/me/{person.code}/talks/"},
        headers={"Reply-To": other.user.email} if other else None,
    )  # fmt: skip

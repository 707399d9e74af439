"""A coordinator's verbs for what is lived: extend, end kindly, hand the mentees of one mentor over to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.matching.models import Tie
from introducer_web.programs.closing import refuse_closed
from introducer_web.programs.models import Cohort
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.publish import open_names_of, send_introductions
from introducer_web.relationships.services.swaps import close
from introducer_web.relationships.services.taking_over import takers, why_not

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import User

__all__ = [
    "DayIsOver",
    "NobodyCanTakeOver",
    "NothingChosen",
    "chosen_of",
    "end_mails",
    "end_several",
    "extend",
    "hand_over",
    "hand_over_mails",
]

State = Relationship.State
#: Most letters of words that go along with an ending.
MOST = 2000


class NothingChosen(DomainError):
    """None of the chosen relationships is lived any more."""


class DayIsOver(DomainError):
    """A relationship is extended to a day that is still to come."""


class NobodyCanTakeOver(DomainError):
    """The mentor has no seat any more, or something keeps the two apart."""


def chosen_of(cohort: Cohort, codes: Collection[str] | None) -> list[Relationship]:
    """Lock and return the relationships of a cohort that both agreed to: all, or those with these codes."""
    rows = Relationship.objects.filter(cohort=cohort, state=State.ACTIVE)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    found = list(
        rows.select_for_update(of=("self",))
        .select_related("society", "cohort__program", "mentee__user", "mentor__user").order_by("pk")
    )  # fmt: skip
    if not found:
        raise NothingChosen(_("Choose relationships that both agreed to and that have not ended."))
    return found


@transaction.atomic
def extend(
    *, cohort: Cohort, until: date, by: User, now: datetime, only: Collection[str] | None = None
) -> int:  # fmt: skip
    """Let relationships last until a later day, and tell both. Either of the two can end it before; returns how many.

    Raises
    ------
    DayIsOver, NothingChosen
    """
    if until <= now.date():
        raise DayIsOver(_("Choose a day that is still to come."))
    told = 0
    for row in chosen_of(cohort, only):
        if row.until == until:
            continue
        row.until = until
        row.version += 1
        row.save(update_fields=["until", "version"])
        told += 1
        _tell_both(row, "extended", f"extended:{row.code}:{until.isoformat()}:{row.version}", now, until=until)
    if told:
        audit.record(
            society=cohort.society, by=by, act="relationships.extend", subject=cohort.code, now=now,
            words=f"Extended {told} relationships until {until.isoformat()}.",
        )  # fmt: skip
    return told


def _tell_both(relationship: Relationship, kind: str, key: str, now: datetime, **more: Any) -> None:
    for own, other in _sides(relationship):
        mail.queue(
            to=own.user.email, kind=kind, key=f"{key}:{own.code}", context=_context(relationship, own, other, **more),
            language=own.user.language, now=now, society=relationship.society, about=relationship.cohort.code,
        )  # fmt: skip


def _sides(relationship: Relationship) -> Iterable[tuple[Participant, Participant]]:
    mentee, mentor = relationship.mentee, relationship.mentor
    return ((mentee, mentor), (mentor, mentee))


def _context(relationship: Relationship, own: Participant, other: Participant, **more: Any) -> dict[str, Any]:
    return {
        "society": relationship.society, "program": relationship.cohort.program, "person": own.user,
        "other": other.user, "is_mentee": own == relationship.mentee,
        "path": f"/s/{relationship.society.slug}/me/{own.code}/", **more,
    }  # fmt: skip


def _shown(kind: str, own: Participant, context: Mapping[str, Any]) -> dict[str, str]:
    content = mail.render(kind, context, own.user.language)
    return {"to": own.user.email, "name": str(own.user), **content}


def end_mails(relationship: Relationship, words: str = "") -> list[dict[str, str]]:
    """Return the two mails of an end by a coordinator, as they will arrive."""
    return [
        _shown("ended_kindly", own, _context(relationship, own, other, words=words))
        for own, other in _sides(relationship)
    ]


@transaction.atomic
def end_several(
    *, cohort: Cohort, by: User, now: datetime, only: Collection[str] | None = None, words: str = ""
) -> int:  # fmt: skip
    """End relationships kindly: the seats are free, both are told, and what they have written stays theirs.

    Parameters
    ----------
    words : str
        What the coordinator adds to the mails, in the mails alone.

    Raises
    ------
    NothingChosen
    """
    found = chosen_of(cohort, only)
    for row in found:
        close(row, now)
        _tell_both(row, "ended_kindly", f"ended:{row.code}", now, words=words.strip()[:MOST])
        audit.record(
            society=row.society, by=by, act="relationships.end", subject=row.code, now=now,
            words="A coordinator ended a relationship.",
        )  # fmt: skip
    return len(found)


def hand_over_mails(relationship: Relationship, to: Participant | None, goodbye: str = "") -> list[dict[str, str]]:
    """Return what the mentee and the mentor who leaves are told, as it will arrive; the introduction is a mail more."""
    mentee, mentor = relationship.mentee, relationship.mentor
    more = {"goodbye": goodbye, "to": to.user if to else None}
    return [
        _shown("handed_over_mentee", mentee, _context(relationship, mentee, mentor, **more)),
        _shown("handed_over_mentor", mentor, _context(relationship, mentor, mentee)),
    ]


@transaction.atomic
def hand_over(
    *, mentor: Participant, to: Mapping[str, str], by: User, now: datetime, goodbye: str = ""
) -> list[Relationship]:
    """Let other mentors take mentees over: what ends is told kindly, what may begin is an introduction.

    What the two wrote, noted or agreed on stays theirs: nothing of it is handed over, and the new mentor is told only
    what every introduction tells.

    Parameters
    ----------
    to : mapping of str to str
        By code of a relationship: the code of the mentor who takes over, or an empty text if it ends with nobody after.
    goodbye : str
        Words of the mentor who leaves, in the mails to their mentees alone.

    Raises
    ------
    NothingChosen, NobodyCanTakeOver
    """
    refuse_closed(Cohort.objects.select_for_update().get(pk=mentor.cohort_id))
    found = chosen_of(mentor.cohort, list(to))
    if any(row.mentor_id != mentor.pk for row in found):
        raise NothingChosen(_("These are not mentees of this mentor."))
    offered = {row.code: {each.code: each for each in able} for row, able in takers(mentor, now)}
    chosen = {row.pk: offered.get(row.code, {}).get(to[row.code]) for row in found}
    if any(to[row.code] and chosen[row.pk] is None for row in found):
        raise NobodyCanTakeOver(_("One of the mentors chosen cannot take over any more. Look again, then decide."))
    ties = {row.pk: Tie(mentee=row.mentee, mentor=chosen[row.pk]) for row in found if chosen[row.pk]}
    why = why_not(mentor.cohort, list(ties.values()), found, now)
    made = []
    for row in found:
        taker = chosen[row.pk]
        if taker is not None and why.of(ties[row.pk]) is not None:
            raise NobodyCanTakeOver(_("%(name)s has not so many seats left.") % {"name": taker.user})
        close(row, now)
        told = {"goodbye": goodbye.strip()[:MOST], "to": taker.user if taker else None}
        for own, other, kind, more in (
            (row.mentee, mentor, "handed_over_mentee", told), (mentor, row.mentee, "handed_over_mentor", {}),
        ):  # fmt: skip
            mail.queue(
                to=own.user.email, kind=kind, key=f"ended:{row.code}:{own.code}", now=now, society=row.society,
                context=_context(row, own, other, **more), language=own.user.language, about=row.cohort.code,
            )  # fmt: skip
        if taker is not None:
            made.append(_introduce(row, taker, now))
        audit.record(
            society=row.society, by=by, act="relationships.hand_over", subject=row.code, now=now,
            words="Handed a mentee over to another mentor." if taker else "Ended what a mentor leaves.",
        )  # fmt: skip
    return made


def _introduce(before: Relationship, mentor: Participant, now: datetime) -> Relationship:
    """Introduce a mentee to the mentor who takes over, for what that one offers of what the other was there for."""
    offered = {offer.key.partition(".")[0] for offer in mentor.offers.select_related("domain", "topic")}
    names = open_names_of(before.needs, before.cohort.program_id)
    new = Relationship.objects.create(
        society=before.society, cohort=before.cohort, mentee=before.mentee, mentor=mentor, began_at=now,
        needs=[key for key in before.needs if key in names and key.partition(".")[0] in offered],
    )  # fmt: skip
    new.mentee, new.mentor, new.cohort = before.mentee, mentor, before.cohort
    send_introductions(new, now=now)
    return new

"""Ending without fault: by either side, in two minutes, with nobody else touched; and what stays between the two.

Coordinators see that a relationship ended, and when. Who ended it and why is nobody's but the person's own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib import lives
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import is_blocked
from introducer_web.relationships.models import Farewell, Introduction, Relationship
from introducer_web.relationships.services.answers import has_room, withdraw_yes
from introducer_web.relationships.services.asking import team_is_full
from introducer_web.relationships.services.runs import free_seat
from introducer_web.relationships.services.swaps import AlreadyEnded, close
from introducer_web.relationships.services.thanking import write_thanks
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "UNDO_FOR",
    "NotOver",
    "TooLateToUndo",
    "end",
    "locked",
    "may_undo",
    "say_glad",
    "stay_in_touch",
    "tell_of_end",
    "undo_end",
    "withdraw_side",
]

#: So long an ending can be taken back by whoever ended it.
UNDO_FOR = timedelta(hours=48)
State = Relationship.State


class TooLateToUndo(DomainError):
    """The ending stands: the time is over, the seat is taken, or somebody has left."""


class NotOver(DomainError):
    """Who is together needs not say whether they stay in touch."""


@transaction.atomic
def end(
    *, relationship: Relationship, person: Participant, by: User, now: datetime, reason: str = "",
    glad: bool | None = None, thanks: str = "",
) -> Relationship:  # fmt: skip
    """End what two people live, or withdraw one's own side of an introduction. The seat is free at once.

    Parameters
    ----------
    person : Participant
        Who ends it.
    reason : str
        One of ``Farewell.Reason``, or nothing: for the person alone, sealed.
    glad : bool, optional
        Whether they are glad to stay in touch; None: not said.
    thanks : str
        A thank-you, which the other side reads on the page of the two.

    Raises
    ------
    AlreadyEnded
    """
    lived = locked(relationship)
    if lived.state == State.INTRODUCED:
        return withdraw_side(lived, person, now)
    if lived.state != State.ACTIVE:
        raise AlreadyEnded(_("This one is over already."))
    if thanks.strip():
        write_thanks(relationship=lived, person=person, text=thanks, now=now, tell=False)
    close(lived, now)
    farewell = _farewell(lived, person, now)
    farewell.ended_it, farewell.glad, farewell.words = True, glad, {"reason": reason} if reason else {}
    farewell.save()
    _tell(lived, person, now, kind="relationship_ended", thanked=bool(thanks.strip()))
    audit.record(
        society=lived.society, by=None, act="relationships.end", subject=lived.code, now=now,
        words="A relationship was ended by one of the two.",
    )  # fmt: skip
    return lived


def withdraw_side(relationship: Relationship, person: Participant, now: datetime) -> Relationship:
    """Withdraw one side of an introduction; the other side is told if it has answered already."""
    answered = (Introduction.Answer.ACCEPTED, Introduction.Answer.ASKED)
    other_waits = relationship.introductions.exclude(side=person.role).filter(answer__in=answered).exists()
    withdraw_yes(relationship, person.role, now)
    relationship.swap_requests.filter(settled_at=None).update(settled_at=now)
    if other_waits:
        own, other = _sides(relationship, person)
        _mail(relationship, other, own, now, kind="introduction_over")
    relationship.refresh_from_db()
    return relationship


def may_undo(relationship: Relationship, farewell: Farewell | None, now: datetime) -> bool:
    """Tell whether whoever looks ended it, and not too long ago."""
    ended = relationship.ended_at
    mine = farewell is not None and farewell.ended_it and relationship.state == State.ENDED
    return mine and ended is not None and ended > now - UNDO_FOR


@transaction.atomic
def undo_end(*, relationship: Relationship, person: Participant, by: User, now: datetime) -> Relationship:
    """Take an ending back, within 48 hours, if there still is a seat.

    Raises
    ------
    TooLateToUndo
    """
    lived = locked(relationship)
    farewell = Farewell.objects.filter(relationship=lived, person=person).first()
    if not may_undo(lived, farewell, now):
        raise TooLateToUndo(_("An ending can be taken back for two days, by whoever ended it."))
    own, other = _sides(lived, person)
    again = Relationship.objects.filter(
        mentee=lived.mentee, mentor=lived.mentor, state__in=(State.INTRODUCED, State.ACTIVE)
    )
    here = all(each.state == Participant.State.ACTIVE for each in (own, other))
    if not here or again.exists() or is_blocked(own.user, other.user):
        raise TooLateToUndo(_("This can no longer be taken back. Your coordinator can introduce the two of you anew."))
    if team_is_full(lived.mentee):
        raise TooLateToUndo(_("There is somebody new by now. Your coordinator can introduce the two of you anew."))
    if not has_room(lived):
        raise TooLateToUndo(_("The seat is taken by now. Your coordinator can introduce the two of you anew."))
    ended_at, lived.state, lived.seat, lived.ended_at = lived.ended_at, State.ACTIVE, free_seat(lived.mentor), None
    lived.version += 1
    lived.save(update_fields=["state", "seat", "ended_at", "version"])
    Farewell.objects.filter(relationship=lived).delete()
    mail.drop(keys=[f"relationship_ended:{lived.code}:{own.code}"])
    if not mail.drop(keys=[f"relationship_ended:{lived.code}:{other.code}"]):  # it has left already
        _tell(lived, person, now, kind="relationship_resumed")
    lives.were_resumed(relationship=lived, ended_at=ended_at, now=now)
    audit.record(
        society=lived.society, by=None, act="relationships.undo_end", subject=lived.code, now=now,
        words="The end of a relationship was taken back.",
    )  # fmt: skip
    return lived


@transaction.atomic
def say_glad(*, relationship: Relationship, person: Participant, glad: bool, now: datetime) -> bool:
    """Note whether one of the two is glad to stay in touch; returns whether both are.

    Neither learns of the other's yes before giving their own. Once both are glad, each keeps the other's address.

    Raises
    ------
    NotOver
    """
    lived = locked(relationship)
    if lived.state != State.ENDED:
        raise NotOver(_("You are together still: you have each other's address."))
    before = stay_in_touch(lived)
    farewell = _farewell(lived, person, now)
    farewell.glad = glad
    farewell.save()
    both = stay_in_touch(lived)
    if both and not before:
        _tell(lived, person, now, kind="in_touch")
    return both


def stay_in_touch(relationship: Relationship) -> bool:
    """Tell whether both sides said that they are glad to stay in touch, and neither keeps the other away."""
    if Farewell.objects.filter(relationship=relationship, glad=True).count() < len(Role):
        return False
    return not is_blocked(relationship.mentee.user, relationship.mentor.user)


def locked(relationship: Relationship) -> Relationship:
    """Lock the mentor as a person, then the relationship, as answers do."""
    User.objects.select_for_update().get(pk=relationship.mentor.user_id)
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related(
            "mentee__user",
            "mentee__cohort__program",
            "mentor__user",
            "mentor__cohort__program",
            "cohort__program",
            "society",
        )
        .get(pk=relationship.pk)
    )


def _farewell(relationship: Relationship, person: Participant, now: datetime) -> Farewell:
    found = Farewell.objects.filter(relationship=relationship, person=person).first()
    return found or Farewell(society=relationship.society, relationship=relationship, person=person, at=now)


def tell_of_end(relationship: Relationship, reader: Participant, gone: Participant, now: datetime) -> None:
    """Tell whoever is left that it has ended, as if the other one had ended it."""
    _mail(relationship, reader, gone, now, kind="relationship_ended", own=False)


def _sides(relationship: Relationship, person: Participant) -> tuple[Participant, Participant]:
    """Return a person's own side and the other."""
    both = (relationship.mentee, relationship.mentor)
    return both if person.pk == relationship.mentee_id else (both[1], both[0])


def _tell(relationship: Relationship, person: Participant, now: datetime, *, kind: str, **more: Any) -> None:
    """Write to both, the mentee first: a list of who got which mail, and when, then says nothing of who did what."""
    mentee, mentor = relationship.mentee, relationship.mentor
    for reader, other in ((mentee, mentor), (mentor, mentee)):
        own = reader.pk == person.pk
        _mail(relationship, reader, other, now, kind=kind, own=own, **({} if own else more))


def _mail(
    relationship: Relationship, reader: Participant, other: Participant, now: datetime, *, kind: str, **more: Any
) -> None:
    society, program, about = relationship.society, relationship.cohort.program, relationship.cohort.code
    mail.queue(
        to=reader.user.email, kind=kind, key=f"{kind}:{relationship.code}:{reader.code}:{now.isoformat()}",
        context={
            "society": society, "program": program, "person": reader.user, "other": other.user,
            "path": f"/s/{society.slug}/me/{reader.code}/with/{relationship.code}/after/",
            "home": f"/s/{society.slug}/me/{reader.code}/", **more,
        },
        language=reader.user.language, now=now, society=society, about="" if kind == "in_touch" else about,
    )  # fmt: skip

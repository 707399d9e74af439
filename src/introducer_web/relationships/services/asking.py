"""A relationship that begins because a mentee asked and the mentor said yes: with a seat, as after an introduction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.answers import NoSeatLeft, has_room, tell_both
from introducer_web.relationships.services.runs import free_seat
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["AlreadyTogether", "TeamIsFull", "begin_asked", "team_is_full"]

State = Relationship.State


class AlreadyTogether(DomainError):
    """The two were introduced, or have agreed."""


class TeamIsFull(DomainError):
    """The mentee has as many mentors as they may have."""


def team_is_full(mentee: Participant) -> bool:
    """Tell whether a mentee has as many mentors, introductions included, as they asked for."""
    most = mentee.cohort.program.team_size if mentee.team_size is None else mentee.team_size
    return Relationship.objects.filter(mentee=mentee, state__in=Relationship.TOGETHER).count() >= most


@transaction.atomic
def begin_asked(
    *, mentee: Participant, mentor: Participant, needs: Sequence[str], message: str, now: datetime
) -> Relationship:
    """Let two begin of whom one asked and the other said yes.

    Parameters
    ----------
    needs : sequence of str
        Keys of open needs.
    message : str
        The mentee's own words, which go to both with the addresses.

    Raises
    ------
    AlreadyTogether, NoSeatLeft, TeamIsFull
    """
    # The mentor as a person: seats count over all programs, one yes at a time; then the mentee's team.
    User.objects.select_for_update().get(pk=mentor.user_id)
    Participant.objects.select_for_update().get(pk=mentee.pk)
    if Relationship.objects.filter(mentee=mentee, mentor=mentor, state__in=Relationship.TOGETHER).exists():
        raise AlreadyTogether(_("The two of you were introduced already: answer the introduction."))
    if not has_room(Relationship(society=mentee.society, mentee=mentee, mentor=mentor)):
        raise NoSeatLeft(
            _("All your seats are taken. You can give yourself another seat on your own page, or decline.")
        )
    if team_is_full(mentee):
        raise TeamIsFull(
            _("%(name)s has as many mentors as they asked for by now. Thank you for being ready.")
            % {"name": mentee.user}
        )
    relationship = Relationship.objects.create(
        society=mentee.society, cohort=mentee.cohort, mentee=mentee, mentor=mentor, state=State.ACTIVE,
        seat=free_seat(mentor), needs=list(needs), began_at=now,
    )  # fmt: skip
    tell_both(relationship, message, now)
    audit.record(
        society=mentee.society, by=None, act="relationships.begin_asked", subject=relationship.code, now=now,
        words="A mentor accepted a mentee who had asked.",
    )  # fmt: skip
    return relationship

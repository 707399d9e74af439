"""What changes for a mentee: noted, told of in time, settled once they have looked at their needs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from introducer_web.goals.models import Transition
from introducer_web.lib.errors import DomainError
from introducer_web.lib.nights import by_day
from introducer_web.lib.pieces import first_done
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["AHEAD", "TooManyChanges", "forget_transition", "note_transition", "tell_of_transitions"]

#: So long before its day a mentee is asked for needs once more.
AHEAD = timedelta(days=60)
_MOST = 10


class TooManyChanges(DomainError):
    """Nobody's life changes in more than ten ways at once."""


@transaction.atomic
def note_transition(*, mentee: Participant, kind: str, on: date | None, now: datetime) -> Transition:
    """Note that something changes, on a day or now.

    Raises
    ------
    TooManyChanges
    """
    Participant.objects.select_for_update().get(pk=mentee.pk)
    if Transition.objects.filter(mentee=mentee, settled_at=None).count() >= _MOST:
        raise TooManyChanges(_("Ten changes wait already. Take one back first."))
    made = Transition(society=mentee.society, mentee=mentee, on=on, noted_at=now)
    made.words = {"kind": kind}
    made.save()
    return made


@transaction.atomic
def forget_transition(*, transition: Transition) -> None:
    """Take back that something changes, or say that it is settled: nothing of it is kept."""
    mail.drop(keys=[f"transition:{transition.code}"])
    Transition.objects.filter(pk=transition.pk).delete()


def tell_of_transitions(now: datetime) -> bool:
    """Ask once for needs, by mail, who noted a change that is near. Returns whether there was one."""
    with scopes_disabled():
        due = Transition.objects.filter(
            told_at=None, settled_at=None, on__isnull=False, on__lte=now.date() + AHEAD, on__gte=now.date(),
            mentee__state=Participant.State.ACTIVE,
        )  # fmt: skip
        rows = due.select_related("society", "mentee__user", "mentee__society").order_by("on", "pk")
        return first_done(rows, lambda row: _tell(row, now))


def _tell(row: Transition, now: datetime) -> bool:
    with scope(society=row.society):
        if not Transition.objects.filter(pk=row.pk, told_at=None).update(told_at=now):
            return False  # another worker was faster
        # What changes is not said, and the mail belongs to no cohort's list: it would tell that something does.
        mail.queue(
            to=row.mentee.user.email, kind="needs_again", key=f"transition:{row.code}",
            context={"society": row.society, "person": row.mentee.user,
                     "path": f"/s/{row.society.slug}/me/{row.mentee.code}/changes/"},
            language=row.mentee.user.language, now=now, society=row.society,
            not_before=by_day(now, row.mentee.zone),
        )  # fmt: skip
    return True

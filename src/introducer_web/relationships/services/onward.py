"""What becomes of a mentee, for a mentor who helped: said by the mentee, for as long as they like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Block
from introducer_web.people.services import is_blocked
from introducer_web.relationships.models import Onward, Relationship

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from introducer_web.people.models import Participant

__all__ = ["MOST_ONWARD", "NothingToTell", "let_know", "let_know_no_more", "onward_for"]

#: Most letters of a line.
MOST_ONWARD = 500


class NothingToTell(DomainError):
    """Only who is or was together has something to tell."""


@transaction.atomic
def let_know(*, relationship: Relationship, now: datetime, line: str = "", stage: str = "") -> Onward:
    """Let a mentor know how it goes on, from now on; with a line and the stage, or without them.

    What was said before is replaced. The mentor gets a mail without the words, one a day at most.
    """
    lived = Relationship.objects.select_for_update(of=("self",)).select_related(
        "society", "mentee__user", "mentor__user"
    ).get(pk=relationship.pk)  # fmt: skip
    if lived.state not in (Relationship.State.ACTIVE, Relationship.State.ENDED):
        raise NothingToTell(_("This begins once both of you have agreed."))
    onward = Onward.objects.filter(relationship=lived).first()
    new = onward is None
    onward = onward or Onward(society=lived.society, relationship=lived, since=now)
    said = {"line": line.strip()[:MOST_ONWARD], "stage": stage}
    changed = any(said.values()) and said != onward.words
    if changed:
        onward.said_on = now.date()
    onward.words = said
    onward.save()
    if changed and not is_blocked(lived.mentee.user, lived.mentor.user):
        mentor, society = lived.mentor, lived.society
        mail.queue(
            to=mentor.user.email, kind="onward", key=f"onward:{onward.code}:{now.date()}",
            context={"society": society, "person": mentor.user, "other": lived.mentee.user,
                     "path": f"/s/{society.slug}/me/{mentor.code}/became/"},
            language=mentor.user.language, now=now, society=society,
        )  # fmt: skip
    if new:
        audit.record(
            society=lived.society, by=None, act="relationships.onward", now=now,
            words="A mentee lets a mentor know how it goes on.",
        )  # fmt: skip
    return onward


@transaction.atomic
def let_know_no_more(*, relationship: Relationship, now: datetime) -> None:
    """Take it back: what was said is gone, from the mentor's page too."""
    found = Onward.objects.filter(relationship=relationship).first()
    if found is None:
        return
    mail.drop(keys=[f"onward:{found.code}"])
    found.delete()
    audit.record(
        society=relationship.society, by=None, act="relationships.onward", now=now,
        words="A mentee no longer lets a mentor know.",
    )  # fmt: skip


def onward_for(mentor: Participant) -> QuerySet[Onward]:
    """Return what the mentees of a mentor let them know, the newest first; nothing between two who are kept apart."""
    away = Q(by=mentor.user) | Q(other=mentor.user)
    pairs = Block.objects.filter(away).values_list("by", "other")
    blocked = {key for pair in pairs for key in pair} - {mentor.user_id}
    return (
        Onward.objects.filter(relationship__mentor=mentor)
        .exclude(relationship__mentee__user__in=blocked)
        .select_related("relationship__mentee__user", "society").order_by("-said_on", "-since")
    )  # fmt: skip

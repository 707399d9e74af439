"""Correcting an introduction that waits for answers: what it names, with new mails and new links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.lib.texts import translated
from introducer_web.people.models import Role
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.drafts import first_message
from introducer_web.relationships.services.publish import open_names_of, send_introductions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from introducer_web.people.models import Need
    from introducer_web.tenants.models import User

__all__ = ["NothingToCorrect", "correct", "may_be_named"]


class NothingToCorrect(DomainError):
    """Only an introduction that waits for answers can be corrected."""


def may_be_named(relationship: Relationship) -> list[Need]:
    """Return the open needs of the mentee that an introduction may name, the greatest first: none that is sensitive."""
    needs = relationship.mentee.needs.filter(domain__sensitive=False).exclude(topic__sensitive=True)
    return list(needs.select_related("domain", "topic").order_by("-level", "domain__place", "pk"))


@transaction.atomic
def correct(*, relationship: Relationship, needs: Sequence[str], by: User, now: datetime) -> Relationship:
    """Let an introduction name other needs, and send it to both sides once more.

    The links of the earlier mails are dead from now on. What somebody answered stays, and so does
    the mentee's own first message; one that nobody edited is drafted anew.

    Parameters
    ----------
    needs : sequence of str
        Keys of open needs of the mentee; others are no choice. None at all: the introduction names nothing.

    Raises
    ------
    NothingToCorrect
    """
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("mentee__user", "mentee__cohort__program", "mentor__user", "mentor__cohort__program",
                        "cohort__program", "society", "tie")
        .get(pk=relationship.pk)
    )  # fmt: skip
    if relationship.state != Relationship.State.INTRODUCED:
        raise NothingToCorrect(_("Only an introduction that waits for answers can be corrected."))
    known = [need.key for need in may_be_named(relationship)]
    if set(needs) - set(known):
        raise DomainError(_("Choose among what the mentee asks for now."))
    _forget_draft(relationship)
    relationship.needs = [key for key in known if key in needs]
    relationship.version += 1
    relationship.save(update_fields=["needs", "version"])
    send_introductions(relationship, now=now, corrects=True)
    audit.record(
        society=relationship.society, by=by, act="relationships.correct", subject=relationship.code, now=now,
        words="Corrected an introduction and sent it once more.",
    )  # fmt: skip
    return relationship


def _forget_draft(relationship: Relationship) -> None:
    """Take the first message out if it is still the one that was drafted."""
    found = relationship.introductions.get(side=Role.MENTEE)
    mentee, mentor = relationship.mentee, relationship.mentor
    with override(mentee.user.language):
        names = open_names_of(relationship.needs, relationship.cohort.program_id)
        drafted = first_message(mentee, mentor, list(dict.fromkeys(map(translated, names.values()))))
    if found.words.get("first_message") == drafted:
        found.words = found.words | {"first_message": ""}
        found.save(update_fields=["sealed"])

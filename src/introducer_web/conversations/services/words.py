"""What is asked of everything that one of two people writes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.relationships.models import Relationship

__all__ = ["MOST", "IsOver", "NothingWritten", "TooMuchWritten", "WasReadOrTakenBack", "held", "trimmed"]

#: Most letters of a note, of a letter, of a piece of feedback.
MOST = 4000


class NothingWritten(DomainError):
    """There is no word in it."""


class TooMuchWritten(DomainError):
    """It is longer than a page can be."""


class IsOver(DomainError):
    """The two have not both agreed, or their mentoring has ended."""


class WasReadOrTakenBack(DomainError):
    """What is read is read; what was taken back is gone."""


def trimmed(text: str) -> str:
    """Return a text without the space around it.

    Raises
    ------
    NothingWritten, TooMuchWritten
    """
    text = text.strip()
    if not text:
        raise NothingWritten(_("Write something first."))
    if len(text) > MOST:
        raise TooMuchWritten(_("That is too long: %(most)s characters at most.") % {"most": MOST})
    return text


def held(relationship: Relationship) -> Relationship:
    """Return a relationship as it stands now, held until the end of the transaction: nobody ends it meanwhile."""
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("society", "mentee__user", "mentor__user")
        .get(pk=relationship.pk)
    )

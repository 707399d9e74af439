"""Changing a clause, signing, and naming the day to look at it again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.agreements.clauses import EDITION, clause_of
from introducer_web.agreements.models import Agreement, AgreementVersion, Signature
from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services import note_signed

if TYPE_CHECKING:
    from datetime import date, datetime

    from introducer_web.people.models import Participant

__all__ = ["IsOver", "NoName", "NotThatDay", "NothingSaid", "VersionMoved", "change_clause", "look_again", "sign"]

#: Most letters of a clause.
MOST = 3000
#: After so long an agreement that is signed is looked at again, unless the two name another day.
_REVIEW = timedelta(days=182)
_FURTHEST = timedelta(days=731)


class IsOver(DomainError):
    """Only what two people live is agreed on."""


class VersionMoved(DomainError):
    """The other side, or another tab, changed it meanwhile."""


class NothingSaid(DomainError):
    """A clause has words, or is left out."""


class NoName(DomainError):
    """Nobody signs without a name."""


class NotThatDay(DomainError):
    """The day is past, or too far."""


@transaction.atomic
def change_clause(
    *, relationship: Relationship, clause: str, text: str | None, seen: int, person: Participant, now: datetime
) -> AgreementVersion:
    """Say a clause otherwise: a new version, which nobody has signed yet. The same words once more change nothing.

    Parameters
    ----------
    text : str or None
        The two's own words, or what they add to a clause that stands. Empty: our text as it was. None: without this
        clause; one that stands loses only what was added.
    seen : int
        Number of the version that the person had before them.

    Raises
    ------
    IsOver, NothingSaid, VersionMoved
    """
    agreement, standing = _locked(relationship, seen, now)
    said = clause_of(clause)
    if said is None or (text is not None and len(text) > MOST):
        raise NothingSaid(_("Choose one of the clauses, and say it in at most %(most)s letters.") % {"most": MOST})
    own = dict(standing.words.get("own", {}))
    own.pop(clause, None)
    if text:
        own[clause] = text
    elif text is None and not said.stands:
        own[clause] = None
    if own == standing.words.get("own", {}):
        return standing
    made = AgreementVersion(
        society=agreement.society, agreement=agreement, number=standing.number + 1, edition=EDITION, made_by=person,
        made_at=now,
    )  # fmt: skip
    made.words = {"own": own, "changed": clause}
    made.save()
    agreement.newest = made.number
    agreement.save(update_fields=["newest"])
    note_signed(relationship=relationship, at=None)
    return made


@transaction.atomic
def sign(
    *, relationship: Relationship, name: str, language: str, seen: int, person: Participant, now: datetime
) -> None:
    """Sign the version that stands. Once both have, a day to look at it again stands too; a second tap changes nothing.

    Raises
    ------
    IsOver, NoName, VersionMoved
    """
    agreement, standing = _locked(relationship, seen, now)
    if not name.strip():
        raise NoName(_("Write your name: that is your signature."))
    signed = set(standing.signatures.values_list("participant", flat=True))
    if person.pk in signed:
        return
    made = Signature(society=agreement.society, version=standing, participant=person, signed_at=now)
    made.words = {"name": name.strip()[:120], "language": language}
    made.save()
    if not signed:
        _tell_the_other(relationship, standing, person, now)
        return
    note_signed(relationship=relationship, at=now)
    if agreement.review_on is None or agreement.review_on <= now.date():
        agreement.review_on = now.date() + _REVIEW
        agreement.save(update_fields=["review_on"])
    # The record is read by those who run programs: it says that both signed, never who changed or waited.
    audit.record(
        society=agreement.society, by=None, act="agreements.sign", subject=relationship.code, now=now,
        words="Both signed their agreement.",
    )  # fmt: skip


def _tell_the_other(relationship: Relationship, version: AgreementVersion, person: Participant, now: datetime) -> None:
    """Write to the side that has not signed. It belongs to no cohort's mails: who waits for whom is the two's own."""
    other = relationship.mentor if person.pk == relationship.mentee_id else relationship.mentee
    mail.queue(
        to=other.user.email, kind="agreement_waits", key=f"agreement:{version.code}:{other.code}",
        context={"society": relationship.society, "person": other.user, "other": person.user,
                 "path": f"/s/{relationship.society.slug}/me/{other.code}/with/{relationship.code}/agreement/"},
        language=other.user.language, now=now, society=relationship.society,
    )  # fmt: skip


@transaction.atomic
def look_again(*, relationship: Relationship, on: date, now: datetime) -> Agreement:
    """Name the day on which the two look at it again; signatures stay.

    Raises
    ------
    IsOver, NotThatDay
    """
    agreement, _standing = _locked(relationship, None, now)
    if not now.date() < on <= now.date() + _FURTHEST:
        raise NotThatDay(_("Choose a day that is still to come, within two years."))
    agreement.review_on = on
    agreement.save(update_fields=["review_on"])
    return agreement


def _locked(relationship: Relationship, seen: int | None, now: datetime) -> tuple[Agreement, AgreementVersion]:
    """Lock what two people agreed on, or begin it with our own text; returns it and the version that stands."""
    lived = Relationship.objects.select_for_update(of=("self",)).select_related("society").get(pk=relationship.pk)
    if lived.state != Relationship.State.ACTIVE:
        raise IsOver(_("This mentoring has ended: its agreement stays as it is."))
    agreement = Agreement.objects.filter(relationship=lived).select_related("society").first()
    if agreement is None:
        agreement = Agreement.objects.create(society=lived.society, relationship=lived)
        first = AgreementVersion(
            society=lived.society, agreement=agreement, number=1, edition=EDITION, made_at=now
        )  # fmt: skip
        first.words = {"own": {}}
        first.save()
    if seen is not None and seen != agreement.newest:
        raise VersionMoved(
            _("The agreement was changed meanwhile. What stands now is below; nothing of yours is lost.")
        )
    standing = agreement.versions.get(number=agreement.newest)
    return agreement, standing


def follow(*, old: Relationship, new: Relationship, now: datetime) -> None:
    """Let an agreement go along when two people go on in a later cohort: what both signed stands as it is."""
    for earlier, place in ((old.mentee_id, new.mentee), (old.mentor_id, new.mentor)):
        AgreementVersion.objects.filter(agreement__relationship=old, made_by=earlier).update(made_by=place)
        Signature.objects.filter(version__agreement__relationship=old, participant=earlier).update(participant=place)
    Agreement.objects.filter(relationship=old).update(relationship=new)
    new.signed_at = old.signed_at
    new.save(update_fields=["signed_at"])

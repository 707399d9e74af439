"""How people come in: by an invitation bound to their address, or through the page of an open program."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Invitation, Participant, PrivateAnswers
from introducer_web.people.services.carrying import offer_again
from introducer_web.programs.closing import refuse_closed
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.programs.models import Cohort

__all__ = [
    "InvitationIsOver",
    "NotOpen",
    "WrongAddress",
    "accept_invitation",
    "ask_to_join",
    "invite",
    "last_answers",
    "revoke",
]

#: How long an invitation works.
OPEN_FOR = timedelta(days=7)


class InvitationIsOver(DomainError):
    """The invitation was used, withdrawn, or has expired."""


class WrongAddress(DomainError):
    """Somebody else is signed in than the invitation was sent to."""


class NotOpen(DomainError):
    """The program takes people by invitation alone, or not any more."""


@transaction.atomic
def invite(*, cohort: Cohort, email: str, role: str, by: User, now: datetime, kind: str = "member") -> Invitation:
    """Send somebody a link to join. A newer invitation takes the place of an older one that is still open."""
    refuse_closed(cohort)
    email = email.strip().casefold()
    Invitation.objects.filter(cohort=cohort, email=email, role=role, used_at=None, revoked_at=None).update(
        revoked_at=now
    )
    token = new_token()
    invitation = Invitation.objects.create(
        society=cohort.society, cohort=cohort, email=email, role=role, kind=kind, digest=digest(token),
        invited_by=by, invited_at=now, expires_at=now + OPEN_FOR,
    )  # fmt: skip
    known = User.objects.with_email(email).first()
    mail.queue(
        to=email, kind="invited", key=f"invited:{invitation.code}", now=now, society=cohort.society, about=cohort.code,
        language=known.language if known else cohort.society.language,
        context={"society": cohort.society, "program": cohort.program, "cohort": cohort, "role": role, "by": by,
                 "path": f"/i/{token}/", "days": OPEN_FOR.days},
    )  # fmt: skip
    audit.record(
        society=cohort.society, by=by, act="people.invite", subject=invitation.code, now=now,
        words=f"Invited a {role}.",
    )  # fmt: skip
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Take an invitation back; its link is dead."""
    Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None).update(revoked_at=now)
    mail.drop(keys=[f"invited:{invitation.code}"])
    audit.record(
        society=invitation.society, by=by, act="people.revoke", subject=invitation.code, now=now,
        words="Withdrew an invitation.",
    )  # fmt: skip
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User | None, now: datetime) -> Participant:
    """Use an invitation, once. Who holds the mailed link has the address: a new address becomes a new user.

    Raises
    ------
    InvitationIsOver, WrongAddress
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("society", "cohort__program", "earlier__society")
        .get(pk=invitation.pk)
    )
    if invitation.revoked_at or invitation.used_at or invitation.expires_at <= now:
        raise InvitationIsOver(
            _("This invitation is over: it was used, withdrawn, or older than a week. Ask for a new one.")
        )
    if invitation.cohort.is_closed:
        raise InvitationIsOver(_("This cohort is closed by now: nobody joins it any more."))
    if user is not None and user.email != invitation.email:
        raise WrongAddress(
            _("The invitation was sent to another address than the one you are signed in with. Sign out first.")
        )
    user = User.objects.with_email(invitation.email).first() or User.objects.create_user(
        invitation.email, language=invitation.society.language
    )
    earlier = invitation.earlier if invitation.earlier and invitation.earlier.user_id == user.pk else None
    participant = _join(invitation.cohort, user, invitation.role, invitation.kind, now, earlier)
    invitation.used_at, invitation.declined_at = now, None
    invitation.save(update_fields=["used_at", "declined_at"])
    return participant


@transaction.atomic
def ask_to_join(*, cohort: Cohort, user: User, role: str, now: datetime) -> Participant:
    """Begin to join an open program."""
    if not cohort.program.is_open or cohort.is_closed:
        raise NotOpen(_("This program takes people by invitation. Ask the society for one."))
    return _join(cohort, user, role, "member", now)


def _join(
    cohort: Cohort, user: User, role: str, kind: str, now: datetime, earlier: Participant | None = None
) -> Participant:
    participant, new = Participant.objects.get_or_create(
        cohort=cohort, user=user, role=role,
        defaults={"society": cohort.society, "kind": kind, "joined_at": now},
    )  # fmt: skip
    if new:
        answers = PrivateAnswers(society=cohort.society, participant=participant)
        answers.answers = {}
        answers.save(force_insert=True)
        if earlier is None:
            last_answers(participant=participant)
        else:
            offer_again(participant=participant, last=earlier)
        audit.record(
            society=cohort.society, by=user, act="people.join", subject=participant.code, now=now,
            words=f"Began to join as a {role}.",
        )  # fmt: skip
    elif participant.state == Participant.State.WITHDRAWN:
        participant.state, participant.withdrawn_at = Participant.State.DRAFT, None
        participant.save(update_fields=["state", "withdrawn_at"])
    return participant


@transaction.atomic
def last_answers(*, participant: Participant) -> Participant | None:
    """Offer last time's open answers again in the same program; consents are not carried. None: there are none."""
    last = (
        Participant.objects.filter(
            user=participant.user, role=participant.role, cohort__program=participant.cohort.program_id,
            finished_at__isnull=False,
        )
        .exclude(pk=participant.pk).select_related("society").order_by("-finished_at").first()
    )  # fmt: skip
    if last is not None:
        offer_again(participant=participant, last=last)
    return last

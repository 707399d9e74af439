"""People of an earlier cohort are asked once whether they take part again; nothing counts before they say it anew."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Answer, Claim, Invitation, Need, Offer, Participant, PrivateAnswers
from introducer_web.people.services.answers import words_of
from introducer_web.programs.closing import refuse_closed
from introducer_web.programs.models import Cohort

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = [
    "AGAIN_FOR",
    "Candidate",
    "ListIsStale",
    "NobodyToAsk",
    "again_mails",
    "ask_again",
    "candidates",
    "decline_again",
    "offer_again",
    "seen_of",
]

#: How long a link to take part again works: people are away for some weeks, and nothing hurries.
AGAIN_FOR = timedelta(days=30)
State = Participant.State
#: Plain facts that are offered again.
_FACTS = ("stage", "settings", "routes", "procedures", "roles", "site", "institution", "region", "timezone",
          "languages", "rural", "no_home_program", "team_size", "capacity", "answers_within", "wants_news")  # fmt: skip


class NobodyToAsk(DomainError):
    """Everybody was asked already, or takes part."""


class ListIsStale(DomainError):
    """Somebody answered, joined or was asked between the preview and the sending."""


@dataclass(frozen=True)
class Candidate:
    """Somebody of an earlier cohort.

    Attributes
    ----------
    why : str
        Why they are not asked, in words; empty: they may be.
    before : bool
        They were asked before and did not answer: they are asked once more only if somebody ticks their name.
    """

    person: Participant
    why: str = ""
    before: bool = False


def candidates(*, cohort: Cohort, earlier: Cohort, now: datetime, role: str = "") -> list[Candidate]:
    """Return who took part in an earlier cohort, or waited for it, and whether they can be asked. Four queries."""
    people = Participant.objects.filter(cohort=earlier, state__in=(State.ACTIVE, State.WAITING))
    if role:
        people = people.filter(role=role)
    here = {
        (user, part): state
        for user, part, state in Participant.objects.filter(cohort=cohort).values_list("user", "role", "state")
    }
    asked: dict[tuple[str, str], list[Invitation]] = {}
    for each in Invitation.objects.filter(cohort=cohort, revoked_at=None):
        asked.setdefault((each.email, each.role), []).append(each)
    found = []
    for person in people.select_related("user").order_by("user__name", "user__email", "pk"):
        rows = asked.get((person.user.email, person.role), [])
        why = _why(here.get((person.user_id, person.role)), rows, now)
        found.append(Candidate(person, why, bool(rows)))
    return found


def _why(state: str | None, asked: Iterable[Invitation], now: datetime) -> str:
    if state is not None:
        return _("has withdrawn") if state == State.WITHDRAWN else _("is in this cohort already")
    for each in asked:
        if each.declined_at is not None:
            return _("said: not this time")
        if each.used_at is None and each.expires_at > now:
            return _("was asked already")
    return ""


def seen_of(chosen: Iterable[Candidate]) -> str:
    """Return a digest of who would be asked: whom a coordinator looked at is who is asked."""
    return hashlib.sha256("\n".join(each.person.code for each in chosen).encode()).hexdigest()[:32]


def again_mails(*, cohort: Cohort, chosen: Iterable[Candidate], earlier: Cohort, by: User) -> list[dict[str, Any]]:
    """Return one mail of each kind as it will arrive, by role and language: to whom, to how many, and what it says."""
    kinds: dict[tuple[str, str], list[Participant]] = {}
    for each in chosen:
        kinds.setdefault((each.person.role, each.person.user.language), []).append(each.person)
    return [
        {"role": people[0].get_role_display(), "language": language, "people": people, "to": people[0].user,
         **mail.render("asked_again", _context(cohort, earlier, people[0], by, "…"), language)}
        for (_role, language), people in kinds.items()
    ]  # fmt: skip


def _context(cohort: Cohort, earlier: Cohort, person: Participant, by: User, token: str) -> dict[str, Any]:
    return {
        "society": cohort.society, "program": cohort.program, "cohort": cohort, "earlier": earlier,
        "person": person.user, "role": person.role, "by": by, "path": f"/i/{token}/", "days": AGAIN_FOR.days,
    }  # fmt: skip


@transaction.atomic
def ask_again(
    *, cohort: Cohort, earlier: Cohort, by: User, now: datetime, role: str = "",
    only: Collection[str] | None = None, seen: str | None = None,
) -> int:  # fmt: skip
    """Ask people of an earlier cohort whether they take part again: one mail each, and nobody twice.

    Parameters
    ----------
    only : collection of str, optional
        Codes of the people to ask; by default everybody who was not asked before.
    seen : str, optional
        ``seen_of`` what the coordinator looked at.

    Raises
    ------
    NobodyToAsk, ListIsStale, CohortIsClosed
    """
    refuse_closed(Cohort.objects.select_for_update().get(pk=cohort.pk))
    chosen = [
        each for each in candidates(cohort=cohort, earlier=earlier, now=now, role=role)
        if not each.why and (each.person.code in only if only is not None else not each.before)
    ]  # fmt: skip
    if not chosen:
        raise NobodyToAsk(_("Nobody is left to ask: everybody was asked already, or is in this cohort."))
    if seen is not None and seen != seen_of(chosen):
        raise ListIsStale(_("Something changed since you looked. Nobody was asked. Look again, then send."))
    emails = [each.person.user.email for each in chosen]
    Invitation.objects.filter(
        cohort=cohort, email__in=emails, used_at=None, revoked_at=None, expires_at__lte=now
    ).update(revoked_at=now)
    for each in chosen:
        _ask(cohort, earlier, each.person, by, now)
    audit.record(
        society=cohort.society, by=by, act="people.ask_again", subject=cohort.code, now=now,
        words=f"Asked {len(chosen)} people of an earlier cohort to take part again.",
    )  # fmt: skip
    return len(chosen)


def _ask(cohort: Cohort, earlier: Cohort, person: Participant, by: User, now: datetime) -> None:
    token = new_token()
    invitation = Invitation.objects.create(
        society=cohort.society, cohort=cohort, email=person.user.email, role=person.role, kind=person.kind,
        digest=digest(token), invited_by=by, invited_at=now, expires_at=now + AGAIN_FOR, earlier=person,
    )  # fmt: skip
    mail.queue(
        to=person.user.email, kind="asked_again", key=f"invited:{invitation.code}", now=now, society=cohort.society,
        about=cohort.code, language=person.user.language, context=_context(cohort, earlier, person, by, token),
    )  # fmt: skip


@transaction.atomic
def decline_again(*, invitation: Invitation, now: datetime) -> Invitation:
    """Say "not this time", with one tap. Whoever changes their mind takes the same link until it expires."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("society").get(pk=invitation.pk)
    over = invitation.used_at or invitation.revoked_at or invitation.expires_at <= now
    if over or invitation.earlier_id is None:
        raise DomainError(_("This invitation is over. Nothing is left to do."))
    if invitation.declined_at is None:
        invitation.declined_at = now
        invitation.save(update_fields=["declined_at"])
        audit.record(
            society=invitation.society, by=None, act="people.decline_again", subject=invitation.code, now=now,
            words=f"A {invitation.role} does not take part again.",
        )  # fmt: skip
    return invitation


def offer_again(*, participant: Participant, last: Participant) -> None:
    """Fill a new place in with what the person said openly in an earlier cohort, and with whom they avoid.

    Consents, the commitment of mentors and what was said in confidence are asked again; the last is
    shown to the person alone, on the pages where it is asked, and counts once it is saved there. Whom
    somebody avoids is kept at once: it can only hold apart.
    """
    for name in _FACTS:
        setattr(participant, name, getattr(last, name))
    participant.earlier = last
    participant.save(update_fields=[*_FACTS, "earlier"])
    mine: dict[str, Any] = {"society": participant.society, "participant": participant}
    words = words_of(participant)
    model: type[Any] = Offer if participant.is_mentor else Need
    if not model.objects.filter(participant=participant).exists():
        rows = model.objects.filter(participant=last).select_related("domain", "topic").order_by("pk")
        more = () if participant.is_mentor else ("urgent",)
        model.objects.bulk_create(
            model(**mine, domain=words[row.key][0], topic=words[row.key][1], level=row.level,
                  **{name: getattr(row, name) for name in more})
            for row in rows if row.key in words
        )  # fmt: skip
    program = participant.cohort.program
    if participant.is_mentor and not Claim.objects.filter(participant=participant).exists():
        keys = set(Claim.objects.filter(participant=last).values_list("experience__key", flat=True))
        known = program.experiences.filter(key__in=keys, retired=False).order_by("pk")
        Claim.objects.bulk_create(Claim(**mine, experience=each) for each in known)
    said = dict(Answer.objects.filter(participant=last).values_list("question__text", "text"))
    asked = program.questions.filter(text__in=said, retired=False, audience__in=("both", participant.role))
    answered = Answer.objects.filter(participant=participant).values("question")
    Answer.objects.bulk_create(
        Answer(**mine, question=each, text=said[each.text])
        for each in {each.text: each for each in asked.exclude(pk__in=answered)}.values()
    )
    _keep_apart(participant, last)


def _keep_apart(participant: Participant, last: Participant) -> None:
    before = PrivateAnswers.objects.filter(participant=last).select_related("society").first()
    own = PrivateAnswers.objects.filter(participant=participant).select_related("society").first()
    if before is None or own is None:
        return
    kept = {name: before.answers[name] for name in ("avoid", "avoid_named") if before.answers.get(name)}
    if kept:
        own.answers = kept | own.answers
        own.save(update_fields=["sealed"])

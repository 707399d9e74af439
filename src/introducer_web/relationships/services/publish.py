"""Preview and publish: exactly who will be told what, and then that, once."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from introducer_web.audit import services as audit
from introducer_web.lib import engine
from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.lib.faults import crash_point
from introducer_web.lib.texts import translated
from introducer_web.mail import services as mail
from introducer_web.matching.models import MatchRun, Order, Tie
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import pairs_apart
from introducer_web.programs.closing import refuse_closed
from introducer_web.programs.models import Cohort, Domain
from introducer_web.relationships.models import Introduction, Publication, Relationship
from introducer_web.relationships.services.drafts import first_message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = [
    "UNTOLD",
    "NothingToPublish",
    "Preview",
    "PreviewIsStale",
    "RunIsSuperseded",
    "WhyNot",
    "preview",
    "publish",
    "send_introductions",
    "tie_mails",
]

#: Fit of a need that an introduction names and no run tied: in part.
UNTOLD = 0.3
#: How long a link in an introduction works.
OPEN_FOR = timedelta(days=21)
State = Relationship.State


class RunIsSuperseded(DomainError):
    """Only the newest finished run of a cohort is published."""


class NothingToPublish(DomainError):
    """All of it is published already, or everybody is left out."""


class PreviewIsStale(DomainError):
    """Somebody changed something between the preview and the publishing."""


@dataclass(frozen=True)
class Preview:
    """Who would be told, and who would not and why.

    Attributes
    ----------
    ties : tuple of Tie
        To be published, in order of mentee and mentor; people and users are loaded.
    left_out : tuple of (Tie, str)
        With the reason in words; an empty one: they were told before.
    seen : str
        A digest of all of it: what is published must be what was seen.
    """

    run: MatchRun
    ties: tuple[Tie, ...]
    left_out: tuple[tuple[Tie, str], ...]
    seen: str

    @property
    def mentees(self) -> int:
        """Number of mentees who would be told."""
        return len({tie.mentee_id for tie in self.ties})

    @property
    def mentors(self) -> int:
        """Number of mentors who would be told."""
        return len({tie.mentor_id for tie in self.ties})


def preview(run: MatchRun, now: datetime) -> Preview:
    """Return what publishing a run would do now."""
    if run.kind != MatchRun.Kind.PROPOSAL:
        raise RunIsSuperseded(_("This run is a trial: nothing of it is published. Save what you chose and run again."))
    refuse_closed(run.cohort)
    done = MatchRun.objects.filter(cohort=run.cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
    newest = done.order_by("-number").first()
    if newest is None or newest.pk != run.pk:
        raise RunIsSuperseded(_("A newer run of this cohort is done. Review and publish that one."))
    ties = list(
        Tie.objects.filter(run=run)
        .select_related("society", "mentee__user", "mentor__user", "mentee__cohort__program", "mentor__cohort__program")
        .order_by("mentee__user__name", "mentee_id", "mentor__user__name", "mentor_id")
    )
    why_not = WhyNot(run, ties, now)
    reasons = [why_not.of(tie) for tie in ties]
    chosen = tuple(tie for tie, reason in zip(ties, reasons, strict=True) if reason is None)
    left_out = tuple((tie, reason) for tie, reason in zip(ties, reasons, strict=True) if reason is not None)
    told = [[tie.code for tie in chosen], [[tie.code, reason] for tie, reason in left_out]]
    return Preview(run, chosen, left_out, hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32])


class WhyNot:
    """Why a tie of a run is not published now; everything that is asked is read once."""

    def __init__(self, run: MatchRun, ties: list[Tie], now: datetime) -> None:
        self.versions = run.summary.get("versions", {})
        self.today = now.date()
        mentors = {tie.mentor.user_id for tie in ties}
        rows = Relationship.objects.filter(
            Q(cohort=run.cohort) | Q(state__in=Relationship.TOGETHER, mentor__user__in=mentors)
        ).values_list("cohort_id", "mentee_id", "mentor_id", "mentor__user_id", "state", "tie__run_id", "tie_id")
        here = [row[1:] for row in rows if row[0] == run.cohort_id]
        together, over = Relationship.TOGETHER, Relationship.OVER
        self.lived = {(mentee, mentor) for mentee, mentor, _user, state, _run, _tie in here if state in together}
        self.over = {(mentee, mentor) for mentee, mentor, _user, state, _run, _tie in here if state in over}
        self.published = {tie for _mentee, _mentor, _user, _state, of, tie in here if of == run.pk}
        self.room = _Room(Counter(row[3] for row in rows if row[4] in together and row[3] in mentors), self.lived)
        vetoes = Order.objects.filter(cohort=run.cohort, kind=Order.Kind.VETO, lifted_at=None)
        self.vetoed = set(vetoes.values_list("mentee_id", "mentor_id"))
        users = {person.user_id for tie in ties for person in (tie.mentee, tie.mentor)}
        self.apart = pairs_apart(users)

    def of(self, tie: Tie) -> str | None:
        """Return the reason, an empty one for what is told already and None for a tie to publish."""
        pair = (tie.mentee_id, tie.mentor_id)
        if tie.pk in self.published or pair in self.lived:
            return ""
        for person in (tie.mentee, tie.mentor):
            reason = self._of_person(person)
            if reason:
                return reason
        if pair in self.vetoed:
            return _("A coordinator vetoed the tie after the run.")
        if frozenset((tie.mentee.user_id, tie.mentor.user_id)) in self.apart:
            return _("A confidential fact was recorded after the run.")
        return self.room.take(tie)

    def _of_person(self, person: Participant) -> str:
        if person.state != Participant.State.ACTIVE:
            return _("%(name)s does not take part any more.") % {"name": person.user}
        if not person.may_be_matched:
            return _("%(name)s does not agree to be matched any more.") % {"name": person.user}
        if person.paused_until is not None and person.paused_until > self.today:
            return _("%(name)s is paused.") % {"name": person.user}
        if self.versions.get(person.code, person.version) != person.version:
            return _("%(name)s changed their answers after the run.") % {"name": person.user}
        return ""


class _Room:
    """The seats that are left now, with mentors over all programs and in the teams of mentees."""

    def __init__(self, seats: Counter[int], lived: Collection[tuple[int, int]]) -> None:
        self.seats = seats
        self.teams = Counter(mentee for mentee, _mentor in lived)

    def take(self, tie: Tie) -> str | None:
        """Take a seat on both sides for a tie; returns why there is none."""
        mentee, mentor, program = tie.mentee, tie.mentor, tie.mentee.cohort.program
        if self.seats[mentor.user_id] >= (program.capacity if mentor.capacity is None else mentor.capacity):
            return _("%(name)s has no seat left.") % {"name": mentor.user}
        if self.teams[mentee.pk] >= (program.team_size if mentee.team_size is None else mentee.team_size):
            return _("%(name)s has as many mentors as they asked for.") % {"name": mentee.user}
        self.seats[mentor.user_id] += 1
        self.teams[mentee.pk] += 1
        return None

    def give_back(self, tie: Tie) -> None:
        """Give a seat back that was taken."""
        self.seats[tie.mentor.user_id] -= 1
        self.teams[tie.mentee_id] -= 1


def tie_mails(tie: Tie) -> list[dict[str, str]]:
    """Return the two mails of a tie as they will arrive: side, to, subject, text, html. Links are not live yet."""
    shown = []
    names = open_names_of(tie.needs, tie.mentee.cohort.program_id)
    for side, person in ((Role.MENTEE, tie.mentee), (Role.MENTOR, tie.mentor)):
        with override(person.user.language):
            context = _context(tie, names, side, "…")
        content = mail.render(f"introduction_{side}", context, person.user.language)
        shown.append({"side": str(side), "to": person.user.email, "name": str(person.user), **content})
    return shown


@transaction.atomic
def publish(
    *, run: MatchRun, by: User, now: datetime, seen: str | None = None, only: Collection[str] | None = None
) -> Publication:
    """Turn ties of a run into relationships, and introduce the people to each other.

    Parameters
    ----------
    seen : str, optional
        ``Preview.seen`` of the page that the coordinator looked at.
    only : collection of str, optional
        Codes of ties: a wave of some. All by default.

    Raises
    ------
    PreviewIsStale
        If what would be told is no longer what was seen. Nothing was told to anybody.
    NothingToPublish
        If nothing is left: a second publishing tells nobody twice.
    """
    Cohort.objects.select_for_update().get(pk=run.cohort_id)
    found = preview(run, now)
    if seen is not None and seen != found.seen:
        raise PreviewIsStale(
            _("Something changed since you opened the preview. Nobody was told anything. Look again, then publish.")
        )
    ties = [tie for tie in found.ties if only is None or tie.code in only]
    if not ties:
        raise NothingToPublish(_("Nothing is left to publish: everybody in it was told already, or is left out."))
    publication = Publication.objects.create(
        society=run.society, run=run, wave=run.publications.count() + 1, by=by, at=now, ties=len(ties),
        left_out=[{"mentee": tie.mentee.code, "mentor": tie.mentor.code, "why": why}
                  for tie, why in found.left_out if why],
    )  # fmt: skip
    for tie in ties:
        relationship = Relationship.objects.create(
            society=run.society, cohort=run.cohort, mentee=tie.mentee, mentor=tie.mentor, tie=tie,
            publication=publication, needs=tie.needs, began_at=now,
        )  # fmt: skip
        crash_point("publish-related")
        send_introductions(relationship, now=now)
    crash_point("publish-queued")
    audit.record(
        society=run.society, by=by, act="relationships.publish", subject=publication.code, now=now,
        words=f"Published {len(ties)} ties of match run {run.number}, wave {publication.wave}.",
    )  # fmt: skip
    return publication


def send_introductions(relationship: Relationship, *, now: datetime, corrects: bool = False) -> None:
    """Queue both sides' introduction, each with a link of its own.

    Parameters
    ----------
    corrects : bool
        Whether it takes the place of an earlier one, whose links are dead from now on. What
        somebody answered already, and wrote to the other, stays.
    """
    mentee, mentor = relationship.mentee, relationship.mentor
    names = open_names_of(relationship.needs, relationship.cohort.program_id)
    earlier = {each.side: each for each in relationship.introductions.all()} if corrects else {}
    for side, person in ((Role.MENTEE, mentee), (Role.MENTOR, mentor)):
        token = new_token()
        introduction = earlier.get(side) or Introduction(
            society=relationship.society, relationship=relationship, side=side
        )
        introduction.digest, introduction.sent_at, introduction.expires_at = digest(token), now, now + OPEN_FOR
        words = introduction.words | {"token": token} if introduction.pk else {"token": token}
        with override(person.user.language):
            context = _context(relationship, names, side, token) | {"corrects": corrects}
            if side == Role.MENTEE and not words.get("first_message"):
                words["first_message"] = first_message(mentee, mentor, context["needs"])
        introduction.words = words
        introduction.save()
        if corrects:
            mail.drop(keys=[f"introduction:{introduction.code}"])
        mail.queue(
            to=person.user.email, kind=f"introduction_{side}", key=_key(introduction, now, corrects=corrects),
            context=context, language=person.user.language, now=now,
            society=relationship.society, about=relationship.cohort.code,
        )  # fmt: skip


def _key(introduction: Introduction, now: datetime, *, corrects: bool) -> str:
    return f"introduction:{introduction.code}" + (f":{now.isoformat()}" if corrects else "")


def _context(pair: Any, names: Mapping[str, str], side: str, token: str) -> dict[str, Any]:
    mentee, mentor = pair.mentee, pair.mentor
    own, other = (mentee, mentor) if side == Role.MENTEE else (mentor, mentee)
    said = list(dict.fromkeys(map(translated, names.values())))
    return {
        "society": pair.society, "program": mentee.cohort.program, "person": own.user, "other": other.user,
        "other_part": other, "needs": said, "path": f"/a/{token}/",
        "picture": _picture(pair, names) if side == Role.MENTEE and names else "",
    }  # fmt: skip


def _picture(pair: Any, names: Mapping[str, str]) -> str:
    """Draw what the mail says in words, for mail programs that show it: one mentor, and what they are there for.

    What was tied before the platform, or named by hand, is drawn as covered in part: no run says more.
    """
    tie = pair if isinstance(pair, Tie) else pair.tie
    best = dict.fromkeys(map(translated, names.values()), UNTOLD)
    for key, fit in (tie.fits if tie else {}).items():
        if key in names:
            name = translated(names[key])
            best[name] = max(best[name], fit)
    mentor = str(pair.mentor.user)
    title = _("%(name)s, for %(needs)s") % {"name": mentor, "needs": ", ".join(best)}
    directions = [(name, 2, fit, False) for name, fit in best.items()]
    return engine.picture(directions, [(mentor, dict(enumerate(best.values())))], title, alone=True)


def open_names_of(keys: Iterable[str], program_id: int) -> dict[str, str]:
    """Return, by key of a domain or topic, the name of the domain; a sensitive one has none.

    These may stand in a mail or on the other side's page.
    """
    domains = {key: key.partition(".")[0] for key in keys}
    rows = Domain.objects.filter(program_id=program_id, key__in=set(domains.values()), sensitive=False)
    names = dict(rows.values_list("key", "name"))
    return {key: names[domain] for key, domain in domains.items() if domain in names}

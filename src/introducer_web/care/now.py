"""What needs a coordinator of a cohort now: who, since when, and the one next thing to do.

It reads what is introduced and lived, open needs, and mails that failed. It knows nothing of notes, feedback, private
needs or sensitive ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.care.kinds import KINDS
from introducer_web.care.look import (
    agreed_at,
    away_until,
    coming_plans,
    days_unanswered,
    may_be_reminded,
    other_of,
    side_of,
    subject_of,
    waited_since,
    waiting_sides,
)
from introducer_web.care.models import Reminder, Silence
from introducer_web.finding.models import Request
from introducer_web.goals.models import FreshLook
from introducer_web.mail.models import Message
from introducer_web.matching.models import MatchRun
from introducer_web.people.models import Need, Participant, Role
from introducer_web.relationships.models import Introduction, Relationship, SwapRequest
from introducer_web.relationships.views_messages import KINDS as MAILS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from introducer_web.care.models import Rung
    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

__all__ = ["Act", "Row", "Section", "sections_of"]

State = Relationship.State
#: What ended longer ago is history.
RECENT = timedelta(days=60)
#: A coordinator who wrote to the two waits so long before the next step is another one.
_WROTE = timedelta(days=7)
_MAILS = 200
#: Kinds that lead to somebody new, or to a reminder.
_OPEN = {"away", "requests", "expired", "ended", "not_met", "quiet", "uncovered"}


@dataclass(frozen=True)
class Act:
    """The one next action of a row: a link, or a button that posts."""

    label: str
    url: str
    posts: bool = False
    warns: str = ""  # what it does that cannot be taken back: read before the button is there


@dataclass(frozen=True)
class Row:
    """One thing that needs somebody."""

    who: str
    says: str
    since: datetime | None
    act: Act


@dataclass
class Section:
    """The rows of one kind, the oldest first."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)


def sections_of(society: Society, cohort: Cohort, now: datetime, rungs: Iterable[Rung]) -> list[Section]:
    """Return what needs somebody in a cohort, by kind; kinds without rows are left out.

    Nobody is looked for in a cohort that is closed, and nobody is reminded there.
    """
    seen = _Seen(society, cohort, now, {rung.kind: rung.days for rung in rungs})
    found = [
        Section("swaps", _("Asked for another mentor"), list(seen.swaps())),
        Section("looks", _("Asked for a fresh look at the match"), list(seen.looks())),
        Section("unanswered", _("Not answered"), list(seen.unanswered())),
        Section("requests", _("Asked a mentor, no answer"), list(seen.requests())),
        Section("away", _("Mentor away, introduction open"), list(seen.away())),
        Section("expired", _("Closed, not answered"), list(seen.over((State.EXPIRED,)))),
        Section("ended", _("Ended, nobody new yet"), list(seen.over((State.ENDED, State.DECLINED, State.RECALLED)))),
        Section("not_met", _("Not yet met"), list(seen.not_met())),
        Section("quiet", _("Quiet"), list(seen.quiet())),
        Section("crowded", _("More mentees than seats"), list(seen.crowded())),
        Section("uncovered", _("Not covered"), list(seen.uncovered())),
        Section("mails", _("Mails that could not be sent"), list(seen.mails())),
    ]
    for section in found:
        section.rows.sort(key=lambda row: row.since or now)
    return [section for section in found if section.rows and not (cohort.is_closed and section.key in _OPEN)]


class _Seen:
    """One cohort, read once: its relationships, its mentees and what they ask for openly."""

    def __init__(self, society: Society, cohort: Cohort, now: datetime, days: Mapping[str, int]) -> None:
        self.society, self.cohort, self.now, self.today = society, cohort, now, now.date()
        self.days = {kind.key: kind.days for kind in KINDS} | dict(days)
        self.pairs = list(self._pairs())
        self.mentees = list(self._mentees())
        self.run = self.mentees[0].run if self.mentees else None
        self.together = [row for row in self.pairs if row.state in (State.INTRODUCED, State.ACTIVE)]
        self.told_over: set[int] = set()

    def _pairs(self) -> Any:
        live = Q(state__in=(State.INTRODUCED, State.ACTIVE))
        sides = Introduction.objects.defer("sealed").order_by("side")
        swap = SwapRequest.objects.filter(relationship=OuterRef("pk"), settled_at=None).values("asked_at")[:1]
        wrote = Reminder.objects.filter(relationship=OuterRef("pk"), by_hand=True).order_by().values("relationship")
        coming = coming_plans(self.now).filter(relationship=OuterRef("pk"))
        silent = Silence.objects.filter(relationship=OuterRef("pk"), until__gt=self.now)
        load = Relationship.objects.filter(mentor__user=OuterRef("mentor__user"), state=State.ACTIVE).order_by()
        return (
            Relationship.objects.filter(live | Q(ended_at__gte=self.now - RECENT), cohort=self.cohort)
            .select_related("mentee__user", "mentor__user", "hold")
            .prefetch_related(Prefetch("introductions", sides))
            .annotate(
                swap_at=Subquery(swap),
                planned=Exists(coming),
                mentee_silent=Exists(silent.filter(person=OuterRef("mentee"))),
                mentor_silent=Exists(silent.filter(person=OuterRef("mentor"))),
                wrote_at=Subquery(wrote.annotate(last=Max("at")).values("last")),
                load=Subquery(load.values("mentor__user").annotate(n=Count("pk")).values("n")),
            )
            .order_by("began_at", "pk")
        )

    def _mentees(self) -> Any:
        run = MatchRun.objects.filter(cohort=self.cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
        here = Participant.objects.filter(cohort=self.cohort, role=Role.MENTEE, state=Participant.State.ACTIVE)
        look = FreshLook.objects.filter(mentee=OuterRef("pk"), settled_at=None).values("asked_at")[:1]
        return (
            here.select_related("user")
            .annotate(run=Subquery(run.order_by("-number").values("code")[:1]), look_at=Subquery(look))
            .order_by("user__name", "pk")
        )

    def _to(self, name: str, *codes: str) -> str:
        return reverse(name, args=[self.society.slug, self.cohort.code, *codes])

    def _look_for(self, mentee: Participant) -> Act:
        """Return the way to somebody else for a mentee: their constellation in the newest run, or the supply."""
        if self.run:
            return Act(_("Look for a mentor"), self._to("constellation_show", self.run, mentee.code))
        return Act(_("See who offers what"), self._to("people_supply"))

    def _write(self, row: Any, people: Iterable[Participant], instead: Act) -> Act:
        """Return the button that writes again; who was written to within a week needs another step.

        So do two of whom nobody would get it: away, silent, or with somebody who has left.
        """
        wrote = row.wrote_at is not None and self.now - row.wrote_at < _WROTE
        if wrote or not any(self._would_get(person, row) for person in people):
            return instead
        return Act(_("Write again"), self._to("care_write", row.code), posts=True)

    def _would_get(self, person: Participant, row: Any) -> bool:
        silent = row.mentor_silent if person.pk == row.mentor_id else row.mentee_silent
        there = may_be_reminded(person, subject_of(person, row)) and not away_until(person, self.today)
        return there and not silent and other_of(row, person).state == Participant.State.ACTIVE

    def _withdraw(self, row: Relationship) -> Act:
        warns = _("Both links end, and whoever was told gets a short mail without a reason.")
        return Act(_("Withdraw the introduction"), self._to("relationship_recall", row.code), posts=True, warns=warns)

    def swaps(self) -> Iterator[Row]:
        """Yield who asked for somebody else."""
        for row in self.together:
            if row.swap_at is not None:
                says = _("would like another mentor instead of %(name)s.") % {"name": row.mentor.user}
                act = Act(_("Settle it"), self._to("relationship_list"))
                yield Row(str(row.mentee.user), says, row.swap_at, act)

    def _waiting(self) -> Iterator[Any]:
        return (row for row in self.together if row.state == State.INTRODUCED and row.swap_at is None)

    def unanswered(self) -> Iterator[Row]:
        """Yield introductions that nobody answered for as long as the ladder waits, pauses left out."""
        for row in self._waiting():
            days = days_unanswered(row, self.now)
            if days is None or days < self.days["unanswered"]:
                continue
            asked = [side_of(row, each.side) for each in waiting_sides(row)]
            says = ngettext(
                "%(names)s: no answer for %(days)s day.", "%(names)s: no answer for %(days)s days.", days
            ) % {"names": _(" and ").join(str(each.user) for each in asked), "days": days}  # fmt: skip
            dead = any(each.expires_at <= self.now for each in waiting_sides(row))
            act = self._withdraw(row) if dead else self._write(row, asked, self._withdraw(row))
            yield Row(_two(row), says, waited_since(row), act)

    def requests(self) -> Iterator[Row]:
        """Yield who asked a mentor some days ago and has no answer; each ends by itself, and says nothing of either."""
        waits = Request.objects.filter(mentee__cohort=self.cohort, state=Request.State.OPEN)
        for row in waits.select_related("mentee__user", "mentor__user").defer("sealed").order_by("expires_at", "pk"):
            days = (self.now - row.waits_since).days
            if days < self.days["request"] or away_until(row.mentor, self.today):
                continue
            says = ngettext(
                "asked %(name)s %(days)s day ago.", "asked %(name)s %(days)s days ago.", days
            ) % {"name": row.mentor.user, "days": days}  # fmt: skip
            yield Row(str(row.mentee.user), says, row.waits_since, self._look_for(row.mentee))

    def looks(self) -> Iterator[Row]:
        """Yield who asked that the match be looked at once more for them."""
        for mentee in self.mentees:
            if mentee.look_at is not None:
                act = Act(_("See what few changes would bring"), self._to("look_list"))
                says = _("asks whether somebody else would help more by now.")
                yield Row(str(mentee.user), says, mentee.look_at, act)

    def away(self) -> Iterator[Row]:
        """Yield introductions that wait for a mentor who is paused."""
        for row in self._waiting():
            until = away_until(row.mentor, self.today)
            if until is not None and any(each.side == Role.MENTOR for each in waiting_sides(row)):
                says = _("%(name)s is away until %(day)s; the days do not count.") % {
                    "name": row.mentor.user, "day": date_format(until, "DATE_FORMAT")}  # fmt: skip
                yield Row(_two(row), says, waited_since(row), self._look_for(row.mentee))

    def over(self, states: tuple[str, ...]) -> Iterator[Row]:
        """Yield mentees with whom something ended within the last weeks, and who have nobody new since."""
        newest: dict[int, datetime] = {}
        for row in self.together:
            newest[row.mentee_id] = max(row.began_at, newest.get(row.mentee_id, row.began_at))
        active = {mentee.pk for mentee in self.mentees}
        for row in self.pairs:
            if row.state not in states or row.mentee_id not in active or row.mentee_id in self.told_over:
                continue
            if row.mentee_id in newest and newest[row.mentee_id] > row.ended_at:
                continue
            self.told_over.add(row.mentee_id)
            says = {
                State.EXPIRED: _("the introduction of %(name)s was closed without an answer."),
                State.DECLINED: _("the introduction of %(name)s did not begin."),
                State.RECALLED: _("the introduction of %(name)s was withdrawn."),
            }.get(row.state, _("what was lived with %(name)s has ended.")) % {"name": row.mentor.user}
            yield Row(str(row.mentee.user), says, row.ended_at, self._look_for(row.mentee))

    def _lived(self) -> Iterator[Any]:
        """Return what is lived and needs looking after; who has agreed on a time to come needs nobody."""
        return (row for row in self.together if row.state == State.ACTIVE and row.swap_at is None and not row.planned)

    def not_met(self) -> Iterator[Row]:
        """Yield who agreed some weeks ago and has noted no conversation."""
        for row in self._lived():
            since = agreed_at(row)
            days = (self.now - since).days
            if row.last_contact_on is None and days >= self.days["first_meeting"]:
                says = ngettext(
                    "both agreed %(days)s day ago; no conversation is noted.",
                    "both agreed %(days)s days ago; no conversation is noted.", days,
                ) % {"days": days}  # fmt: skip
                yield Row(_two(row), says, since, self._write(row, (row.mentee, row.mentor), self._call(row)))

    def quiet(self) -> Iterator[Row]:
        """Yield who has noted no conversation for some weeks."""
        for row in self._lived():
            if row.last_contact_on is None:
                continue
            days = (self.today - row.last_contact_on).days
            if days >= self.days["quiet"]:
                says = ngettext("last talked %(days)s day ago.", "last talked %(days)s days ago.", days) % {
                    "days": days}  # fmt: skip
                since = datetime.combine(row.last_contact_on, time(), UTC)
                yield Row(_two(row), says, since, self._write(row, (row.mentee, row.mentor), self._call(row)))

    def _call(self, row: Relationship) -> Act:
        """Return the way to the mentee's page, where their address stands: a second mail would not help."""
        return Act(_("Ask %(name)s yourself") % {"name": row.mentee.user}, self._to("people_person", row.mentee.code))

    def crowded(self) -> Iterator[Row]:
        """Yield mentors who have more mentees, over all programs, than seats."""
        told = set()
        for row in self.together:
            mentor = row.mentor
            seats = self.cohort.program.capacity if mentor.capacity is None else mentor.capacity
            if row.state == State.ACTIVE and (row.load or 0) > seats and mentor.pk not in told:
                told.add(mentor.pk)
                says = ngettext(
                    "%(mentees)s mentee over all programs; seats: %(seats)s.",
                    "%(mentees)s mentees over all programs; seats: %(seats)s.", row.load,
                ) % {"mentees": row.load, "seats": seats}  # fmt: skip
                act = Act(_("Ask, and set the seats"), self._to("people_person", mentor.code))
                yield Row(str(mentor.user), says, None, act)

    def uncovered(self) -> Iterator[Row]:
        """Yield mentees with nobody, or with open needs that nobody is there for; sensitive ones are left out.

        Before anything was introduced in a cohort it says nothing: then the match is what comes next. Nor where
        a relationship began elsewhere: what it is there for was never said.
        """
        if not self.pairs:
            return
        mentors: dict[int, list[Relationship]] = {}
        for row in self.together:
            mentors.setdefault(row.mentee_id, []).append(row)
        needs = self._open_needs()
        for mentee in self.mentees:
            if mentee.pk in self.told_over or not mentee.may_be_matched or away_until(mentee, self.today):
                continue
            here = mentors.get(mentee.pk, [])
            covered = {key for row in here for key in row.needs}
            missing = [name for key, name in needs.get(mentee.pk, {}).items() if key not in covered]
            if not here:
                yield Row(str(mentee.user), _("has nobody yet."), mentee.decided_at, self._look_for(mentee))
            elif missing and all(row.needs for row in here):
                says = _("nobody yet for %(needs)s.") % {"needs": ", ".join(missing)}
                yield Row(str(mentee.user), says, mentee.decided_at, self._look_for(mentee))

    def _open_needs(self) -> dict[int, dict[str, str]]:
        rows = (
            Need.objects.filter(participant__cohort=self.cohort, domain__sensitive=False)
            .exclude(topic__sensitive=True)
            .select_related("domain", "topic")
            .order_by("-level", "domain__place", "pk")
        )
        found: dict[int, dict[str, str]] = {}
        for need in rows:
            name = f"{need.domain.title}: {need.topic.title}" if need.topic else need.domain.title
            found.setdefault(need.participant_id, {})[need.key] = name
        return found

    def mails(self) -> Iterator[Row]:
        """Yield mails that could not be sent."""
        failed = Message.objects.filter(about=self.cohort.code, state=Message.State.FAILED).defer("sealed")
        for row in failed.order_by("created_at", "pk")[:_MAILS]:
            says = _("%(mail)s: %(why)s.") % {"mail": MAILS.get(row.kind, row.kind), "why": row.error}
            act = Act(_("Try again"), self._to("message_again", row.code), posts=True)
            yield Row(row.to, says, row.created_at, act)


def _two(row: Relationship) -> str:
    return _("%(mentee)s and %(mentor)s") % {"mentee": row.mentee.user, "mentor": row.mentor.user}

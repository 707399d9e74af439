"""What the homes of mentees and mentors show, gathered in a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.matching.models import Constellation
from introducer_web.people.languages import language_names
from introducer_web.people.models import Role
from introducer_web.relationships.models import Introduction, OrganicTie, Relationship, SwapRequest
from introducer_web.relationships.services.publish import UNTOLD
from introducer_web.relationships.vocabulary import open_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.relationships.vocabulary import Named

__all__ = ["Home", "Introduced", "Lived", "NeedLine", "introduced", "lived_of", "mentee_home", "organic_of"]

#: How well somebody covers a need of whom nothing but that is known.
_LIVED = 0.5

State = Relationship.State


@dataclass(frozen=True)
class Lived:
    """A relationship as one of the two sees it."""

    relationship: Relationship
    other: Participant
    own: Introduction | None
    needs: tuple[str, ...]
    state: str
    contact: str
    waits_for_me: bool
    link: str
    swap_asked: bool
    kept: bool  # by whoever looks; what the other side asked is not theirs to see


@dataclass(frozen=True)
class NeedLine:
    """What a mentee asked for, and who is there for it. A private one is theirs to see."""

    name: str
    level: int
    by: tuple[str, ...]
    private: bool
    fit: float
    urgent: bool = False
    key: str = ""

    @property
    def band(self) -> int:
        """0 nobody, 1 in part, 2 well, 3 very well."""
        return 0 if self.fit <= 0 else 1 + (self.fit > 1 / 3) + (self.fit > 2 / 3)


@dataclass(frozen=True)
class Introduced:
    """What one side of an introduction sees of the other: plain facts, why they are introduced, what else."""

    facts: tuple[tuple[str, str], ...]
    why: tuple[NeedLine, ...]
    more: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    """A mentee's constellation as it is lived: what was told to them, and nothing that was not."""

    needs: tuple[NeedLine, ...]
    picture: str
    covered: int
    people: int  # who is there: mentors, and those whom the mentee added


def lived_of(person: Participant, words: Mapping[str, Named], now: datetime) -> list[Lived]:
    """Return the relationships that a person knows of, those that wait for them first; names from ``words``."""
    side = Role.MENTOR if person.is_mentor else Role.MENTEE
    mine = {"mentor": person} if person.is_mentor else {"mentee": person}
    rows = (
        Relationship.objects.filter(**mine, state__in=(State.INTRODUCED, State.ACTIVE))
        .select_related("mentor__user", "mentee__user")
        .prefetch_related("introductions")
        .annotate(swap_asked=Exists(SwapRequest.objects.filter(relationship=OuterRef("pk"), settled_at=None)))
        .order_by("began_at", "pk")
    )
    names = open_names(words, {key for row in rows for key in row.needs})
    return sorted((_lived(row, side, names, now) for row in rows), key=lambda each: not each.waits_for_me)


def _lived(row: Any, side: str, names: dict[str, str], now: datetime) -> Lived:
    other = row.mentee if side == Role.MENTOR else row.mentor
    own = next((each for each in row.introductions.all() if each.side == side), None)
    waits = row.state == State.INTRODUCED and own is not None and own.answer in ("none", "asked")
    is_late = waits and own is not None and own.expires_at <= now
    waits = waits and not is_late
    if is_late:
        state = _("not answered in time")
    elif row.state == State.ACTIVE:
        state = _("you both agreed")
    elif waits:
        state = _("waits for your answer")
    else:
        state = _("waits for an answer")
    needs = tuple(dict.fromkeys(names[key] for key in row.needs if names.get(key)))
    contact = other.user.email if row.state == State.ACTIVE else ""
    link = f"/a/{own.words['token']}/" if waits else ""
    kept = (row.mentor_keeps_at if side == Role.MENTOR else row.mentee_keeps_at) is not None
    return Lived(row, other, own, needs, state, contact, waits, link, row.swap_asked, kept)


def introduced(relationship: Relationship, side: str) -> Introduced:
    """Return what one side sees of the other before answering: open things alone, and no sensitive domain."""
    mentee, mentor = relationship.mentee, relationship.mentor
    own_mentor = side == Role.MENTOR
    asked = {need.key: need for need in _open(mentee.needs)}
    offered = {offer.key: offer for offer in _open(mentor.offers)}
    fits = relationship.tie.fits if relationship.tie else {}
    lines = tuple(
        NeedLine(_named(asked[key]), asked[key].level, (), False, fits.get(key, UNTOLD), asked[key].urgent)
        for key in dict.fromkeys(relationship.needs)
        if key in asked
    )
    rest = asked if own_mentor else offered
    more = tuple(_named(row) for key, row in rest.items() if key not in relationship.needs)
    return Introduced(_facts(mentee if own_mentor else mentor), lines, more)


def _open(rows: Any) -> list[Any]:
    plain = rows.filter(domain__sensitive=False).exclude(topic__sensitive=True)
    return list(plain.select_related("domain", "topic").order_by("-level", "domain__place", "pk"))


def _named(row: Any) -> str:
    return f"{row.domain.title}: {row.topic.title}" if row.topic else str(row.domain.title)


def _facts(person: Participant) -> tuple[tuple[str, str], ...]:
    """Return the plain facts of somebody that partners see, with what each is called."""
    words = engine.template_vocabulary(person.cohort.program.template)
    stages = {stage.id: stage.name for stage in words.stages}
    names = {
        term.id: translated(term.name) for term in (*words.settings, *words.routes, *words.procedures, *words.roles)
    }

    def listed(codes: Iterable[str]) -> str:
        return ", ".join(names.get(code, code) for code in codes)

    told = (
        (_("Where in the career"), translated(stages.get(person.stage, person.stage))),
        (_("Institution"), person.institution or (person.site.institution if person.site else "")),
        (_("Kind of practice"), listed(person.settings)),
        (_("Way of training"), listed(person.routes)),
        (_("Procedures"), listed(person.procedures)),
        (_("Would like to be") if person.is_mentor else _("Hopes for"), listed(person.roles)),
        (_("Region"), person.region),
        (_("Languages"), ", ".join(language_names(person.languages))),
        (_("Usually answers within"), person.get_answers_within_display() if person.answers_within else ""),
    )
    return tuple((name, said) for name, said in told if said)


def organic_of(person: Participant) -> list[OrganicTie]:
    """Return the people whom a mentee added, in any of their places in the society; those that ended not. One query."""
    rows = OrganicTie.objects.filter(mentee__user_id=person.user_id).exclude(state=OrganicTie.State.ENDED)
    return list(rows.select_related("society").order_by("claimed_at", "pk"))


def mentee_home(
    person: Participant,
    together: Sequence[Relationship],
    organic: Sequence[OrganicTie],
    words: Mapping[str, Named],
) -> Home:
    """Return a mentee's needs with who is there for each, and the picture of it.

    Fits and private coverage come from the runs whose ties were published; a mentor of a run
    that was not published is not known here. Whom the mentee added covers what the mentee says, and a
    mentor also what one of the two says that it is about.
    """
    names = {each.mentor.code: str(each.mentor.user) for each in together}
    added = {tie.code: tie.facts for tie in organic if tie.is_open}
    names |= {code: facts["name"] for code, facts in added.items()}
    about = {each.mentor.code: each.about for each in together}
    about |= {code: facts["domains"] for code, facts in added.items()}
    fits = _fits(person, together)
    lines = []
    for key, name, level, private in _asked(person, words):
        fit, by = fits.get(key, (0.0, ()))
        domain = key.partition(".")[0]
        own = tuple(code for code, domains in about.items() if domain in domains and code not in by)
        fit = max(fit, _LIVED) if own else fit
        lines.append(
            (NeedLine(name, level, tuple(names[code] for code in (*by, *own)), private, fit, key=key), by + own)
        )
    directions = [(line.name, line.level, line.fit, False) for line, _by in lines]
    stars = [(name, {k: line.fit for k, (line, by) in enumerate(lines) if code in by}) for code, name in names.items()]
    covered = sum(line.fit > 0 for line, _by in lines)
    title = _("%(covered)s of %(asked)s needs covered by %(mentors)s mentors") % {
        "covered": covered, "asked": len(lines), "mentors": len(names),
    }  # fmt: skip
    drawn = engine.picture(directions, stars, title) if lines else ""
    return Home(tuple(line for line, _by in lines), drawn, covered, len(names))


def _fits(person: Participant, relationships: Sequence[Relationship]) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Return by need how well it is covered, and the codes of those who do."""
    together = {each.mentor.code for each in relationships}
    runs = {each.publication_id for each in relationships}
    found = (
        Constellation.objects.filter(mentee=person, run__publications__in=[run for run in runs if run])
        .select_related("society").order_by("run__number").distinct()
    )  # fmt: skip
    fits: dict[str, tuple[float, tuple[str, ...]]] = {}
    for row in found:
        for need in row.needs:
            by = tuple(code for code in need["by"] if code in together)
            if by:
                fits[need["key"]] = (need["fit"], by)
        for key, codes in row.words.get("private", {}).items():
            by = tuple(code for code in codes if code in together)
            if by:
                fits[key] = (1.0, by)
    for each in relationships:
        for key in each.needs:
            fits.setdefault(key, (_LIVED, (each.mentor.code,)))
    return fits


def _asked(person: Participant, words: Mapping[str, Named]) -> list[tuple[str, str, int, bool]]:
    """Return key, name, level and privacy of what a mentee asked for, the greatest need first."""
    rows = [
        (need.key, f"{need.domain.title}: {need.topic.title}" if need.topic else need.domain.title, need.level, False)
        for need in person.needs.select_related("domain", "topic")
    ]
    held = getattr(person, "private_answers", None)
    private = held.answers.get("needs", {}) if held else {}
    for key, level in private.items():
        named = words.get(key) or words.get(key.partition(".")[0])
        if named and level:
            rows.append((key, named.title, level, True))
    return sorted(rows, key=lambda row: (-row[2], row[1]))

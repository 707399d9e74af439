"""The steps of joining: what each asks, reads from a form, and saves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.people import services
from introducer_web.people.forms import AboutForm, QuestionsForm
from introducer_web.people.known import folded, known_as
from introducer_web.people.models import Consent, Participant, PrivateAnswers, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import QueryDict

__all__ = ["Asked", "attribute_names", "context_of", "save_step", "steps_of", "title_of"]


@dataclass(frozen=True)
class Asked:
    """One line of a grid: a domain, a topic, an experience or an attribute, with what was said."""

    key: str
    name: str
    text: str
    level: int = 0
    private: bool = False
    urgent: bool = False
    sensitive: bool = False
    topics: tuple[Asked, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a topic of it was said."""
        return any(topic.level for topic in self.topics)


def steps_of(participant: Participant) -> list[str]:
    """Return the steps of a person, in order."""
    program = participant.cohort.program
    steps = ["about", "offers" if participant.is_mentor else "needs"]
    if not participant.is_mentor and program.privacy != program.Privacy.NEUTRAL:
        steps.append("wishes")
    if program.privacy == program.Privacy.BACKGROUND:
        steps.append("private")
    steps.append("avoid")
    if _questions(participant).exists():
        steps.append("questions")
    return [*steps, "send"]


def title_of(step: str) -> str:
    """Return what a step is called."""
    return {
        "about": _("About you"),
        "needs": _("What would you like help with?"),
        "offers": _("What can you help with?"),
        "wishes": _("What matters to you in a mentor?"),
        "private": _("What only the match may use"),
        "avoid": _("Somebody to avoid?"),
        "questions": _("A few questions of this program"),
        "send": _("Look it over, and send"),
    }[step]


def attribute_names(participant: Participant) -> dict[str, str]:
    """Return the names of private attributes by key."""
    terms = engine.template_vocabulary(participant.cohort.program.template).attributes
    return {term.id: term.name for term in terms}


def _questions(participant: Participant) -> Any:
    asked = participant.cohort.program.questions.filter(retired=False)
    return asked.filter(Q(audience="both") | Q(audience=participant.role)).order_by("place", "pk")


def context_of(participant: Participant, step: str, posted: QueryDict | None = None) -> dict[str, Any]:
    """Return what the page of a step shows."""
    return _CONTEXTS[step](participant, posted)


def save_step(participant: Participant, step: str, posted: QueryDict, now: datetime) -> Any:
    """Save a step; returns a form with what is wrong, or nothing."""
    return _SAVES[step](participant, posted, now)


def _private(participant: Participant) -> Mapping[str, Any]:
    held = getattr(participant, "private_answers", None)
    answers: Mapping[str, Any] = held.answers if held else {}
    return answers


def _shown(participant: Participant, part: str) -> Mapping[str, Any]:
    """Return a part of what was said in confidence, as its page shows it.

    Somebody who takes part again finds what they said last time there; it counts once they save it.
    """
    own = _private(participant)
    if part in own:
        return own[part] or {}
    return _last_time(participant).get(part) or {}


def _last_time(participant: Participant) -> Mapping[str, Any]:
    if participant.earlier_id is None or participant.state != Participant.State.DRAFT:
        return {}
    held = PrivateAnswers.objects.filter(participant=participant.earlier_id).select_related("society").first()
    return held.answers if held else {}


def _level(text: str | None) -> int:
    return int(text) if text in ("1", "2", "3") else 0


# About


def _about(participant: Participant, posted: QueryDict | None) -> dict[str, Any]:
    return {"form": AboutForm(posted, participant=participant)}


def _save_about(participant: Participant, posted: QueryDict, now: datetime) -> AboutForm | None:
    form = AboutForm(posted, participant=participant, whole=not posted.get("then"))
    if not form.is_valid():
        return form
    services.save_about(participant=participant, now=now, **form.cleaned_data)
    return None


# Needs and offers


def _grid(participant: Participant, posted: QueryDict | None) -> dict[str, Any]:
    rows = participant.offers if participant.is_mentor else participant.needs
    said = {row.key: row for row in rows.select_related("domain", "topic")}
    private = {} if participant.is_mentor else _shown(participant, "needs")

    def asked(key: str, word: Any, topics: tuple[Asked, ...] = ()) -> Asked:
        level = private.get(key) or (said[key].level if key in said else 0)
        urgent = key in said and getattr(said[key], "urgent", False)
        return Asked(key, word.title, word.meaning, level, key in private, urgent, word.sensitive, topics)

    grid = []
    domains = participant.cohort.program.domains.filter(retired=False).order_by("place", "pk")
    for domain in domains.prefetch_related("topics"):
        inside = sorted((each for each in domain.topics.all() if not each.retired), key=lambda each: each.place)
        topics = tuple(asked(f"{domain.key}.{topic.key}", topic) for topic in inside)
        grid.append(asked(domain.key, domain, topics))
    context: dict[str, Any] = {"grid": grid, "participant": participant}
    if participant.is_mentor:
        claimed = set(participant.claims.values_list("experience__key", flat=True))
        experiences = participant.cohort.program.experiences.filter(retired=False).order_by("place", "pk")
        context["experiences"] = [Asked(e.key, e.title, e.meaning, level=int(e.key in claimed)) for e in experiences]
    return context


def _save_grid(participant: Participant, posted: QueryDict, now: datetime) -> None:
    levels = {key.removeprefix("level:"): _level(posted[key]) for key in posted if key.startswith("level:")}
    experiences = posted.getlist("experience") if participant.is_mentor else None
    services.save_levels(
        participant=participant, levels=levels, private=posted.getlist("private"), urgent=posted.getlist("urgent"),
        experiences=experiences, now=now,
    )  # fmt: skip
    if participant.is_mentor:
        seats = posted.get("capacity", "")
        capacity = min(20, int(seats)) if seats.isdecimal() else None
        services.save_about(participant=participant, now=now, capacity=capacity)
    else:
        size = posted.get("team_size", "")
        services.save_about(participant=participant, now=now, team_size=min(5, int(size)) if size.isdecimal() else None)


# Wishes


def _wishes(participant: Participant, posted: QueryDict | None) -> dict[str, Any]:
    said = _shown(participant, "wishes")
    program = participant.cohort.program
    experiences = program.experiences.filter(retired=False).order_by("place", "pk")
    grid = [Asked(e.key, e.title, e.meaning, said.get(e.key, 0), sensitive=e.sensitive) for e in experiences]
    shared = []
    if program.privacy == program.Privacy.BACKGROUND:
        shared = [
            Asked(f"same:{term.id}", translated(term.name), translated(term.text), said.get(f"same:{term.id}", 0))
            for term in engine.template_vocabulary(program.template).attributes
        ]
    return {"grid": grid, "shared": shared}


def _save_wishes(participant: Participant, posted: QueryDict, now: datetime) -> None:
    context = _wishes(participant, None)
    keys = {asked.key for asked in (*context["grid"], *context["shared"])}
    wishes = {key: _level(posted.get(f"level:{key}")) for key in keys}
    services.save_wishes(participant=participant, wishes=wishes, now=now)


# Private attributes


def _attributes(participant: Participant, posted: QueryDict | None) -> dict[str, Any]:
    said = _shown(participant, "attributes")
    agreed = set(participant.consents.filter(withdrawn_at=None).values_list("attribute", "purpose"))
    rows = []
    for term in engine.template_vocabulary(participant.cohort.program.template).attributes:
        uses = [(value, label, (term.id, value) in agreed) for value, label in Consent.Purpose.choices]
        rows.append({"key": term.id, "name": translated(term.name), "text": translated(term.text),
                     "words": "; ".join(said.get(term.id, [])), "uses": uses})  # fmt: skip
    return {"attributes": rows}


def _save_attributes(participant: Participant, posted: QueryDict, now: datetime) -> None:
    attributes: dict[str, list[str]] = {}
    consents = []
    for row in _attributes(participant, None)["attributes"]:
        words = [word.strip()[:80] for word in posted.get(f"words:{row['key']}", "").split(";")]
        attributes[row["key"]] = [word for word in words if word][:8]
        consents += [(row["key"], use) for use, _label, _on in row["uses"] if posted.get(f"use:{row['key']}:{use}")]
    services.save_private(participant=participant, attributes=attributes, consents=consents, now=now)


# Whom to avoid


def _others(participant: Participant) -> Any:
    role = Role.MENTEE if participant.is_mentor else Role.MENTOR
    found = Participant.objects.filter(cohort=participant.cohort, role=role).exclude(user=participant.user)
    return found.exclude(state__in=("withdrawn", "declined")).select_related("user").order_by("user__name", "pk")


def _avoid(participant: Participant, posted: QueryDict | None) -> dict[str, Any]:
    """Return whom a person avoids; the names of others are for who takes part alone."""
    said = _private(participant)
    avoided = set(said.get("avoid", []))
    others = list(_others(participant))
    context: dict[str, Any] = {"named": "\n".join(said.get("avoid_named", ()))}
    shown = [(each.user.code, str(each.user), each.institution) for each in others]
    context["avoided"] = [other for other in shown if other[0] in avoided]
    if participant.state == Participant.State.ACTIVE:
        known = known_as(others)
        context["others"] = [other for other in shown if other[0] not in avoided]
        context["unknown"] = [name for name in said.get("avoid_named", ()) if folded(name) not in known]
    return context


def _save_avoid(participant: Participant, posted: QueryDict, now: datetime) -> None:
    known = {each.user.code for each in _others(participant)}
    before = _private(participant).get("avoid", [])
    elsewhere = [code for code in before if code not in known]
    offered = known if participant.state == Participant.State.ACTIVE else known & set(before)
    chosen = [code for code in (*posted.getlist("avoid"), *posted.getlist("more")) if code in offered]
    named = [" ".join(line.split())[:160] for line in posted.get("named", "").splitlines()][:40]
    services.save_avoid(
        participant=participant, codes=[*elsewhere, *chosen], named=[line for line in named if line], now=now
    )


# Questions of the program's own


def _own(participant: Participant, posted: QueryDict | None) -> dict[str, Any]:
    said = {answer.question_id: answer.text for answer in participant.answers.all()}
    return {"form": QuestionsForm(posted, questions=list(_questions(participant)), said=said)}


def _save_own(participant: Participant, posted: QueryDict, now: datetime) -> QuestionsForm | None:
    form = QuestionsForm(posted, questions=list(_questions(participant)), said={})
    if not form.is_valid():
        return form
    services.save_answers(participant=participant, answers=form.answers(), now=now)
    return None


# Sending


def _send(participant: Participant, posted: QueryDict | None) -> dict[str, Any]:
    answers = _private(participant)
    said = participant.offers if participant.is_mentor else participant.needs
    return {
        "said": said.select_related("domain", "topic").order_by("-level", "domain__place"),
        "private_count": len(answers.get("needs", {})),
        "wish_count": len(answers.get("wishes", {})),
        "avoid_count": len(answers.get("avoid", [])) + len(answers.get("avoid_named", [])),
        "attribute_count": len(answers.get("attributes", {})),
        "last_time": _waiting(participant, answers),
    }


def _waiting(participant: Participant, answers: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Return what was said in confidence last time and not yet again: step, its title, and how many things."""
    before, every = _last_time(participant), steps_of(participant)
    pages = {"needs": "needs", "wishes": "wishes", "attributes": "private"}
    return [
        (step, title_of(step), len(before[part])) for part, step in pages.items()
        if before.get(part) and part not in answers and step in every
    ]  # fmt: skip


def _save_send(participant: Participant, posted: QueryDict, now: datetime) -> None:
    if participant.is_mentor and posted.get("commitment"):
        participant = services.commit(participant=participant, now=now)
    services.finish(participant=participant, agrees=bool(posted.get("agrees")), now=now)


_CONTEXTS: dict[str, Any] = {
    "about": _about, "needs": _grid, "offers": _grid, "wishes": _wishes, "private": _attributes, "avoid": _avoid,
    "questions": _own, "send": _send,
}  # fmt: skip
_SAVES: dict[str, Any] = {
    "about": _save_about, "needs": _save_grid, "offers": _save_grid, "wishes": _save_wishes,
    "private": _save_attributes, "avoid": _save_avoid, "questions": _save_own, "send": _save_send,
}  # fmt: skip

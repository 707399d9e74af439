"""Our own texts: what may change for a mentee, and the first hundred days somewhere, step by step.

Keys are what is kept; they never change. A step that is no longer offered stays in the tracks that have it ticked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = ["KINDS", "TRACKS", "Step", "TrackText", "track_of"]

#: What may change, by key; the last one has no day.
KINDS: dict[str, Any] = {
    "boards": _("Boards or another large examination"),
    "match": _("The match, or another round of applications"),
    "pgy4": _("The next stage of training"),
    "job": _("Looking for a job, or beginning one"),
    "fellowship": _("A fellowship"),
    "leave": _("Going on leave, or coming back"),
    "move": _("Another place to live or to work"),
    "goal": _("A goal has become another one"),
}


@dataclass(frozen=True)
class Step:
    """One step: until about which day, and what."""

    key: str
    day: int
    text: Any


@dataclass(frozen=True)
class TrackText:
    """The first hundred days of one kind."""

    key: str
    title: Any
    about: Any
    steps: tuple[Step, ...]


TRACKS: tuple[TrackText, ...] = (
    TrackText(
        "attending",
        _("First attending job"),
        _("From the last week before it begins until you know how the place works."),
        (
            Step("papers", 0, _("Have privileges, licenses, insurance and your dose badge settled in writing.")),
            Step("tour", 5, _("Walk the rooms, the stock and the reading room with those who work in them.")),
            Step("call", 10, _("Know whom to call at night for each thing you have not done alone.")),
            Step("nurse", 15, _("Ask the lead technologist and the lead nurse how good days go here.")),
            Step("first_hard", 30, _("Plan your first hard case with somebody beside you, and talk it over after.")),
            Step("referrers", 45, _("Meet three people who send patients; ask what they wish was different.")),
            Step("money", 60, _("Understand how your work is paid and counted, and what is expected by year's end.")),
            Step("honest", 75, _("Ask one colleague you trust what you should do more and less of.")),
            Step("hundred", 100, _("Look back with your mentor: what stays, what changes, what you say no to.")),
        ),
    ),
    TrackText(
        "fellowship",
        _("Starting fellowship"),
        _("A year is short: the first hundred days decide what it becomes."),
        (
            Step("three", 0, _("Write down the three things that you want to be able to do when it ends.")),
            Step("say", 7, _("Say these three to those who assign cases, and ask how others got there.")),
            Step("log", 14, _("Begin your own log of cases, without anything of a patient.")),
            Step("people", 30, _("Know everybody on the team by name, and whom to learn what from.")),
            Step("alone", 45, _("Name a step you want to do alone by day 75, and ask what is missing.")),
            Step("next", 60, _("Begin on what comes after: where, when to apply, who would write for you.")),
            Step("midway", 75, _("Ask for feedback before anybody has to give it.")),
            Step("hundred", 100, _("Compare with the three things, and change the next hundred days.")),
        ),
    ),
    TrackText(
        "residency",
        _("New to IR/DR residency"),
        _("Both halves of it, and a life beside them."),
        (
            Step("map", 0, _("Read how the years are laid out, and where interventional work begins.")),
            Step("safety", 7, _("Learn radiation safety here: badge, lead, where to stand, whom to ask.")),
            Step("older", 14, _("Have coffee with a resident two years ahead. Ask what they wish they had known.")),
            Step("consult", 30, _("Follow a patient from the referral through the procedure to the ward.")),
            Step("reading", 45, _("Find the hour of the week for reading that call does not eat.")),
            Step("project", 60, _("Decide whether you want a project this year. No is an answer.")),
            Step("rest", 75, _("Look at sleep, food and people: what has to change so that it lasts?")),
            Step("hundred", 100, _("Talk with your mentor about what surprised you, and set one goal.")),
        ),
    ),
    TrackText(
        "back",
        _("Back from leave"),
        _("Whatever the leave was for. You owe nobody an explanation."),
        (
            Step("terms", 0, _("Agree in writing on hours, call and what begins later.")),
            Step("news", 5, _("Ask somebody for the short list of what changed while you were away.")),
            Step("hands", 14, _("Begin with work that your hands know; have somebody beside you for the rest.")),
            Step("needs", 21, _("Say what you need (a room, a time, a seat, a break), to the one who can give it.")),
            Step("check", 40, _("Look at hours and call again. What was agreed may have been a guess.")),
            Step("others", 60, _("Talk to somebody who came back before you.")),
            Step("hundred", 100, _("Decide what stays as it is now, and what grows again.")),
        ),
    ),
)


def track_of(key: str) -> TrackText | None:
    """Return a track by its key."""
    return next((each for each in TRACKS if each.key == key), None)

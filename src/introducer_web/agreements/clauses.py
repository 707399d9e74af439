"""The clauses that every agreement begins with: our own texts, by edition, and which of them stand.

A clause that *stands* protects somebody who may not be in a position to insist on it; it can be added to, and neither
changed nor left out. All others are the two's to put in their own words, or to leave out. An edition never changes once
somebody signed it: other words are another edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EDITION", "Clause", "Said", "clause_of", "said_in"]

#: What new agreements begin with.
EDITION = 1


@dataclass(frozen=True)
class Clause:
    """One clause of our own.

    Attributes
    ----------
    key : str
        Its name in addresses and in what is kept; never changes.
    title, text : str
        Translated when they are shown.
    stands : bool
        Whether it can only be added to.
    """

    key: str
    title: Any
    text: Any
    stands: bool = False


@dataclass(frozen=True)
class Said:
    """A clause as it is in a version.

    Attributes
    ----------
    text : str
        What holds: our text or the two's own; empty where it was left out.
    added : str
        What the two added to a clause that stands.
    own : bool
        Whether the two changed anything of it.
    """

    clause: Clause
    text: str
    added: str = ""
    own: bool = False

    @property
    def left_out(self) -> bool:
        """Whether the two do without it."""
        return not self.text

    @property
    def whole(self) -> str:
        """All that holds, as one text."""
        return f"{self.text}\n\n{self.added}".strip()


_FIRST = (
    Clause(
        "purpose",
        _("What this is for"),
        _(
            "We meet so that the mentee moves on with what the mentee chose to work on. We say at the beginning what "
            "that is, and we say so when it has become something else."
        ),
    ),
    Clause(
        "roles",
        _("Who does what"),
        _(
            "The mentee brings the questions, decides, and does what was decided. The mentor listens, asks, tells what "
            "they know and from where, and opens doors where they can. Neither does the other's work."
        ),
    ),
    Clause(
        "cadence",
        _("How often, and how long"),
        _(
            "We talk about once a month for half an hour, more often while something is pressing. Whoever cannot keep "
            "a time says so as soon as they know, and names another one."
        ),
    ),
    Clause(
        "channel",
        _("Where we talk"),
        _(
            "We talk by video or on the phone, and in person where we are in one place. For something short, a message "
            "is enough. We do not use channels that either of us finds too private or too public."
        ),
    ),
    Clause(
        "response",
        _("How soon we answer"),
        _(
            "We answer each other within a week, if only to say when there will be a real answer. Silence means a full "
            "week and nothing else; after two weeks, a reminder is welcome."
        ),
    ),
    Clause(
        "agenda",
        _("Whose agenda it is"),
        _(
            "The agenda is the mentee's. The mentee sends two or three points beforehand, or says at the beginning "
            "what would make this a good half hour. The mentor may add a point, and does not replace one."
        ),
    ),
    Clause(
        "confidentiality",
        _("What stays between us"),
        _(
            "What we say to each other stays with us. We pass nothing on, to colleagues, to chiefs or to those who run "
            "the program, unless the one whose story it is has agreed to it first."
        ),
    ),
    Clause(
        "limits",
        _("Where silence ends"),
        _(
            "Confidence ends where somebody is in danger of serious harm, where a law or a duty of the profession "
            "obliges one of us to speak, and where harassment or discrimination has to be reported. Whoever has to "
            "speak tells the other before, if that is safe, and says no more than is needed."
        ),
        stands=True,
    ),
    Clause(
        "off_limits",
        _("What we leave alone"),
        _(
            "Each of us may say of any subject that it is not one for us, without giving a reason. We do not ask about "
            "health, family plans, faith, origin, money or love unless the other brings it up."
        ),
    ),
    Clause(
        "identifiers",
        _("No patients by name"),
        _(
            "We talk about what a case taught us, never about who it was: no names, no dates of birth, no numbers, no "
            "images, nothing from which a patient could be recognized, spoken or written."
        ),
        stands=True,
    ),
    Clause(
        "feedback",
        _("How we tell each other"),
        _(
            "Each of us asks the other at every third talk what helps and what to change. We say it early, kindly and "
            "about what was done, and we thank each other for it."
        ),
    ),
    Clause(
        "sponsorship",
        _("Doors, credit and interests"),
        _(
            "The mentor may recommend the mentee, and owes no recommendation. Who contributes to a paper or a project "
            "is named for it, and we settle who is named how before the work begins. Each of us says what we, or those "
            "who pay us, could gain by an advice. Neither sells anything to the other."
        ),
    ),
    Clause(
        "firewall",
        _("Kept apart from every evaluation"),
        _(
            "The mentor does not grade, rank, hire or dismiss the mentee, and says nothing of what is said here to "
            "anybody who does. If one of us comes into such a role, we say so at once and end or change this "
            "mentoring; that counts against nobody."
        ),
        stands=True,
    ),
    Clause(
        "review",
        _("When we look at this again"),
        _(
            "We look at this agreement again on the day that stands with it, and earlier whenever one of us asks. Then "
            "we keep it, change it, or end well."
        ),
    ),
    Clause(
        "exit",
        _("A good end, without fault"),
        _(
            "Each of us may end this at any time, without a reason and without fault. We have one last talk if both "
            "like to, say thank you, and the program helps to find somebody else. What was said stays between us."
        ),
        stands=True,
    ),
    Clause(
        "humility",
        _("Different lives"),
        _(
            "Our lives differ: where we come from, what we were taught, how much power we have. We do not assume, we "
            "ask; we do not make each other speak for a group; and when one of us hurts the other, we say it, listen "
            "and learn."
        ),
    ),
)
#: By edition.
_EDITIONS = {1: _FIRST}


def clause_of(key: str) -> Clause | None:
    """Return a clause of the newest edition by its key."""
    return next((each for each in _EDITIONS[EDITION] if each.key == key), None)


def said_in(edition: int, own: Mapping[str, str | None]) -> list[Said]:
    """Return all clauses of a version: our text, or what the two made of it.

    Parameters
    ----------
    own : mapping of str to str or None
        By key what the two said: of a clause that stands what they add, of another one its new text; None: left out.
    """
    found = []
    for clause in _EDITIONS[edition]:
        changed, text = clause.key in own, own.get(clause.key)
        if clause.stands:
            found.append(Said(clause, str(clause.text), text or "", changed))
        else:
            found.append(Said(clause, (text or "") if changed else str(clause.text), "", changed))
    return found

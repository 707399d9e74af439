"""Introducer: builds each mentee a constellation of mentors, and proves how good it is.

The front door. Its names are imported on first use, so that naming the package costs
nothing. From the folder of this repository:

>>> from pathlib import Path
>>> from introducer import match, read
>>> reading = read(Path("examples/first"))
>>> outcome = match(reading.roster, reading.policy)
>>> len(outcome.ties), outcome.certificate.scope
(12, 'all')
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from introducer.errors import Fault, Infeasible, IntroducerError, Refused, RosterError
    from introducer.io import Reading, Suggestion, read, suggest
    from introducer.outcome import Certificate, Constellation, Outcome, Reason, Tie
    from introducer.pipeline import match
    from introducer.policy import Policy
    from introducer.roster import GivenTie, Mentee, Mentor, Roster
    from introducer.templates import Template, load_template, shipped_templates
    from introducer.vocabulary import Domain, Stage, Term, Vocabulary

__version__ = "0.1.0"

_DOOR = {
    "errors": ("Fault", "Infeasible", "IntroducerError", "Refused", "RosterError"),
    "io": ("Reading", "Suggestion", "read", "suggest"),
    "outcome": ("Certificate", "Constellation", "Outcome", "Reason", "Tie"),
    "pipeline": ("match",),
    "policy": ("Policy",),
    "roster": ("GivenTie", "Mentee", "Mentor", "Roster"),
    "templates": ("Template", "load_template", "shipped_templates"),
    "vocabulary": ("Domain", "Stage", "Term", "Vocabulary"),
}
_HOME = {name: module for module, names in _DOOR.items() for name in names}

__all__ = [  # noqa: RUF022 - by module, as in _DOOR; a house rule holds the two equal
    "Fault",
    "Infeasible",
    "IntroducerError",
    "Refused",
    "RosterError",
    "Reading",
    "Suggestion",
    "read",
    "suggest",
    "Certificate",
    "Constellation",
    "Outcome",
    "Reason",
    "Tie",
    "match",
    "Policy",
    "GivenTie",
    "Mentee",
    "Mentor",
    "Roster",
    "Template",
    "load_template",
    "shipped_templates",
    "Domain",
    "Stage",
    "Term",
    "Vocabulary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

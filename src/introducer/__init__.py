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
    from introducer.advice.recruit import recruit
    from introducer.advice.robustness import robustness
    from introducer.advice.stability import stability
    from introducer.bundle import bundled
    from introducer.errors import Fault, Infeasible, IntroducerError, Refused, RosterError, Unsupported
    from introducer.io import Reading, read
    from introducer.io.suggest import Suggestion, suggest
    from introducer.outcome import Certificate, Constellation, Outcome, Reason, Tie
    from introducer.pipeline import Rematch, match, rematched
    from introducer.policy import Policy
    from introducer.report.constellation import Direction, Star, draw
    from introducer.report.sections import skies
    from introducer.review import Review, reviewed
    from introducer.roster import GivenTie, Mentee, Mentor, Roster
    from introducer.rules import refusals
    from introducer.saying import spoken
    from introducer.solve import Watch
    from introducer.templates import Template, load_template, shipped_templates
    from introducer.verify import reopen
    from introducer.version import __version__
    from introducer.vocabulary import Domain, Stage, Term, Vocabulary

_DOOR = {
    "advice.recruit": ("recruit",),
    "advice.robustness": ("robustness",),
    "advice.stability": ("stability",),
    "bundle": ("bundled",),
    "errors": ("Fault", "Infeasible", "IntroducerError", "Refused", "RosterError", "Unsupported"),
    "io": ("Reading", "read"),
    "io.suggest": ("Suggestion", "suggest"),
    "outcome": ("Certificate", "Constellation", "Outcome", "Reason", "Tie"),
    "pipeline": ("Rematch", "match", "rematched"),
    "policy": ("Policy",),
    "report.constellation": ("Direction", "Star", "draw"),
    "report.sections": ("skies",),
    "review": ("Review", "reviewed"),
    "roster": ("GivenTie", "Mentee", "Mentor", "Roster"),
    "rules": ("refusals",),
    "saying": ("spoken",),
    "solve": ("Watch",),
    "templates": ("Template", "load_template", "shipped_templates"),
    "verify": ("reopen",),
    "version": ("__version__",),
    "vocabulary": ("Domain", "Stage", "Term", "Vocabulary"),
}
_HOME = {name: module for module, names in _DOOR.items() for name in names}

__all__ = [  # noqa: RUF022 - by module, as in _DOOR; a house rule holds the two equal
    "recruit",
    "robustness",
    "stability",
    "bundled",
    "Fault",
    "Infeasible",
    "IntroducerError",
    "Refused",
    "RosterError",
    "Unsupported",
    "Reading",
    "read",
    "Suggestion",
    "suggest",
    "Certificate",
    "Constellation",
    "Outcome",
    "Reason",
    "Tie",
    "Rematch",
    "match",
    "rematched",
    "Policy",
    "Direction",
    "Star",
    "draw",
    "skies",
    "Review",
    "reviewed",
    "GivenTie",
    "Mentee",
    "Mentor",
    "Roster",
    "refusals",
    "spoken",
    "Watch",
    "Template",
    "load_template",
    "shipped_templates",
    "reopen",
    "__version__",
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

"""The report as one file: no outside address, no script, the same bytes for the same outcome."""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from introducer.report import people, run, sections, spread
from introducer.report.constellation import glyph
from introducer.report.facts import gather
from introducer.report.markup import text
from introducer.report.words import PRIVACY, count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from introducer.outcome import Outcome
    from introducer.report.facts import Facts

__all__ = ["page", "page_pieces"]

_NAV = (
    ("sky", "Cohort"),
    ("least", "Least covered"),
    ("domains", "Domains"),
    ("mentors", "Mentors"),
    ("spread", "Spread"),
    ("constellations", "Constellations"),
    ("proof", "Proof"),
    ("policy", "Policy"),
)


def page(outcome: Outcome, *, redacted: bool = False) -> str:
    """Return the report of an outcome as a whole HTML document, see ``page_pieces``."""
    return "".join(page_pieces(outcome, redacted=redacted))


def page_pieces(outcome: Outcome, *, redacted: bool = False) -> Iterator[str]:
    """Yield the report of an outcome, an HTML document, piece by piece.

    Parameters
    ----------
    outcome : Outcome
        Any outcome, of people in any number.
    redacted : bool
        Leaves out wishes, private and sensitive needs, who covers what, prices, regrets, and
        what they could be computed from.

    Yields
    ------
    str
        Deterministic: it holds no time and no chance.
    """
    facts = gather(outcome, redacted=redacted)
    style = resources.files(__package__).joinpath("style.css").read_text("utf-8")
    links = "".join(
        f'<li><a href="#{code}">{title}</a></li>' for code, title in _NAV if not (redacted and code == "spread")
    )
    yield (
        '<!doctype html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(facts.program)} · Introducer</title><style>{style}</style></head><body>"
        '<a class="skip" href="#main">Skip to the report</a>'
        f'<header class="top"><span class="brand">{glyph("star")}Introducer</span>'
        f'<nav aria-label="Parts of the report"><ul>{links}</ul></nav></header>'
        f'<main id="main" tabindex="-1">{_head(facts)}'
    )
    yield sections.figures(facts)
    yield sections.whole_sky(facts, people.legend(facts))
    yield from sections.least_covered(facts)
    yield sections.asked_and_offered(facts)
    yield f'<div class="two">{sections.loads(facts)}{sections.prices(facts)}</div>'
    yield spread.spread(facts)
    yield from people.constellations(facts)
    yield f'<div class="two">{run.certificate(facts)}{run.refusals(facts)}</div>'
    yield run.policy(facts)
    yield "</main><footer>Computed by Introducer. A tie is a proposal; people decide.</footer></body></html>\n"


def _head(facts: Facts) -> str:
    missing = sum(not one.team for one in facts.standings)
    without = f" <b>{count(missing, 'mentee has', 'mentees have')} no mentor.</b>" if missing else ""
    redacted = (
        " This copy is redacted: private and sensitive needs, wishes, worths and who covers what are left out."
        if facts.redacted
        else ""
    )
    return (
        f"<div><h1>{text(facts.program)}</h1>"
        f'<p class="lede">{count(facts.ties, "tie is", "ties are")} proposed between '
        f"<b>{count(len(facts.standings), 'mentee')}</b> and <b>{count(len(facts.mentors), 'mentor')}</b>.{without}</p>"
        f'<p class="soft">{text(PRIVACY[facts.policy.privacy] + redacted)}</p></div>'
    )

"""Every mentee's constellation: the picture, and a table of the same facts beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer.report.constellation import draw, glyph
from introducer.report.facts import LARGEST
from introducer.report.markup import around, dot, fold, name, section, table, text
from introducer.report.words import BANDS, LEVELS, count
from introducer.saying import say, worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from introducer.report.facts import Facts, MenteeFacts, NeedFacts, Teammate

__all__ = ["constellations", "legend"]

_TITLE = "Constellations"
#: Said in the place of all constellations, where a page of them could not be opened.
_ELSEWHERE = worded(
    "This cohort has more than {most:,} mentees, and a page that showed each of them could hardly be opened. "
    "Every mentee stands in mentees.csv and every tie in ties.csv; "
    "introducer explain says of each one who covers what, and why."
)
_LEGEND = (
    ("star", "A mentor, near what they cover; larger where they cover more."),
    ("b3", "A need that is covered very well. The line to it is thick."),
    ("b2", "A need that is covered well. The line to it is thin."),
    ("b1", "A need that is covered in part. The line to it is broken."),
    ("open", "A need that nobody in the team covers: an open ring on a dotted line."),
    ("veil", "A private need that is covered. What it is about, and who covers it, is not shown."),
)
#: The same where a copy does not say who covers what.
_REDACTED_LEGEND = (
    ("star", "A mentor of the team. Who covers which need is not shown in a redacted copy."),
    ("b3", "A need that is covered very well."),
    ("b2", "A need that is covered well."),
    ("b1", "A need that is covered in part."),
    ("open", "A need that nobody in the team covers: an open ring on a dotted line."),
)


def legend(facts: Facts) -> str:
    """Return what the signs of the pictures mean."""
    signs = _REDACTED_LEGEND if facts.redacted else _LEGEND
    items = "".join(f"<li>{glyph(kind)}<span>{text(words)}</span></li>" for kind, words in signs)
    lede = "The dark point in the middle is the mentee. The farther out a need stands, the more help was asked for."
    return f'<h3 id="legend">How to read the pictures</h3><p class="soft">{lede}</p><ul class="legend">{items}</ul>'


def constellations(facts: Facts) -> Iterator[str]:
    """Yield all constellations in order of the roster after an index of names; where to look, of very many."""
    if not facts.standings:
        yield section("constellations", _TITLE, "<p>There is no mentee in this cohort.</p>")
        return
    if facts.brief:
        yield section("constellations", _TITLE, f"<p>{text(say(_ELSEWHERE, most=LARGEST))}</p>")
        return
    ranked = sorted(facts.standings, key=lambda one: (one.name.casefold(), one.index))
    links = "".join(f'<li><a href="#m{one.index}">{name(one.name)}</a></li>' for one in ranked)
    index = f'<div class="card screen">{fold("Find a mentee by name", f"<ul class=names>{links}</ul>")}</div>'
    begin, end = around("constellations", _TITLE, kind="all")
    yield f'{begin}{index}<div class="all">'
    yield from map(_card, facts.mentees)
    yield f"</div>{end}"


def _card(mentee: MenteeFacts) -> str:
    code = mentee.index
    about = f"{text(mentee.about)} · " if mentee.about else ""
    return (
        f'<article class="card one" id="m{code}" aria-labelledby="n{code}">'
        f'<div class="view">{draw(mentee.directions, mentee.stars, title=_title(mentee))}</div>'
        f'<div><h3 id="n{code}">{name(mentee.name)}</h3><p class="soft">{about}{text(_sum(mentee))}</p>'
        f"{_needs(mentee)}{_team(mentee)}</div></article>"
    )


def _title(mentee: MenteeFacts) -> str:
    return f"Constellation of {mentee.name}: {_sum(mentee)}. The table beside it says the same."


def _sum(mentee: MenteeFacts) -> str:
    team = count(len(mentee.team), "mentor") if mentee.team else "no mentor"
    if mentee.note:
        return f"{team}; {mentee.note}"
    if not mentee.needs:
        return f"{team}; asked for nothing that is shown here"
    return f"{team}; {mentee.covered} of {count(len(mentee.needs), 'need')} covered"


def _needs(mentee: MenteeFacts) -> str:
    if not mentee.needs:
        return ""
    head = ["Need", "How much", "Covered by", "How well"]
    return table(f"What {mentee.name} asked for", head, map(_need, mentee.needs), kind="needs")


def _need(need: NeedFacts) -> list[str]:
    by = ", ".join(map(name, need.by))
    if not by and need.fit:
        by = '<span class="soft">not shown</span>'
    if need.why:
        by = f'<span class="gap">{text(need.why)}</span>'
    by = by or "–"
    if need.private:
        well = "covered" if need.fit else '<span class="gap">not covered</span>'
        return [text(need.name), f'<span class="soft">{LEVELS[0]}</span>', by, well]
    return [text(need.name), LEVELS[need.level], by, f"{dot(need.band)}{BANDS[need.band]}"]


def _team(mentee: MenteeFacts) -> str:
    if not mentee.team:
        return ""
    items = "".join(
        f"<li>{glyph('star')}<span><b>{name(mate.name)}</b>{text(_covers(mentee, mate))}</span></li>"
        for mate in mentee.team
    )
    return f'<ul class="team" aria-label="Mentors">{items}</ul>'


def _covers(mentee: MenteeFacts, mate: Teammate) -> str:
    if mate.covers is None:
        return ""
    # One sentence for everybody without a shown need, so that it cannot tell what else there is.
    return ": " + (", ".join(mentee.needs[k].name for k in mate.covers) or "in the team for other reasons")

"""The cohort as a whole: four figures, the sky, who is least covered, domains, mentors."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from introducer.report import sky
from introducer.report.constellation import draw
from introducer.report.markup import (
    around,
    bar,
    fold,
    fold_pieces,
    name,
    no_bar,
    seats,
    section,
    table,
    table_pieces,
    text,
)
from introducer.report.words import count, listed, percent, proof_short
from introducer.saying import say, worded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from introducer.advice.supply import Supply, WishSupply
    from introducer.report.facts import Facts, MenteeFacts, MentorFacts, Standing

__all__ = ["asked_and_offered", "figures", "least_covered", "loads", "prices", "skies", "whole_sky"]

#: Rows that a list shows before it is folded.
_SHOWN = 12
#: Said of a list whose rest is left out, in the report of a very large cohort.
_OTHERS = worded("The other {number:,} stand in {file}.")
#: Domains that are named as worth most.
_DEAR = 3
#: Bands of the sky for mentees with a team: label, mark, fewest and most open needs.
_MENTEE_BANDS = (
    (worded("all covered"), "full", 0, 0),
    (worded("one need open"), "part", 1, 1),
    (worded("two needs open"), "part", 2, 2),
    (worded("three or more"), "little", 3, 10**6),
)


def figures(facts: Facts) -> str:
    """Return the four figures that say how the run went."""
    teams = sum(bool(one.team) for one in facts.standings)
    coverage, of_what = "nothing", "was asked for, so there was nothing to cover"
    if facts.coverage is not None:
        coverage = percent(facts.coverage)
        of_what = "of what they asked for is covered, in the mean of mentees"
        if facts.coverage_is_partial:
            of_what += f"; private {'and sensitive ' if facts.redacted else ''}needs are left out"
    rows = [
        (f"{teams:,} of {len(facts.standings):,}", "mentees have a constellation"),
        (coverage, of_what),
        proof_short(facts.certificate),
        _per_mentor(facts),
    ]
    items = "".join(
        f'<li class="card fact"><b>{text(value)}</b><span>{text(words)}</span></li>' for value, words in rows
    )
    heading = '<h2 id="h-figures" class="heard">At a glance</h2>'
    return f'<section aria-labelledby="h-figures">{heading}<ul class="facts">{items}</ul></section>'


def _per_mentor(facts: Facts) -> tuple[str, str]:
    if not facts.mentors:
        return "0", "mentors in this cohort"
    above = sum(mentor.load > mentor.capacity for mentor in facts.mentors)
    limit = f"{count(above, 'mentor')} above the limit" if above else "nobody above their limit"
    return f"{facts.ties / len(facts.mentors):.1f}", f"mentees per mentor, {limit}"


def whole_sky(facts: Facts, beside: str) -> str:
    """Return the sky: mentees by open needs, mentors by load, with the same figures as tables; ``beside`` is HTML."""
    halves = [
        ("Mentees, by what nobody covers", mentee_bands(facts.standings), "Mentees"),
        ("Mentors, by seats taken", mentor_bands(facts.mentors), "Mentors"),
    ]
    drawn = []
    for title, bands, what in halves:
        rows = [(text(band.label), f"{len(band.names):,}") for band in bands]
        same = fold("The same as a table", table(title, ["Band", what], rows, numbers=" n"))
        drawn.append(f'<h3>{text(title)}</h3>{_half(what, bands)}<div class="screen">{same}</div>')
    return section(
        "sky",
        "The whole cohort",
        f'<div class="two"><div>{drawn[0]}</div><div>{drawn[1]}{beside}</div></div>',
        lede="Each ring is a mentee, each star a mentor.",
    )


def skies(mentees: Sequence[MenteeFacts | Standing], mentors: Sequence[MentorFacts]) -> tuple[str, str]:
    """Draw both halves of the sky, mentees and mentors: two SVG elements. ``name``, ``team`` and ``open`` of a mentee
    are read, ``name``, ``load`` and ``capacity`` of a mentor.
    """
    return _half(say("Mentees"), mentee_bands(mentees)), _half(say("Mentors"), mentor_bands(mentors))


def _half(what: str, bands: Sequence[sky.Band]) -> str:
    said = f"{what}: " + ", ".join(f"{band.label} {len(band.names):,}" for band in bands) + "."
    return sky.draw(bands, title=said)


def mentee_bands(mentees: Sequence[MenteeFacts | Standing]) -> list[sky.Band]:
    """Return mentees by the number of needs that nobody covers; no team at the horizon."""
    teams = [mentee for mentee in mentees if mentee.team]
    bands = [
        sky.Band(say(label), mark, tuple(m.name for m in teams if least <= m.open <= most))
        for label, mark, least, most in _MENTEE_BANDS
    ]
    return [*bands, sky.Band(say("no mentor"), "open", tuple(m.name for m in mentees if not m.team))]


def mentor_bands(mentors: Sequence[MentorFacts]) -> list[sky.Band]:
    """Return mentors by seats taken; those without a mentee at the horizon."""
    full = tuple(m.name for m in mentors if m.load >= m.capacity > 0)
    some = tuple(m.name for m in mentors if 0 < m.load < m.capacity)
    none = tuple(m.name for m in mentors if m.load == 0 < m.capacity)
    closed = tuple(m.name for m in mentors if m.load == m.capacity == 0)
    bands = [
        sky.Band(say("every seat taken"), "star", full),
        sky.Band(say("a seat free"), "star", some),
        sky.Band(say("no mentee"), "pale", none),
    ]
    return [*bands, sky.Band(say("offer no seat"), "pale", closed)] if closed else bands


def least_covered(facts: Facts) -> Iterator[str]:
    """Yield the mentees with an open need or without a team, each with the cause in words; of very many, the first."""
    people = facts.least_covered
    title = "Mentees, least covered first"
    if not people:
        shown = " and is shown here" if facts.redacted else ""
        yield section("least", title, f"<p>Every mentee has a team that covers all they asked for{shown}.</p>")
        return
    alone = sum(not one.team for one in people)
    lede = f"{count(len(people) - alone, 'mentee has', 'mentees have')} a need that nobody of their team covers."
    if alone:
        lede = f"{count(alone, 'mentee has', 'mentees have')} no mentor; they stand first. {lede}"
    caption = "Mentees, how many of their needs are covered, and what is missing"
    head = ["Mentee", "Picture", "Covered", "Part", "Missing, and why"]

    def rows(some: Sequence[Standing]) -> Iterator[str]:
        drawn = (_person(facts.mentees[one.index], linked=not facts.brief) for one in some)
        return table_pieces(caption, head, drawn, numbers="  nw ", kind="list")

    begin, end = around("least", title, lede=lede)
    yield begin
    yield from rows(people[:_SHOWN])
    if len(people) > _SHOWN and facts.brief:
        yield _the_others(len(people) - _SHOWN, "mentees.csv")
    elif len(people) > _SHOWN:
        yield from fold_pieces(f"The other {len(people) - _SHOWN:,}", rows(people[_SHOWN:]))
    yield end


def _the_others(number: int, file: str) -> str:
    """Return where those are who are too many for a page."""
    return f'<p class="soft">{text(say(_OTHERS, number=number, file=file))}</p>'


def _person(mentee: MenteeFacts, *, linked: bool) -> list[str]:
    called = name(mentee.name)
    about = f'<span class="small">{text(mentee.about)}</span>' if mentee.about else ""
    asked = len(mentee.needs)
    return [
        (f'<a href="#m{mentee.index}">{called}</a>' if linked else called) + about,
        f'<div class="thumb">{draw(mentee.directions, mentee.stars, title="", labels=False)}</div>',
        f"{mentee.covered} of {asked}" if asked else "nothing",
        bar(mentee.covered / asked) if asked else "",
        missing(mentee),
    ]


def missing(mentee: MenteeFacts) -> str:
    """Return what nobody covers and why, as HTML; needs with one cause stand together."""
    if mentee.note:
        return f"<b>No mentor:</b> {text(mentee.note)}"
    by_cause: dict[str, list[str]] = {}
    for need in mentee.needs:
        if not need.fit:
            by_cause.setdefault(need.why, []).append(need.name)
    parts = []
    for why, named in by_cause.items():
        times = Counter(named)
        what = listed([what if times[what] == 1 else f"{times[what]} private needs" for what in times])
        parts.append(f'<span class="gap">{text(what)}</span>' + (f": {text(why)}" if why else ""))
    if not mentee.team and not parts:
        return "<b>No mentor:</b> asked for nothing that is shown here"
    return "".join(f"<div>{part}</div>" for part in parts)


def asked_and_offered(facts: Facts) -> str:
    """Return supply and need: by domain, and by experience where enough wished."""
    title = "Supply and need by domain"
    if not facts.supply:
        body = "<p>There is no domain to list: nobody asked, or too few did.</p>"
        return section("domains", title, body + _by_experience(facts.wish_supply))
    notes = [
        "Need is what the domain weighs for those who ask, 1 being all that one mentee needs.",
        "Met is the part of it that their teams cover.",
        "Seats are all the seats of those who offer a domain; one seat serves one mentee, in any domain.",
        "Covered counts the mentees for whom nothing in the domain is left open.",
    ]
    if any(row.private for row in facts.supply):
        notes.append("Those who asked in private are counted apart, and only where that can point to nobody.")
    if any(row.covered is None for row in facts.supply):
        notes.append("A dash stands for a small number in a sensitive domain.")
    caption = "Domains, the most open first: who asks, their need, mentors who offer, seats, mentees covered, met"
    head = ["Domain", "Asked", "Need", "Offer", "Seats", "Covered", "Met", "Part met"]
    body = table(caption, head, map(_domain, facts.supply), numbers=" nnnnnnw", kind="domains")
    body += f'<p class="soft">{text(" ".join(notes))}</p>' + _worth_most(facts.supply)
    return section("domains", title, body + _by_experience(facts.wish_supply))


def _domain(row: Supply) -> list[str]:
    private = f'<span class="small">and {row.private} in private</span>' if row.private else ""
    offered = "–" if row.offered is None else f"{row.offered:,}"
    if row.offered == 0:
        offered = '<b class="gap">0</b>'
        part = no_bar() + '<span class="heard">nobody offers it</span>'
    else:
        part = "–" if row.met is None else bar(row.met)
    return [
        f"{text(row.name)}{private}",
        f"{row.asked:,}",
        f"{row.need:,.1f}",
        offered,
        "–" if row.seats is None else f"{row.seats:,}",
        "–" if row.covered is None else f"{row.covered:,}",
        "–" if row.met is None else text(percent(row.met)),
        part,
    ]


def _worth_most(rows: Sequence[Supply]) -> str:
    """Return whose seats are worth most in the mean, by domain."""
    dear = sorted((row for row in rows if row.price), key=lambda row: (-(row.price or 0.0), row.name))[:_DEAR]
    if not dear:
        return ""
    named = listed([f"{row.name} ({percent(row.price or 0.0)})" for row in dear])
    return (
        "<p><b>Whom to look for:</b> a seat is worth most, in the mean and in parts of what one mentee asks for, "
        f"with those who offer {text(named)}. They may be sought after for something else; "
        "<code>introducer recruit FOLDER OUT</code> finds whole profiles, and tries each out.</p>"
    )


def _by_experience(rows: Sequence[WishSupply]) -> str:
    if not rows:
        return ""
    caption = "Experiences, the most wished for first: mentees who wish, mentors who speak to it, seats, honored"
    head = ["Experience", "Wished", "Speak to it", "Seats", "Honored", "Part"]
    drawn = table(caption, head, map(_experience, rows), numbers=" nnnnw", kind="domains")
    note = "Wishes of few people are not listed, and a dash stands for a small number."
    return f'<h3>Wishes for an experience</h3>{drawn}<p class="soft">{text(note)}</p>'


def _experience(row: WishSupply) -> list[str]:
    counts = (row.asked, row.offered, row.seats, row.honored)
    return [
        text(row.name),
        *("–" if number is None else f"{number:,}" for number in counts),
        "–" if row.honored is None else bar(row.honored / row.asked),
    ]


def loads(facts: Facts) -> str:
    """Return who carries how much, those without a mentee named first."""
    title = "Mentors and their mentees"
    if not facts.mentors:
        return section("mentors", title, "<p>There is no mentor in this cohort.</p>")
    total = sum(mentor.capacity for mentor in facts.mentors)
    idle = [mentor for mentor in facts.mentors if mentor.load == 0]
    body = f"<p>{facts.ties:,} of {count(total, 'seat is', 'seats are')} taken."
    if idle:
        names = [name(mentor.name) for mentor in idle]
        rest = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        body += f" <b>Without a mentee:</b> {', '.join(names[:_SHOWN])}{rest}."
    body += "</p>"
    ranked = sorted(facts.mentors, key=lambda mentor: (-mentor.load, mentor.index))
    drawn = ranked[:_SHOWN] if facts.brief else ranked
    rows = [
        (name(mentor.name), f"{mentor.load} of {mentor.capacity}", seats(mentor.load, mentor.capacity))
        for mentor in drawn
    ]
    caption, head = "Mentors by number of mentees: mentees of seats", ["Mentor", "Mentees", "Seats"]
    body += table(caption, head, rows[:_SHOWN], numbers=" n ")
    if len(ranked) > len(rows):
        body += _the_others(len(ranked) - len(rows), "mentors.csv")
    elif len(rows) > _SHOWN:
        body += fold(f"The other {len(rows) - _SHOWN:,}", table(caption, head, rows[_SHOWN:], numbers=" n "))
    return section("mentors", title, body)


def prices(facts: Facts) -> str:
    """Return what the price of a seat says, and whose seats are worth most; nothing in a redacted report."""
    if facts.redacted:
        return ""
    priced = [(mentor.price or 0.0, mentor) for mentor in facts.mentors]
    dear = sorted(((price, m) for price, m in priced if price > 0), key=lambda row: (-row[0], row[1].index))
    title = "What one more seat would be worth"
    if not dear:
        return section("prices", title, "<p>Nothing: no mentor is so much in demand that one more seat would help.</p>")
    lede = (
        "The price of a seat is what one more seat with this mentor would add, at most about. "
        "100\u202f% is everything that one mentee needs, met in full. To recruit, look for people like those on top."
    )
    rows = [(name(m.name), percent(price), f"{m.load} of {m.capacity}") for price, m in dear[:_SHOWN]]
    body = table("Mentors whose seats are worth most", ["Mentor", "Price of a seat", "Mentees"], rows, numbers=" nn")
    free = len(facts.mentors) - len(dear)
    if free:
        who = count(free, "mentor has", "mentors have")
        body += f'<p class="soft">{who} the price 0: one more seat there would add nothing.</p>'
    return section("prices", title, body, lede=text(lede))

"""An outcome as files: what ``introducer match`` writes, and what ``verify`` reads again.

All files but ``run.json`` are a function of the folder, the seed and the versions: the same
bytes, for any number of threads. A redacted folder leaves out wishes, private needs and
everything that they could be computed from (``introducer.io.redaction``): who covers what,
worths, marginals, prices, regrets, the bound, most digits of the gap, and the hash of the
inputs (with all other cells known, a hash would confirm a guess).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

from introducer.errors import Refused
from introducer.io import chances, pieces
from introducer.io.fair import StoredFloors, fairness_of, priced, read_floors, read_prices, teams_of
from introducer.io.pieces import SIZE, Pieces
from introducer.io.redaction import gap_at_most, open_needs
from introducer.outcome import Prices
from introducer.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from introducer.io.chances import Chances
    from introducer.io.notes import SetAside
    from introducer.outcome import Constellation, Outcome, Sample, Tie

    Pair = tuple[str, str]

__all__ = [
    "FORMAT",
    "Stored",
    "changes_table",
    "frontier_table",
    "outcome_files",
    "read_outcome",
    "sealed",
    "unsealed",
]

#: Version of the open format.
FORMAT = 1

_TIES = ("mentee", "mentor", "worth", "marginal", "pair", "domains", "wishes", "reasons")
_MENTEES = ("mentee", "size", "value", "alone", "coverage", "uncovered")
_MENTORS = ("mentor", "load", "capacity", "price")
#: All that a mentee may gain is worth less than 10; beyond any sense a bound would overflow.
_MOST_PRICE = 1e6
#: What a formula begins with.
_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What ``verify`` and ``rematch`` take from an outcome; all else they compute anew.

    Attributes
    ----------
    teams : mapping of str to tuple of str
        Mentor ids by mentee id.
    prices : mapping
        ``capacity`` and ``min_load`` by mentor id, ``quota`` by ``mentor id``, then wish.
    previous : frozenset of (str, str)
    seed : int
    reproducible : bool
    regrets : mapping of str to float
        By mentee id.
    inputs : str
        Hash of the input that it came from.
    chances : Chances or None
        Every team that each mentee could get; None where no lottery was held.
    floors : StoredFloors or None
    """

    teams: Mapping[str, tuple[str, ...]]
    prices: Mapping[str, Any]
    previous: frozenset[tuple[str, str]]
    seed: int
    reproducible: bool
    regrets: Mapping[str, float]
    inputs: str
    chances: Chances | None = None
    floors: StoredFloors | None = None

    @property
    def before(self) -> Mapping[str, tuple[str, ...]]:
        """Mentor ids by mentee id, before any coin."""
        return self.teams if self.chances is None else {i: own[0][0] for i, own in self.chances.items()}


def outcome_files(
    outcome: Outcome, set_aside: Sequence[SetAside], sources: Mapping[str, str], *, redacted: bool = False
) -> Mapping[str, Pieces]:
    """Return every file but ``report.html`` and ``run.json``, by name, made when it is read."""

    def document() -> Iterable[str]:
        found = _document(outcome, sources, redacted=redacted)
        return [json.dumps(found, indent=1, ensure_ascii=False), "\n"] if redacted else pieces.sealed(found)

    def ties() -> Iterable[Sequence[object]]:
        return (_tie_row(outcome, tie, redacted=redacted) for own in outcome.constellations for tie in own.ties)

    def mentees() -> Iterable[Sequence[object]]:
        return (_mentee_row(outcome, own, redacted=redacted) for own in outcome.constellations)

    files = {
        "ties.csv": _table(_TIES, ties),
        "mentees.csv": _table(_MENTEES, mentees),
        "mentors.csv": _table(_MENTORS, lambda: _mentor_rows(outcome, redacted=redacted)),
        "set_aside.csv": _table(("file", "row", "reason"), lambda: ((x.file, x.row, x.reason) for x in set_aside)),
        "outcome.json": Pieces(document),
    }
    draw = outcome.draw
    if draw is not None and not redacted:  # near-ties tell what a mentee asked for
        files["propensities.csv"] = _table(chances.HEADER, lambda: chances.propensities(outcome, draw))
    return files


def changes_table(*, ended: Iterable[Pair], begun: Iterable[Pair], forced: Iterable[Pair]) -> Pieces:
    """Return ``changes.csv``: what a re-match ends and begins, and what could not stay, by id."""
    kinds = (("ends", ended), ("begins", begun), ("forced", forced))
    rows = sorted((mentee, mentor, kind) for kind, pairs in kinds for mentee, mentor in pairs)
    return _table(("mentee", "mentor", "change"), lambda: rows)


def frontier_table(points: Iterable[tuple[int, float, float]]) -> Pieces:
    """Return ``frontier.csv``: at most so many changes, the best value found, and what no outcome exceeds."""
    rows = [(n, repr(value), repr(bound)) for n, value, bound in points]
    return _table(("changes", "value", "bound"), lambda: rows)


def inputs_sha256(sources: Mapping[str, str]) -> str:
    """Return one hash of all input files: of their names and hashes, in order of name."""
    lines = "".join(f"{sources[name]}  {name}\n" for name in sorted(sources))
    return hashlib.sha256(lines.encode()).hexdigest()


def read_outcome(folder: Path) -> Stored:
    """Read what ``verify`` needs of an outcome.

    Raises
    ------
    Refused
        If ``outcome.json`` is missing, is no outcome of this format, or is redacted.
    """
    path = folder / "outcome.json"
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
        if "\\u" in text:
            json.dumps(document, ensure_ascii=False).encode("utf-8")  # half a surrogate pair, escaped, is no text
    except OSError as error:
        raise Refused([f"{path.name} cannot be read: {error.strerror}."]) from error
    except (ValueError, RecursionError) as error:
        raise Refused([f"{path.name} is no JSON document: {error}."]) from error
    try:
        if document["format"] != FORMAT:
            raise Refused([f"{path.name} has format {document['format']!r}, and this program reads {FORMAT}."])
        if document["redacted"]:
            raise Refused(["The outcome is redacted: it leaves out what is needed here. Take the full one."])
        return Stored(
            teams={str(mentee): tuple(map(str, team)) for mentee, team in document["teams"].items()},
            prices=read_prices(document["prices"]),
            previous=frozenset((str(a), str(b)) for a, b in document["previous"]),
            seed=int(document["seed"]),
            reproducible=bool(document["reproducible"]),
            regrets={str(mentee): float(regret) for mentee, regret in document["regrets"].items()},
            inputs=str(document["inputs_sha256"]),
            chances=chances.read_chances(document),
            floors=read_floors(document["fairness"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Refused([f"{path.name} is no outcome: {type(error).__name__} at {error}."]) from error


def teams_and_prices(
    stored: Mapping[str, tuple[str, ...]],
    stored_prices: Mapping[str, Any],
    mentees: Sequence[str],
    mentors: Sequence[str],
    quotas: Sequence[tuple[str, str]],
) -> tuple[tuple[tuple[int, ...], ...], Prices]:
    """Return indices and tuples in the order of a roster: the teams before the coins, where there were any.

    Raises
    ------
    Refused
        If someone in the outcome is not in the roster, or a price is out of all proportion.
    """
    at = {identity: j for j, identity in enumerate(mentors)}
    known = set(mentees)
    findings = [f"{i!r} has a team and is no mentee of the input." for i in stored if i not in known]
    named = {j for team in stored.values() for j in team}
    named |= {*stored_prices["capacity"], *stored_prices["min_load"]}
    findings += [f"{j!r} is no mentor of the input." for j in sorted(named - set(at))]
    asked = set(quotas)
    findings += [f"{j!r} has no quota for {wish!r}." for j, wish in stored_prices["quota"] if (j, wish) not in asked]
    findings += [
        f"The price {price:g} ({kind}, {key!r}) is more than anything is worth."
        for kind, prices in stored_prices.items()
        for key, price in prices.items()
        if price > _MOST_PRICE
    ]
    if findings:
        raise Refused(findings)
    teams = tuple(tuple(sorted(at[j] for j in stored.get(identity, ()))) for identity in mentees)
    prices = Prices(
        capacity=tuple(stored_prices["capacity"].get(j, 0.0) for j in mentors),
        min_load=tuple(stored_prices["min_load"].get(j, 0.0) for j in mentors),
        quota=tuple(stored_prices["quota"].get(key, 0.0) for key in quotas),
    )
    return teams, prices


def quota_keys(outcome_mentors: Iterable[Any]) -> list[tuple[str, str]]:
    """Return (mentor id, wish) of every quota, in the order of ``Problem.quota_mentors``."""
    return [(mentor.id, key) for mentor in outcome_mentors for key in sorted(mentor.quotas)]


def sealed(document: Mapping[str, Any]) -> str:
    """Return a small JSON document with a digest of itself, see ``introducer.io.pieces.sealed``."""
    return "".join(pieces.sealed(document))


def unsealed(text: str) -> bool:
    """Tell whether a sealed document was edited."""
    try:
        document = json.loads(text)
        del document["sha256"]
        place = 0
        for piece in pieces.sealed(document):
            if not text.startswith(piece, place):
                return True
            place += len(piece)
    except (ValueError, KeyError, TypeError, RecursionError):
        return True
    return place != len(text)


def _table(header: Sequence[str], rows: Callable[[], Iterable[Sequence[object]]]) -> Pieces:
    """Return a CSV file of rows that can be made anew."""

    def make() -> Iterator[str]:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        for row in rows():
            writer.writerow([_neutral(cell) for cell in row])
            if text.tell() >= SIZE:
                yield text.getvalue()
                text.seek(0)
                text.truncate()
        yield text.getvalue()

    return Pieces(make)


def _neutral(cell: object) -> str:
    """Return a cell that a spreadsheet does not take for a formula."""
    if isinstance(cell, float):
        return repr(cell)
    text = str(cell)
    # Some spreadsheets skip spaces before a formula, and read full-width signs as the usual ones.
    first = text.lstrip()[:1]
    if not first.isascii():
        first = unicodedata.normalize("NFKC", first)
    return f"'{text}" if first in _SIGNS or text[:1] in ("\t", "\r", "\0") else text


def _tie_row(outcome: Outcome, tie: Tie, *, redacted: bool) -> Sequence[object]:
    mentee = outcome.roster.mentees[tie.mentee]
    mentor = outcome.roster.mentors[tie.mentor]
    if redacted:
        # Domains only where they may be told would say of a tie without any that it rests on something hidden.
        return mentee.id, mentor.id, *[""] * (len(_TIES) - 2)
    codes = ";".join(reason.code for reason in tie.reasons)
    return mentee.id, mentor.id, tie.worth, tie.marginal, tie.pair, ";".join(tie.needs), ";".join(tie.wishes), codes


def _mentee_row(outcome: Outcome, found: Constellation, *, redacted: bool) -> Sequence[object]:
    mentee = outcome.roster.mentees[found.mentee]
    if redacted:
        return mentee.id, len(found.ties), "", "", "", ";".join(open_needs(found, mentee, outcome.roster.vocabulary))
    gaps = [str(gap) for gap in found.gaps]
    alone = "" if isnan(found.alone) else found.alone
    return mentee.id, len(found.ties), found.value, alone, found.coverage, ";".join(gaps)


def _mentor_rows(outcome: Outcome, *, redacted: bool) -> Iterable[Sequence[object]]:
    rows = zip(outcome.roster.mentors, outcome.loads, outcome.capacities, outcome.prices.capacity, strict=True)
    return [(mentor.id, load, most, "" if redacted else price) for mentor, load, most, price in rows]


def _sample(found: Sample) -> dict[str, Any]:
    interval = [found.low, found.high]
    return {"mentees": found.mentees, "regret": found.regret, "interval": interval, "level": found.level}


def _document(outcome: Outcome, sources: Mapping[str, str], *, redacted: bool) -> dict[str, Any]:
    proof = outcome.certificate
    roster = outcome.roster
    common = {
        "format": FORMAT,
        "engine_version": __version__,
        "redacted": redacted,
        "seed": outcome.policy.seed,
        "policy": outcome.policy.model_dump(mode="json"),
        "n_mentees": len(roster.mentees),
        "n_mentors": len(roster.mentors),
        "n_ties": outcome.n_ties,
        "gap": gap_at_most(proof.gap) if redacted else proof.gap,
        "scope": proof.scope,
        "reproducible": outcome.reproducible,
    }
    if redacted:
        return common
    mentors = [mentor.id for mentor in roster.mentors]
    quotas = quota_keys(roster.mentors)
    return common | {
        "inputs_sha256": inputs_sha256(sources),
        "value": proof.value,
        "bound": proof.bound,
        **({} if proof.sample is None else {"sample": _sample(proof.sample)}),
        "lottery": None if outcome.draw is None else chances.lottery_of(outcome, outcome.draw),
        "refusals": dict(outcome.refusals),
        "equity": {
            mentee.id: weight for mentee in roster.mentees if (weight := outcome.policy.equity_of(mentee.flags)) != 1.0
        },
        "previous": sorted(map(list, outcome.previous)),
        "teams": teams_of(outcome, outcome.teams),
        "prices": priced(outcome, outcome.prices, quotas),
        "fairness": fairness_of(outcome, quotas),
        "regrets": {
            mentee.id: regret for mentee, regret in zip(roster.mentees, proof.regrets, strict=True) if not isnan(regret)
        },
        "slacks": dict(zip(mentors, proof.slacks, strict=True)),
    }

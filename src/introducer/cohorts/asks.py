"""What mentees ask for: needs, wishes, what they look for, and how many mentors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.cohorts import figures
from introducer.cohorts.chance import fill, levels, one_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.cohorts.chance import Floats, Ints
    from introducer.cohorts.people import Crowd
    from introducer.vocabulary import Vocabulary

    Columns = dict[str, list[str]]
    Mask = NDArray[np.bool_]

__all__ = ["TOPICS", "answers", "draw_looks", "draw_needs", "draw_paths", "draw_sizes", "draw_wishes", "levels_by_key"]

#: Domains whose topics the form asks about one by one.
TOPICS = ("procedural", "contracts", "family_parenting", "research", "exams_boards", "applications")

#: Seats that miss by less, relative to what was asked for, are close enough to leave team sizes as they are.
CLOSE = 0.005

_JUNIOR = ("pgy1", "pgy2", "pgy3")


def answers(rng: np.random.Generator, rates: Floats, place: Ints, likeness: float) -> Mask:
    """Draw who says yes to what; people of one place are alike.

    Everybody has a uniform number for each question, and so has every place. With probability
    ``sqrt(likeness)`` an answer is decided by the place's number instead of the person's own, so
    that two people of one place and of equal rates correlate by ``likeness`` while every rate is kept.

    Parameters
    ----------
    rates : array of float, shape (P, Q)
        Chance of a yes.
    place : array of int, shape (P,)
    likeness : float
        In [0, 1].
    """
    own = rng.random(rates.shape)
    house = rng.random((int(place.max(initial=0)) + 1, rates.shape[1]))[place]
    follows = rng.random(rates.shape) < np.sqrt(likeness)
    found: Mask = np.where(follows, house, own) < rates
    return found


def levels_by_key(
    rng: np.random.Generator, prefix: str, asked: Mask, shares: Sequence[float], words: Vocabulary
) -> Columns:
    """Draw levels for who says yes, and for some a topic in the place of the whole domain.

    Returns
    -------
    columns
        One of ``prefix:domain`` for every domain and of ``prefix:domain.topic`` for the topics of the form.
    """
    drawn = levels(rng, shares, asked.shape)
    columns: Columns = {}
    for d, domain in enumerate(words.domains):
        cells = np.where(asked[:, d], drawn[:, d].astype(str), "").astype(object)
        whole = cells.copy()
        topics: Columns = {}
        if domain.id in TOPICS:
            named = asked[:, d] & (rng.random(len(asked)) < figures.TOPIC_SHARE.value)
            which = rng.integers(len(domain.topics), size=len(asked))
            whole[named] = ""
            for t, topic in enumerate(domain.topics):
                topics[f"{prefix}:{domain.id}.{topic.id}"] = list(np.where(named & (which == t), cells, ""))
        columns[f"{prefix}:{domain.id}"] = list(whole)
        columns |= topics
    return columns


def _groups(crowd: Crowd) -> Ints:
    """Return the column of the table of needs that is each mentee's."""
    found = np.full(len(crowd), 2, dtype=np.int64)
    for column, kind in ((0, "student"), (3, "early"), (4, "established")):
        found[crowd.kind == kind] = column
    found[np.isin(crowd.stage, _JUNIOR)] = 1
    return found


def draw_needs(rng: np.random.Generator, crowd: Crowd, words: Vocabulary, *, clustered: bool) -> Columns:
    """Draw needs and which of them are private. Everybody needs something."""
    table = np.array([figures.NEEDS.value[domain.id] for domain in words.domains])
    rates = table.T[_groups(crowd)]
    asked = answers(rng, rates, crowd.place, figures.NEED_LIKENESS.value if clustered else 0.0)
    silent = ~asked.any(axis=1)
    asked[silent, rates[silent].argmax(axis=1)] = True
    columns = levels_by_key(rng, "need", asked, figures.NEED_LEVELS.value, words)
    keys = [name.removeprefix("need:") for name in columns]
    share = [
        figures.PRIVATE_SENSITIVE.value if words.is_sensitive(key) else figures.PRIVATE_OTHER.value for key in keys
    ]
    filled = np.array([[bool(cell) for cell in cells] for cells in columns.values()], dtype=np.bool_).T
    private = filled & (rng.random(filled.shape) < np.array(share))
    columns["private"] = ["; ".join(row) for row in rows_of(private, keys)]
    return columns


def draw_paths(rng: np.random.Generator, crowd: Crowd, side: int, words: Vocabulary) -> Mask:
    """Draw the paths that people walked, shape (people, experiences). Some follow from where they are.

    Parameters
    ----------
    side : {0, 1}
        Column of the table of paths: mentees, mentors.
    """
    keys = [term.id for term in words.experiences]
    rates = np.array([figures.PATHS_WALKED.value.get(key, (0.0, 0.0))[side] for key in keys])
    walked: Mask = rng.random((len(crowd), len(keys))) < rates
    walked[~crowd.woman, keys.index("pregnancy_in_training")] = False
    return walked


def draw_wishes(rng: np.random.Generator, walked: Mask, told: Columns, words: Vocabulary, profile: str) -> Columns:
    """Draw wishes for experiences, mostly for paths of one's own, and for shared attributes that one told of.

    The profile decides what the form asks; it changes no draw.
    """
    rate = np.where(walked, figures.WISH_OWN_PATH.value, figures.WISH_OTHER_PATH.value)
    wishes = rng.random(walked.shape) < rate
    level = levels(rng, figures.NEED_LEVELS.value, walked.shape)
    columns: Columns = {}
    for e, term in enumerate(words.experiences):
        columns[f"wish:{term.id}"] = [
            str(own) if yes else "" for yes, own in zip(wishes[:, e], level[:, e], strict=True)
        ]
    for term in words.attributes:
        chance, level_same = rng.random(len(walked)), levels(rng, figures.NEED_LEVELS.value, (len(walked),))
        cells = zip(told[f"attr:{term.id}"], chance, level_same, strict=True)
        if profile == "background":
            columns[f"wish:same:{term.id}"] = [str(own) if luck < _same(text) else "" for text, luck, own in cells]
    return columns if profile != "neutral" else {}


def _same(told: str) -> float:
    """Return the share that wishes to share what they told."""
    if told == "woman":
        return figures.WISH_SAME_WOMEN.value
    if told == "man":
        return figures.WISH_SAME_MEN.value
    return figures.WISH_SAME.value if told else 0.0


def draw_looks(rng: np.random.Generator, number: int) -> Columns:
    """Draw the settings, procedure lines and roles that mentees look for."""
    settings = _several(rng, number, figures.ASPIRATIONS.value)
    weights = {line: sum(shares) for line, shares in figures.PROCEDURES.value.items()}
    scale = figures.LINES.value[0] / sum(weights.values())
    lines = _several(rng, number, {line: weight * scale for line, weight in weights.items()})
    return {"setting": settings, "procedures": lines, "roles": _several(rng, number, figures.ROLES.value)}


def _several(rng: np.random.Generator, number: int, shares: Mapping[str, float]) -> list[str]:
    chosen = rng.random((number, len(shares))) < np.array(list(shares.values()))
    return ["; ".join(row) for row in rows_of(chosen, list(shares))]


def draw_sizes(rng: np.random.Generator, number: int, seats: float) -> Ints:
    """Draw team sizes whose sum lets whole seats come as near as can be to the seats asked for."""
    drawn = one_of(rng, figures.TEAM_SIZES.value, number).astype(np.int64)
    low, high = min(figures.TEAM_SIZES.value), max(figures.TEAM_SIZES.value)
    total = int(drawn.sum())
    near = [demand for demand in range(total - 4, total + 5) if low * number <= demand <= high * number]

    def miss(demand: int) -> float:
        return abs(round(seats * demand) / demand - seats) / seats

    best = min(near, key=lambda demand: (max(miss(demand), CLOSE), abs(demand - total), miss(demand)))
    return fill(rng, drawn, low, high, best)

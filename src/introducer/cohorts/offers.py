"""What mentors bring: offers by setting, paths they speak to, procedure lines, seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.cohorts import figures
from introducer.cohorts.asks import answers, levels_by_key
from introducer.cohorts.chance import rows_of, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.cohorts.chance import Ints, Texts
    from introducer.cohorts.people import Crowd
    from introducer.vocabulary import Vocabulary

    Columns = dict[str, list[str]]
    Mask = NDArray[np.bool_]

__all__ = ["draw_bringing", "draw_capacities", "draw_experiences", "draw_offers", "draw_settings", "kinds"]

_OFFICE = ("obl", "private_ir")
_KINDS = ("near_peer", "adviser", "industry", "administrator")


def _groups(crowd: Crowd) -> Ints:
    """Return the column of the table of offers that is each mentor's."""
    found = np.full(len(crowd), 1, dtype=np.int64)
    found[crowd.setting == "academic"] = 0
    found[np.isin(crowd.setting, _OFFICE)] = 2
    found[crowd.setting == "hybrid"] = 3
    for column, kind in enumerate(_KINDS, start=4):
        found[crowd.kind == kind] = column
    return found


def draw_offers(rng: np.random.Generator, crowd: Crowd, words: Vocabulary, *, clustered: bool) -> Columns:
    """Draw offers by setting and kind. Everybody offers something."""
    table = np.array([figures.OFFERS.value[domain.id] for domain in words.domains])
    rates = table.T[_groups(crowd)]
    offered = answers(rng, rates, crowd.place, figures.OFFER_LIKENESS.value if clustered else 0.0)
    silent = ~offered.any(axis=1)
    offered[silent, rates[silent].argmax(axis=1)] = True
    return levels_by_key(rng, "offer", offered, figures.OFFER_LEVELS.value, words)


def draw_settings(rng: np.random.Generator, crowd: Crowd) -> tuple[Columns, Mask, Mask]:
    """Draw who is rural and who is alone in the county, beside the setting that everybody has.

    Returns
    -------
    columns
        The field ``setting``.
    rural, solo : array of bool
        Of those in private practice alone; who is alone is rural.
    """
    private = np.isin(crowd.setting, list(figures.PRIVATE_SETTINGS.value))
    luck = rng.random(len(crowd))
    share = figures.SETTINGS.value["private"]
    rural = private & (luck < figures.RURAL_ATTENDINGS.value / share)
    solo = private & (luck < figures.SOLO_ATTENDINGS.value / share)
    cells = [
        "; ".join([own] * bool(own) + ["rural"] * bool(far) + ["solo"] * bool(alone))
        for own, far, alone in zip(crowd.setting, rural, solo, strict=True)
    ]
    return {"setting": cells}, rural, solo


def draw_experiences(rng: np.random.Generator, walked: Mask, words: Vocabulary) -> tuple[Columns, Mask]:
    """Draw which of their paths mentors offer to speak to, and who limits how often a rare one is asked of them.

    Returns
    -------
    columns
        ``experiences`` and a column ``quota:<experience>`` for each that somebody limits.
    limited : array of bool
        Who has a quota.
    """
    keys = [term.id for term in words.experiences]
    speaks = walked & (rng.random(walked.shape) < figures.SPEAK_OF_PATH.value)
    rare = speaks.mean(axis=0) < figures.RARE.value
    limits = speaks & rare & (rng.random(walked.shape) < figures.QUOTAS.value)
    columns = {"experiences": ["; ".join(row) for row in rows_of(speaks, keys)]}
    columns |= {f"quota:{key}": ["1" if own else "" for own in limits[:, e]] for e, key in enumerate(keys)}
    return columns, limits.any(axis=1)


def draw_bringing(rng: np.random.Generator, crowd: Crowd) -> Columns:
    """Draw the procedure lines that physicians bring, by the case mix of their setting, and roles."""
    shares = np.array(list(figures.PROCEDURES.value.values()))
    mix = np.where((crowd.setting == "academic")[:, None], shares[:, 1], shares[:, 0])
    rates = np.minimum(mix / mix.sum(axis=1, keepdims=True) * figures.LINES.value[1], 0.95)
    rates[np.isin(crowd.kind, list(figures.GUEST_KINDS.value))] = 0.0
    lines = rng.random(rates.shape) < rates
    roles = rng.random((len(crowd), len(figures.ROLES.value))) < np.array(list(figures.ROLES.value.values()))
    return {
        "procedures": ["; ".join(row) for row in rows_of(lines, list(figures.PROCEDURES.value))],
        "roles": ["; ".join(row) for row in rows_of(roles, list(figures.ROLES.value))],
    }


def draw_capacities(rng: np.random.Generator, number: int, total: int) -> Ints:
    """Draw how many mentees each mentor takes, so that they sum to the total."""
    return spread(rng, figures.CAPACITIES.value, number, total)


def kinds(crowd: Crowd) -> Texts:
    """Return the field ``kind``: residents are members like attendings."""
    return np.where(np.isin(crowd.kind, ("attending", "near_peer")), "member", crowd.kind)

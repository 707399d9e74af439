"""What people tell of themselves, if they wish to: private attributes, languages, identity poles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.cohorts import figures
from introducer.cohorts.chance import one_of

if TYPE_CHECKING:
    from introducer.cohorts.chance import Texts
    from introducer.cohorts.people import Crowd

    Columns = dict[str, list[str]]

__all__ = ["draw_attributes", "draw_languages", "draw_poles"]

_OPEN = ("gender", "ethnicity")


def draw_languages(rng: np.random.Generator, crowd: Crowd) -> Columns:
    """Draw the languages of everybody: English, and what else they speak."""
    others = figures.LANGUAGES.value
    speaks = rng.random((len(crowd), len(others))) < np.array(list(others.values()))
    lists = ["; ".join(["english", *(word for word, own in zip(others, row, strict=True) if own)]) for row in speaks]
    return {"languages": lists}


def draw_attributes(rng: np.random.Generator, crowd: Crowd, ethnicities: dict[str, float]) -> Columns:
    """Draw what people tell of each private attribute, and whether it may be used to match them."""
    number = len(crowd)
    own = {
        "culture": one_of(rng, figures.CULTURES.value, number),
        "ethnicity": _ethnicities(rng, number, ethnicities),
        "religion": one_of(rng, figures.RELIGIONS.value, number),
        "gender": _genders(rng, crowd),
        "marital_status": one_of(rng, figures.MARITAL.value, number),
        "family": one_of(rng, figures.FAMILIES.value, number),
        "first_language": one_of(rng, {"english": 1.0} | figures.LANGUAGES.value, number),
    }
    columns: Columns = {}
    for name, values in own.items():
        share = figures.DISCLOSE_OPEN.value if name in _OPEN else figures.DISCLOSE_CLOSE.value
        tells = rng.random(number) < share
        agrees = rng.random(number) < figures.CONSENT_TO_USE.value
        columns[f"attr:{name}"] = [text if told else "" for text, told in zip(values, tells, strict=True)]
        columns[f"consent:{name}"] = [
            ("yes" if yes else "no") if told else "" for told, yes in zip(tells, agrees, strict=True)
        ]
    return columns


def _genders(rng: np.random.Generator, crowd: Crowd) -> Texts:
    found = np.where(crowd.woman, "woman", "man").astype(object)
    found[rng.random(len(crowd)) < figures.OTHER_GENDER.value] = "non-binary"
    return found


def _ethnicities(rng: np.random.Generator, number: int, shares: dict[str, float]) -> Texts:
    first, second = one_of(rng, shares, number), one_of(rng, shares, number)
    several = (rng.random(number) < figures.SECOND_ETHNICITY.value) & (first != second)
    found: Texts = np.where(several, first + "; " + second, first)
    return found


def draw_poles(rng: np.random.Generator, crowd: Crowd) -> Columns:
    """Draw how people divide 100 points among the poles, in steps of 5; some leave it blank."""
    weights = figures.POLES.value
    parts = np.floor(rng.dirichlet(list(weights.values()), len(crowd)) * 20.0).astype(np.int64) * 5
    parts[:, -1] += 100 - parts.sum(axis=1)
    answers = rng.random(len(crowd)) < figures.POLES_ANSWERED.value
    return {
        f"pole:{pole}": [str(part) if told else "" for part, told in zip(parts[:, p], answers, strict=True)]
        for p, pole in enumerate(weights)
    }

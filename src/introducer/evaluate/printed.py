"""An evaluation as sentences and as a document."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from introducer.evaluate import Evaluation
    from introducer.evaluate.estimators import Estimate

__all__ = ["document", "sentences"]

#: Version of the document.
FORMAT = 1
#: With fewer coins their distribution is a guess.
_FEW = 30
_NAMES = {"horvitz_thompson": "Horvitz-Thompson", "hajek": "Hájek"}
_OF = {"own": "under its own lottery", "target": "under the target", "difference": "target less own"}


def document(found: Evaluation) -> str:
    """Return an evaluation as JSON."""
    return json.dumps({"format": FORMAT} | asdict(found), indent=1, ensure_ascii=False) + "\n"


def sentences(found: Evaluation) -> str:
    """Return an evaluation in words and numbers."""
    return "\n".join(_lines(found))


def _lines(found: Evaluation) -> Iterator[str]:
    kind = {"tie": "ties", "team": "constellations"}[found.unit]
    yield f"Results of {found.known:,} {kind}, {found.missing:,} missing; {found.coins:,} coins were tossed about them."
    yield (
        f"{100 * found.supported:.1f} % of what the target would do could have come about; the results say as much as "
        f"{found.effective:.1f} of equal weight."
    )
    yield ""
    yield f"{'Mean result':24}{'estimator':18}{'estimate':>22}  {100 * found.level:g} % interval"
    for each in found.estimates:
        low, high = each.interval
        yield f"{_OF[each.of]:24}{_NAMES[each.estimator]:18}{_ends(each):>22}  {low:.4f} to {high:.4f}"
    yield ""
    if found.coins == 0:
        yield "No coin decided anything here: there is no error of chance, and nothing is learned about other outcomes."
    elif found.coins < _FEW:
        yield f"With {found.coins} coins the intervals are rough: they hold where coins are many."
    yield "Intervals are about the coins of the lottery alone: these people and their results, other draws."


def _ends(each: Estimate) -> str:
    return f"{each.low:.4f}" if each.low == each.high else f"{each.low:.4f} to {each.high:.4f}"

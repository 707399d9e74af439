"""What a redacted outcome may show. The files and the report both ask here.

The rule: a redacted outcome is a function of who is tied to whom and of what was said openly.
Two cohorts that differ in nothing but wishes, private needs, sensitive needs, private
attributes and who avoids whom, and whose teams are the same, give the same bytes.
``docs/explanation/redaction.md`` has the reasons.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.outcome import Constellation
    from introducer.roster import Mentee
    from introducer.vocabulary import Vocabulary

__all__ = ["NOT_TOLD", "gap_at_most", "is_hidden", "open_needs"]

#: Stands for every cause that could rest on something hidden.
NOT_TOLD = "not_told"
#: A redacted gap is a multiple of it: all its digits would confirm a guess, as a hash would.
_STEP = 0.0005


def is_hidden(mentee: Mentee, key: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a redacted outcome leaves a need out: a private one, or one that is sensitive."""
    return key in mentee.private or vocabulary.is_sensitive(key)


def open_needs(found: Constellation, mentee: Mentee, vocabulary: Vocabulary) -> Sequence[str]:
    """Return ``need:cause`` for what nobody covers, in order of key.

    The order by weight would tell of hidden needs, which share a domain's weight. A need that
    nobody in the cohort offers is said to be so; the other causes follow from refusals, some of
    them confidential, and from who else asked for what.
    """
    return [
        f"{gap.need}:{gap.cause if gap.cause == 'no_offer' else NOT_TOLD}"
        for gap in sorted(found.gaps, key=lambda gap: gap.need)
        if not is_hidden(mentee, gap.need, vocabulary)
    ]


def gap_at_most(gap: float) -> float:
    """Return a gap rounded up to a multiple of .0005, and .0005 for 0, so that "at most" stays true."""
    return round(max(1, math.ceil(gap / _STEP - 1e-9)) * _STEP, 4)

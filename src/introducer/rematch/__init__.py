"""Matching again with few changes: what each change would buy, and the best outcome of a given number.

A change is a tie of an earlier outcome that could stay but ends, or a new tie of somebody who
had a team before. What cannot stay (somebody left, a rule forbids the tie, a mentor has fewer
seats) is forced and counted apart; so are the teams of those who are new.

``introducer.rematch.cold``
    A small cohort: every price of a change is a problem of its own, solved and certified over all pairs.
``introducer.rematch.warm``
    A large one: from the earlier teams and prices, around those who could have better.
"""

from __future__ import annotations

from introducer.rematch.cold import base_of
from introducer.rematch.earlier import proof_of
from introducer.rematch.known import Proof
from introducer.rematch.parts import Frontier, Point, changes, parts_of

__all__ = ["Frontier", "Point", "Proof", "base_of", "changes", "parts_of", "proof_of"]

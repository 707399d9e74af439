"""Requesting, performing, stopping and comparing runs; ordering pins and vetoes."""

from introducer_web.matching.services.compare import Comparison, compare
from introducer_web.matching.services.orders import AlreadyOrdered, lift_order, order_tie, set_capacity
from introducer_web.matching.services.perform import claim_run, perform_due, perform_run
from introducer_web.matching.services.runs import (
    NobodyToMatch,
    NotRunning,
    RunIsUnderWay,
    next_best,
    request_run,
    stop_run,
)

__all__ = [
    "AlreadyOrdered",
    "Comparison",
    "NobodyToMatch",
    "NotRunning",
    "RunIsUnderWay",
    "claim_run",
    "compare",
    "lift_order",
    "next_best",
    "order_tie",
    "perform_due",
    "perform_run",
    "request_run",
    "set_capacity",
    "stop_run",
]

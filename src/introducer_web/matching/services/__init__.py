"""Requesting, performing, stopping and comparing runs; advice on them; ordering pins and vetoes."""

from introducer_web.matching.services.advise import (
    NoAdvice,
    advise_due,
    ask_advice,
    claim_advice,
    perform_advice,
    stop_advice,
)
from introducer_web.matching.services.compare import Comparison, compare
from introducer_web.matching.services.effects import Effect, changed_choices, differing, effect
from introducer_web.matching.services.figures import BY_PERSON
from introducer_web.matching.services.orders import AlreadyOrdered, lift_order, order_tie, set_capacity
from introducer_web.matching.services.perform import claim_run, perform_due, perform_run
from introducer_web.matching.services.runs import (
    NobodyToMatch,
    NotRunning,
    RunIsUnderWay,
    TooManyTrials,
    instead,
    request_run,
    stop_run,
)
from introducer_web.matching.services.trials import PolicyWasChanged, adopt_policy

__all__ = [
    "BY_PERSON",
    "AlreadyOrdered",
    "Comparison",
    "Effect",
    "NoAdvice",
    "NobodyToMatch",
    "NotRunning",
    "PolicyWasChanged",
    "RunIsUnderWay",
    "TooManyTrials",
    "adopt_policy",
    "advise_due",
    "ask_advice",
    "changed_choices",
    "claim_advice",
    "claim_run",
    "compare",
    "differing",
    "effect",
    "instead",
    "lift_order",
    "order_tie",
    "perform_advice",
    "perform_due",
    "perform_run",
    "request_run",
    "set_capacity",
    "stop_advice",
    "stop_run",
]

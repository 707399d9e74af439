"""How it goes between two people: said for oneself, told the other one or not, and asked for in time."""

from introducer_web.feedback.services.asking import FIRST, OFTEN, Due, due, is_due
from introducer_web.feedback.services.giving import (
    GivenMeanwhile,
    WasRead,
    draft,
    give,
    leave_out,
    mark_read,
    may_leave,
    remove,
    tell,
    untell,
)

__all__ = [
    "FIRST",
    "OFTEN",
    "Due",
    "GivenMeanwhile",
    "WasRead",
    "draft",
    "due",
    "give",
    "is_due",
    "leave_out",
    "mark_read",
    "may_leave",
    "remove",
    "tell",
    "untell",
]

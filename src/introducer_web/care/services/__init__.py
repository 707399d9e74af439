"""Reminders that a coordinator approved once, and quiet for whoever asks for it."""

from introducer_web.care.services.ladder import (
    LadderIsStale,
    OutOfRange,
    approve,
    ladder_of,
    look_at,
    reminded_cohorts,
    rungs_of,
    seen_of,
    set_rungs,
    shown,
    stop,
)
from introducer_web.care.services.reminding import NobodyToWrite, WrittenAlready, may_leave, remind_due, write_again
from introducer_web.care.services.silence import remind_again, silence

__all__ = [
    "LadderIsStale",
    "NobodyToWrite",
    "OutOfRange",
    "WrittenAlready",
    "approve",
    "ladder_of",
    "look_at",
    "may_leave",
    "remind_again",
    "remind_due",
    "reminded_cohorts",
    "rungs_of",
    "seen_of",
    "set_rungs",
    "shown",
    "silence",
    "stop",
    "write_again",
]

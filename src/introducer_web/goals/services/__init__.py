"""What mentees do with their goals, decisions, first hundred days, and with what changes for them."""

from introducer_web.goals.services.decisions import AlreadyLookedAt, look_at_decision, note_decision
from introducer_web.goals.services.goals import (
    GoalIsClosed,
    GoalMoved,
    IsOver,
    StillTogether,
    TooManyGoals,
    begin_goal,
    close_goal,
    note_progress,
    reword_goal,
    take_along,
)
from introducer_web.goals.services.looks import AlreadyAsked, ask_for_fresh_look, run_for_fresh_looks, settle_fresh_look
from introducer_web.goals.services.tracks import AlreadyBegun, begin_track, end_track, tick
from introducer_web.goals.services.transitions import (
    AHEAD,
    TooManyChanges,
    forget_transition,
    note_transition,
    tell_of_transitions,
)

__all__ = [
    "AHEAD",
    "AlreadyAsked",
    "AlreadyBegun",
    "AlreadyLookedAt",
    "GoalIsClosed",
    "GoalMoved",
    "IsOver",
    "StillTogether",
    "TooManyChanges",
    "TooManyGoals",
    "ask_for_fresh_look",
    "begin_goal",
    "begin_track",
    "close_goal",
    "end_track",
    "forget_transition",
    "look_at_decision",
    "note_decision",
    "note_progress",
    "note_transition",
    "reword_goal",
    "run_for_fresh_looks",
    "settle_fresh_look",
    "take_along",
    "tell_of_transitions",
    "tick",
]

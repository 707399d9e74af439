"""Inviting, joining, answering, approving, pausing, withdrawing."""

from introducer_web.people.services.answers import (
    save_about,
    save_answers,
    save_avoid,
    save_levels,
    save_private,
    save_wishes,
)
from introducer_web.people.services.joining import (
    InvitationIsOver,
    NotOpen,
    WrongAddress,
    accept_invitation,
    ask_to_join,
    invite,
    last_answers,
    revoke,
)
from introducer_web.people.services.states import (
    NotFinished,
    approve,
    commit,
    decline,
    finish,
    lift_conflict,
    pause,
    record_conflict,
    wait,
    withdraw,
)

__all__ = [
    "InvitationIsOver",
    "NotFinished",
    "NotOpen",
    "WrongAddress",
    "accept_invitation",
    "approve",
    "ask_to_join",
    "commit",
    "decline",
    "finish",
    "invite",
    "last_answers",
    "lift_conflict",
    "pause",
    "record_conflict",
    "revoke",
    "save_about",
    "save_answers",
    "save_avoid",
    "save_levels",
    "save_private",
    "save_wishes",
    "wait",
    "withdraw",
]

"""What two people note and write: that they talked, what they want to keep of it, and letters to each other."""

from introducer_web.conversations.services.letters import (
    TooManyLetters,
    mark_read,
    may_leave,
    may_write,
    take_back_letter,
    write_letter,
)
from introducer_web.conversations.services.notes import (
    ChangedMeanwhile,
    NotShared,
    edit_note,
    remove_kept,
    remove_note,
    write_note,
)
from introducer_web.conversations.services.talks import (
    NotNotedByYou,
    NotThatDay,
    NotTogether,
    TakenBack,
    log_conversation,
    say_minutes,
    take_back,
)
from introducer_web.conversations.services.words import (
    MOST,
    IsOver,
    NothingWritten,
    TooMuchWritten,
    WasReadOrTakenBack,
    trimmed,
)

__all__ = [
    "MOST",
    "ChangedMeanwhile",
    "IsOver",
    "NotNotedByYou",
    "NotShared",
    "NotThatDay",
    "NotTogether",
    "NothingWritten",
    "TakenBack",
    "TooManyLetters",
    "TooMuchWritten",
    "WasReadOrTakenBack",
    "edit_note",
    "log_conversation",
    "mark_read",
    "may_leave",
    "may_write",
    "remove_kept",
    "remove_note",
    "say_minutes",
    "take_back",
    "take_back_letter",
    "trimmed",
    "write_letter",
    "write_note",
]

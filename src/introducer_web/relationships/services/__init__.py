"""From a finished run to people who talk: publishing, introducing, answering, swapping."""

from introducer_web.relationships.services.answers import (
    AnswerIsFinal,
    LinkIsDead,
    NoSeatLeft,
    answer_introduction,
    write_first_message,
)
from introducer_web.relationships.services.contact import note_contact, note_signed
from introducer_web.relationships.services.correct import NothingToCorrect, correct, may_be_named
from introducer_web.relationships.services.digests import leave_out, send_digests, stop_digests
from introducer_web.relationships.services.expiring import expire, keep_open
from introducer_web.relationships.services.keeping import NothingToKeep, ask_to_keep, asked_in
from introducer_web.relationships.services.publish import (
    NothingToPublish,
    Preview,
    PreviewIsStale,
    RunIsSuperseded,
    preview,
    publish,
    tie_mails,
)
from introducer_web.relationships.services.runs import (
    FrontierIsStale,
    NothingDiffers,
    NothingToChange,
    effects,
    known_of,
    record_existing,
    request_few_changes,
    request_frontier,
    request_run,
    request_trial,
    together_in,
)
from introducer_web.relationships.services.swaps import (
    AlreadyEnded,
    AlreadyRequested,
    recall,
    request_swap,
    settle_swap,
)

__all__ = [
    "AlreadyEnded",
    "AlreadyRequested",
    "AnswerIsFinal",
    "FrontierIsStale",
    "LinkIsDead",
    "NoSeatLeft",
    "NothingDiffers",
    "NothingToChange",
    "NothingToCorrect",
    "NothingToKeep",
    "NothingToPublish",
    "Preview",
    "PreviewIsStale",
    "RunIsSuperseded",
    "answer_introduction",
    "ask_to_keep",
    "asked_in",
    "correct",
    "effects",
    "expire",
    "keep_open",
    "known_of",
    "leave_out",
    "may_be_named",
    "note_contact",
    "note_signed",
    "preview",
    "publish",
    "recall",
    "record_existing",
    "request_few_changes",
    "request_frontier",
    "request_run",
    "request_swap",
    "request_trial",
    "send_digests",
    "settle_swap",
    "stop_digests",
    "tie_mails",
    "together_in",
    "write_first_message",
]

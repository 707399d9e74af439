"""Finding a mentor oneself: standing in the directory, being recommended, asking and answering, events."""

from introducer_web.finding.models import OPEN_FOR
from introducer_web.finding.services.answering import answer_request, requests_due
from introducer_web.finding.services.asking import (
    AlreadyAsked,
    CannotBeAsked,
    RequestIsClosed,
    RequestsAreOff,
    TooManyOpen,
    ask,
    withdraw,
)
from introducer_web.finding.services.events import add_event, remove_event
from introducer_web.finding.services.listing import TooManyMoves, add_move, index_due, list_mentor, remove_move
from introducer_web.finding.services.preferring import (
    RANKED,
    RoundIsClosed,
    mark,
    preferred,
    rank,
    round_of,
    set_round,
)
from introducer_web.finding.services.recommending import recommend, recommend_due
from introducer_web.finding.services.rules import may_be_tied
from introducer_web.finding.services.talking import NobodyToTalk, TalksAreOver, close_talks, open_talks, ready, say_of

__all__ = [
    "OPEN_FOR",
    "RANKED",
    "AlreadyAsked",
    "CannotBeAsked",
    "NobodyToTalk",
    "RequestIsClosed",
    "RequestsAreOff",
    "RoundIsClosed",
    "TalksAreOver",
    "TooManyMoves",
    "TooManyOpen",
    "add_event",
    "add_move",
    "answer_request",
    "ask",
    "close_talks",
    "index_due",
    "list_mentor",
    "mark",
    "may_be_tied",
    "open_talks",
    "preferred",
    "rank",
    "ready",
    "recommend",
    "recommend_due",
    "remove_event",
    "remove_move",
    "requests_due",
    "round_of",
    "say_of",
    "set_round",
    "withdraw",
]

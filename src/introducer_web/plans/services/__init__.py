"""Planning conversations: when two people could talk, what they agree on, what their calendars are told."""

from introducer_web.plans.services.agenda import (
    ListIsFull,
    NothingSaid,
    NotYourAgenda,
    add_point,
    drop_point,
    settle_point,
    take_point,
)
from introducer_web.plans.services.agreed import IsOver, StillToCome, cancel, end_series, say_held
from introducer_web.plans.services.calendars import (
    AddressRefused,
    availability_of,
    end_feed,
    hours_of,
    renew_feed,
    save_availability,
    zone_of,
)
from introducer_web.plans.services.looking import TROUBLES, ask_calendars, end_what_is_over, look_after, remind
from introducer_web.plans.services.proposing import (
    MOST,
    AlreadyPlanned,
    AlreadySettled,
    NoSuchTime,
    NotTogether,
    NotYours,
    accept,
    decline,
    propose,
    withdraw,
)
from introducer_web.plans.services.writing import feed, other_of

__all__ = [
    "MOST",
    "TROUBLES",
    "AddressRefused",
    "AlreadyPlanned",
    "AlreadySettled",
    "IsOver",
    "ListIsFull",
    "NoSuchTime",
    "NotTogether",
    "NotYourAgenda",
    "NotYours",
    "NothingSaid",
    "StillToCome",
    "accept",
    "add_point",
    "ask_calendars",
    "availability_of",
    "cancel",
    "decline",
    "drop_point",
    "end_feed",
    "end_series",
    "end_what_is_over",
    "feed",
    "hours_of",
    "look_after",
    "other_of",
    "propose",
    "remind",
    "renew_feed",
    "save_availability",
    "say_held",
    "settle_point",
    "take_point",
    "withdraw",
    "zone_of",
]

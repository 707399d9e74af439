"""A town that lives for a year with a clock that is moved: what its people do, and what they should be told of it.

What is expected is written down here by hand for each story, in days; nothing of it asks the code under test.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

import cast
from introducer_web.care import services as care
from introducer_web.conversations import services as conversations
from introducer_web.mail.services import send_due
from introducer_web.people import services as people
from introducer_web.people.models import Participant
from introducer_web.programs.models import Cohort
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.relationships.services.publish import send_introductions
from introducer_web.tenants.models import User

DAY = dt.timedelta(days=1)
START = dt.datetime(2027, 1, 11, 15, tzinfo=dt.UTC)
STEP = dt.timedelta(hours=7)
STEPS = 366 * 24 // 7
ZONES = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Chicago", "Asia/Kathmandu", "Asia/Tokyo")
WORDS = WAITS, CLOSED, FIRST, QUIET, AWAY, FORM = (
    "waits for your answer", "is closed", "A first conversation", "It has been a while", "is away until",
    "Your form for",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """What two people do, as (day, what, who), and what they are told, as (day, words of the subject, who)."""

    does: tuple[tuple[float, str, str], ...] = ()
    told: tuple[tuple[float, str, str], ...] = ()


YES = ((1.1, "accepted", "mentee"), (2.3, "accepted", "mentor"))
STORIES = {
    "all goes well": Story(YES + tuple((10 + 30 * n, "talk", "mentee") for n in range(12))),
    "nobody answers": Story((), ((7, WAITS, "both"), (14, CLOSED, "both"))),
    "the mentor never answers": Story(YES[:1], ((7, WAITS, "mentor"), (14, CLOSED, "both"))),
    "they never meet": Story(YES, ((23.3, FIRST, "both"),)),
    "it becomes quiet": Story((*YES, (10, "talk", "mentor")), ((54, QUIET, "both"),)),
    "it becomes quiet twice": Story(
        (*YES, (10, "talk", "mentor"), (90, "talk", "mentee")), ((54, QUIET, "both"), (134, QUIET, "both"))
    ),
    "the mentor says no": Story((YES[0], (5, "declined", "mentor"))),
    "the mentor pauses": Story(
        (YES[0], (3, "pause", "mentor")), ((3, AWAY, "mentee"), (36, WAITS, "mentor"), (43, CLOSED, "both"))
    ),
    "the mentee wants a month of quiet": Story(
        (*YES, (5, "silence", "mentee")), ((23.3, FIRST, "mentor"), (35, FIRST, "mentee"))
    ),
    "the mentor wants no reminders": Story((*YES, (5, "stop", "mentor")), ((23.3, FIRST, "mentee"),)),
    "the mentor withdraws": Story((YES[0], (5, "withdraw", "mentor")), ((14, CLOSED, "mentee"),)),
    "the introduction is withdrawn": Story(((6, "recall", ""),)),
}
FORMS = {"left": Story((), ((3, FORM, "mentee"), (10, FORM, "mentee"))),
         "left, then sent": Story(((7, "send", "mentee"),), ((3, FORM, "mentee"),)),
         "sent at once": Story(((1, "send", "mentee"),))}  # fmt: skip


@dataclass(order=True)
class Event:
    """Something that somebody does at a moment."""

    at: dt.datetime
    number: int
    what: str = field(compare=False)
    who: str = field(compare=False)
    pair: int = field(compare=False)


@dataclass(frozen=True)
class Pair:
    """Two people of their own, or one with a form, and how it goes with them."""

    number: int
    name: str
    story: Story
    begins: dt.datetime
    zones: dict[str, str]

    def address(self, side):
        return f"{side}{self.number}@example.org"


def pairs(seed):
    """Return everybody: each story several times, begun on days over the year, in zones around the earth."""
    chance = random.Random(seed)  # noqa: S311 - a town, and no secret
    found: list[Pair] = []
    for name, story in [*STORIES.items()] * 4 + [*FORMS.items()] * 2:
        begins = START + chance.randrange(3, 200) * DAY + dt.timedelta(hours=chance.randrange(24))
        zones = {side: chance.choice(ZONES) for side in ("mentee", "mentor")}
        found.append(Pair(len(found), name, story, begins, zones))
    return found


def events(seed):
    """Return what everybody does, in time."""
    found: list[Event] = []
    for pair in pairs(seed):
        form = pair.name in FORMS
        does = ((0, "begin" if form else "introduce", ""), *pair.story.does)
        for day, what, who in does:
            found.append(Event(pair.begins + day * DAY, len(found), what, who, pair.number))
    return sorted(each for each in found if each.at < START + STEPS * STEP - 10 * DAY)


def expected(seed):
    """Return what everybody should be told, as (moment, address, words of the subject)."""
    end = START + STEPS * STEP - 10 * DAY
    return [
        (moment, pair.address(side), words)
        for pair in pairs(seed)
        for day, words, who in pair.story.told
        for side in (("mentee", "mentor") if who == "both" else (who,))
        if (moment := pair.begins + day * DAY) < end
    ]


def zone_of(seed):
    """Return the zone of each address."""
    return {pair.address(side): ZoneInfo(zone) for pair in pairs(seed) for side, zone in pair.zones.items()}


def settle(seed):
    """Let everybody take part, and a coordinator approve the reminders."""
    town = cast.settle()
    for pair in pairs(seed):
        for side, zone in pair.zones.items():
            user = User.objects.create_user(pair.address(side), name=f"{side.title()} {pair.number}")
            cast.participant(town, user, side, timezone=zone, capacity=2)
    care.approve(cohort=town.cohort, seen=care.seen_of([]), by=town.ada, now=START)


def act(pair, event):
    """Do what somebody does."""
    now, day = event.at, (event.at + 30 * DAY).date()
    people_of = {side: Participant.objects.select_related("user", "society").get(user__email=pair.address(side))
                 for side in ("mentee", "mentor")}  # fmt: skip
    who: Any = people_of.get(event.who)
    two: Any = Relationship.objects.filter(mentee=people_of["mentee"]).first()
    if event.what == "introduce":
        cohort = Cohort.objects.select_related("society").get(pk=people_of["mentee"].cohort_id)
        made = Relationship.objects.create(society=cohort.society, cohort=cohort, began_at=now, **people_of)
        send_introductions(made, now=now)
    elif event.what in ("accepted", "declined"):
        found = Introduction.objects.get(relationship=two, side=event.who)
        relationships.answer_introduction(introduction=found, answer=event.what, now=now)
    elif event.what == "talk":
        conversations.log_conversation(relationship=two, person=who, on=now.date(), by=who.user, now=now)
    elif event.what == "pause":
        people.pause(participant=who, until=day, by=who.user, now=now)
    elif event.what == "silence":
        care.silence(person=who, relationship=two, now=now)
    elif event.what == "stop":
        relationships.stop_digests(participant=who)
    elif event.what == "withdraw":
        people.withdraw(participant=who, now=now)
    elif event.what == "recall":
        relationships.recall(relationship=two, by=User.objects.get(email="ada@example.org"), now=now)
    else:
        state = {"begin": "draft", "send": "active"}[event.what]
        Participant.objects.filter(pk=people_of["mentee"].pk).update(state=state, joined_at=pair.begins)


def live(folder):
    """Live on from where the year stands: people act, then the worker does what is due, and may be killed in it.

    ``plan.json`` says from which step on and where each kill comes, and in which steps the mail server is away.
    """
    plan = json.loads((folder / "plan.json").read_text())
    everybody, happens = pairs(plan["seed"]), events(plan["seed"])
    step, acted, killed = (_read(folder, name) for name in ("step", "acted", "killed"))
    port = settings.EMAIL_PORT
    while step < STEPS:
        now = START + step * STEP
        _write(folder, "step", step)
        (folder / "clock").write_text(now.isoformat())
        while acted < len(happens) and happens[acted].at <= now:
            act(everybody[happens[acted].pair], happens[acted])
            acted += 1
            _write(folder, "acted", acted)
        away = plan["down"][0] <= step < plan["down"][1]
        settings.EMAIL_PORT = 1 if away else port
        comes = killed < len(plan["kills"]) and plan["kills"][killed][0] <= step
        os.environ["INTRODUCER_CRASH_AT"] = plan["kills"][killed][1] if comes else ""
        _write(folder, "killed", killed + comes)  # if it is not reached in this step, that is taken back below
        while care.remind_due(now):
            pass
        for minutes in range(0, int(STEP.total_seconds()) // 60 if away else 1, 20):
            send_due(now + dt.timedelta(minutes=minutes))  # it is tried again and again, as it would be
        os.environ["INTRODUCER_CRASH_AT"] = ""
        _write(folder, "killed", killed)
        step += 1


def _read(folder, name):
    path = folder / name
    return int(path.read_text()) if path.exists() else 0


def _write(folder, name, value):
    (folder / name).write_text(str(value))

"""Two who agreed, and what the tests of plans have in common."""

import datetime as dt
import email
from email import policy as email_policy
from types import SimpleNamespace

import pytest
import vobject

from introducer_web.mail.models import Message
from introducer_web.plans import services
from introducer_web.relationships import services as relationships

LATER = dt.datetime(2027, 1, 14, 15, tzinfo=dt.UTC)  # Thursday, nine in the morning in Chicago


@pytest.fixture
def together(town):
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    town.later = LATER
    return town


@pytest.fixture
def propose(together):
    """Let Cleo propose, or whoever is named."""

    def proposed(*times, person=None, **more):
        given = {"minutes": 30, "now": together.now} | more
        return services.propose(
            relationship=together.two, person=person or together.cleo_asks, times=times or [LATER], **given
        )

    return proposed


@pytest.fixture
def agree(together, propose):
    """Let Cleo propose a time and Ben accept it."""

    def agreed(at=LATER, **more):
        now = more.get("now", together.now)
        proposal = propose(at, **more)
        return services.accept(proposal=proposal, person=together.ben_mentors, at=at, now=now)

    return agreed


@pytest.fixture
def told():
    """Return what the calendars of both were told by mails of a kind: by address, the latest, as another reads it."""

    def read(kind):
        found = {}
        for message in Message.objects.filter(kind=kind).order_by("pk"):
            calendar = message.content["calendar"]
            found[message.to] = SimpleNamespace(
                method=calendar["method"], text=calendar["text"], calendar=vobject.readOne(calendar["text"])
            )
        return found

    return read


def parts(raw):
    """Return the parts of a mail as it arrived, by type."""
    mail = email.message_from_bytes(raw, policy=email_policy.default)
    return mail, list(mail.walk())

"""What several people do at the same moment; each race is run inside a site of its own, on a real database."""

from __future__ import annotations

import threading
from collections import Counter

from django.db import connections
from django.test import Client
from django_scopes import scopes_disabled

from cast import NOON, enter, participant
from introducer_web.audit.models import Entry
from introducer_web.lib.errors import DomainError
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.matching.models import Order
from introducer_web.people.models import Participant
from introducer_web.programs.forms import SocietyForm
from introducer_web.programs.models import Cohort
from introducer_web.programs.services import state_of
from introducer_web.relationships import services
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.relationships.services.publish import send_introductions
from introducer_web.tenants.models import User

__all__ = ["accepts", "capacities", "edits", "matched", "orders", "publications", "published"]


def at_once(*acts):
    """Do all acts at the same moment; return how many ended how: ``done``, or the kind of the error."""
    ended, ready = [], threading.Barrier(len(acts))

    def go(act):
        with scopes_disabled():
            ready.wait()
            try:
                act()
                ended.append("done")
            except DomainError as error:
                ended.append(type(error).__name__)
            finally:
                connections.close_all()

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ended)


def _here():
    cohort = Cohort.objects.get(society__slug="ir")
    return cohort, User.objects.get(email="ada@example.org")


def accepts():
    """Twenty mentees say yes to a mentor with two seats."""
    cohort, _ada = _here()
    mentor = Participant.objects.get(user__email="ben@example.org", cohort=cohort)
    for n in range(20):
        user = User.objects.create_user(f"m{n}@example.org", name=f"M {n}")
        mine = {"society": cohort.society, "cohort": cohort}
        row = Relationship.objects.create(
            **mine, mentee=participant(_Town(cohort), user, "mentee"), mentor=mentor, began_at=NOON
        )
        send_introductions(row, now=NOON)
        row.introductions.filter(side="mentee").update(answer="accepted")
    links = list(Introduction.objects.filter(side="mentor"))
    say = services.answer_introduction
    ended = at_once(*(lambda link=link: say(introduction=link, answer="accepted", now=NOON) for link in links))
    return dict(ended), Relationship.objects.filter(state="active").count()


class _Town:
    def __init__(self, cohort):
        self.cohort, self.society, self.program = cohort, cohort.society, cohort.program


def matched():
    """Make a run that can be published."""
    cohort, ada = _here()
    services.request_run(cohort=cohort, by=ada, now=NOON)
    claimed = matching.claim_run(NOON)
    assert claimed is not None
    matching.perform_run(claimed)


def _publish():
    cohort, ada = _here()
    run = cohort.runs.order_by("-number").first()
    seen = services.preview(run, NOON).seen
    return lambda: services.publish(run=run, by=ada, now=NOON, seen=seen)


def publications():
    """Two coordinators publish what both have seen."""
    matched()
    ended = at_once(_publish(), _publish())
    return dict(ended), published()


def published():
    """Return how many relationships, introductions and mails of introductions there are."""
    mails = Message.objects.filter(kind__startswith="introduction").count()
    return Relationship.objects.count(), Introduction.objects.count(), mails


def publish():
    """Publish the newest run."""
    _publish()()


def orders():
    """One coordinator pins two people, another vetoes them."""
    cohort, ada = _here()
    mentee = Participant.objects.get(user__email="cleo@example.org", cohort=cohort)
    mentor = Participant.objects.get(user__email="ben@example.org", cohort=cohort)
    given = {"mentee": mentee, "mentor": mentor, "words": "", "by": ada, "now": NOON}
    ended = at_once(*(lambda kind=kind: matching.order_tie(kind=kind, **given) for kind in ("pin", "veto")))
    return dict(ended), Order.objects.count()


def edits():
    """Two coordinators save the same page at once: the statuses, whose name stands, the entries of the record."""
    cohort, ada = _here()
    society = cohort.society
    page = f"/s/{society.slug}/setup/edit/"
    given = {"language": "en", "timezone": "UTC", "contact": "", "seen": state_of(society, SocietyForm.Meta.fields)}
    clients = {name: enter(Client(HTTP_HOST="localhost"), ada) for name in ("Firstly", "Secondly")}
    statuses = {}

    def save(name):
        statuses[name] = clients[name].post(page, given | {"name": name}).status_code

    at_once(*(lambda name=name: save(name) for name in clients))
    society.refresh_from_db()
    entries = Entry.objects.filter(act="programs.edit_society").count()
    return sorted(statuses.values()), statuses[society.name], entries


def capacities():
    """Two coordinators set the seats of the same mentor, both having seen the same."""
    cohort, ada = _here()
    mentor = Participant.objects.get(user__email="ben@example.org", cohort=cohort)
    given = {"mentor": mentor, "seen": mentor.version, "by": ada, "now": NOON}
    ended = at_once(*(lambda n=n: matching.set_capacity(capacity=n, **given) for n in (3, 4)))
    return dict(ended)

"""The people of the tests.

Ada coordinates the society of interventional radiologists; Ben and Bea mentor there, Cleo and
Cai are mentees, Rae researches. Dov coordinates another society and must see nothing of it.
"""

from __future__ import annotations

import datetime as dt
import time
from types import SimpleNamespace

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY

from introducer_web.people.models import Claim, Need, Offer, Participant, PrivateAnswers
from introducer_web.programs import services as programs
from introducer_web.tenants.models import User

__all__ = ["NOON", "edit", "enter", "participant", "settle"]

NOON = dt.datetime(2027, 1, 12, 12, tzinfo=dt.UTC)


def settle(profile="background"):
    """Build the town: two societies, one cohort each, everybody of the cast with what they ask and offer."""
    people = {
        name: User.objects.create_user(f"{name}@example.org", name=full)
        for name, full in {
            "ada": "Ada Abara", "ben": "Ben Castellanos", "bea": "Bea Okafor", "cleo": "Cleo Marsh",
            "cai": "Cai Lindqvist", "rae": "Rae Novak", "dov": "Dov Stern",
        }.items()
    }  # fmt: skip
    town = SimpleNamespace(now=NOON, **people)
    town.society = programs.create_society(slug="ir", name="IR Society", by=town.ada, now=NOON)
    town.program = programs.create_program(
        society=town.society, name="Mentoring", template="ir/1", by=town.ada, now=NOON, privacy=profile
    )
    town.cohort = programs.create_cohort(program=town.program, name="2027", by=town.ada, now=NOON)
    programs.appoint(
        society=town.society, user=town.rae, role="researcher", program=town.program, by=town.ada, now=NOON
    )
    town.ben_mentors = participant(town, town.ben, "mentor", offers={"contracts": 3, "leadership": 2}, capacity=2)
    town.bea_mentors = participant(town, town.bea, "mentor", offers={"family_parenting": 3, "research": 2}, capacity=2)
    town.cleo_asks = participant(town, town.cleo, "mentee", needs={"contracts": 3, "research": 1})
    town.cai_asks = participant(town, town.cai, "mentee", needs={"leadership": 2, "advocacy": 2})
    town.abroad = programs.create_society(slug="abroad", name="Another Society", by=town.dov, now=NOON)
    town.program_abroad = programs.create_program(
        society=town.abroad, name="Elsewhere", template="campus/1", by=town.dov, now=NOON
    )
    town.cohort_abroad = programs.create_cohort(program=town.program_abroad, name="2027", by=town.dov, now=NOON)
    return town


def participant(town, user, role, *, needs=None, offers=None, experiences=(), private=None, **fields):
    """Let somebody take part in the town's cohort, past the form and the approval."""
    fields = {"stage": "pgy3" if role == "mentee" else "attending_mid", "timezone": "America/Chicago",
              "languages": ["en"], "institution": f"Hospital of {user.name}"} | fields  # fmt: skip
    if role == "mentor":
        fields.setdefault("committed_at", NOON)
    person = Participant.objects.create(
        society=town.society, cohort=town.cohort, user=user, role=role, state="active", may_be_matched=True,
        joined_at=NOON, finished_at=NOON, decided_at=NOON, **fields,
    )  # fmt: skip
    domains = {domain.key: domain for domain in town.program.domains.all()}
    for key, level in (needs or {}).items():
        Need.objects.create(society=town.society, participant=person, domain=domains[key], level=level)
    for key, level in (offers or {}).items():
        Offer.objects.create(society=town.society, participant=person, domain=domains[key], level=level)
    for experience in town.program.experiences.filter(key__in=experiences):
        Claim.objects.create(society=town.society, participant=person, experience=experience)
    answers = PrivateAnswers(society=town.society, participant=person)
    answers.answers = private or {}
    answers.save()
    return person


def edit(row, **fields):
    """Change a row behind everybody's back."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields])
    return row


def enter(client, user, *, second_factor=True):
    """Sign a user in as a code by e-mail would, and a second step after it."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    methods = [{"method": "code", "at": time.time(), "email": user.email}]
    if second_factor:
        methods.append({"method": "mfa", "at": time.time(), "type": "totp", "reauthenticated": True})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = methods
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
    return client

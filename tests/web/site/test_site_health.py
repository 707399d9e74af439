"""What `/healthz` tells whoever watches the site."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.site import health

WELL = {"database": True, "migrations": True, "worker": True, "mail": True}


def latest_of(app):
    """Return an app and its latest migration."""
    return MigrationLoader(connection).graph.leaf_nodes(app)[0]


@pytest.fixture
def ask(town, client):  # noqa: ARG001 - there is a society
    health.beat(timezone.now())

    def of():
        answer = client.get("/healthz")
        return answer.status_code, {name for name, works in answer.json().items() if not works}

    return of


def test_all_is_well(ask, client):
    assert ask() == (200, set())
    assert client.get("/healthz").json() == WELL
    assert client.post("/healthz").status_code == 405


def test_a_worker_that_is_silent_is_named(ask):
    health.beat(timezone.now() - dt.timedelta(seconds=91))
    assert ask() == (503, {"worker"})


def test_a_mail_that_waits_too_long_or_fails_again_is_named(ask):
    now = timezone.now()
    mail.queue(
        to="a@example.org", kind="login_code", key="k", context={"code": "A", "minutes": 3}, language="en", now=now
    )
    assert ask() == (200, set()), "a new one is no fault"
    Message.objects.update(not_before=now - dt.timedelta(minutes=16))
    assert ask() == (503, {"mail"})
    Message.objects.update(not_before=now + dt.timedelta(hours=1), attempts=2)
    assert ask() == (503, {"mail"})
    Message.objects.update(state="sent")
    assert ask() == (200, set())


def test_a_database_that_is_older_than_the_program_is_named(ask):
    MigrationRecorder(connection).record_unapplied(*latest_of("relationships"))
    assert ask() == (503, {"migrations"})


def test_without_a_database_nothing_works(ask):
    def away(*_query):
        raise DatabaseError("away")

    with connection.execute_wrapper(away):
        assert ask() == (503, set(WELL))

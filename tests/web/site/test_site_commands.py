"""Commands of whoever runs the site: keys, the record of acts, serving, the worker, the demo's society."""

import base64
import io
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from gunicorn.app import wsgiapp

from introducer_web import cli
from introducer_web.accounts.adapter import MfaAdapter
from introducer_web.audit.models import Entry
from introducer_web.audit.services import broken_at
from introducer_web.lib import crypto
from introducer_web.mail.models import Message
from introducer_web.people import services as people
from introducer_web.people.models import PrivateAnswers
from introducer_web.site.management.commands import serve, worker
from introducer_web.tenants import guards


def latest_of(app):
    """Return an app and its latest migration."""
    return MigrationLoader(connection).graph.leaf_nodes(app)[0]


def told(*command, **options):
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def key(name, letter):
    return f"{name}:{base64.urlsafe_b64encode(letter * 32).decode().rstrip('=')}"


class TestKeys:
    def test_all_is_sealed_anew_and_what_is_done_stays_done(self, town, settings):
        said = PrivateAnswers.objects.get(participant=town.cleo_asks)
        said.answers = {"wishes": {"religion": 3}}
        said.save()
        app = Authenticator.objects.create(
            user=town.ada, type="totp", data={"secret": MfaAdapter().encrypt("JBSWY3DP")}
        )
        old = settings.INTRODUCER_KEYS[0]
        settings.INTRODUCER_KEYS = [key("new", b"n"), old]
        first = told("rotate_keys")
        assert "people.PrivateAnswers answers: 4 sealed anew" in first
        assert "people.PrivateAnswers answers: 0 sealed anew" in told("rotate_keys")
        settings.INTRODUCER_KEYS = [key("new", b"n")]
        said = PrivateAnswers.objects.get(pk=said.pk)
        assert said.answers == {"wishes": {"religion": 3}}
        app.refresh_from_db()
        assert MfaAdapter().decrypt(app.data["secret"]) == "JBSWY3DP"

    def test_a_lost_key_is_named(self, town, settings):
        settings.INTRODUCER_KEYS = [key("other", b"o")]
        with pytest.raises(crypto.Broken, match="There is no key"):
            PrivateAnswers.objects.get(participant=town.cleo_asks).answers  # noqa: B018 - reading opens

    def test_a_value_in_another_row_does_not_open(self, town):
        rows = {row.participant_id: row for row in PrivateAnswers.objects.all()}
        moved = rows[town.cai_asks.pk]
        moved.sealed = rows[town.cleo_asks.pk].sealed
        with pytest.raises(crypto.Broken, match="changed or moved"):
            moved.answers  # noqa: B018 - reading opens

    @pytest.mark.parametrize("given", [[], ["k1:short"], ["k 1:" + "A" * 43]])
    def test_keys_that_are_none_are_refused(self, given, settings):
        settings.INTRODUCER_KEYS = given
        with pytest.raises(crypto.ImproperlyConfigured, match="INTRODUCER_KEYS"):
            crypto.current_key_id()


class TestTheRecordOfActs:
    def test_it_holds(self, town):
        assert town.society.slug == "ir"
        assert told("audit_verify") == "abroad: holds\nir: holds\n"

    def test_an_edited_entry_is_found(self, town):
        guards.lift(connection)
        entry = Entry.objects.filter(society=town.society).order_by("number")[1]
        Entry.objects.filter(pk=entry.pk).update(words="Nothing happened.")
        assert broken_at(town.society) == 2
        out = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("audit_verify", stdout=out)
        assert ended.value.code == 1
        assert "ir: broken at entry 2" in out.getvalue()

    def test_a_missing_entry_is_found(self, town):
        guards.lift(connection)
        Entry.objects.filter(society=town.society, number=1).delete()
        assert broken_at(town.society) == 1


@pytest.mark.django_db
class TestServing:
    def test_what_is_not_safe_is_refused_all_of_it_at_once(self, settings):
        settings.SECURE, settings.ORIGIN, settings.SECRET_KEY = False, "http://mentoring.example.org", "short"
        settings.DEMO = True
        with pytest.raises(CommandError) as refused:
            call_command("serve")
        words = str(refused.value)
        for part in ("INTRODUCER_ORIGIN", "INTRODUCER_SECRET_KEY", "INTRODUCER_DEMO"):
            assert part in words

    def test_an_old_database_is_not_served(self):
        assert serve.faults() == []
        MigrationRecorder(connection).record_unapplied(*latest_of("relationships"))
        assert serve.faults() == ["The database is older than the program: run introducer-web init."]

    def test_gunicorn_is_told_where_and_writes_no_address_of_a_page(self, monkeypatch):
        monkeypatch.setattr(sys, "argv", [])
        started = []
        monkeypatch.setattr(wsgiapp, "run", lambda: started.append(list(sys.argv)))
        call_command("serve", bind="127.0.0.1:9")
        assert "127.0.0.1:9" in started[0]
        assert "%(U)s" not in " ".join(started[0])
        assert "%(r)s" not in " ".join(started[0])


class TestTheWorker:
    def test_once_does_what_is_due(self, town):
        people.invite(cohort=town.cohort, email="x@example.org", role="mentee", by=town.ada, now=timezone.now())
        call_command("worker", "--once", "--only", "mail")
        assert list(Message.objects.values_list("state", flat=True)) == ["sent"]

    def test_a_duty_that_fails_does_not_end_the_others_and_mail_goes_last(self, monkeypatch):
        done = []

        def verb(name):
            def act(_now):
                done.append(name)
                if name == "plans":
                    raise ValueError
                return False

            return act

        monkeypatch.setattr(worker, "verb", verb)
        with pytest.raises(CommandError, match="plans"):
            call_command("worker", "--once")
        assert set(done) == set(worker.DUTIES)
        assert done[-1] == "mail"

    def test_every_duty_is_a_function_of_the_time(self):
        assert {name: callable(worker.verb(name)) for name in worker.DUTIES} == dict.fromkeys(worker.DUTIES, True)


class TestTheCommandLine:
    def test_help(self, monkeypatch, capsys):
        monkeypatch.setattr(sys, "argv", ["introducer-web"])
        cli.main()
        assert "introducer-web serve" in capsys.readouterr().out

    def test_a_misspelt_command(self, monkeypatch, capsys):
        monkeypatch.setattr(sys, "argv", ["introducer-web", "sevre"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 2
        assert "there is no command 'sevre'" in capsys.readouterr().err

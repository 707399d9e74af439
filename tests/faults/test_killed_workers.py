"""A worker killed in the middle leaves nothing half done, and the next one finishes what it began."""

import pytest

import mail_server
from faults.site import founded

ASK = """
import cast
from introducer_web.matching import services
from introducer_web.matching.roster import Known
from introducer_web.programs.models import Cohort
from introducer_web.tenants.models import User
services.request_run(cohort=Cohort.objects.get(society__slug="ir"), known=Known(),
                     by=User.objects.get(email="ada@example.org"), now=cast.NOON)
"""
STATE = """
from introducer_web.matching.models import Constellation, MatchRun, Tie
run = MatchRun.objects.get()
print(run.state, Tie.objects.count(), Constellation.objects.count(), bool(run.outcome))
"""
FREE = "from introducer_web.{app}.models import {model}; {model}.objects.update(leased_until='2020-01-01T00:00Z')"
QUEUE = """
from django.utils import timezone
from introducer_web.mail import services
for number in range(3):
    services.queue(to=f"p{number}@example.org", kind="login_code", key=f"k{number}", language="en",
                   context={"code": "ABC", "minutes": 10}, now=timezone.now())
"""
SENT = "from introducer_web.mail.models import Message; print(sorted(Message.objects.values_list('state', flat=True)))"


@pytest.mark.parametrize("label", ["run-claimed", "run-computed", "run-half-written"])
def test_a_run_is_absent_or_complete(label, tmp_path):
    site = founded(tmp_path)
    site.python(ASK)
    killed = site.web("worker", "--once", "--only", "runs", INTRODUCER_CRASH_AT=label)
    assert killed.returncode == -9, killed.stderr
    assert site.python(STATE) == "running 0 0 False"
    site.web("worker", "--once", "--only", "runs")
    assert site.python(STATE) == "running 0 0 False", "the lease of the dead worker holds for a minute"
    site.python(FREE.format(app="matching", model="MatchRun"))
    done = site.web("worker", "--once", "--only", "runs")
    assert done.returncode == 0, done.stderr
    state, ties, constellations, outcome = site.python(STATE).split()
    assert (state, constellations, outcome) == ("done", "2", "True")
    assert int(ties) > 0


@pytest.fixture
def mailbox():
    with mail_server.serving() as box:
        yield box


@pytest.mark.parametrize(("label", "handed"), [("mail-claimed", 0), ("mail-handed-over", 1)])
def test_each_mail_is_handed_over_once_or_once_more_under_the_same_id(label, handed, tmp_path, mailbox):
    site = founded(tmp_path)
    site.env["EMAIL_URL"] = f"smtp://127.0.0.1:{mailbox.port}"
    site.python(QUEUE)
    killed = site.web("worker", "--once", "--only", "mail", INTRODUCER_CRASH_AT=label)
    assert killed.returncode == -9, killed.stderr
    assert len(mailbox.mails) == handed
    site.python(FREE.format(app="mail", model="Message"))
    done = site.web("worker", "--once", "--only", "mail")
    assert done.returncode == 0, done.stderr
    assert site.python(SENT) == "['sent', 'sent', 'sent']"
    ids = [mail["Message-ID"] for mail in mailbox.mails]
    assert len(set(ids)) == 3
    assert len(ids) == 3 + handed, "the one whose answer was lost comes twice, under one id"

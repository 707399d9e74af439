"""The drill: a backup of a living site, a new place, everything opens. And all that can go wrong on the way."""

from __future__ import annotations

import stat

import pytest

import postgres
from faults.site import Site, founded

STATE = """
from introducer_web.people.models import PrivateAnswers, Need
from introducer_web.audit.models import Entry
answers = [row.answers for row in PrivateAnswers.objects.order_by("pk")]
print(Need.objects.count(), Entry.objects.count(), answers)
"""
CONFIDE = """
from introducer_web.people.models import Participant, PrivateAnswers
someone = Participant.objects.order_by("pk").first()
row, _new = PrivateAnswers.objects.get_or_create(society=someone.society, participant=someone)
row.answers = {"wishes": {"same:religion": 3}}
row.save()
"""


@pytest.fixture(params=["sqlite", "postgres"])
def sites(request, tmp_path):
    """A site with the cast, and a second, empty one that has the same keys."""
    first, second = Site(tmp_path / "first"), Site(tmp_path / "second")
    for site in (first, second):
        site.folder.mkdir()
    if request.param == "sqlite":
        yield founded(first.folder), second
        return
    if not postgres.is_here():
        pytest.skip("no PostgreSQL")
    with postgres.server() as one, postgres.server() as two:
        yield founded(first.folder, DATABASE_URL=one), Site(second.folder, {"DATABASE_URL": two})


def test_what_is_backed_up_comes_back_in_another_place(sites, tmp_path):
    here, there = sites
    here.python(CONFIDE)
    file = tmp_path / "monday.backup"
    done = here.web("manage", "backup", str(file))
    assert done.returncode == 0, done.stderr
    assert "secrets.env" in done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"same:religion" not in file.read_bytes()
    back = there.web("manage", "restore", str(file))
    assert back.returncode == 0, back.stderr
    assert "Everything sealed opens" in back.stdout
    assert there.python(STATE) == here.python(STATE)

    again = there.web("manage", "restore", str(file))
    assert again.returncode == 1
    assert "has tables already" in again.stderr
    twice = here.web("manage", "backup", str(file))
    assert twice.returncode == 1
    assert "is there already" in twice.stderr


def test_other_keys_are_told_at_once(sites, tmp_path):
    here, there = sites
    here.python(CONFIDE)
    file = tmp_path / "monday.backup"
    here.web("manage", "backup", str(file))
    other = "t1:" + "B" * 43
    back = there.web("manage", "restore", str(file), INTRODUCER_KEYS=other)
    assert back.returncode == 1
    assert "do not open" in back.stderr


def test_what_is_no_backup_changes_nothing(sites, tmp_path):
    _here, there = sites
    wrong = tmp_path / "letter.txt"
    wrong.write_text("Dear all")
    for path, words in [(wrong, "is no backup of"), (tmp_path / "nothing", "There is no file")]:
        back = there.web("manage", "restore", str(path))
        assert back.returncode == 1
        assert words in back.stderr


def test_a_damaged_file_is_refused(tmp_path):
    here = founded(tmp_path / "first")
    file = tmp_path / "monday.backup"
    here.web("manage", "backup", str(file))
    whole = file.read_bytes()
    file.write_bytes(whole[:40_000] + bytes(20_000) + whole[60_000:])
    back = Site(tmp_path).web("manage", "restore", str(file))
    assert back.returncode == 1
    assert "damaged" in back.stderr
    file.write_bytes(whole)
    assert Site(tmp_path).web("manage", "restore", str(file)).returncode == 0, "nothing of it was kept"


def test_a_tampered_record_is_told(tmp_path):
    here = founded(tmp_path / "first")
    here.python(
        "from django.db import connection\n"
        "with connection.cursor() as c:\n"
        "    c.execute(\"select name from sqlite_master where type = 'trigger' and tbl_name = 'audit_entry'\")\n"
        "    for (name,) in c.fetchall(): c.execute(f'drop trigger {name}')\n"
        "    c.execute(\"update audit_entry set words = 'Nothing.' where id = 2\")"
    )
    file = tmp_path / "monday.backup"
    here.web("manage", "backup", str(file))
    back = Site(tmp_path).web("manage", "restore", str(file))
    assert back.returncode == 1
    assert "does not hold" in back.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--society", "IR Society"], ["--slug is missing", "--coordinator is missing"]),
        (["--society", "IR", "--slug", "i r", "--coordinator", "ada"], ["--slug i r may", "--coordinator ada is no"]),
    ],
)
def test_a_society_that_cannot_be_made_is_told_whole(options, words, tmp_path):
    done = Site(tmp_path).web("init", *options)
    assert done.returncode == 1
    assert all(each in done.stderr for each in words)
    assert not (tmp_path / "introducer.sqlite3").exists()


def test_a_site_begins_with_a_society_and_who_runs_it(tmp_path):
    site = Site(tmp_path)
    given = ["--society", "IR Society", "--slug", "ir", "--coordinator", "Ada@example.org", "--language", "en"]
    done = site.web("init", *given)
    assert done.returncode == 0, done.stderr
    assert "ada@example.org coordinates IR Society" in done.stdout
    assert site.web("init").returncode == 0, "again, and nothing happens"
    taken = site.web("init", *given)
    assert taken.returncode == 1
    assert "already" in taken.stderr

"""A year of reminders: nobody twice, nobody forgotten, nobody at night; no mail server for a day, the worker killed.

The worker is a process that is killed for good (SIGKILL) at a dozen moments drawn by lot, and begun again; mails go to
a real server, which is away for a whole day when most is due.
"""

import collections
import datetime as dt
import json
import random
from types import SimpleNamespace
from typing import Any

import pytest

import mail_server
from faults import a_year
from faults.site import HEAD, founded

SEED = 20270111
KILLS = 12
LABELS = ("reminder-written", "reminder-queued", "reminders-half-way", "mail-claimed", "mail-handed-over")
#: From when it is due: a step of the clock, a night, a Sunday, a day without a mail server and the wait after it.
PATIENCE = 4 * a_year.DAY
SUNDAY = 6
LIVE = HEAD + "import pathlib, sys; from faults import a_year; a_year.live(pathlib.Path(sys.argv[1]))"


class Stamped(list[Any]):
    """Mails, with the time on the town's clock when each was handed over."""

    def __init__(self, clock):
        super().__init__()
        self.clock, self.times = clock, []

    def append(self, mail):
        self.times.append(dt.datetime.fromisoformat(self.clock.read_text()))
        super().append(mail)


def busiest():
    """Return the step in which most is due, for the mail server to be away from then on."""
    steps = collections.Counter((moment - a_year.START) // a_year.STEP for moment, _to, _words in a_year.expected(SEED))
    return max(steps, key=lambda step: sum(steps[step + more] for more in range(4)))


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Live the year, beginning again after every kill."""
    folder = tmp_path_factory.mktemp("year")
    chance, down = random.Random(SEED), busiest()  # noqa: S311 - a town, and no secret
    kills = sorted((chance.randrange(20, 900), chance.choice(LABELS)) for _ in range(KILLS))
    found = SimpleNamespace(deaths=0, down=down, twice=sum(label == "mail-handed-over" for _step, label in kills))
    with mail_server.serving() as box:
        box.mails = Stamped(folder / "clock")
        site = founded(folder, towns=False, EMAIL_URL=f"smtp://127.0.0.1:{box.port}")
        site.patience = 900.0
        site.python(f"from faults import a_year; a_year.settle({SEED})")
        (folder / "plan.json").write_text(json.dumps({"seed": SEED, "kills": kills, "down": [down, down + 4]}))
        while (done := site.run("-c", LIVE, str(folder))).returncode != 0:
            assert done.returncode == -9, done.stderr
            found.deaths += 1
        mails = zip(box.mails, box.mails.times, strict=True)
        found.mails = [(mail["Message-ID"], mail["To"], mail["Subject"], at) for mail, at in mails]
    return found


def of_the_ladder(year):
    """Return the mails of the ladder: id, address, words of the subject, and when each was first handed over."""
    first: dict[str, tuple[dt.datetime, str, str]] = {}
    for name, to, subject, at in year.mails:
        words = next((each for each in a_year.WORDS if each in subject), None)
        if words is not None:
            first.setdefault(name, (at, to, words))
    return sorted(first.values())


def test_the_worker_was_killed_and_the_mail_server_was_away(year):
    assert year.deaths == KILLS
    away = [a_year.START + (year.down + more) * a_year.STEP for more in range(4)]
    assert not [at for _name, _to, _subject, at in year.mails if at in away]
    assert len(a_year.expected(SEED)) > 60


def test_nobody_is_reminded_twice_of_one_thing(year):
    told = collections.Counter((to, words) for _at, to, words in of_the_ladder(year))
    wanted = collections.Counter((to, words) for _at, to, words in a_year.expected(SEED))
    assert {key: (count, wanted[key]) for key, count in told.items() if count > wanted[key]} == {}
    copies = collections.Counter(name for name, _to, _subject, _at in year.mails)
    assert sum(count - 1 for count in copies.values()) <= year.twice, (
        "and those have one Message-ID: a mailbox shows one"
    )


def test_nobody_is_forgotten_and_nobody_is_early(year):
    waits = collections.defaultdict(list)
    for at, to, words in of_the_ladder(year):
        waits[to, words].append(at)
    wrong = []
    for moment, to, words in sorted(a_year.expected(SEED)):
        at = waits[to, words].pop(0) if waits[to, words] else None
        if at is None or not moment <= at <= moment + PATIENCE:
            wrong.append((to, words, moment, at))
    assert wrong == []


def test_nobody_is_written_to_at_night_or_on_a_sunday(year):
    zones = a_year.zone_of(SEED)
    local = [(at.astimezone(zones[to]), to, words) for at, to, words in of_the_ladder(year)]
    assert [each for each in local if not 8 <= each[0].hour < 21 or each[0].weekday() == SUNDAY] == []
    assert len({at.hour for at, _to, _words in local}) > 6, "the clock came by at many hours"

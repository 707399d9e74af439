"""Two who accept at the same moment agree on one time, and are told of one."""

import json

import pytest

import postgres
from faults.site import founded

RUN = "import json; from web.plans import at_once; print(json.dumps(at_once.taken()))"


@pytest.fixture(params=["sqlite", "postgres"])
def site(request, tmp_path):
    if request.param == "sqlite":
        yield founded(tmp_path / "site")
        return
    if not postgres.is_here():
        pytest.skip("no PostgreSQL")
    with postgres.server() as url:
        yield founded(tmp_path / "site", DATABASE_URL=url)


def test_of_two_times_that_are_taken_at_once_one_is_agreed_on(site):
    assert json.loads(site.python(RUN)) == [{"done": 1, "AlreadySettled": 1}, 1, 2]

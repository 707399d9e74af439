"""The town stands."""

import pytest

from introducer_web.audit.services import broken_at
from introducer_web.people.models import Participant


def test_the_town_stands(town):
    assert Participant.objects.filter(cohort=town.cohort).count() == 4
    assert town.program.domains.count() == 24
    assert broken_at(town.society) is None


@pytest.mark.django_db
def test_home_answers(client):
    assert client.get("/").status_code == 200

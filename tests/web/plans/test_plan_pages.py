"""Pages of plans are light, and ask the database as much with many rows as with few."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from introducer_web.plans import services
from introducer_web.plans.models import AgendaPoint, Plan, Series

HOUR = dt.timedelta(hours=1)


def planned(town, number):
    """Plan so many: single ones, one series, points; and one proposal that waits."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    given = {"society": town.society, "relationship": town.two, "zone": "UTC", "minutes": 30, "changed_at": now}
    series = Series.objects.create(**given, starts_at=now + HOUR, weeks=1, number=53)
    for k in range(number):
        for back, more in ((-k - 1, {}), (k + 1, {"series": series, "instead_of": now + (k + 1) * HOUR})):
            plan = Plan(**given, **more, starts_at=now + back * HOUR, agreed_at=now)
            plan.words = {"place": f"Room {k}"}
            plan.save()
        point = AgendaPoint(society=town.society, relationship=town.two, by=town.cleo_asks, made_at=now)
        point.words = {"text": f"Point {k}"}
        point.save()
    times = [now + dt.timedelta(days=each) for each in range(1, 6)]
    services.propose(relationship=town.two, person=town.ben_mentors, times=times, minutes=30, now=now)
    return Plan.objects.filter(starts_at__gt=now).first()


@pytest.mark.parametrize("name", ["plan_list", "plan_new", "plan_show", "agenda", "availability", "conversation_list"])
def test_a_page_is_light_and_asks_no_more_for_many(client, together, name):
    type(together.two).objects.filter(pk=together.two.pk).update(needs=["contracts", "research"])
    cast.enter(client, together.cleo)
    counted = []
    for number in (3, 27):
        plan = planned(together, number)
        here = ["ir", together.cleo_asks.code]
        here += [] if name == "availability" else [together.two.code]
        here += [plan.code] if name == "plan_show" else []
        for _ in range(2):
            client.get(reverse(name, args=here))
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse(name, args=here))
        assert answer.status_code == 200
        assert len(answer.content) < 100_000
        counted.append(len(asked))
        Plan.objects.all().delete()
        Series.objects.all().delete()
    assert counted[1] <= counted[0] <= 15, counted

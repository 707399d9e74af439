"""Times that fit two people, and say nothing of why the others do not."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from introducer_web.plans import times

NOW = dt.datetime(2027, 1, 12, 12, tzinfo=dt.UTC)  # Tuesday
HALF = dt.timedelta(minutes=30)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_only_what_lies_in_the_hours_of_both_is_suggested():
    chicago = times.Hours("America/Chicago", {2: (dt.time(8), dt.time(12))})
    london = times.Hours("Europe/London", {day: (dt.time(9), dt.time(17)) for day in range(5)})
    found = times.suggested(chicago, london, minutes=30, now=NOW)
    assert found[0] == at("2027-01-13T14:00")  # eight in Chicago, two in London
    assert {each.weekday() for each in found} == {2}
    assert all(14 <= each.hour < 17 for each in found)
    assert len(found) == 3  # the two zones meet for three hours: nothing else of a day is three hours later


def test_whoever_is_busy_or_away_is_not_asked_for():
    free = times.Hours("UTC", {day: (dt.time(9), dt.time(11)) for day in range(7)})
    busy = times.Hours("UTC", free.week, away=[(dt.date(2027, 1, 14), dt.date(2027, 1, 31))],
                       busy=[(at("2027-01-13T08:00"), at("2027-01-13T09:40"))])  # fmt: skip
    found = times.suggested(free, busy, minutes=60, now=NOW)
    assert found == [at("2027-01-13T10:00"), at("2027-02-01T09:00"), at("2027-02-02T09:00")]


def test_nobody_is_asked_for_at_once_nor_in_a_month():
    anytime = times.Hours("UTC", {day: (dt.time(0), dt.time(23, 59)) for day in range(7)})
    found = times.suggested(anytime, anytime, minutes=10, now=NOW)
    assert found[0] >= NOW + dt.timedelta(hours=12)
    assert len(found) == 12
    assert found[-1] <= NOW + times.HORIZON


def test_where_nothing_fits_nothing_is_suggested():
    early = times.Hours("UTC", {0: (dt.time(6), dt.time(8))})
    late = times.Hours("UTC", {0: (dt.time(8), dt.time(10))})
    assert times.suggested(early, late, minutes=30, now=NOW) == []


def test_hours_are_those_on_the_wall_when_clocks_change():
    london = times.Hours("Europe/London", {6: (dt.time(9), dt.time(10))})
    spring = times.free(london, at("2027-03-20T00:00"), at("2027-04-05T00:00"))
    assert [f"{left:%m-%d %H:%M}" for left, _right in spring] == ["03-21 09:00", "03-28 08:00", "04-04 08:00"]


_SPANS = st.lists(
    st.tuples(st.integers(0, 21 * 48), st.integers(1, 40)).map(
        lambda span: (NOW + span[0] * HALF, NOW + sum(span) * HALF)
    ),
    max_size=30,
)


_ZONE = st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
_MINUTES = st.sampled_from([10, 20, 30, 45, 60, 90])


@given(one=_SPANS, other=_SPANS, minutes=_MINUTES, zones=st.tuples(_ZONE, _ZONE))
def test_whatever_is_suggested_fits_both_and_is_a_picture_of_nobodys_day(one, other, minutes, zones):
    week = {day: (dt.time(7), dt.time(22)) for day in range(7)}
    both = [times.Hours(zone, week, busy=busy) for zone, busy in zip(zones, (one, other), strict=True)]
    found = times.suggested(*both, minutes=minutes, now=NOW)
    assert found == sorted(set(found))
    assert len(found) <= 12
    for moment in found:
        end = moment + dt.timedelta(minutes=minutes)
        for hours in both:
            assert times.fits(hours, moment, minutes)
            assert not any(moment < right and left < end for left, right in hours.busy)
            wall = moment.astimezone(dt.UTC)
            assert NOW < wall < NOW + times.HORIZON


@pytest.mark.parametrize("minutes", [10, 90])
def test_a_time_fits_only_whole(minutes):
    hours = times.Hours("UTC", {2: (dt.time(9), dt.time(10))})
    assert times.fits(hours, at("2027-01-13T09:30"), minutes) == (minutes == 10)

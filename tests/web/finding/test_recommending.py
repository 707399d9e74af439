"""The first five of every mentee: from the engine, with reasons, and with no mentor in everybody's list."""

import datetime as dt
from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cast
from introducer_web.finding import services
from introducer_web.finding.models import Recommendation
from introducer_web.lib import engine
from introducer_web.people import services as people
from introducer_web.people.models import PrivateAnswers
from introducer_web.programs.models import Domain
from introducer_web.relationships import services as relationships
from introducer_web.tenants.models import User

_DOMAINS = ("contracts", "research", "leadership", "advocacy")
_PROGRAM = 'format = 1\n\n[program]\nname = "A"\ntemplate = "ir/1"\n\n[policy]\nteam_size = {size}\n'


def folder(mentees, mentors, ties=(), size=2):
    """Return a folder of people who need and offer by number."""
    rows = [",".join(["id", "name", "stage", *(f"need:{key}" for key in _DOMAINS)])]
    rows += [",".join([f"a{i}", f"A {i}", "pgy3", *map(str, needs)]) for i, needs in enumerate(mentees)]
    others = [",".join(["id", "name", "stage", "capacity", *(f"offer:{key}" for key in _DOMAINS)])]
    others += [",".join([f"b{j}", f"B {j}", "attending_mid", str(seats), *map(str, offers)])
               for j, (seats, *offers) in enumerate(mentors)]  # fmt: skip
    given_ties = ["kind,mentee,mentor", *(",".join(tie) for tie in ties)]
    named = {
        "program.toml": _PROGRAM.format(size=size),
        "mentees.csv": rows,
        "mentors.csv": others,
        "ties.csv": given_ties,
    }
    return {name: text if isinstance(text, str) else "\n".join(text) + "\n" for name, text in named.items()}


levels = st.lists(st.integers(0, 3), min_size=4, max_size=4)


@given(
    mentees=st.lists(levels, min_size=1, max_size=9),
    mentors=st.lists(st.tuples(st.integers(0, 2), *[st.integers(0, 3)] * 4), min_size=1, max_size=6),
    size=st.integers(0, 5),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_stands_in_more_lists_than_three_for_each_seat(mentees, mentors, size):
    asked = folder(mentees, mentors, size=size)
    found = engine.firsts(asked)
    assert found == engine.firsts(asked)
    lists = Counter(each.mentee for each in found)
    stands = Counter(each.mentor for each in found)
    assert max(lists.values(), default=0) <= engine.FIRSTS
    assert all(n <= engine.TIMES * mentors[int(mentor[1:])][0] for mentor, n in stands.items())
    assert len({(each.mentee, each.mentor) for each in found}) == len(found)
    for each in found:
        needs, offers = mentees[int(each.mentee[1:])], mentors[int(each.mentor[1:])][1:]
        assert any(need and offer for need, offer in zip(needs, offers, strict=True)), "everybody in it helps"


def test_scarce_mentors_are_shared_out_before_anybody_has_a_second():
    found = engine.firsts(folder([(3, 0, 0, 0)] * 6, [(1, 3, 0, 0, 0), (1, 2, 0, 0, 0)]))
    assert Counter(each.mentee for each in found) == {f"a{i}": 1 for i in range(6)}
    assert Counter(each.mentor for each in found) == {"b0": 3, "b1": 3}


def test_vetoes_and_those_who_look_for_nobody_are_left_out_and_pins_count_for_nothing():
    people_ = ([(3, 0, 0, 0)] * 2, [(2, 3, 0, 0, 0), (2, 2, 0, 0, 0)])
    found = engine.firsts(folder(*people_, ties=[("veto", "a0", "b0"), ("pin", "a1", "b1")]), full={"a1"})
    assert [(each.mentee, each.mentor) for each in found] == [("a0", "b1")]
    found = engine.firsts(folder(*people_), apart={("a0", "b0"), ("a1", "b1"), ("nobody", "b1")})
    assert [(each.mentee, each.mentor) for each in found] == [("a0", "b1"), ("a1", "b0")]


def test_a_folder_that_cannot_be_read_recommends_nobody_and_allows_nothing():
    broken = folder([(3, 0, 0, 0)], [(1, 3, 0, 0, 0)]) | {"mentees.csv": "id,stage\nx,nowhere\n"}
    assert engine.firsts(broken) == []
    assert not engine.allowed_two(broken)


def made(town):
    while services.recommend_due(town.now):
        pass
    rows = Recommendation.objects.order_by("mentee__user__name", "place")
    return [(str(row.mentee.user), str(row.mentor.user), row.needs) for row in rows]


def test_a_worker_makes_them_once_with_what_is_covered(town):
    assert made(town) == [
        ("Cai Lindqvist", "Ben Castellanos", ["leadership"]),
        ("Cleo Marsh", "Ben Castellanos", ["contracts"]),
        ("Cleo Marsh", "Bea Okafor", ["research"]),
    ]
    assert not services.recommend_due(town.now)


def test_seats_that_changed_make_them_anew_and_who_has_none_is_gone(town):
    made(town)
    relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )
    assert made(town) == [
        ("Cai Lindqvist", "Ben Castellanos", ["leadership"]),
        ("Cleo Marsh", "Bea Okafor", ["research"]),
    ]
    services.list_mentor(participant=town.bea_mentors, wanted=False, by=town.bea, now=town.now)
    assert made(town) == [("Cai Lindqvist", "Ben Castellanos", ["leadership"])]


def test_answers_that_changed_count_a_day_later_so_that_nobody_tries_out_what_others_keep_private(town):
    made(town)
    people.save_levels(participant=town.cai_asks, levels={"research": 3}, now=town.now)
    assert not services.recommend_due(town.now + dt.timedelta(hours=23))
    town.now += dt.timedelta(days=1)
    assert ("Cai Lindqvist", "Bea Okafor", ["research"]) in made(town)


def test_what_is_sensitive_and_what_is_private_about_people_moves_no_list(town):
    secret = Domain.objects.create(
        society=town.society, program=town.program, key="secret", name="Secret", sensitive=True, place=90
    )
    for person in (town.cai_asks.needs, town.bea_mentors.offers):
        person.create(society=town.society, domain=secret, level=3)
    for person in (town.cai_asks, town.bea_mentors):
        people.save_private(participant=person, attributes={"religion": ["same"]}, consents=[("religion", "match")],
                            now=town.now)  # fmt: skip
    people.save_wishes(participant=town.cai_asks, wishes={"same:religion": 3}, now=town.now)
    assert ("Cai Lindqvist", "Bea Okafor") not in {row[:2] for row in made(town)}


def test_a_private_need_counts_and_is_named_nowhere(town):
    people.save_levels(participant=town.cai_asks, levels={"research": 3}, private=["research"],
                       now=town.now)  # fmt: skip
    assert ("Cai Lindqvist", "Bea Okafor", []) in made(town)


def test_whom_one_avoids_is_not_recommended(town):
    row = PrivateAnswers.objects.get(participant=town.ben_mentors)
    row.answers = {"avoid": [town.cleo.code]}
    row.save()
    assert ("Cleo Marsh", "Ben Castellanos") not in {row[:2] for row in made(town)}


def test_a_program_that_introduces_by_itself_has_none(town):
    cast.edit(town.program, requests=False)
    assert made(town) == []


def test_the_page_says_why_and_hides_who_cannot_be_asked_any_more(client, town):
    made(town)
    cast.enter(client, town.cleo)
    address = reverse("find", args=["ir", town.cleo_asks.code])
    page = client.get(address).content.decode()
    assert "Helps with what you asked for: <b>Contracts" in page
    assert "no more lists than three for each free seat" in page
    cast.edit(town.ben_mentors, paused_until=dt.date(2100, 1, 1))
    page = client.get(address).content.decode()
    assert "Ben Castellanos" not in page
    assert "Bea Okafor" in page


@pytest.mark.parametrize("n", [12])
def test_a_crowd_keeps_to_the_limit_in_the_database_too(town, n):
    for k in range(n):
        user = User.objects.create_user(f"p{k}@example.org", name=f"Person {k}")
        cast.participant(town, user, "mentee", needs={"contracts": 3, "leadership": 1})
    made(town)
    stands = Counter(Recommendation.objects.values_list("mentor__user__name", flat=True))
    assert stands["Ben Castellanos"] <= 3 * 2

"""The network of a mentee: figures as a description, suggestions with reasons, read by nobody else."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

import cast
from introducer_web.audit.models import Entry
from introducer_web.conversations import services as conversations
from introducer_web.network import services
from introducer_web.network.figures import (
    MOST_CLOSE,
    Person,
    closeness,
    contact,
    density,
    figures,
    kind_of,
    variety,
)
from introducer_web.network.gathering import gathered
from introducer_web.network.models import Sketch
from introducer_web.network.suggesting import MOST, suggestions
from introducer_web.people.models import Offer
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person

TODAY = cast.NOON.date()
AGES = st.lists(st.integers(0, 3000), max_size=12)
SETS = st.lists(st.frozensets(st.sampled_from("abcdef"), max_size=4), max_size=8)
PEOPLE = st.lists(
    st.builds(
        Person, code=st.uuids().map(str), days_ago=AGES.map(tuple),
        rating=st.none() | st.integers(1, MOST_CLOSE), domains=st.frozensets(st.sampled_from("abc")),
        roles=st.frozensets(st.sampled_from("abc")), places=st.frozensets(st.sampled_from("abc")),
    ),
    max_size=7,
)  # fmt: skip


# Figures


def test_one_conversation_today_is_half_and_half_of_it_after_a_quarter():
    assert contact([]) == 0
    assert contact([0]) == 0.5
    assert contact([90]) == pytest.approx(1 / 3)
    assert contact(range(0, 3000, 30)) == pytest.approx(0.83, abs=0.01)


@given(AGES, st.integers(0, 3000))
def test_one_more_conversation_never_makes_less_contact_and_time_never_makes_more(ages, another):
    assert contact(ages) <= contact([*ages, another]) < 1
    assert contact([age + 30 for age in ages]) <= contact(ages)


def test_of_whom_nothing_is_noted_and_nothing_said_nothing_is_known():
    assert closeness(Person("a")) is None
    assert closeness(Person("a", rating=5)) == 1
    assert closeness(Person("a", rating=1)) == 0
    assert closeness(Person("a", days_ago=(0,))) == 0.5
    assert closeness(Person("a", days_ago=(0,), rating=5)) == 0.75


def test_variety_is_the_mean_distance_of_all_pairs():
    assert variety([frozenset("a")]) is None
    assert variety([frozenset("a"), frozenset()]) is None
    assert variety([frozenset("a"), frozenset("a")]) == 0
    assert variety([frozenset("a"), frozenset("b")]) == 1
    assert variety([frozenset("ab"), frozenset("b"), frozenset("c")]) == pytest.approx((0.5 + 1 + 1) / 3)


@given(SETS, st.randoms())
def test_variety_is_a_part_and_does_not_hang_on_the_order(sets, chance):
    found = variety(sets)
    other = list(sets)
    chance.shuffle(other)
    assert found is None or 0 <= found <= 1
    assert variety(other) == (None if found is None else pytest.approx(found))


def test_density_counts_only_pairs_of_which_something_was_said():
    assert density("abc", {}) is None
    assert density("abc", {"a": []}) == 0
    assert density("abc", {"a": ["b"]}) == 0.5
    assert density("abc", {"a": ["b"], "b": ["c"]}) == pytest.approx(2 / 3)
    assert density("ab", {"x": ["a"]}) is None  # somebody who is not there any more


@pytest.mark.parametrize(
    ("strength", "diversity", "kind"),
    [(0.2, 0.2, "receptive"), (0.8, 0.2, "traditional"), (0.2, 0.8, "opportunistic"), (0.5, 0.5, "entrepreneurial"),
     (None, 0.8, ""), (0.8, None, "")],
)  # fmt: skip
def test_the_four_kinds(strength, diversity, kind):
    assert kind_of(strength, diversity) == kind


@given(PEOPLE)
def test_figures_are_parts_or_not_known_and_the_order_of_people_changes_nothing(people):
    found, other = figures(people, {}), figures(people[::-1], {})
    for name in ("strength", "domains", "roles", "places", "density", "diversity"):
        value = getattr(found, name)
        assert value is None or 0 <= value <= 1
        assert getattr(other, name) == (None if value is None else pytest.approx(value))
    assert found.known <= len(people)
    assert (found.kind == "") == (found.strength is None or found.diversity is None)


@given(PEOPLE)
def test_whoever_knows_nobody_makes_a_network_no_less_diverse(people):
    before = figures(people, {person.code: [other.code for other in people] for person in people})
    after = figures(people, {person.code: [] for person in people})
    assert before.diversity is None or after.diversity >= before.diversity


# Suggestions


def row(name="Zoë", *, kind="family", roles=("sponsor", "peer"), days=(3,), rating=None):
    person = Person(name, tuple(days), rating, frozenset(), frozenset(roles), frozenset())
    return SimpleNamespace(name=name, kind=kind, person=person)


def need(name, *, level=2, fit=0.5, by=("Zoë", "Ben")):
    return SimpleNamespace(name=name, level=level, fit=fit, by=by)


def told(people, needs=(), knows=None):
    return [
        (each.what, each.why) for each in suggestions(people, needs, figures([r.person for r in people], knows or {}))
    ]


def test_a_network_without_anything_amiss_is_left_alone():
    assert told([row()], [need("Contracts")]) == []


def test_the_greatest_gap_comes_first_and_each_has_a_reason():
    needs = [need("Contracts", fit=0, by=()), need("Research", fit=0, by=())]
    first, *_rest = told([row()], needs)
    assert first[0] == "Begin with Contracts."
    assert all(what and why for what, why in told([row(roles=()), row("Ben", kind="", days=())], needs))


def test_who_is_close_and_quiet_is_named_and_who_is_not_close_is_not():
    people = [row(rating=5, days=(200, 300)), row("Ben", rating=4, days=(100,)), row("Eve", rating=2, days=(900,))]
    why = "You call them close, and the last conversation that you noted is 200 days ago."
    assert told(people) == [("Write to Zoë.", why)]


def test_what_hangs_on_one_person():
    assert told([row()], [need("Contracts", level=3, by=("Zoë",))])[0][0] == "Look for a second person for Contracts."


def test_a_network_of_one_field_without_a_sponsor_or_a_peer_is_told_so():
    said = [what for what, _why in told([row("Ben", kind="", roles=("mentor",))])]
    assert said == [
        "Look for one person from another field.",
        "Ask somebody whether they would put your name forward.",
        "Add a peer.",
    ]


def test_where_everybody_knows_everybody():
    people = [row("a"), row("b"), row("c")]
    said = told(people, knows={"a": ["b", "c"], "b": ["c"]})
    assert said[0][0] == "Get to know somebody whom the others do not know."


def test_nobody_is_told_one_thing_and_no_page_is_a_list_of_faults():
    assert len(told([])) == 1
    needs = [need("Contracts", fit=0, by=()), need("Research", level=3, by=("Ben",))]
    people = [row(name, kind="", roles=(), rating=5, days=(200,)) for name in ("a", "b", "c")]
    assert len(told(people, needs, {"a": ["b", "c"], "b": ["c"]})) == MOST


# The page


@pytest.fixture
def lived(town):
    """Cleo has Ben as a mentor, had Bea, and has an aunt."""
    town.two, town.over = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors), (town.cleo_asks, town.bea_mentors)],
        by=town.ada, now=town.now,
    )  # fmt: skip
    Relationship.objects.filter(pk=town.over.pk).update(state="ended", seat=None, ended_at=town.now)
    town.aunt = relationships.add_tie(person=town.cleo_asks, name="Aunt Zoë", domains=["contracts"], now=town.now)
    return town


def at(town, name="network_show", *more):
    return reverse(name, args=["ir", town.cleo_asks.code, *more])


def page(client, town):
    cast.enter(client, town.cleo)
    return client.get(at(town)).content.decode()


def test_the_home_leads_there(client, lived):
    cast.enter(client, lived.cleo)
    assert at(lived) in client.get(reverse("participant_home", args=["ir", lived.cleo_asks.code])).content.decode()
    cast.enter(client, lived.ben)
    home = client.get(reverse("participant_home", args=["ir", lived.ben_mentors.code])).content.decode()
    assert "/network/" not in home


def test_it_shows_who_is_there_who_was_and_what_is_missing(client, lived):
    text = page(client, lived)
    now, past = text.split("Past")
    assert "Ben Castellanos" in now
    assert "Aunt Zoë" in now
    assert "Bea Okafor" in past
    assert "<b>1 of the 2</b>" in text
    assert "Fewer than ten mentors of this cohort" in text
    assert all(kind in text for kind in ("Receptive", "Traditional", "Opportunistic", "Entrepreneurial"))


def test_how_many_offer_it_is_said_from_ten_on_and_of_a_sensitive_domain_never(client, lived):
    for k in range(10):
        user = type(lived.cleo).objects.create_user(f"m{k}@example.org", name=f"M{k}")
        cast.participant(lived, user, "mentor", offers={"research": 2})
    assert Offer.objects.filter(domain__key="research").count() == 11
    assert "11 mentors of this cohort offer it" in page(client, lived)
    lived.program.domains.filter(key="research").update(sensitive=True)
    assert "mentors of this cohort offer it" not in page(client, lived)


def test_closeness_comes_from_conversations_and_from_what_the_mentee_says(client, lived):
    assert "not known yet" in page(client, lived)
    conversations.log_conversation(
        relationship=lived.two, person=lived.cleo_asks, on=TODAY, by=lived.cleo, now=lived.now
    )
    relationships.note_talk(tie=lived.aunt, on=TODAY, now=lived.now)
    found = gathered(lived.cleo_asks, TODAY)
    assert [each.person.days_ago for each in found.now] == [(0,), (0,)]
    client.post(at(lived, "network_say", lived.two.code), {"close": "5", "knows": [lived.aunt.code]})
    found = gathered(lived.cleo_asks, TODAY)
    assert found.now[0].person.rating == 5
    assert found.said["knows"] == {lived.two.code: [lived.aunt.code]}
    assert figures([each.person for each in found.now], found.said["knows"]).density == 1


def test_what_is_said_can_be_taken_back_and_nobody_is_an_answer(client, lived):
    say = at(lived, "network_say", lived.aunt.code)
    cast.enter(client, lived.cleo)
    client.post(say, {"close": "2", "nobody": "on"})
    assert Sketch.objects.get().said == {"close": {lived.aunt.code: 2}, "knows": {lived.aunt.code: []}}
    assert "checked" in client.get(say).content.decode()
    client.post(say, {"close": ""})
    assert Sketch.objects.get().said == {"close": {}, "knows": {}}
    assert client.post(say, {"close": "9"}).status_code == 422


def test_what_was_said_of_somebody_who_is_removed_is_forgotten(lived):
    codes = [lived.two.code, lived.aunt.code]
    services.say_of(person=lived.cleo_asks, somebody=lived.aunt.code, among=codes, close=3, knows=[lived.two.code])
    services.say_of(person=lived.cleo_asks, somebody=lived.two.code, among=codes[:1], close=4, knows=codes)
    assert Sketch.objects.get().said == {"close": {lived.two.code: 4}, "knows": {lived.two.code: [lived.two.code]}}


def test_earlier_cohorts_are_part_of_it(lived):
    there = SimpleNamespace(**vars(lived))
    there.cohort = lived.program.cohorts.create(society=lived.society, name="2028")
    later = cast.participant(there, lived.cleo, "mentee", needs={"contracts": 2}, institution="")
    found = gathered(later, TODAY)
    assert [each.name for each in found.now] == ["Ben Castellanos", "Aunt Zoë"]
    assert [each.name for each in found.past] == ["Bea Okafor"]


def test_roles_and_domains_that_either_says_count(lived):
    said = {"relationship": lived.two, "now": lived.now}
    relationships.say_roles(person=lived.cleo_asks, roles=["sponsor"], domains=["research"], **said)
    relationships.say_roles(person=lived.ben_mentors, roles=["coach"], domains=[], **said)
    person = gathered(lived.cleo_asks, TODAY).now[0].person
    assert person.roles == {"sponsor", "coach"}
    assert "research" in person.domains


def test_places_come_from_institutions_and_kinds(lived):
    assert gathered(lived.cleo_asks, TODAY).now[0].person.places == {"field", "at hospital of ben castellanos"}
    cast.edit(lived.ben_mentors, institution="hospital of CLEO marsh")
    relationships.change_tie(tie=lived.aunt, **(lived.aunt.facts | {"kind": "family"}))
    assert [each.person.places for each in gathered(lived.cleo_asks, TODAY).now] == [{"work"}, {"life"}]


def test_nobody_else_reads_it_and_no_record_tells_of_it(client, lived):
    before = Entry.objects.count()
    services.say_of(person=lived.cleo_asks, somebody=lived.aunt.code, among=[lived.aunt.code], close=3, knows=None)
    assert Entry.objects.count() == before
    for user in (lived.cai, lived.ben, lived.ada, lived.rae):
        cast.enter(client, user)
        assert client.get(at(lived)).status_code == 404
        assert client.get(at(lived, "network_say", lived.aunt.code)).status_code == 404
    assert client.get(reverse("network_show", args=["ir", lived.ben_mentors.code])).status_code == 404


def test_it_goes_with_the_mentee(lived):
    services.say_of(person=lived.cleo_asks, somebody=lived.aunt.code, among=[lived.aunt.code], close=3, knows=None)
    erase_person(lived.cleo, now=lived.now)
    assert not Sketch.objects.exists()


def test_a_network_of_nobody_is_a_page_too(client, town):
    text = page(client, town)
    assert "Nobody yet." in text
    assert "Add somebody who helps you already." in text
    assert "Too little is known" in text


def test_an_age_is_counted_from_today(lived):
    relationships.note_talk(tie=lived.aunt, on=TODAY - dt.timedelta(days=40), now=lived.now)
    assert gathered(lived.cleo_asks, TODAY).now[1].person.days_ago == (40,)


@pytest.mark.parametrize("name", ["network_show", "participant_home"])
def test_thirty_people_need_no_more_queries_than_three(client, lived, name):
    held = lived.cleo_asks.private_answers
    held.answers = {"needs": {"leadership": 2}}
    held.save()
    cast.enter(client, lived.cleo)
    counts = []
    for n in (3, 30):
        for k in range(n):
            relationships.add_tie(person=lived.cleo_asks, name=f"N{k}", domains=["contracts"], now=lived.now)
        client.get(at(lived, name))
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(at(lived, name))
        counts.append(len([each for each in asked if "SAVEPOINT" not in each["sql"]]))
    assert counts[1] <= counts[0] <= 15
    assert len(answer.content) < 100_000

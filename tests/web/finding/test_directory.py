"""Mentees look for mentors by words and plain facts, and by nothing that is private."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse

import cast
from introducer_web.finding import services, text
from introducer_web.finding.directory import searched
from introducer_web.finding.models import CareerMove, Listing
from introducer_web.people import services as people
from introducer_web.people.models import Answer, Offer
from introducer_web.programs.models import Domain, Experience, Question
from introducer_web.relationships import services as relationships
from introducer_web.site.subject import erase_person
from introducer_web.tenants.models import User


@pytest.fixture
def filled(town):
    """The directory with its words made."""
    cast.edit(town.ben_mentors, settings=["academic", "private_ir"], procedures=["oncology"], region="Midwest",
              answers_within=3)  # fmt: skip
    cast.edit(town.bea_mentors, timezone="Asia/Tokyo", languages=["en", "es"], stage="attending_late")
    town.carla = cast.participant(town, town.rae, "mentor", offers={"contracts": 1}, experiences=["first_gen_college"])
    cast.edit(town.rae, name="Renée Øst-Müller")
    while services.index_due(town.now):
        pass
    return town


def found(town, **asked):
    return [str(row.user) for row in searched(town.cleo_asks, asked, town.now)]


def test_who_helps_with_more_of_what_was_asked_for_comes_first_and_the_others_follow_by_name(filled):
    assert found(filled) == ["Bea Okafor", "Ben Castellanos", "Renée Øst-Müller"]
    Offer.objects.create(
        society=filled.society, participant=filled.carla, level=1,
        domain=Domain.objects.get(program=filled.program, key="research"),
    )  # fmt: skip
    assert found(filled)[0] == "Renée Øst-Müller"


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("castell", ["Ben Castellanos"]),
        ("renee mull", ["Renée Øst-Müller"]),
        ("MÜLLER", ["Renée Øst-Müller"]),
        ("hospital of bea", ["Bea Okafor"]),
        ("midwest", ["Ben Castellanos"]),
        ("contr", ["Ben Castellanos", "Renée Øst-Müller"]),
        ("contratos", ["Ben Castellanos", "Renée Øst-Müller"]),
        ("contracts okafor", []),
        ('" OR 1=1 --', []),
        ("cast* & :* | !x", []),
        ("example.org", []),
        ("tokyo", []),
        ("   ", ["Bea Okafor", "Ben Castellanos", "Renée Øst-Müller"]),
    ],
)
def test_words_find_by_their_beginning_in_any_language_and_accent(filled, q, names):
    assert found(filled, q=q) == names


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"domain": "contracts"}, ["Ben Castellanos", "Renée Øst-Müller"]),
        ({"experience": "first_gen_college"}, ["Renée Øst-Müller"]),
        ({"settings": "academic"}, ["Ben Castellanos"]),
        ({"settings": "acad"}, []),
        ({"procedures": "oncology"}, ["Ben Castellanos"]),
        ({"languages": "es"}, ["Bea Okafor"]),
        ({"stage": "attending_late"}, ["Bea Okafor"]),
        ({"within": 7}, ["Ben Castellanos"]),
        ({"within": 1}, []),
        ({"hours": 0}, ["Ben Castellanos", "Renée Øst-Müller"]),
        ({"hours": 6}, ["Ben Castellanos", "Renée Øst-Müller"]),
        ({"domain": "contracts", "settings": "private_ir"}, ["Ben Castellanos"]),
    ],
)
def test_plain_facts_narrow_it_down(filled, asked, names):
    assert found(filled, **asked) == names


def test_hours_apart_go_the_shorter_way_round_the_day(filled):
    cast.edit(filled.cleo_asks, timezone="Pacific/Honolulu")  # 19 hours behind Tokyo: 5 on the other side
    cast.edit(filled.ben_mentors, timezone="")
    assert "Bea Okafor" in found(filled, hours=6)
    assert "Bea Okafor" not in found(filled, hours=3)
    assert "Ben Castellanos" not in found(filled, hours=6)


def test_who_made_the_move_is_found_by_both_ends(filled):
    by_ben = {"by": filled.ben, "now": filled.now}
    services.add_move(participant=filled.ben_mentors, left="academic", came="private_ir", year=2015, **by_ben)
    services.add_move(participant=filled.bea_mentors, left="private_ir", came="academic", left_region="Lagos",
                      came_region="", year=None, by=filled.bea, now=filled.now)  # fmt: skip
    assert found(filled, left="academic", came="private_ir") == ["Ben Castellanos"]
    assert found(filled, came="academic") == ["Bea Okafor"]
    assert found(filled, q="lagos") == ["Bea Okafor"]
    services.remove_move(move=CareerMove.objects.get(participant=filled.bea_mentors), by=filled.bea, now=filled.now)
    assert found(filled, q="lagos") == []
    assert found(filled, came="academic") == []


def test_a_career_has_so_many_moves(filled):
    for _ in range(12):
        services.add_move(
            participant=filled.ben_mentors, left="academic", came="private_ir", by=filled.ben, now=filled.now
        )
    with pytest.raises(services.TooManyMoves):
        services.add_move(
            participant=filled.ben_mentors, left="private_ir", came="academic", by=filled.ben, now=filled.now
        )


def test_who_cannot_be_asked_is_not_there(filled):
    services.list_mentor(participant=filled.bea_mentors, wanted=False, by=filled.bea, now=filled.now)
    cast.edit(filled.carla, paused_until=filled.now.date() + dt.timedelta(days=1))
    assert found(filled) == ["Ben Castellanos"]
    relationships.record_existing(
        cohort=filled.cohort, pairs=[(filled.cai_asks, filled.ben_mentors)], by=filled.ada, now=filled.now
    )
    assert found(filled) == ["Ben Castellanos"]
    cast.edit(filled.ben_mentors, capacity=1)
    assert found(filled) == []


def test_seats_count_over_all_programs_and_guests_where_the_program_takes_them(filled):
    cast.edit(filled.carla, kind="adviser")
    assert "Renée Øst-Müller" in found(filled)
    cast.edit(filled.program, guests="forbid")
    filled.cleo_asks.cohort.program.guests = "forbid"
    assert "Renée Øst-Müller" not in found(filled)


def test_nothing_private_or_sensitive_is_in_the_words(filled):
    mine = {"society": filled.society, "program": filled.program}
    secret = Domain.objects.create(key="secret", name="Tokendomain", sensitive=True, **mine)
    path = Experience.objects.create(key="path", name="Tokenpath", sensitive=True, **mine)
    asked = Question.objects.create(**mine, text="What else?", seen_by="partners")
    Answer.objects.create(society=filled.society, participant=filled.ben_mentors, question=asked, text="tokenanswer")
    filled.ben_mentors.offers.create(society=filled.society, domain=secret, level=3)
    filled.ben_mentors.claims.create(society=filled.society, experience=path)
    people.save_private(participant=filled.ben_mentors, attributes={"religion": ["tokenattribute"]},
                        consents=[("religion", "match")], now=filled.now)  # fmt: skip
    while services.index_due(filled.now):
        pass
    words = Listing.objects.get(participant=filled.ben_mentors).words
    assert "castellanos" in words
    assert "token" not in words
    assert "chicago" not in words
    assert "example" not in words
    assert found(filled, q="token") == []
    assert found(filled, domain="secret") == []
    assert found(filled, experience="path") == []


def test_words_follow_what_a_mentor_changes_and_go_with_them(filled):
    people.save_about(participant=filled.ben_mentors, institution="Lakeside Clinic", now=filled.now)
    assert found(filled, q="lakeside") == []
    assert services.index_due(filled.now)
    assert found(filled, q="lakeside") == ["Ben Castellanos"]
    assert found(filled, q="hospital castell") == []
    assert not services.index_due(filled.now)
    assert services.index_due(filled.now + dt.timedelta(days=1)), "once a day they are made anew, whatever changed"
    erase_person(filled.ben, now=filled.now)
    assert found(filled, q="lakeside") == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM finding_words_data")
            assert not [row for (row,) in cursor.fetchall() if b"lakeside" in row or b"castellanos" in row]
            cursor.execute("INSERT INTO finding_words(finding_words) VALUES ('integrity-check')")


def test_a_question_is_folded_as_the_words_are():
    assert text.terms("  Renée Øst-Müller, MD (2019) renée ") == ["renee", "øst", "muller", "md", "2019"]
    assert text.plain(["A b", "b-C"]) == "a b c"


def test_a_mentee_searches_on_a_page_and_pages_through_it(client, filled):
    for k in range(22):
        user = User.objects.create_user(f"m{k}@example.org", name=f"Mentor {k:02}")
        cast.participant(filled, user, "mentor", offers={"leadership": 1})
    cast.enter(client, filled.cleo)
    address = reverse("find_mentors", args=["ir", filled.cleo_asks.code])
    page = client.get(address, {"q": "castell", "settings": "academic"}).content.decode()
    assert "Ben Castellanos" in page
    assert "Bea Okafor" not in page
    assert "Helps with what you asked for: <b>Contracts" in page
    page = client.get(address).content.decode()
    assert "Page 1 of 2, 25 in all" in page
    assert "Mentor 20" in client.get(address, {"page": 2}).content.decode()
    assert client.get(address, {"settings": "nowhere"}).status_code == 422
    cast.edit(filled.program, requests=False)
    assert client.get(address).status_code == 302
    own = reverse("find_mentor", args=["ir", filled.cleo_asks.code, filled.ben_mentors.code])
    assert client.get(own).status_code == 404


def test_a_mentor_leaves_the_directory_and_names_moves_on_a_page(client, filled):
    cast.enter(client, filled.ben)
    own = reverse("find_me", args=["ir", filled.ben_mentors.code])
    assert 'name="wanted" id="id_wanted" checked' in client.get(own).content.decode()
    assert "You do not stand in it any more." in client.post(own, {}, follow=True).content.decode()
    assert found(filled, q="castell") == []
    assert "You stand in the directory." in client.post(own, {"wanted": "on"}, follow=True).content.decode()
    add = reverse("move_add", args=["ir", filled.ben_mentors.code])
    assert client.post(add, {"left": "academic"}).status_code == 422
    assert client.post(add, {"left": "academic", "came": "academic"}).status_code == 422
    page = client.post(add, {"left": "academic", "came": "private_ir", "year": "2015"}, follow=True).content.decode()
    assert "Noted." in page
    move = CareerMove.objects.get()
    remove = reverse("move_remove", args=["ir", filled.ben_mentors.code, move.code])
    cast.enter(client, filled.bea)
    foreign = reverse("move_remove", args=["ir", filled.bea_mentors.code, move.code])
    assert client.post(foreign).status_code == 404
    cast.enter(client, filled.ben)
    assert "Taken back." in client.post(remove, follow=True).content.decode()
    assert not CareerMove.objects.exists()


def test_dates_stand_at_the_hour_of_whoever_looks(client, filled):
    cast.enter(client, filled.ada, second_factor=True)
    listing = reverse("finding_list", args=["ir", filled.cohort.code])
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=9)).date().isoformat()
    assert client.post(listing, {"name": "Old", "begins_at": "2020-01-01T10:00"}).status_code == 422
    assert (
        client.post(listing, {"name": "Hour", "begins_at": f"{day}T18:00", "link": "javascript:x"}).status_code == 422
    )
    said = {"name": "Mentors' hour", "begins_at": f"{day}T18:00", "link": "https://example.org/room"}
    assert "Announced." in client.post(listing, said, follow=True).content.decode()
    cast.enter(client, filled.cleo)
    page = client.get(reverse("find", args=["ir", filled.cleo_asks.code])).content.decode()
    assert "Mentors&#x27; hour" in page
    assert "noon" in page or "1 p.m." in page  # 18:00 UTC in Chicago
    event = filled.cohort.events.get()
    cast.enter(client, filled.ada, second_factor=True)
    remove = reverse("event_remove", args=["ir", filled.cohort.code, event.code])
    assert "Taken back." in client.post(remove, follow=True).content.decode()
    cast.enter(client, filled.dov, second_factor=True)
    assert client.get(listing).status_code == 404

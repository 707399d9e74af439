"""What two people are for each other: several things, said by either, read by both and nobody else."""

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.relationships import services
from introducer_web.relationships.models import Relationship, SaidRoles
from introducer_web.relationships.vocabulary import ROLES
from introducer_web.site.subject import erase_person


@pytest.fixture
def pair(town):
    town.two = services.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    return town


def at(person, town, name="roles"):
    return reverse(name, args=["ir", person.code, town.two.code])


def say(town, person, *roles, domains=()):
    return services.say_roles(relationship=town.two, person=person, roles=roles, domains=domains, now=town.now)


def test_each_says_it_and_both_read_who_does(client, pair):
    cast.enter(client, pair.cleo)
    client.post(at(pair.cleo_asks, pair), {"roles": ["mentor", "sponsor"], "domains": ["contracts", "research"]})
    say(pair, pair.ben_mentors, "sponsor", "coach", domains=["contracts"])
    page = client.get(at(pair.cleo_asks, pair)).content.decode()
    assert page.count("both of you say it") == 2
    assert page.count("you say it") == 4
    assert "Ben Castellanos says it" in page
    cast.enter(client, pair.ben)
    page = client.get(at(pair.ben_mentors, pair)).content.decode()
    assert page.count("Cleo Marsh says it") == 2


def test_what_one_takes_back_the_other_still_says(pair):
    say(pair, pair.cleo_asks, "mentor")
    say(pair, pair.ben_mentors, "mentor")
    say(pair, pair.cleo_asks)
    assert [row.said["roles"] for row in SaidRoles.objects.order_by("person__role")] == [[], ["mentor"]]


def test_a_role_or_a_domain_that_there_is_not_is_kept_nowhere(client, pair):
    say(pair, pair.cleo_asks, "boss", "peer", domains=["nonsense", "research"])
    assert SaidRoles.objects.get().said == {"roles": ["peer"], "domains": ["research"]}
    cast.enter(client, pair.cleo)
    assert client.post(at(pair.cleo_asks, pair), {"roles": ["boss"]}).status_code == 422


def test_the_page_of_two_leads_there_and_says_what_they_are(client, pair):
    say(pair, pair.ben_mentors, "reverse")
    cast.enter(client, pair.cleo)
    page = client.get(at(pair.cleo_asks, pair, "conversation_list")).content.decode()
    assert at(pair.cleo_asks, pair) in page
    assert "reverse mentor" in page


def test_every_role_is_explained_where_it_is_ticked(client, pair):
    cast.enter(client, pair.ben)
    page = client.get(at(pair.ben_mentors, pair)).content.decode()
    assert all(str(meaning) in page for _name, meaning in ROLES.values())


def test_a_sensitive_domain_is_not_put_first_for_the_other_side(client, pair):
    pair.program.domains.filter(key="research").update(sensitive=True)
    Relationship.objects.filter(pk=pair.two.pk).update(needs=["research", "contracts"])
    cast.enter(client, pair.ben)
    page = client.get(at(pair.ben_mentors, pair)).content.decode()
    assert page.index("Contracts") < page.index("Something else") < page.index("Research")


def test_what_either_says_it_is_about_covers_what_the_mentee_asked_for(client, pair):
    cast.enter(client, pair.cleo)
    home = reverse("participant_home", args=["ir", pair.cleo_asks.code])
    assert "<b>0 of 2</b>" in client.get(home).content.decode()
    say(pair, pair.ben_mentors, "coach", domains=["research"])
    assert "<b>1 of 2</b>" in client.get(home).content.decode()


def test_before_both_agree_there_is_no_such_page_and_after_the_end_it_is_read(client, pair):
    say(pair, pair.cleo_asks, "mentor")
    cast.enter(client, pair.cleo)
    Relationship.objects.filter(pk=pair.two.pk).update(state="introduced", seat=None)
    assert client.get(at(pair.cleo_asks, pair)).status_code == 404
    Relationship.objects.filter(pk=pair.two.pk).update(state="ended", ended_at=pair.now)
    page = client.get(at(pair.cleo_asks, pair)).content.decode()
    assert "you say it" in page
    assert client.post(at(pair.cleo_asks, pair), {"roles": ["peer"]}).status_code == 422
    with pytest.raises(services.NotLived):
        say(pair, pair.cleo_asks, "peer")


def test_coordinators_read_nothing_of_it(client, pair):
    before = Entry.objects.count()
    say(pair, pair.cleo_asks, "sponsor")
    assert Entry.objects.count() == before
    cast.enter(client, pair.ada)
    assert client.get(at(pair.cleo_asks, pair)).status_code == 404
    page = client.get(reverse("relationship_list", args=["ir", pair.cohort.code])).content.decode()
    assert "sponsor" not in page


def test_it_goes_with_whoever_said_it(pair):
    say(pair, pair.cleo_asks, "mentor")
    say(pair, pair.ben_mentors, "mentor")
    erase_person(pair.cleo, now=pair.now)
    assert not SaidRoles.objects.exists()  # the relationship went

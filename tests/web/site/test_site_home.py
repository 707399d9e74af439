"""Where somebody lands: in their one place, or before the list of several; and the door of the demo."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

import cast
from introducer_web.people.models import Participant
from introducer_web.site import demo
from introducer_web.tenants.models import User

HOME = reverse("home")


def own(part):
    return reverse("participant_home", args=[part.society.slug, part.code])


def test_who_has_one_place_is_led_there(town, sign_in):
    assert sign_in(town.cleo).get(HOME).url == own(town.cleo_asks)
    assert sign_in(town.ada).get(HOME).url == reverse("society_home", args=["ir"])


def test_who_asks_for_the_list_gets_it(town, sign_in):
    client = sign_in(town.cleo)
    assert f'href="{HOME}?all=1"' in client.get(reverse("my_pages")).content.decode()
    page = client.get(HOME, {"all": "1"})
    assert page.status_code == 200
    assert own(town.cleo_asks) in page.content.decode()


def test_who_has_two_places_chooses(town, sign_in):
    cast.participant(town, town.cleo, "mentor")
    page = sign_in(town.cleo).get(HOME)
    assert page.status_code == 200
    assert len(page.context["all_places"]) == 2


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.usefixtures("town")
def test_who_has_none_sees_home(sign_in, client, signed_in):
    if signed_in:
        sign_in(User.objects.create_user("new@example.org"))
    assert client.get(HOME).status_code == 200


def test_who_researches_goes_to_the_research(town, sign_in):
    assert sign_in(town.rae).get(HOME).url == reverse("research_home", args=["ir"])


def test_a_form_that_is_left_before_its_end_does_not_come_straight_back(town, sign_in):
    cast.edit(town.cleo_asks, state=Participant.State.DRAFT)
    page = sign_in(town.cleo).get(HOME)
    assert page.status_code == 200
    assert own(town.cleo_asks) in page.content.decode()


@pytest.mark.urls("web.site.demo_urls")
@pytest.mark.parametrize("name", ["cleo", "ada"])
@pytest.mark.parametrize("is_known", [False, True])
def test_in_the_demo_a_second_step_can_be_set_up(town, client, name, is_known):
    person = getattr(town, name)
    if is_known:  # as after a look at the page of addresses
        EmailAddress.objects.create(user=person, email=person.email, verified=False)
    assert client.get(demo.link_for(person)).url == HOME
    client.get(reverse("account_email"))
    for page in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(page)).status_code == 200, page
    row = EmailAddress.objects.get(user=person)
    assert (row.email, row.verified, row.primary) == (person.email, True, True)


@pytest.mark.urls("web.site.demo_urls")
def test_a_link_of_the_demo_that_nobody_made_opens_nothing(town, client):  # noqa: ARG001 - there are people to open
    assert client.get("/demo/made-up/").status_code == 404

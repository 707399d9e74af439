"""What a coordinator does with people: find, invite, decide, record what forbids a tie."""

from django.urls import reverse

from introducer_web.people import services
from introducer_web.people.models import Conflict, Invitation


def here(town, name, *more):
    return reverse(name, args=["ir", town.cohort.code, *more])


def test_people_are_found_by_role_state_and_name(town, sign_in):
    client, page = sign_in(town.ada), here(town, "people_list")
    everybody = client.get(page).content.decode()
    assert all(name in everybody for name in ("Ben Castellanos", "Cleo Marsh"))
    mentors = client.get(page, {"role": "mentor", "state": "active"}).content.decode()
    assert "Ben Castellanos" in mentors
    assert "Cleo Marsh" not in mentors
    named = client.get(page, {"q": "cleo@"}).content.decode()
    assert "Cleo Marsh" in named
    assert "Cai Lindqvist" not in named
    assert client.get(page, {"role": "king"}).content.decode().count("Cleo Marsh") >= 1


def test_many_are_invited_at_once_and_wrong_addresses_named_together(town, sign_in):
    client, page = sign_in(town.ada), here(town, "people_invite")
    wrong = client.post(page, {"role": "mentee", "emails": "nia@example.org, oli@, pia"}).content.decode()
    assert "oli@, pia" in wrong
    assert not Invitation.objects.exists()
    emails = "Nia@example.org\nnia@example.org; oli@example.org"
    answer = client.post(page, {"role": "mentor", "kind": "adviser", "emails": emails}, follow=True)
    assert "2 invitations are on their way." in answer.content.decode()
    assert set(Invitation.objects.values_list("email", "kind")) == {
        ("nia@example.org", "adviser"), ("oli@example.org", "adviser")
    }  # fmt: skip
    client.post(page, {"role": "mentee", "kind": "adviser", "emails": "pia@example.org"})
    assert Invitation.objects.get(email="pia@example.org").kind == "member"


def test_an_invitation_is_taken_back(town, sign_in, now):
    invitation = services.invite(cohort=town.cohort, email="nia@example.org", role="mentee", by=town.ada, now=now)
    client = sign_in(town.ada)
    assert "nia@example.org" in client.get(here(town, "people_invite")).content.decode()
    client.post(here(town, "invitation_revoke", invitation.code))
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None
    assert client.post(here(town, "invitation_revoke", "none")).status_code == 404


def test_a_conflict_is_recorded_and_lifted(town, sign_in):
    client, page = sign_in(town.ada), here(town, "people_conflict", town.cleo_asks.code)
    for wrong in ({}, {"other": town.ben_mentors.code, "source": "dislike"}):
        assert "Choose the other person" in client.post(page, wrong, follow=True).content.decode()
    assert client.post(page, {"other": "none", "source": "other"}).status_code == 404
    client.post(page, {"other": town.ben_mentors.code, "source": "relative", "words": "Cousins"})
    conflict = Conflict.objects.get()
    assert conflict.facts["words"] == "Cousins"
    shown = client.get(here(town, "people_person", town.ben_mentors.code)).content.decode()
    assert "Cousins" in shown
    assert "Cleo Marsh" in shown
    client.post(page, {"lift": conflict.code})
    conflict.refresh_from_db()
    assert conflict.lifted_at is not None


def test_nobody_is_in_conflict_with_themselves(town, sign_in, now):
    town.program.is_open = True
    town.program.save()
    twice = services.ask_to_join(cohort=town.cohort, user=town.cleo, role="mentor", now=now)
    page = here(town, "people_conflict", town.cleo_asks.code)
    answer = sign_in(town.ada).post(page, {"other": twice.code, "source": "other"}, follow=True)
    assert answer.status_code == 200
    assert "between two people" in answer.content.decode()
    assert not Conflict.objects.exists()


def test_a_person_elsewhere_is_not_found(town, sign_in):
    client = sign_in(town.ada)
    assert client.get(here(town, "people_person", "none")).status_code == 404
    assert sign_in(town.dov).get(here(town, "people_person", town.cleo_asks.code)).status_code == 404

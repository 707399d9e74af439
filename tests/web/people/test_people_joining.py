"""Joining, as people do it: by an invitation or an open page, a step at a time, and changed or withdrawn later."""

import csv
import datetime as dt
import io
import re

import pytest
from django.core import mail as mailbox
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

import cast
from introducer_web.mail.services import send_due
from introducer_web.matching.roster import Known, freeze
from introducer_web.people import services
from introducer_web.people.models import Consent, Invitation, Need, Participant
from introducer_web.programs import services as programs
from introducer_web.programs.models import Domain, Question, TrainingSite
from introducer_web.tenants.models import User

State = Participant.State


def step(person, name):
    return reverse("join_step", args=["ir", person.code, name])


def page_of(person, name):
    return reverse(name, args=["ir", person.code])


def mails_to(address):
    while send_due(timezone.now() + dt.timedelta(days=400)):
        pass
    return [mail for mail in mailbox.outbox if mail.to == [address]]


@pytest.fixture(autouse=True)
def _nobody_is_asked_first(town):
    """Let people take part as soon as they send the form, unless a test says otherwise."""
    town.program.approves = False
    town.program.save()


@pytest.fixture
def invited(town, client):
    """Somebody new who was invited and has opened the mail: the page of the link, and their place once it is used."""

    def use(role="mentee", email="nia@example.org"):
        services.invite(cohort=town.cohort, email=email, role=role, by=town.ada, now=timezone.now())
        link = re.search(r"/i/\S+/", mails_to(email)[-1].body).group()
        assert client.get(link).status_code == 200
        assert not Participant.objects.filter(user__email=email).exists(), "opening a link changes nothing"
        answer = client.post(link)
        person = Participant.objects.get(user__email=email, role=role)
        assert answer.url == page_of(person, "join")
        return person, link

    return use


@pytest.fixture
def fresh(town, client):
    """Somebody who has begun to join and is signed in."""

    def begin(role="mentee"):
        user = User.objects.create_user("nia@example.org")
        town.program.is_open = True
        town.program.save()
        person = services.ask_to_join(cohort=town.cohort, user=user, role=role, now=timezone.now())
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return person

    return begin


ABOUT = {"name": "Nia Adeyemi", "stage": "pgy3", "institution": "Mercy", "timezone": "America/Chicago",
         "languages": ["es", "en"], "rural": "on"}  # fmt: skip


class TestAMentee:
    def test_goes_all_the_way_and_takes_part(self, invited, client, town):
        person, _link = invited()
        assert client.get(page_of(person, "join")).url == step(person, "about")
        answer = client.post(step(person, "about"), ABOUT)
        assert answer.url == step(person, "needs")
        page = client.get(answer.url).content.decode()
        assert "Contracts" in page
        needs = {"level:contracts": "3", "level:research": "1", "level:family_parenting": "2", "level:nonsense": "3",
                 "private": ["family_parenting"], "urgent": ["contracts"], "team_size": "2"}  # fmt: skip
        assert client.post(step(person, "needs"), needs).url == step(person, "wishes")
        assert client.get(step(person, "wishes")).status_code == 200
        experience = town.program.experiences.first().key
        wishes = {f"level:{experience}": "2", "level:same:religion": "3", "level:none such": "3"}
        assert client.post(step(person, "wishes"), wishes).url == step(person, "private")
        private = {"words:religion": "Sikh; Hindu", "use:religion:match": "1", "use:ethnicity:match": "1"}
        assert client.post(step(person, "private"), private).url == step(person, "avoid")
        assert client.post(
            step(person, "avoid"), {"named": "ben  castellanos\nNobody At All", "more": [town.bea.code]}
        ).url == step(person, "send")
        page = client.get(step(person, "send")).content.decode()
        assert "Contracts" in page
        assert "tokens" not in page
        answer = client.post(step(person, "send"), {"agrees": "on"})
        assert answer.url == page_of(person, "participant_home")
        person.refresh_from_db()
        assert (person.state, person.may_be_matched, person.team_size, person.rural) == (State.ACTIVE, True, 2, True)
        assert person.languages == ["es", "en"]
        assert {row.key: (row.level, row.urgent) for row in person.needs.all()} == {
            "contracts": (3, True),
            "research": (1, False),
        }
        said = person.private_answers.answers
        assert said["needs"] == {"family_parenting": 2}
        assert said["wishes"] == {experience: 2, "same:religion": 3}
        assert said["attributes"] == {"religion": ["Sikh", "Hindu"]}
        assert (said["avoid"], said["avoid_named"]) == ([], ["ben castellanos", "Nobody At All"])
        consents = Consent.objects.filter(participant=person).values_list("attribute", "purpose")
        assert list(consents) == [("religion", "match")], "a consent to what was not said is none"
        assert "You take part." in mails_to("nia@example.org")[-1].body

    def test_changes_it_later_and_takes_it_back(self, fresh, client, town):
        person = fresh()
        client.post(step(person, "private"), {"words:religion": "Sikh", "use:religion:match": "1"})
        cast.edit(person, state="active")
        client.post(step(person, "avoid"), {"more": [town.ben.code, town.bea.code]})
        page = client.get(step(person, "avoid")).content.decode()
        assert page.index("Not to be introduced to") < page.index("Ben Castellanos")
        client.post(step(person, "avoid"), {"avoid": [town.bea.code]})
        client.post(step(person, "private"), {"words:religion": "Sikh"})
        person = Participant.objects.get(pk=person.pk)
        assert person.private_answers.answers["avoid"] == [town.bea.code]
        assert Consent.objects.get(participant=person).withdrawn_at is not None
        client.post(step(person, "private"), {"words:religion": "", "use:religion:match": "1"})
        person = Participant.objects.get(pk=person.pk)
        assert person.private_answers.answers["attributes"] == {}
        assert Consent.objects.filter(participant=person, withdrawn_at=None).count() == 0

    def test_is_told_all_that_is_missing_at_once(self, fresh, client):
        person = fresh()
        answer = client.post(step(person, "send"), {})
        page = answer.content.decode()
        assert answer.status_code == 409
        told = ("Your name is missing", "where you are in your career", "at least one domain", "without it nobody")
        assert [words for words in told if words not in page] == []
        person.refresh_from_db()
        assert person.state == State.DRAFT

    def test_may_ask_in_private_alone(self, fresh, client):
        person = fresh()
        client.post(step(person, "about"), ABOUT)
        client.post(step(person, "needs"), {"level:contracts": "3", "private": ["contracts"]})
        assert Need.objects.filter(participant=person).count() == 0
        client.post(step(person, "send"), {"agrees": "on"})
        person.refresh_from_db()
        assert person.state == State.ACTIVE

    def test_saves_and_leaves(self, fresh, client):
        person = fresh()
        assert client.post(step(person, "about"), ABOUT | {"then": "leave"}).url == reverse("home")
        person.user.refresh_from_db()
        assert person.user.name == "Nia Adeyemi"
        client.post(step(person, "needs"), {"level:contracts": "3"})
        client.post(step(person, "send"), {"agrees": "on"})
        answer = client.post(step(person, "needs"), {"level:research": "3", "then": "leave"})
        assert answer.url == page_of(person, "participant_home")

    def test_sees_what_is_wrong_beside_the_field(self, fresh, client):
        person = fresh()
        answer = client.post(step(person, "about"), ABOUT | {"stage": "king"})
        assert answer.status_code == 422
        assert "king" in answer.content.decode()

    def test_finds_no_step_that_is_not_theirs(self, fresh, client):
        person = fresh()
        assert client.get(step(person, "offers")).status_code == 404
        assert client.get(step(person, "questions")).status_code == 404
        assert client.get(step(person, "anything")).status_code == 404

    def test_chooses_a_topic_and_a_training_site(self, fresh, client, town):
        site = TrainingSite.objects.create(society=town.society, name="Mercy North", institution="Mercy")
        person = fresh()
        domain = town.program.domains.filter(topics__isnull=False).first()
        topic = domain.topics.first()
        client.post(step(person, "about"), ABOUT | {"site": site.pk})
        client.post(step(person, "needs"), {f"level:{domain.key}.{topic.key}": "2"})
        person.refresh_from_db()
        assert person.site == site
        assert [row.key for row in person.needs.all()] == [f"{domain.key}.{topic.key}"]
        assert "open" in client.get(step(person, "needs")).content.decode()


class TestAMentor:
    def test_commits_before_mentoring(self, fresh, client, town):
        person = fresh("mentor")
        client.post(step(person, "about"), ABOUT | {"stage": "attending_mid", "answers_within": "3"})
        experience = town.program.experiences.first().key
        offers = {"level:contracts": "3", "experience": [experience], "capacity": "99"}
        assert client.post(step(person, "offers"), offers).url == step(person, "private")
        assert client.get(step(person, "offers")).status_code == 200
        assert client.get(step(person, "send")).status_code == 200
        refused = client.post(step(person, "send"), {"agrees": "on"})
        assert refused.status_code == 409
        assert "The commitment comes before mentoring." in refused.content.decode()
        client.post(step(person, "send"), {"agrees": "on", "commitment": "on"})
        person.refresh_from_db()
        assert (person.state, person.capacity, person.answers_within) == (State.ACTIVE, 20, 3)
        assert person.committed_at is not None
        first = person.committed_at
        services.commit(participant=person, now=first + dt.timedelta(days=1))
        person.refresh_from_db()
        assert person.committed_at == first
        assert [each.experience.key for each in person.claims.select_related("experience")] == [experience]
        client.post(step(person, "offers"), {"level:research": "1", "capacity": ""})
        person.refresh_from_db()
        assert person.capacity is None
        assert not person.claims.exists()

    def test_need_not_say_how_soon_they_answer_and_says_nothing_else(self, fresh, client):
        person = fresh("mentor")
        about = ABOUT | {"stage": "attending_mid"}
        assert client.post(step(person, "about"), about | {"answers_within": "4"}).status_code == 422
        client.post(step(person, "about"), about | {"answers_within": ""})
        person.refresh_from_db()
        assert person.answers_within is None

    def test_is_not_approved_before_the_commitment(self, fresh, town, now):
        person = fresh("mentor")
        with pytest.raises(services.NotFinished):
            services.approve(participant=person, by=town.ada, now=now)


class TestComingIn:
    def test_an_invitation_is_used_once(self, invited, client):
        _person, link = invited()
        client.logout()
        answer = client.post(link)
        assert answer.status_code == 409
        assert "This invitation is over" in answer.content.decode()

    def test_an_invitation_is_for_its_address(self, town, sign_in):
        services.invite(cohort=town.cohort, email="Oli@example.org ", role="mentee", by=town.ada, now=timezone.now())
        link = re.search(r"/i/\S+/", mails_to("oli@example.org")[-1].body).group()
        answer = sign_in(town.cai).post(link)
        assert answer.status_code == 409
        assert not Participant.objects.filter(user__email="oli@example.org").exists()

    def test_a_newer_invitation_replaces_the_older(self, town):
        for _turn in range(2):
            services.invite(cohort=town.cohort, email="oli@example.org", role="mentee", by=town.ada, now=timezone.now())
        assert Invitation.objects.filter(email="oli@example.org", revoked_at=None).count() == 1

    def test_an_invitation_expires_and_can_be_taken_back(self, town, now):
        old = services.invite(cohort=town.cohort, email="oli@example.org", role="mentee", by=town.ada, now=now)
        with pytest.raises(services.InvitationIsOver):
            services.accept_invitation(invitation=old, user=None, now=now + dt.timedelta(days=7))
        again = services.revoke(invitation=old, by=town.ada, now=now)
        assert again.revoked_at == now
        assert mails_to("oli@example.org") == [], "what was not sent yet stays unsent"

    def test_an_unknown_link_is_not_found(self, client, town):  # noqa: ARG002 - there is a town, and not this link
        assert client.get("/i/none-such/").status_code == 404

    def test_a_program_that_is_not_open_takes_nobody(self, town, client, now):
        assert client.get(reverse("program_join", args=["ir", town.program.code])).status_code == 404
        with pytest.raises(services.NotOpen):
            services.ask_to_join(cohort=town.cohort, user=town.rae, role="mentee", now=now)

    def test_an_open_program_shows_itself_and_takes_who_is_signed_in(self, town, client, sign_in):
        town.program.is_open = True
        town.program.save()
        page = reverse("program_join", args=["ir", town.program.code])
        assert "Mentoring" in client.get(page).content.decode()
        assert client.post(page, {"role": "mentee"}).status_code == 200
        answer = sign_in(town.rae).post(page, {"role": "mentor"})
        rae = Participant.objects.get(user=town.rae)
        assert answer.url == page_of(rae, "join")
        town.cohort.is_closed = True
        town.cohort.save()
        assert sign_in(town.rae).get(page).status_code == 200

    def test_who_withdrew_may_begin_again(self, town, fresh):
        person = fresh()
        services.withdraw(participant=person, now=timezone.now())
        again = services.ask_to_join(cohort=town.cohort, user=person.user, role="mentee", now=timezone.now())
        assert (again.pk, again.state, again.withdrawn_at) == (person.pk, State.DRAFT, None)

    def test_last_years_answers_are_offered_again_but_no_consent(self, town, now):
        said = services.save_private(
            participant=town.cleo_asks, attributes={"religion": ["Sikh"]}, consents=[("religion", "match")], now=now
        )
        assert said.consents.count() == 1
        spring = programs.create_cohort(program=town.program, name="2028", by=town.ada, now=now)
        town.program.is_open = True
        town.program.save()
        again = services.ask_to_join(cohort=spring, user=town.cleo, role="mentee", now=now)
        assert {row.key: row.level for row in again.needs.all()} == {"contracts": 3, "research": 1}
        assert again.institution == town.cleo_asks.institution
        assert (again.consents.count(), again.private_answers.answers) == (0, {})
        assert services.ask_to_join(cohort=spring, user=town.cleo, role="mentee", now=now).pk == again.pk
        cast.edit(town.bea_mentors, answers_within=7)
        bea = services.ask_to_join(cohort=spring, user=town.bea, role="mentor", now=now)
        assert {row.key for row in bea.offers.all()} == {"family_parenting", "research"}
        assert (bea.committed_at, bea.answers_within) == (None, 7)


class TestApprovalAndWaiting:
    @pytest.fixture
    def applied(self, town, fresh, client):
        town.program.approves = True
        town.program.save()
        person = fresh()
        client.post(step(person, "about"), ABOUT)
        client.post(step(person, "needs"), {"level:contracts": "3"})
        client.post(step(person, "send"), {"agrees": "on"})
        person.refresh_from_db()
        assert person.state == State.APPLIED
        return person

    def decide(self, town, person, what, client):
        return client.post(reverse("people_decide", args=["ir", town.cohort.code, person.code]), {"what": what})

    @pytest.mark.parametrize(("what", "state"), [("approve", "active"), ("wait", "waiting"), ("decline", "declined")])
    def test_a_coordinator_decides_and_the_person_is_told(self, what, state, applied, town, sign_in):
        before = len(mails_to("nia@example.org"))
        client = sign_in(town.ada)
        for _turn in range(2):
            self.decide(town, applied, what, client)
        applied.refresh_from_db()
        assert applied.state == state
        assert len(mails_to("nia@example.org")) == before + 1, "told once"

    def test_a_misspelt_decision_changes_nothing(self, applied, town, sign_in):
        answer = sign_in(town.ada).post(
            reverse("people_decide", args=["ir", town.cohort.code, applied.code]), {"what": "aprove"}, follow=True
        )
        assert "Choose what to decide." in answer.content.decode()
        applied.refresh_from_db()
        assert applied.state == State.APPLIED

    def test_nobody_is_decided_on_who_has_withdrawn(self, applied, town, sign_in):
        services.withdraw(participant=applied, now=timezone.now())
        client = sign_in(town.ada)
        self.decide(town, applied, "approve", client)
        applied.refresh_from_db()
        assert applied.state == State.WITHDRAWN

    def test_who_comes_late_waits(self, town, fresh, client):
        town.cohort.joining_ends = dt.date(2020, 1, 1)
        town.cohort.save()
        person = fresh()
        client.post(step(person, "about"), ABOUT)
        client.post(step(person, "needs"), {"level:contracts": "3"})
        client.post(step(person, "send"), {"agrees": "on"})
        person.refresh_from_db()
        assert person.state == State.WAITING

    def test_a_question_that_must_be_answered(self, town, fresh, client):
        asked = {"society": town.society, "program": town.program}
        must = Question.objects.create(text="Why now?", required=True, **asked)
        choice = Question.objects.create(text="Which day?", choices="Monday\nFriday", audience="mentee", **asked)
        Question.objects.create(text="For mentors alone?", audience="mentor", **asked)
        person = fresh()
        client.post(step(person, "about"), ABOUT)
        client.post(step(person, "needs"), {"level:contracts": "3"})
        assert "must be answered" in client.post(step(person, "send"), {"agrees": "on"}).content.decode()
        page = client.get(step(person, "questions")).content.decode()
        assert "Why now?" in page
        assert "For mentors alone?" not in page
        wrong = client.post(step(person, "questions"), {f"q:{must.code}": "", f"q:{choice.code}": "Sunday"})
        assert wrong.status_code == 422
        client.post(step(person, "questions"), {f"q:{must.code}": " Because. ", f"q:{choice.code}": "Friday"})
        said = {answer.question.text: answer.text for answer in person.answers.all()}
        assert said == {"Why now?": "Because.", "Which day?": "Friday"}
        client.post(step(person, "questions"), {f"q:{must.code}": "Because.", f"q:{choice.code}": ""})
        assert [answer.question for answer in person.answers.all()] == [must]
        assert client.post(step(person, "send"), {"agrees": "on"}).status_code == 302


class TestOnesOwnPlace:
    def test_pause_and_end_of_a_pause(self, town, sign_in):
        client, page = sign_in(town.ben), page_of(town.ben_mentors, "participant_pause")
        assert client.get(page).status_code == 200
        client.post(page, {"until": "2027-03-01"})
        town.ben_mentors.refresh_from_db()
        assert town.ben_mentors.paused_until == dt.date(2027, 3, 1)
        client.post(page, {"until": ""})
        town.ben_mentors.refresh_from_db()
        assert town.ben_mentors.paused_until is None
        assert client.post(page, {"until": "soon"}).status_code == 200

    def test_withdrawing_asks_once_more(self, town, sign_in):
        client, page = sign_in(town.cleo), page_of(town.cleo_asks, "participant_withdraw")
        client.get(page)
        town.cleo_asks.refresh_from_db()
        assert town.cleo_asks.state == State.ACTIVE
        client.post(page)
        town.cleo_asks.refresh_from_db()
        assert (town.cleo_asks.state, town.cleo_asks.may_be_matched) == (State.WITHDRAWN, False)

    def test_the_privacy_page_lists_the_consents_that_stand(self, town, sign_in, now):
        services.save_private(
            participant=town.cleo_asks, attributes={"religion": ["Sikh"]}, consents=[("religion", "match")], now=now
        )
        page = sign_in(town.cleo).get(page_of(town.cleo_asks, "participant_privacy")).content.decode()
        assert "Religion" in page
        assert "Sikh" not in page

    def test_sensitive_domains_are_counted_for_nobody(self, town, sign_in):
        with scopes_disabled():
            Domain.objects.filter(program=town.program, key="contracts").update(sensitive=True)
        page = sign_in(town.ada).get(reverse("people_supply", args=["ir", town.cohort.code])).content.decode()
        row = re.search(r"<tr><th>Contracts.*?</tr>", page, re.DOTALL).group()
        assert not re.search(r">\s*[1-9]\s*<", row)


def test_languages_that_a_sheet_said_in_its_own_words_survive_the_step(town, sign_in):
    person = town.cleo_asks
    person.languages = ["english", "es"]
    person.save()
    client = sign_in(town.cleo)
    page = client.get(step(person, "about")).content.decode()
    assert 'value="english"' in page
    client.post(step(person, "about"), ABOUT | {"languages": ["english", "es"]})
    person.refresh_from_db()
    assert person.languages == ["english", "es"]


class TestWhomToAvoid:
    """Names are typed: who waits for approval learns from no page who takes part."""

    def test_who_does_not_take_part_sees_no_names(self, invited, client):
        person, _link = invited()
        page = client.get(step(person, "avoid")).content.decode()
        assert "Ben Castellanos" not in page
        client.post(step(person, "avoid"), {"named": "Ben Castellanos\nNobody At All"})
        page = client.get(step(person, "avoid")).content.decode()
        assert "Ben Castellanos" in page, "as it was typed"
        assert "called so yet" not in page, "whether somebody is called so stays unknown"

    def test_who_takes_part_is_told_what_names_nobody(self, client, town):
        cast.enter(client, town.cleo)
        client.post(step(town.cleo_asks, "avoid"), {"named": "Ben Castelanos\nBEA@example.org"})
        page = client.get(step(town.cleo_asks, "avoid")).content.decode()
        assert "called so yet: Ben Castelanos." in page

    def test_every_run_looks_whom_a_name_means(self, client, town):
        cast.enter(client, town.cleo)
        cast.edit(town.bea, name="Béa  Ōkafor")
        client.post(step(town.cleo_asks, "avoid"), {"named": "bea okafor\nben@EXAMPLE.org\ncleo marsh"})
        mentees = freeze(town.cohort, Known(), town.now.date())["mentees.csv"]
        rows = {each["id"]: each for each in csv.DictReader(io.StringIO(mentees))}
        assert rows[town.cleo.code]["avoid"].split(";") == sorted([town.ben.code, town.bea.code])


class TestTheSteps:
    def test_any_step_is_one_press_away_and_what_was_typed_is_saved(self, fresh, client):
        person = fresh()
        answer = client.post(step(person, "about"), {"name": "Kim", "then": "step:wishes"})
        assert answer.url == step(person, "wishes")
        person.user.refresh_from_db()
        assert person.user.name == "Kim"
        page = client.get(answer.url).content.decode()
        assert 'value="step:about"' in page
        assert 'value="step:wishes"' not in page, "one is there already"

    def test_what_sending_needs_is_said_where_it_is_asked(self, fresh, client):
        person = fresh()
        answer = client.post(step(person, "about"), {"name": "Kim"})
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"stage"}
        assert client.post(step(person, "about"), {"name": "Kim", "then": "leave"}).status_code == 302


def test_a_pause_lies_ahead(client, town):
    cast.enter(client, town.cleo)
    page = reverse("participant_pause", args=["ir", town.cleo_asks.code])
    answer = client.post(page, {"until": "2020-01-01"})
    assert "still to come" in answer.content.decode()
    answer = client.post(page, {"until": "9999-12-31"})
    assert "within the next two years" in answer.content.decode(), "days are reckoned from it"
    town.cleo_asks.refresh_from_db()
    assert town.cleo_asks.paused_until is None


def test_the_lists_of_the_template_are_asked_by_role_and_reach_the_match(client, town):
    cast.enter(client, town.ben)
    page = client.get(step(town.ben_mentors, "about")).content.decode()
    assert "Procedures you do" in page
    assert "Procedures you would like to talk about" not in page
    given = {"name": "Ben", "stage": "attending_mid", "routes": ["dr_esir"], "procedures": ["oncology", "pae"],
             "roles": ["coach"]}  # fmt: skip
    assert client.post(step(town.ben_mentors, "about"), given).status_code == 302
    mentors = freeze(town.cohort, Known(), town.now.date())["mentors.csv"]
    row = next(each for each in csv.DictReader(io.StringIO(mentors)) if each["id"] == town.ben.code)
    assert (row["route"], row["procedures"], row["roles"]) == ("dr_esir", "oncology;pae", "coach")
    assert client.post(step(town.ben_mentors, "about"), given | {"roles": ["nonsense"]}).status_code == 422

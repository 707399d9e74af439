"""A program like another one, a cohort like the one before, and a cohort that is closed and opened again."""

import datetime as dt

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.people import services as people
from introducer_web.programs import closing, copying, services
from introducer_web.programs.models import Program, Question, Staff
from introducer_web.relationships import services as relationships


def clone(town, name="Second", **more):
    return copying.clone_program(program=town.program, name=name, by=town.ada, now=town.now, **more)


def words(program):
    return [(domain.key, domain.name, domain.sensitive, sorted(domain.topics.values_list("key", flat=True)))
            for domain in program.domains.order_by("place", "pk")]  # fmt: skip


@pytest.fixture
def worded(town):
    """The program with a policy and words that are not the template's any more."""
    cast.edit(town.program, about="What we do", team_size=2, is_open=True, pair_terms={"rural": 3})
    domain = town.program.domains.get(key="contracts")
    cast.edit(domain, name="Contracts and negotiation", place=40)
    cast.edit(town.program.domains.get(key="advocacy"), retired=True)
    mine = {"society": town.society, "program": town.program}
    Question.objects.create(**mine, text="How did you hear of us?", place=2)
    Question.objects.create(**mine, text="An old one?", retired=True, place=1)
    return town


def test_a_copy_has_the_words_the_questions_and_the_policy_and_nobody(worded):
    made = clone(worded)
    before = [row for row in words(worded.program) if row[0] != "advocacy"]
    assert words(made) == before
    assert ("contracts", "Contracts and negotiation") in {row[:2] for row in words(made)}
    assert (made.about, made.team_size, made.pair_terms, made.privacy) == ("What we do", 2, {"rural": 3}, "background")
    assert list(made.questions.values_list("text", flat=True)) == ["How did you hear of us?"]
    assert made.experiences.count() == worded.program.experiences.count()
    assert not made.cohorts.exists()
    assert not made.is_open, "nobody comes in before somebody says so"
    assert Entry.objects.filter(act="programs.clone_program", subject=made.code).count() == 1


def test_what_is_no_longer_asked_comes_along_by_choice(worded):
    made = clone(worded, retired=True)
    assert words(made) == words(worded.program)
    assert made.domains.get(key="advocacy").retired
    assert made.questions.count() == 2


def test_a_copy_is_a_program_of_its_own(worded):
    made = clone(worded)
    cast.edit(made.domains.get(key="contracts"), name="Something else")
    cast.edit(worded.program, about="Changed")
    assert worded.program.domains.get(key="contracts").name == "Contracts and negotiation"
    assert Program.objects.get(pk=made.pk).about == "What we do"


def test_who_runs_the_one_runs_the_other_unless_it_is_not_wanted(town):
    services.appoint(society=town.society, user=town.bea, role="coordinator", program=town.program, by=town.ada,
                     now=town.now)  # fmt: skip

    def roles(program):
        return set(Staff.objects.filter(program=program).values_list("user__name", "role"))

    assert roles(clone(town)) == {("Rae Novak", "researcher"), ("Bea Okafor", "coordinator")}
    assert roles(clone(town, "Third", staff=False)) == set()


def test_a_name_that_is_taken_is_refused_and_nothing_is_left_of_it(town):
    with pytest.raises(services.NameIsTaken):
        clone(town, "Mentoring")
    clone(town, "Second", cohort={"name": "2028"})
    with pytest.raises(services.NameIsTaken):
        clone(town, "Second")
    assert Program.objects.filter(society=town.society).count() == 2


def test_one_form_makes_the_program_and_its_first_cohort(town, sign_in):
    ada = sign_in(town.ada)
    address = reverse("program_clone", args=["ir", town.program.code])
    assert address in ada.get(reverse("program_home", args=["ir", town.program.code])).content.decode()
    wrong = ada.post(address, {"name": "Second", "starts": "2028-01-01"})
    assert wrong.status_code == 422
    assert "Give the cohort a name" in wrong.content.decode()
    assert ada.post(address, {"name": "Mentoring"}).status_code == 422
    said = {
        "name": "Second",
        "staff": "on",
        "cohort_name": "2028",
        "starts": "2028-01-01",
        "joining_ends": "2028-03-01",
    }
    made = Program.objects.get(code=ada.post(address, said).url.rstrip("/").split("/")[-1])
    cohort = made.cohorts.get()
    assert (cohort.name, cohort.starts, cohort.joining_ends) == ("2028", dt.date(2028, 1, 1), dt.date(2028, 3, 1))


def test_a_coordinator_of_one_program_makes_no_programs(town, sign_in):
    services.appoint(society=town.society, user=town.bea, role="coordinator", program=town.program, by=town.ada,
                     now=town.now)  # fmt: skip
    bea = sign_in(town.bea)
    address = reverse("program_clone", args=["ir", town.program.code])
    assert bea.get(address).status_code == 404
    assert address not in bea.get(reverse("program_home", args=["ir", town.program.code])).content.decode()


@pytest.mark.parametrize(
    ("name", "after"), [("2027", "2028"), ("Class of 2026/2027", "Class of 2027/2028"), ("Spring", ""), ("12027", "")]
)
def test_a_cohort_like_this_one_is_a_year_later_on_the_same_day_of_the_week(town, name, after):
    cast.edit(town.cohort, name=name, starts=dt.date(2027, 1, 4), joining_ends=dt.date(2027, 2, 26))
    found = copying.like(town.cohort)
    assert found == {"name": after, "starts": dt.date(2028, 1, 3), "joining_ends": dt.date(2028, 2, 25), "ends": None}


def test_the_form_of_a_cohort_like_this_one_is_filled_in_and_leads_to_its_people(town, sign_in):
    cast.edit(town.cohort, starts=dt.date(2027, 1, 4))
    ada = sign_in(town.ada)
    address = reverse("cohort_new", args=["ir", town.program.code]) + f"?like={town.cohort.code}"
    page = ada.get(address).content.decode()
    assert 'value="2028"' in page
    assert 'value="2028-01-03"' in page
    answer = ada.post(address, {"name": "2028", "starts": "2028-01-03"})
    made = town.program.cohorts.get(name="2028")
    assert answer.url == reverse("people_carry", args=["ir", made.code]) + f"?from={town.cohort.code}"


class TestClosing:
    def close(self, town):
        closing.close_cohort(cohort=town.cohort, by=town.ada, now=town.now)
        town.cohort.refresh_from_db()

    def test_nothing_new_begins_and_what_is_lived_goes_on(self, town):
        two = relationships.record_existing(
            cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
        )[0]
        invitation = people.invite(cohort=town.cohort, email="x@example.org", role="mentee", by=town.ada, now=town.now)
        self.close(town)
        with pytest.raises(closing.CohortIsClosed):
            relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
        with pytest.raises(closing.CohortIsClosed):
            people.invite(cohort=town.cohort, email="y@example.org", role="mentee", by=town.ada, now=town.now)
        with pytest.raises(people.InvitationIsOver):
            people.accept_invitation(invitation=invitation, user=None, now=town.now)
        two.refresh_from_db()
        assert two.state == "active"

    def test_nothing_is_published_and_nobody_is_reminded(self, town, now):
        run = _run(town)
        relationships.publish(run=run, by=town.ada, now=now, only={run.ties.order_by("pk").first().code})
        self.close(town)
        run.cohort.refresh_from_db()
        with pytest.raises(closing.CohortIsClosed):
            relationships.preview(run, now)
        relationships.send_digests(now + dt.timedelta(days=8))
        assert not _reminders()
        closing.reopen_cohort(cohort=town.cohort, by=town.ada, now=now)
        relationships.send_digests(now + dt.timedelta(days=8))
        assert _reminders() == 2

    def test_it_is_closed_once_and_opened_as_it_was(self, town):
        self.close(town)
        self.close(town)
        closing.reopen_cohort(cohort=town.cohort, by=town.ada, now=town.now)
        town.cohort.refresh_from_db()
        assert not town.cohort.is_closed
        acts = Entry.objects.filter(act__in=("programs.close_cohort", "programs.reopen_cohort"))
        assert acts.count() == 2

    def test_the_page_says_what_it_does_and_does_it(self, town, sign_in):
        relationships.record_existing(
            cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
        )
        ada = sign_in(town.ada)
        address = reverse("cohort_close", args=["ir", town.cohort.code])
        assert "1 relationship goes on as it is" in ada.get(address).content.decode()
        page = ada.post(address, {"what": "close"}, follow=True).content.decode()
        assert "The cohort is closed" in page
        invite = reverse("people_invite", args=["ir", town.cohort.code])
        said = ada.post(invite, {"role": "mentee", "emails": "z@example.org"}, follow=True).content.decode()
        assert "nothing new begins in it" in said
        assert "is open again" in ada.post(address, {"what": "reopen"}, follow=True).content.decode()


def _run(town):
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    return run


def _reminders():
    return Message.objects.filter(kind="digest").count()

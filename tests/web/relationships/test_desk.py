"""A coordinator's verbs for what is lived: extended, ended kindly, handed over; and the two who say that they go on."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import cast
from introducer_web.audit.models import Entry
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.people import services as people
from introducer_web.people.models import Participant
from introducer_web.programs import services as programs
from introducer_web.programs.models import Staff
from introducer_web.relationships import services
from introducer_web.relationships.models import Relationship, Renewal
from introducer_web.site import subject
from introducer_web.tenants.models import User

JUNE = dt.date(2027, 6, 30)


def together(town, *pairs):
    return services.record_existing(cohort=town.cohort, pairs=list(pairs), by=town.ada, now=town.now)


@pytest.fixture
def two(town):
    """Cleo and Ben are together."""
    return together(town, (town.cleo_asks, town.ben_mentors))[0]


def mails(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


class TestExtending:
    def extend(self, town, **more):
        return services.extend(cohort=town.cohort, until=JUNE, by=town.ada, now=town.now, **more)

    def test_both_are_told_once(self, town, two):
        assert self.extend(town) == 1
        assert self.extend(town) == 0
        two.refresh_from_db()
        assert (two.until, two.state) == (JUNE, "active")
        assert mails("extended") == ["ben@example.org", "cleo@example.org"]
        assert Entry.objects.filter(act="relationships.extend").count() == 1

    def test_one_many_or_all_and_none_that_is_over(self, town, two):
        other = together(town, (town.cai_asks, town.ben_mentors))[0]
        assert self.extend(town, only={other.code}) == 1
        two.refresh_from_db()
        assert two.until is None
        assert self.extend(town) == 1
        cast.edit(two, state="ended", seat=None)
        with pytest.raises(services.NothingChosen):
            self.extend(town, only={two.code})
        with pytest.raises(services.DayIsOver):
            services.extend(cohort=town.cohort, until=town.now.date(), by=town.ada, now=town.now)

    def test_the_two_go_on_when_both_say_so(self, town, two):
        given = {"cohort": town.cohort, "until": JUNE, "by": town.ada, "now": town.now}
        assert services.ask_on(**given) == 1
        assert services.ask_on(**given) == 0, "nobody is asked twice"
        assert mails("asked_on") == ["ben@example.org", "cleo@example.org"]
        renewal = Renewal.objects.get()
        services.say_on(renewal=renewal, person=town.cleo_asks, yes=True, now=town.now)
        two.refresh_from_db()
        assert two.until is None
        services.say_on(renewal=renewal, person=town.ben_mentors, yes=True, now=town.now)
        two.refresh_from_db()
        assert two.until == JUNE
        assert mails("goes_on") == ["ben@example.org", "cleo@example.org"]

    def test_a_no_leaves_it_as_it_was(self, town, two):
        services.ask_on(cohort=town.cohort, until=JUNE, by=town.ada, now=town.now)
        renewal = Renewal.objects.get()
        services.say_on(renewal=renewal, person=town.ben_mentors, yes=False, now=town.now)
        with pytest.raises(services.NothingToRenew):
            services.say_on(renewal=renewal, person=town.cleo_asks, yes=True, now=town.now)
        two.refresh_from_db()
        assert (two.until, two.state) == (None, "active")
        assert not mails("goes_on")


class TestEndingKindly:
    def test_the_seat_is_free_and_both_are_told(self, town, two):
        services.request_swap(relationship=two, by=town.cleo, now=town.now)
        assert services.end_several(cohort=town.cohort, by=town.ada, now=town.now, words="Thank you both.") == 1
        two.refresh_from_db()
        assert (two.state, two.seat, two.ended_at) == ("ended", None, town.now)
        assert not two.swap_requests.filter(settled_at=None).exists()
        assert mails("ended_kindly") == ["ben@example.org", "cleo@example.org"]
        assert "Thank you both." in Message.objects.filter(kind="ended_kindly").first().content["text"]
        assert "Thank you" not in str(list(Entry.objects.values_list("words", flat=True)))
        with pytest.raises(services.NothingChosen):
            services.end_several(cohort=town.cohort, by=town.ada, now=town.now)

    def test_what_is_shown_first_is_what_arrives(self, town, two):
        shown = services.end_mails(two, "Words")
        services.end_several(cohort=town.cohort, by=town.ada, now=town.now, words="Words")
        sent = {row.to: row.content for row in Message.objects.filter(kind="ended_kindly")}
        assert {each["to"]: each["text"] for each in shown} == {to: sent[to]["text"] for to in sent}


@pytest.fixture
def leaving(town):
    """Cleo is together with Ben, and a run names Bea, who offers contracts too."""
    domain = town.program.domains.get(key="contracts")
    town.bea_mentors.offers.create(society=town.society, domain=domain, level=2)
    town.two = together(town, (town.cleo_asks, town.ben_mentors))[0]
    cast.edit(town.two, needs=["contracts"])
    cast.edit(town.program, team_size=1)
    run = services.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    assert run.state == "done"
    return town


class TestHandingOver:
    def able(self, town):
        return {row.mentee.user.name: [each.user.name for each in able]
                for row, able in services.takers(town.ben_mentors, town.now)}  # fmt: skip

    def test_who_the_run_names_and_nobody_who_cannot(self, leaving):
        assert self.able(leaving) == {"Cleo Marsh": ["Bea Okafor"]}
        cast.edit(leaving.bea_mentors, paused_until=JUNE)
        assert self.able(leaving) == {"Cleo Marsh": []}
        cast.edit(leaving.bea_mentors, paused_until=None, capacity=0)
        assert self.able(leaving) == {"Cleo Marsh": []}
        cast.edit(leaving.bea_mentors, capacity=1)
        people.record_conflict(society=leaving.society, user_a=leaving.cleo, user_b=leaving.bea, source="relative",
                               words="", by=leaving.ada, now=leaving.now)  # fmt: skip
        assert self.able(leaving) == {"Cleo Marsh": []}

    def test_without_a_run_who_openly_offers_it(self, town, two):
        assert self.able(town) == {"Cleo Marsh": ["Bea Okafor"]}
        cast.edit(two, needs=["research"])
        assert self.able(town) == {"Cleo Marsh": ["Bea Okafor"]}
        cast.edit(two, needs=["contracts"])
        assert self.able(town) == {"Cleo Marsh": []}

    @pytest.mark.parametrize("avoids", [{"avoid": "code"}, {"avoid_named": "name"}])
    @pytest.mark.parametrize("who", ["cleo_asks", "bea_mentors"])
    def test_whom_somebody_avoids_is_not_named(self, town, two, who, avoids):
        assert two.state == "active"
        side, other = (getattr(town, who), town.bea if who == "cleo_asks" else town.cleo)
        held = side.private_answers
        held.answers = {key: [other.code if what == "code" else other.name.upper()] for key, what in avoids.items()}
        held.save()
        assert self.able(town) == {"Cleo Marsh": []}

    @pytest.mark.parametrize("why", ["language", "guest", "declined"])
    def test_the_rules_of_the_program_hold(self, town, two, why):
        assert two.state == "active"
        if why == "language":
            cast.edit(town.bea_mentors, languages=["es"])
        elif why == "guest":
            cast.edit(town.program, guests="forbid")
            cast.edit(town.bea_mentors, kind="adviser")
        else:
            Relationship.objects.create(society=town.society, cohort=town.cohort, mentee=town.cleo_asks,
                                        mentor=town.bea_mentors, state="declined", began_at=town.now)  # fmt: skip
        assert self.able(town) == {"Cleo Marsh": []}

    def hand(self, town, to, **more):
        return services.hand_over(
            mentor=town.ben_mentors, to={town.two.code: to}, by=town.ada, now=town.now, **more
        )  # fmt: skip

    def test_the_old_one_ends_and_the_new_one_is_introduced(self, leaving):
        new = self.hand(leaving, leaving.bea_mentors.code, goodbye="It was a joy.")[0]
        leaving.two.refresh_from_db()
        assert (leaving.two.state, leaving.two.seat) == ("ended", None)
        assert (new.state, new.mentor, new.needs) == ("introduced", leaving.bea_mentors, ["contracts"])
        assert mails("handed_over_mentee") == ["cleo@example.org"]
        assert mails("handed_over_mentor") == ["ben@example.org"]
        assert mails("introduction_mentor") == ["bea@example.org"]
        assert "It was a joy." in Message.objects.get(kind="handed_over_mentee").content["text"]
        every = [row.content["text"] for row in Message.objects.exclude(kind="handed_over_mentee")]
        assert not any("It was a joy." in text for text in every)

    def test_it_may_end_with_nobody_after(self, leaving):
        assert self.hand(leaving, "") == []
        leaving.two.refresh_from_db()
        assert leaving.two.state == "ended"
        assert mails("handed_over_mentee") == ["cleo@example.org"]

    def test_who_cannot_any_more_leaves_all_as_it_was(self, leaving):
        cast.edit(leaving.bea_mentors, capacity=0)
        with pytest.raises(services.NobodyCanTakeOver):
            self.hand(leaving, leaving.bea_mentors.code)
        leaving.two.refresh_from_db()
        assert leaving.two.state == "active"
        assert not Message.objects.filter(kind__startswith="handed").exists()

    def test_a_relationship_of_somebody_else_is_not_handed_over(self, leaving):
        with pytest.raises(services.NothingChosen):
            services.hand_over(mentor=leaving.bea_mentors, to={leaving.two.code: ""}, by=leaving.ada, now=leaving.now)

    def test_the_page_shows_who_is_told_what_and_then_does_it(self, leaving, sign_in):
        ada = sign_in(leaving.ada)
        address = reverse("mentor_hand_over", args=["ir", leaving.cohort.code, leaving.ben_mentors.code])
        name = f"to:{leaving.two.code}"
        assert "Choose what becomes" in ada.post(address, {"what": "look"}).content.decode()
        look = ada.post(address, {name: leaving.bea_mentors.code, "what": "look"}).content.decode()
        assert "We introduce you to Bea Okafor" in look
        assert not Message.objects.filter(kind__startswith="handed").exists()
        ada.post(address, {name: leaving.bea_mentors.code, "what": "do"})
        assert Relationship.objects.filter(mentor=leaving.bea_mentors, state="introduced").count() == 1


class TestGoingOnInALaterCohort:
    @pytest.fixture
    def later(self, town, two):
        town.now = timezone.now()
        town.two = two
        cast.edit(two, needs=["contracts", "leadership"], last_contact_on=dt.date(2027, 1, 2))
        town.next = programs.create_cohort(program=town.program, name="2028", by=town.ada, now=town.now)
        town.cleo_next, town.ben_next = (place(town, each) for each in (town.cleo_asks, town.ben_mentors))
        return town

    def test_both_say_so_and_it_goes_on_there(self, later):
        assert [row.pk for row in services.may_continue(later.cleo_next)] == [later.two.pk]
        renewal = services.ask_to_continue(relationship=later.two, person=later.cleo_next, now=later.now)
        assert mails("asked_on") == ["ben@example.org"]
        assert not services.may_continue(later.ben_next).exists()
        assert [each.pk for each in services.open_for(later.ben_next)] == [renewal.pk]
        services.say_on(renewal=renewal, person=later.ben_next, yes=True, now=later.now)
        later.two.refresh_from_db()
        new = Relationship.objects.get(cohort=later.next)
        assert (later.two.state, later.two.seat) == ("ended", None)
        assert (new.state, new.seat, new.mentee, new.mentor) == ("active", 1, later.cleo_next, later.ben_next)
        assert (new.needs, new.last_contact_on) == (["contracts"], dt.date(2027, 1, 2))
        assert mails("goes_on") == ["ben@example.org", "cleo@example.org"]
        assert services.known_of(later.next).existing == {(later.cleo_next.code, later.ben_next.code)}

    def test_a_no_leaves_it_where_it_is(self, later):
        renewal = services.ask_to_continue(relationship=later.two, person=later.cleo_next, now=later.now)
        services.say_on(renewal=renewal, person=later.ben_next, yes=False, now=later.now)
        later.two.refresh_from_db()
        assert later.two.state == "active"
        assert not Relationship.objects.filter(cohort=later.next).exists()

    def test_who_does_not_take_part_there_is_no_choice(self, later):
        cast.edit(later.ben_next, state="draft")
        assert not services.may_continue(later.cleo_next).exists()
        with pytest.raises(services.NothingToRenew):
            services.ask_to_continue(relationship=later.two, person=later.cleo_next, now=later.now)

    def test_who_is_held_apart_there_does_not_begin_there(self, later):
        renewal = services.ask_to_continue(relationship=later.two, person=later.cleo_next, now=later.now)
        matching.order_tie(kind="veto", mentee=later.cleo_next, mentor=later.ben_next, words="", by=later.ada,
                           now=later.now)  # fmt: skip
        with pytest.raises(services.NothingToRenew):
            services.say_on(renewal=renewal, person=later.ben_next, yes=True, now=later.now)
        later.two.refresh_from_db()
        assert later.two.state == "active"

    def test_the_homes_lead_there(self, later, sign_in):
        cleo = sign_in(later.cleo)
        home = cleo.get(reverse("participant_home", args=["ir", later.cleo_next.code])).content.decode()
        address = reverse("continue_list", args=["ir", later.cleo_next.code])
        assert address in home
        assert "Ben Castellanos" in cleo.get(address).content.decode()
        cleo.post(address, {"relationship": later.two.code})
        renewal = Renewal.objects.get()
        ben = sign_in(later.ben)
        say = reverse("renewal_say", args=["ir", later.ben_next.code, renewal.code])
        assert say in ben.get(reverse("participant_home", args=["ir", later.ben_next.code])).content.decode()
        assert "In 2028" in ben.get(say).content.decode()
        assert "both of you" in ben.post(say, {"say": "yes"}, follow=True).content.decode().lower()
        bea = sign_in(later.bea)
        assert bea.get(say).status_code == 404

    def test_who_is_erased_takes_it_along(self, later):
        services.ask_to_continue(relationship=later.two, person=later.cleo_next, now=later.now)
        subject.erase_person(later.ben, now=later.now)
        assert not Renewal.objects.exists()


def place(town, before):
    """Let somebody of the cohort before take part in the next one."""
    there = type(town)(**vars(town))
    there.cohort = town.next
    said = {"offers": {"contracts": 3}, "capacity": 2} if before.is_mentor else {"needs": {"contracts": 3}}
    return cast.participant(there, before.user, before.role, earlier=before, **said)


class TestPages:
    def at(self, town, name, *more):
        return reverse(name, args=["ir", town.cohort.code, *more])

    def test_several_are_extended_asked_and_ended_on_one_page(self, town, two, sign_in):
        ada = sign_in(town.ada)
        desk = self.at(town, "relationship_desk")
        day = (timezone.now() + dt.timedelta(days=90)).date()
        assert "Cleo Marsh" in ada.get(desk).content.decode()
        wrong = ada.post(desk, {"which": "all", "what": "extend", "until": ""})
        assert wrong.status_code == 422
        assert ada.post(desk, {"which": "ticked", "what": "extend", "until": day}).status_code == 422
        ada.post(desk, {"which": "ticked", "relationship": two.code, "what": "extend", "until": day})
        two.refresh_from_db()
        assert two.until == day
        ada.post(desk, {"which": "all", "what": "ask", "until": day + dt.timedelta(days=9)})
        assert "asked whether they go on" in ada.get(desk).content.decode()
        look = ada.post(desk, {"which": "ticked", "relationship": two.code, "what": "look", "words": "Thanks"})
        assert "has come to its end" in look.content.decode()
        two.refresh_from_db()
        assert two.state == "active", "nothing ends that nobody saw"
        ada.post(desk, {"which": "ticked", "relationship": two.code, "what": "end", "words": "Thanks"})
        two.refresh_from_db()
        assert two.state == "ended"

    def test_the_list_is_a_sheet_without_formulas_and_without_what_they_say(self, town, two, sign_in):
        cast.edit(town.cleo, name='=HYPERLINK("x")')
        cast.edit(two, last_contact_on=dt.date(2027, 1, 5), needs=["contracts"])
        answer = sign_in(town.ada).get(self.at(town, "relationship_sheet"))
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[1][0].startswith("'=")
        assert rows[1][1:] == ["cleo@example.org", "Ben Castellanos", "ben@example.org", "both agreed", "2027-01-12",
                               "2027-01-05", "", ""]  # fmt: skip
        assert b"contracts" not in answer.content


class TestHandingAProgramOver:
    def test_the_other_one_runs_it_and_the_own_role_ends(self, town, sign_in):
        programs.appoint(society=town.society, user=town.bea, role="coordinator", program=town.program, by=town.ada,
                         now=town.now)  # fmt: skip
        bea = sign_in(town.bea)
        address = reverse("program_hand_over", args=["ir", town.program.code])
        assert bea.post(address, {"email": "bea@example.org"}).status_code == 422
        assert bea.post(address, {"email": "nia@example.org"}).status_code == 302
        running = Staff.objects.filter(program=town.program, role="coordinator", until=None)
        assert [staff.user for staff in running] == [User.objects.get(email="nia@example.org")]
        assert bea.get(address).status_code == 404
        assert mails("appointed") == ["nia@example.org"]

    def test_who_runs_all_programs_goes_on(self, town, sign_in):
        ada = sign_in(town.ada)
        address = reverse("program_hand_over", args=["ir", town.program.code])
        page = ada.post(address, {"email": "nia@example.org"}, follow=True).content.decode()
        assert "You still coordinate all programs" in page
        assert Participant.objects.count() == 4


@pytest.mark.parametrize(
    "page", ["relationship_desk", "relationship_sheet", "mentor_hand_over", "home", "continue_list"]
)
def test_no_more_queries_with_many_than_with_few(town, sign_in, page):
    few, many = (_queries(town, sign_in, page, n) for n in (3, 27))
    assert len(many) <= len(few), many
    assert len(many) <= 15, "\n".join(many)


def _queries(town, sign_in, page, n):
    new = [User.objects.create_user(f"{page}{n}-{k}@example.org", name=f"Person {n} {k}") for k in range(n)]
    mentees = [cast.participant(town, user, "mentee", needs={"contracts": 3}) for user in new]
    for k in range(n):
        user = User.objects.create_user(f"{page}{n}-m{k}@example.org", name=f"Mentor {n} {k}")
        cast.participant(town, user, "mentor", offers={"contracts": 2})
    rows = together(town, *((mentee, town.ben_mentors) for mentee in mentees))
    for row in rows:
        Renewal.objects.create(society=town.society, relationship=row, until=JUNE, by=town.ada, asked_at=town.now)
    given = {"mentor_hand_over": [town.cohort.code, town.ben_mentors.code], "home": [town.ben_mentors.code],
             "continue_list": [town.ben_mentors.code]}.get(page, [town.cohort.code])  # fmt: skip
    client = sign_in(town.ben if page in ("home", "continue_list") else town.ada)
    path = reverse("participant_home" if page == "home" else page, args=["ir", *given])
    for _ in range(2):
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return [re.search(r'(?:FROM|UPDATE|INTO) "(\w+)"', each["sql"])[1] for each in asked
            if "SAVEPOINT" not in each["sql"]]  # fmt: skip

"""Words, sites, cohorts, policy and staff, as coordinators change them on the web."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from introducer_web.lib import engine
from introducer_web.matching.roster import Known, freeze
from introducer_web.people.models import Need
from introducer_web.programs import words
from introducer_web.programs.models import Cohort, Domain, Program, Question, Staff, TrainingSite
from introducer_web.programs.policies import posted_fields


@pytest.fixture
def ada(town, sign_in):
    return sign_in(town.ada)


def page(town, name, *more):
    return reverse(name, args=["ir", town.program.code, *more])


def names(town):
    return list(town.program.domains.filter(retired=False).order_by("place", "pk").values_list("name", flat=True))


class TestWords:
    def test_a_domain_is_added_at_the_end_with_a_key_of_its_own(self, town, ada):
        for name in ("Médico-legal work", "Medico legal  work"):
            ada.post(page(town, "word_list", "domains"), {"name": name, "text": ""})
        assert names(town)[-2:] == ["Médico-legal work", "Medico legal  work"]
        assert list(Domain.objects.order_by("pk").values_list("key", flat=True))[-2:] == [
            "medico_legal_work",
            "medico_legal_work_2",
        ]

    def test_a_name_that_is_there_is_refused_beside_the_field(self, town, ada):
        answer = ada.post(page(town, "word_list", "domains"), {"name": "contracts"})
        assert "is in the list already" in answer.content.decode()
        assert names(town).count("contracts") == 0

    def test_a_word_moves_retires_and_comes_back(self, town, ada):
        before = names(town)
        second = town.program.domains.get(name=before[1])
        act = page(town, "word_act", "domains", second.code)
        ada.post(act, {"act": "up"})
        assert names(town)[:2] == [before[1], before[0]]
        ada.post(act, {"act": "up"})
        ada.post(act, {"act": "down"})
        assert names(town) == before
        ada.post(act, {"act": "retire"})
        assert names(town) == [before[0], *before[2:]]
        ada.post(act, {"act": "bring_back"})
        assert names(town) == before
        assert "Choose what to do." in ada.post(act, {"act": "dance"}, follow=True).content.decode()

    def test_a_topic_is_added_once(self, town, ada):
        domain = town.program.domains.get(key="contracts")
        act = page(town, "word_act", "domains", domain.code)
        for name in ("Call pay", "call pay", ""):
            ada.post(act, {"act": "topic", "name": name})
        assert list(domain.topics.filter(name__iexact="call pay").values_list("key", flat=True)) == ["call_pay"]
        assert "Call pay" in ada.get(page(town, "word_edit", "domains", domain.code)).content.decode()

    def test_a_word_is_edited_and_keeps_its_key(self, town, ada):
        domain = town.program.domains.get(key="contracts")
        edit = page(town, "word_edit", "domains", domain.code)
        seen = ada.get(edit).context["seen"]
        ada.post(edit, {"name": "Contracts and pay", "text": "New.", "sensitive": "on", "seen": seen})
        domain.refresh_from_db()
        assert (domain.key, domain.name, domain.sensitive) == ("contracts", "Contracts and pay", True)

    def test_of_two_who_edit_at_once_one_wins_and_the_other_sees_what_stands(self, town, ada):
        domain = town.program.domains.get(key="contracts")
        edit = page(town, "word_edit", "domains", domain.code)
        seen = ada.get(edit).context["seen"]
        words.edit_word(word=domain, program=town.program, by=town.ada, now=town.now, name="Pay")
        answer = ada.post(edit, {"name": "Contracts and pay", "text": "", "seen": seen})
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "Somebody changed this meanwhile" in text
        assert 'value="Pay"' in text
        domain.refresh_from_db()
        assert domain.name == "Pay"

    def test_a_question_of_ones_own(self, town, ada):
        asked = {"text": "Which day?", "audience": "both", "choices": "Monday\nFriday", "seen_by": "partners"}
        ada.post(page(town, "word_list", "questions"), asked)
        assert Question.objects.get().answers_offered == ["Monday", "Friday"]


class TestSites:
    def test_a_site_is_added_changed_and_not_doubled(self, ada):
        listed = reverse("site_list", args=["ir"])
        ada.post(listed, {"name": "Mercy North", "institution": "Mercy"})
        ada.post(listed, {"name": "Hope", "institution": "Hope"})
        assert "is in the list already" in ada.post(listed, {"name": "mercy north"}).content.decode()
        site = TrainingSite.objects.get(name="Hope")
        edit = reverse("site_edit", args=["ir", site.code])
        seen = {"seen": ada.get(edit).context["seen"]}
        assert "is in the list already" in ada.post(edit, {"name": "Mercy North"} | seen).content.decode()
        ada.post(edit, {"name": "Hope South", "rural": "on"} | seen)
        site.refresh_from_db()
        assert (site.name, site.rural) == ("Hope South", True)


class TestPrograms:
    def test_a_program_begins_with_a_list_of_words(self, ada):
        new = reverse("program_new", args=["ir"])
        ada.post(new, {"name": "Campus", "template": "campus/1", "privacy": "neutral"})
        assert Program.objects.get(name="Campus").domains.count() > 5
        again = ada.post(new, {"name": "Campus", "template": "campus/1", "privacy": "neutral"})
        assert again.status_code == 200
        assert Program.objects.filter(name="Campus").count() == 1

    def test_a_cohort_has_its_name_alone(self, town, ada):
        for _turn in range(2):
            ada.post(page(town, "cohort_new"), {"name": "2028", "starts": "2028-01-01"})
        assert Cohort.objects.filter(name="2028").count() == 1

    def test_of_two_who_change_the_policy_at_once_one_wins(self, town, ada):
        policy = page(town, "program_policy")
        shown = ada.get(policy)
        given = {name: value for name, value in shown.context["form"].initial.items() if value not in (None, False)}
        given = dict(posted_fields(given)) | {"seen": shown.context["seen"]}
        assert ada.post(policy, given | {"team_size": "2"}).status_code == 302
        late = ada.post(policy, given | {"team_size": "4"})
        assert late.status_code == 409
        assert "Somebody changed this meanwhile" in late.content.decode()
        town.program.refresh_from_db()
        assert town.program.team_size == 2


class TestTheSociety:
    def test_of_two_who_change_it_at_once_one_wins(self, town, ada):
        edit = reverse("society_edit", args=["ir"])
        shown = ada.get(edit)
        given = dict(shown.context["form"].initial) | {"seen": shown.context["seen"]}
        assert ada.post(edit, given | {"name": "IR Society of the North"}).status_code == 302
        assert ada.post(edit, given | {"name": "Another"}).status_code == 409
        town.society.refresh_from_db()
        assert town.society.name == "IR Society of the North"


class TestStaff:
    def test_hand_over_from_one_coordinator_to_another(self, town, ada):
        staff = reverse("staff_list", args=["ir"])
        mine = Staff.objects.get(user=town.ada, role="coordinator", society=town.society)
        alone = ada.post(reverse("staff_end", args=["ir", mine.code]), follow=True)
        mine.refresh_from_db()
        assert mine.until is None, "a society is never left without a coordinator"
        assert alone.status_code == 200
        ada.post(staff, {"email": "New@example.org", "role": "coordinator"})
        assert "new@example.org" in ada.get(staff).content.decode()
        assert ada.post(reverse("staff_end", args=["ir", mine.code])).status_code == 302
        assert ada.get(staff).status_code == 404
        assert ada.post(staff, {"email": "none", "role": "coordinator"}).status_code == 404

    def test_a_wrong_address_is_refused(self, ada):
        answer = ada.post(reverse("staff_list", args=["ir"]), {"email": "none", "role": "king"})
        assert answer.status_code == 200
        assert answer.context["form"].errors.keys() == {"email", "role"}


class TestTopics:
    """A topic is a word like any other: renamed, described, marked, moved, retired and brought back."""

    def page(self, town, topic, name="topic_edit"):
        return reverse(name, args=["ir", town.program.code, topic.domain.code, topic.code])

    def test_is_edited_with_everything_that_a_word_has(self, town, sign_in):
        client = sign_in(town.ada)
        topic = town.program.domains.get(key="contracts").topics.first()
        seen = client.get(self.page(town, topic)).context["seen"]
        given = {"name": "Non-compete", "text": "What may follow you.", "sensitive": "on"}
        assert client.post(self.page(town, topic), given | {"seen": "older"}).status_code == 409
        assert client.post(self.page(town, topic), given | {"seen": seen}).status_code == 302
        topic.refresh_from_db()
        assert (topic.name, topic.text, topic.sensitive) == ("Non-compete", "What may follow you.", True)
        assert "Non-compete" in freeze(town.cohort, Known(), town.now.date())["program.toml"]

    def test_two_of_a_domain_have_two_names(self, town, sign_in):
        client = sign_in(town.ada)
        one, two = town.program.domains.get(key="contracts").topics.all()[:2]
        seen = client.get(self.page(town, one)).context["seen"]
        page = client.post(self.page(town, one), {"name": two.name.upper(), "seen": seen})
        assert "is in the list already" in page.content.decode()

    def test_moves_among_its_own(self, town, sign_in):
        domain = town.program.domains.get(key="contracts")
        first, second = domain.topics.order_by("place", "pk")[:2]
        sign_in(town.ada).post(self.page(town, first, "topic_act"), {"act": "down"})
        assert list(domain.topics.order_by("place", "pk")[:2]) == [second, first]

    def test_a_retired_one_is_not_asked_and_counts_in_no_run_and_comes_back_with_what_was_said(self, town, sign_in):
        client = sign_in(town.ada)
        domain = town.program.domains.get(key="contracts")
        topic = domain.topics.first()
        key = f"need:contracts.{topic.key}"
        Need.objects.create(society=town.society, participant=town.cleo_asks, domain=domain, topic=topic, level=2)
        assert key in freeze(town.cohort, Known(), town.now.date())["mentees.csv"]
        client.post(self.page(town, topic, "topic_act"), {"act": "retire"})
        assert key not in freeze(town.cohort, Known(), town.now.date())["mentees.csv"]
        assert town.cleo_asks.needs.filter(topic=topic).exists()
        client.post(self.page(town, topic, "topic_act"), {"act": "bring_back"})
        assert key in freeze(town.cohort, Known(), town.now.date())["mentees.csv"]


def test_programs_that_stood_before_weigh_as_their_template_does(town):
    Program.objects.update(pair_terms={})
    step = import_module("introducer_web.programs.migrations.0004_pair_terms_of_the_template")
    step.weigh(apps, SimpleNamespace(connection=connection))
    town.program.refresh_from_db()
    assert town.program.pair_terms == engine.template_pair_terms(town.program.template)
    assert {name: engine.template_pair_terms(name) for name in engine.shipped_templates()} == step._TERMS

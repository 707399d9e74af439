"""What the engine says of a run, in the language of whoever reads it."""

from types import SimpleNamespace

from django.utils.translation import override

from cast import participant
from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.matching import pages, proofs, services
from introducer_web.matching.models import Constellation, MatchRun
from introducer_web.matching.roster import Known
from introducer_web.people.models import Conflict, Need
from introducer_web.programs.models import Domain, Topic
from introducer_web.tenants.models import User


def performed(town, language="en"):
    town.ada.language = language
    town.ada.save()
    run = services.request_run(cohort=town.cohort, known=Known(), by=town.ada, now=town.now)
    services.perform_due(town.now)
    run.refresh_from_db()
    return run


def test_both_explanations_are_kept_in_every_language_and_the_files_in_english(town):
    run = performed(town, "es")
    cleo = Constellation.objects.get(run=run, mentee=town.cleo_asks)
    for reader, english, spanish in (
        ("coordinator", "Value: the sum", "Valor: la suma"),
        ("participant", "What you asked for", "Lo que pidió"),
    ):
        assert english in cleo.words[reader]["en"]
        assert spanish in cleo.words[reader]["es"]
        assert english not in cleo.words[reader]["es"]
    assert "Contratos" in cleo.words["participant"]["es"]
    assert "best possible" in run.outcome["report.html"]
    assert not any("mejor resultado posible" in text or "Contratos" in text for text in run.outcome.values())


def test_a_topic_is_called_by_its_translated_words(town):
    domain = Domain.objects.get(program=town.program, key="contracts")
    topic = Topic.objects.filter(domain=domain).order_by("place")[0]
    user = User.objects.create_user("nia@example.org", name="Nia Adeyemi")
    nia = participant(town, user, "mentee")
    Need.objects.create(society=town.society, participant=nia, domain=domain, topic=topic, level=3)
    found = Constellation.objects.get(run=performed(town), mentee=nia)
    with override("es"):
        [need] = pages.needs_of(found, {})
        assert need.name.startswith("Contratos: ")
        assert need.name != translated("Contratos: " + topic.name)
        assert translated(topic.name) in need.name
    assert need.name in found.words["participant"]["es"]


def test_a_wish_for_a_shared_attribute_is_called_by_its_translated_words():
    with override("es"):
        assert not any(translated(name) == name for name in engine.compound_names() if name.startswith("shared "))


def test_what_is_in_the_way_is_said_in_the_language_of_whoever_asked_and_without_the_confidential_fact(town):
    conflict = Conflict(society=town.society, user_a=town.cai, user_b=town.bea, recorded_at=town.now)
    conflict.facts = {"source": "complaint", "words": "said in confidence"}
    conflict.save()
    services.order_tie(kind="pin", mentee=town.cai_asks, mentor=town.bea_mentors, words="", by=town.ada, now=town.now)
    run = performed(town, "es")
    assert run.state == MatchRun.State.INFEASIBLE
    assert "Cai Lindqvist con Bea Okafor está fijado" in run.message
    assert "un hecho confidencial" in run.message
    assert "conflict" not in run.message
    assert "regla" not in run.message


def test_a_rule_that_a_catalog_words_in_two_ways_is_held_back_all_the_same(town):
    run = SimpleNamespace(requested_by=town.ada, cohort=town.cohort)
    [told] = services.perform._told(run, ("Lo prohíbe eso de 'evaluator'.",))
    assert told == "Lo prohíbe eso de a confidential fact."


def test_the_certificate_is_a_sentence_in_the_language_of_the_page():
    run = MatchRun(summary={"scope": "all", "gap": 0.0})
    loose = MatchRun(summary={"scope": "shortlist", "gap": 0.01})
    with override("es"):
        assert proofs.sentence(run) != "No other outcome is better, proved over all eligible pairs."
        assert "1,00" in proofs.sentence(loose)
    with override("en"):
        assert proofs.sentence(run) == "No other outcome is better, proved over all eligible pairs."


def test_what_a_run_of_an_older_version_holds_is_shown_as_it_is():
    assert proofs.sentence(MatchRun(summary={"gap": 0.0, "proof": "This is it."})) == "This is it."
    with override("es"):
        assert pages.in_language("One text.") == "One text."
        assert pages.in_language({"en": "One text."}) == "One text."
        assert pages.in_language({"en": "One text.", "es": "Un texto."}) == "Un texto."


def test_pictures_speak_the_language_of_the_page():
    with override("es"):
        assert "nadie todavía" in engine.picture([("Contratos", 2, 0.0, False)], [], "")
        mentees, mentors = engine.skies([("Cleo", 1, 0)], [("Ben", 1, 1)])
    assert "todo cubierto" in mentees
    assert "every seat taken" not in mentors

"""Another policy, looked at before it is saved; two runs side by side."""

import datetime as dt

import pytest
from django.urls import reverse

from cast import edit, participant
from introducer_web.audit.models import Entry
from introducer_web.lib import engine
from introducer_web.lib.errors import DomainError
from introducer_web.matching import proofs, services
from introducer_web.matching.models import MatchRun, Tie
from introducer_web.matching.roster import freeze, program_file, under
from introducer_web.people.models import PrivateAnswers
from introducer_web.programs.forms import PolicyForm
from introducer_web.programs.models import Program, TrainingSite
from introducer_web.programs.policies import posted_fields
from introducer_web.programs.services import state_of
from introducer_web.relationships import services as relationships
from introducer_web.relationships.services import known_of
from introducer_web.tenants.models import User

Kind, State = MatchRun.Kind, MatchRun.State


def done(town):
    services.perform_run(services.claim_run(town.now))


def proposed(town):
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    done(town)
    run.refresh_from_db()
    assert run.state == State.DONE, run.message
    return run


def tried(town, **policy):
    run = relationships.request_trial(cohort=town.cohort, policy=policy, by=town.ada, now=town.now)
    done(town)
    run.refresh_from_db()
    assert run.state == State.DONE, run.message
    return run


def effect(town, **policy):
    return services.effect(cohort=town.cohort, policy=policy, known=known_of(town.cohort), now=town.now)


def posted(town, **changed):
    program = Program.objects.get(pk=town.program.pk)
    fields = {name: getattr(program, name) for name in PolicyForm.Meta.fields}
    kept = {name: value for name, value in (fields | changed).items() if value is not False}
    kept = dict(posted_fields(kept)) | {name: value for name, value in changed.items() if name not in kept}
    return kept | {"seen": state_of(program, PolicyForm.Meta.fields)}


def text(answer):
    return " ".join(answer.content.decode().split())


def test_seats_and_places_follow_the_defaults_and_not_the_own_numbers_of_people(town):
    edit(town.ben_mentors, capacity=None)
    found = effect(town, team_size=1, capacity=5)
    assert found.places == (6, 2)
    assert found.seats == (4, 7)
    assert found.on_default == (2, 1)


def sited(town):
    """Let both mentors train where Cleo does."""
    site = TrainingSite.objects.create(society=town.society, name="One site", institution="One Hospital")
    for person in (town.ben_mentors, town.bea_mentors, town.cleo_asks):
        edit(person, site=site, institution="")
    town.program.refresh_from_db()


def test_a_rule_that_is_lifted_allows_pairs_and_one_that_is_made_leaves_somebody_alone(town):
    sited(town)
    found = effect(town, same_site="allow")
    assert (found.now_allowed, found.now_refused, found.allowed, found.alone) == (2, 0, (2, 4), (1, 0))
    edit(town.program, same_site="allow")
    found = effect(town, same_site="forbid")
    assert (found.now_allowed, found.now_refused, found.alone, found.left_alone) == (0, 2, (0, 1), ("Cleo Marsh",))


def test_guests_and_languages_are_rules_about_pairs_and_wishes_are_none(town):
    edit(town.ben_mentors, kind="guest")
    edit(town.bea_mentors, languages=["es"])
    assert effect(town, guests="forbid").now_refused == 2
    assert effect(town, shared_language="prefer").now_allowed == 2
    found = effect(town, wish_weight=0)
    assert (found.now_allowed, found.now_refused) == (0, 0)


def test_the_choices_stand_in_the_folder_that_is_matched(town):
    held = under(town.cohort, {"guests": "forbid", "shared_language": "prefer", "wish_weight": 25})
    text = program_file(held.program, "x")
    assert 'guests = "forbid"' in text
    assert 'shared_language = "prefer"' in text
    assert "weights = { wish = 0.25, pair = 0.15 }" in text
    assert (town.program.guests, town.program.wish_weight) == ("allow", 50)


def test_what_people_keep_confidential_changes_no_count(town):
    sited(town)
    before = effect(town, same_site="allow")
    answers = PrivateAnswers.objects.get(participant=town.cleo_asks)
    answers.answers = answers.answers | {"avoid": [town.ben.code]}
    answers.save()
    assert effect(town, same_site="allow") == before


def test_too_many_pairs_are_not_counted_while_somebody_waits(town, monkeypatch):
    monkeypatch.setattr("introducer_web.matching.services.effects._MOST_PAIRS", 3)
    found = effect(town, team_size=1)
    assert found.allowed is None
    assert found.places == (6, 2)


def test_a_trial_obeys_another_policy_and_saves_nothing(town):
    run = proposed(town)
    trial = tried(town, team_size=1)
    town.program.refresh_from_db()
    assert town.program.team_size == 3
    assert (trial.kind, trial.previous, trial.policy["team_size"], run.policy["team_size"]) == (Kind.TRIAL, run, 1, 3)
    assert trial.summary["same_people"] is True
    assert all(row.most == 1 for row in trial.constellations.all())
    assert max(list(Tie.objects.filter(run=trial).values_list("mentee", flat=True)).count(p) for p in
               {tie.mentee_id for tie in Tie.objects.filter(run=trial)}) == 1  # fmt: skip
    compared = services.compare(run, trial)
    assert compared.choices == (("team_size", 3, 1),)
    assert "Cleo Marsh" in {str(each.mentee.user) for each in compared.moved}


def test_a_trial_says_when_the_people_have_changed_since_the_proposal(town):
    proposed(town)
    edit(town.cai_asks, rural=True)
    assert tried(town, team_size=1).summary["same_people"] is False


def test_a_trial_is_no_proposal_nothing_follows_on_it_and_nothing_of_it_is_published(town, sign_in):
    run = proposed(town)
    trial = tried(town, team_size=1)
    with pytest.raises(relationships.RunIsSuperseded, match="a trial"):
        relationships.preview(trial, town.now)
    client = sign_in(town.ada)
    assert client.get(reverse("publish", args=["ir", town.cohort.code, trial.code])).status_code == 404
    assert client.get(reverse("run_review", args=["ir", town.cohort.code])).url.endswith(f"/{run.code}/")
    assert relationships.preview(run, town.now).ties
    assert proposed(town).previous == run


def test_the_policy_that_stands_cannot_be_tried(town):
    with pytest.raises(relationships.NothingDiffers):
        relationships.request_trial(cohort=town.cohort, policy={"team_size": 3}, by=town.ada, now=town.now)


def test_so_many_trials_a_day_and_no_more(town, monkeypatch):
    monkeypatch.setattr("introducer_web.matching.services.runs._TRIALS", 1)
    first = relationships.request_trial(cohort=town.cohort, policy={"team_size": 1}, by=town.ada, now=town.now)
    services.stop_run(run=first, by=town.ada, now=town.now)
    with pytest.raises(services.TooManyTrials, match="limit"):
        relationships.request_trial(cohort=town.cohort, policy={"team_size": 2}, by=town.ada, now=town.now)
    later = town.now + dt.timedelta(days=1, seconds=1)
    assert relationships.request_trial(cohort=town.cohort, policy={"team_size": 2}, by=town.ada, now=later)


def test_the_policy_of_a_trial_is_saved_where_nobody_changed_it_meanwhile(town):
    proposed(town)
    trial = tried(town, team_size=1)
    edit(town.program, capacity=4)
    with pytest.raises(services.PolicyWasChanged):
        services.adopt_policy(run=trial, by=town.ada, now=town.now)
    edit(town.program, capacity=2)
    assert services.adopt_policy(run=trial, by=town.ada, now=town.now).team_size == 1
    town.program.refresh_from_db()
    assert (town.program.team_size, town.program.capacity) == (1, 2)
    assert Entry.objects.filter(act="programs.edit_program", words__contains="team_size").exists()


def test_only_a_trial_has_a_policy_to_save(town):
    with pytest.raises(DomainError, match="Only the policy of a trial"):
        services.adopt_policy(run=proposed(town), by=town.ada, now=town.now)


def test_the_preview_shows_the_effect_keeps_what_was_typed_and_saves_nothing(town, sign_in):
    sited(town)
    client = sign_in(town.ada)
    answer = client.post(reverse("policy_preview", args=["ir", town.program.code]),
                         posted(town, same_site="allow", about="Typed and not saved"))  # fmt: skip
    page = text(answer)
    assert "<b>2</b> more pairs may be tied." in page
    assert "Allowed: 2 → 4 of 4." in page
    assert "Mentees who may be tied to nobody: 1 → <b>0</b>." in page
    assert "Typed and not saved" in page
    town.program.refresh_from_db()
    assert (town.program.same_site, town.program.about) == ("forbid", "")
    saved = client.post(reverse("program_policy", args=["ir", town.program.code]), posted(town, same_site="allow"))
    assert saved.status_code == 302


def test_the_preview_of_what_stands_says_so_and_of_what_is_wrong_too(town, sign_in):
    client = sign_in(town.ada)
    where = reverse("policy_preview", args=["ir", town.program.code])
    assert "Nothing that a match depends on differs" in text(client.post(where, posted(town, about="x")))
    assert "Please look at this again" in text(client.post(where, posted(town, team_size="9")))


def test_a_trial_is_asked_for_on_the_page_compared_and_saved_there(town, sign_in):
    run = proposed(town)
    client = sign_in(town.ada)
    again = client.post(reverse("policy_try", args=["ir", town.cohort.code]), posted(town))
    assert "Nothing that a match depends on differs" in text(again)
    went = client.post(reverse("policy_try", args=["ir", town.cohort.code]), posted(town, team_size=1))
    assert went.status_code == 302
    done(town)
    page = text(client.get(went.url))
    assert "What another policy would do" in page
    assert f"Before is run {run.number}" in page
    assert "3 → <b>1</b>" in page
    assert "gets another constellation" in page or "get another constellation" in page
    trial = MatchRun.objects.get(kind=Kind.TRIAL)
    assert client.post(reverse("policy_adopt", args=["ir", town.cohort.code, trial.code])).status_code == 302
    assert Program.objects.get(pk=town.program.pk).team_size == 1
    refused = client.post(reverse("policy_adopt", args=["ir", town.cohort.code, trial.code]), follow=True)
    assert "Somebody changed the policy" in text(refused)


def test_a_trial_before_any_proposal_shows_its_figures(town, sign_in):
    trial = tried(town, team_size=1)
    page = text(sign_in(town.ada).get(reverse("run_show", args=["ir", town.cohort.code, trial.code])))
    assert "There is no proposal yet to compare it with." in page


def test_a_trial_that_was_stopped_leads_back_to_the_policy_and_a_frontier_to_another_one(town, sign_in):
    proposed(town)
    for ask, given, onward in (
        (
            relationships.request_trial,
            {"policy": {"team_size": 1}},
            reverse("program_policy", args=["ir", town.program.code]),
        ),
        (relationships.request_frontier, {}, reverse("changes_request", args=["ir", town.cohort.code])),
    ):
        run = ask(cohort=town.cohort, by=town.ada, now=town.now, **given)
        services.stop_run(run=run, by=town.ada, now=town.now)
        page = text(sign_in(town.ada).get(reverse("run_show", args=["ir", town.cohort.code, run.code])))
        assert "The run was stopped." in page
        assert onward in page


def test_two_runs_say_who_gains_what_and_how_sure_that_is(town, sign_in):
    before = proposed(town)
    user = User.objects.create_user("zoe@example.org", name="Zoe Advocate")
    participant(town, user, "mentor", offers={"advocacy": 3}, capacity=3)
    after = proposed(town)
    compared = services.compare(before, after)
    assert [(str(each.mentee.user), each.gains, each.loses) for each in compared.gain] == [
        ("Cai Lindqvist", ("Advocacy",), ())
    ]
    assert compared.lose == []
    row = next(each for each in compared.differing if each.name == "Advocacy")
    assert (row.before, row.after) == (0.0, 1.0)
    assert compared.worth.after > compared.worth.before
    assert compared.worth.says_something
    page = text(sign_in(town.ada).get(
        reverse("run_compare", args=["ir", town.cohort.code, after.code]) + f"?with={before.code}"))  # fmt: skip
    assert "gains Advocacy" in page
    assert "Coverage of Advocacy rises from 0 % to 100 %." in page
    assert "Both obeyed the same policy" in page
    assert proofs.of_run(before) in page


def test_a_tie_that_was_there_before_adds_nothing_to_what_is_compared(town):
    before, after = proposed(town), proposed(town)
    assert after.summary["value"] > before.summary["value"]
    worth = services.compare(before, after).worth
    assert worth.after == pytest.approx(worth.before)
    assert not worth.says_something


def test_runs_that_count_other_wishes_are_not_compared_by_worth(town):
    before = proposed(town)
    trial = tried(town, privacy="neutral")
    assert services.compare(before, tried(town, wish_weight=10)).worth is None
    assert services.compare(before, trial).worth is None
    before.policy = {"privacy": "experience"}  # as an older version wrote it, which knew fewer choices
    assert services.compare(before, trial).choices == (("privacy", "experience", "neutral"),)
    before.policy = {}
    assert services.compare(before, trial).choices == ()


def test_a_certificate_names_its_run():
    said = [proofs.of_run(MatchRun(number=3, summary=summary)) for summary in (
        {"scope": "all", "gap": 0.0}, {"scope": "all", "gap": 0.01}, {"scope": "shortlist", "gap": 0.01},
        {"gap": 0.0, "proof": "This is it."},
    )]  # fmt: skip
    few = MatchRun(number=4, most_changes=2, summary={"scope": "all", "gap": 0.01})
    assert "changes little on purpose" in proofs.of_run(few)
    assert said[0] == "Run 3: nothing better is possible under its policy, proved."
    assert "1.00" in said[1]
    assert "no proof" in said[2]
    assert said[3] == "This is it."


def test_stages_that_are_ruled_out_change_the_pairs_and_weights_are_to_be_tried(town):
    edit(town.cleo_asks, stage="pgy2", rural=True)
    edit(town.cai_asks, stage="pgy2")
    for mentor in (town.ben_mentors, town.bea_mentors):
        edit(mentor, stage="pgy4")
    town.program.refresh_from_db()
    found = effect(town, stage_least=3)
    assert (found.now_refused, found.alone, found.to_try) == (4, (0, 2), False)
    assert effect(town, stage_least=None, stage_most=2).now_refused == 0
    assert effect(town, stage_least=None, stage_most=1).now_refused == 4
    found = effect(town, equity_rural=150, equity_no_home_program=50)
    assert (found.weighed, found.to_try) == ((("rural mentees", 1), ("mentees without a home program", 0)), True)


def test_a_share_counts_only_where_it_is_asked_for(town):
    assert services.changed_choices(town.program, {"floor": "total", "least_share": 70}) == []
    asked = {"floor": "share", "least_share": 70}
    assert services.changed_choices(town.program, asked) == [("floor", "total", "share"), ("least_share", 50, 70)]
    edit(town.program, floor="share")
    town.program.refresh_from_db()
    assert services.changed_choices(town.program, asked) == [("least_share", 50, 70)]
    assert services.changed_choices(town.program, {"floor": "leximin", "least_share": 70})[1:] == []


def test_every_choice_of_the_form_is_the_policy_that_the_engine_reads(town, tmp_path):
    choices = {
        "floor": "share", "least_share": 30, "pair_weight": 20, "pair_terms": {"stage": 1.0, "region": 2.5},
        "stage_least": None, "stage_most": 9, "stage_best_from": 2, "stage_best_to": 3, "stage_fade": 4,
        "equity_rural": 150, "equity_no_home_program": 100,
    }  # fmt: skip
    folder = freeze(under(town.cohort, choices), known_of(town.cohort), town.now.date())
    for name, content in folder.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    policy = engine.read(tmp_path).policy
    assert policy.floor == 0.3
    assert policy.weights.pair == 0.2
    assert policy.pair_terms == {"stage": 1.0, "region": 2.5}
    assert (policy.stage.least, policy.stage.most, policy.stage.best, policy.stage.fade) == (-99, 9, (2, 3), 4)
    assert policy.equity == {"rural": 1.5}


def test_the_preview_tells_each_weight_and_the_numbers_that_differ(town, sign_in):
    changed = {"pair_terms": town.program.pair_terms | {"region": 1.5}, "stage_most": 10, "equity_rural": 120}
    page = text(sign_in(town.ada).post(reverse("policy_preview", args=["ir", town.program.code]),
                                       posted(town, **changed)))  # fmt: skip
    assert "0 → <b>1.5</b>" in page
    assert "no limit → <b>10</b>" in page
    assert "Who counts otherwise: rural mentees" in page
    assert "try it, and see who gains" in page


def test_all_that_is_wrong_with_a_policy_is_told_at_once(town, sign_in):
    terms = dict.fromkeys(town.program.pair_terms, 0.0)
    wrong = {
        "pair_terms": terms, "stage_least": 5, "stage_most": 2, "stage_best_from": 4, "stage_best_to": 1,
        "equity_rural": 400, "least_share": 0, "team_size": 9,
    }  # fmt: skip
    answer = sign_in(town.ada).post(reverse("program_policy", args=["ir", town.program.code]), posted(town, **wrong))
    assert set(answer.context["form"].errors) == {
        "pair_terms", "stage_most", "stage_best_to", "equity_rural", "least_share", "team_size",
    }  # fmt: skip
    given = posted(town) | {"pair_terms_stage": "much", "pair_terms_region": "", "pair_terms_route": "11"}
    answer = sign_in(town.ada).post(reverse("program_policy", args=["ir", town.program.code]), given)
    assert len(answer.context["form"].errors["pair_terms"]) == 3


def test_terms_that_nobody_answers_for_here_keep_their_weights(town, sign_in):
    before = dict(town.program.pair_terms)
    assert before["preferred_by_mentee"] == 4.0
    assert sign_in(town.ada).post(
        reverse("program_policy", args=["ir", town.program.code]), posted(town, team_size=2)
    ).status_code == 302  # fmt: skip
    town.program.refresh_from_db()
    assert town.program.pair_terms == before
    assert Entry.objects.filter(act="programs.edit_program", words__contains="pair_terms").count() == 0


def test_a_mentee_is_found_by_their_name_by_a_mentor_and_by_what_is_missing(town, sign_in, monkeypatch):
    monkeypatch.setattr("introducer_web.matching.views._PAGE", 1)
    run = proposed(town)
    client = sign_in(town.ada)
    page = reverse("run_show", args=["ir", town.cohort.code, run.code])

    def found(**query):
        answer = client.get(page, query)
        return {str(row.mentee.user) for row in answer.context["page"].paginator.object_list}

    assert found() == {"Cleo Marsh", "Cai Ito"} or len(found()) == 2
    assert found(q="cleo") == {"Cleo Marsh"}
    with_ben = {str(tie.mentee.user) for tie in Tie.objects.filter(run=run, mentor=town.ben_mentors)}
    assert found(q="Ben") == with_ben
    assert found(q="nobody of this name") == set()
    assert found(show="apart") == set()
    for show in ("missing", "nobody"):
        answer = client.get(page, {"show": show})
        assert answer.context["page"].paginator.count == len(found(show=show))
    assert "q=cleo&amp;page=2" not in text(client.get(page, {"q": "cleo"}))

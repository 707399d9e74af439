"""A run: asked for, performed, stopped, taken up again, compared."""

import pytest
from django_scopes import scope

from cast import participant
from introducer_web.matching import services
from introducer_web.matching.models import Constellation, MatchRun, Tie
from introducer_web.matching.roster import Known, freeze
from introducer_web.people.models import Conflict, Consent

State = MatchRun.State


def asked(town, known=None):
    return services.request_run(cohort=town.cohort, known=known or Known(), by=town.ada, now=town.now)


def performed(town, known=None):
    run = asked(town, known)
    claimed = services.claim_run(town.now)
    assert claimed == run
    services.perform_run(claimed)
    run.refresh_from_db()
    return run


def pairs(run):
    return set(Tie.objects.filter(run=run).values_list("mentee__user__name", "mentor__user__name"))


def test_a_run_gives_everybody_a_constellation(town):
    run = performed(town)
    assert run.state == State.DONE, run.message
    assert ("Cleo Marsh", "Ben Castellanos") in pairs(run)
    cleo = Constellation.objects.get(run=run, mentee=town.cleo_asks)
    assert (cleo.asked, cleo.covered) == (2, 2)
    assert {need["key"]: need["by"] for need in cleo.needs}["contracts"] == [town.ben_mentors.code]
    assert "Ben Castellanos" in cleo.words["participant"]
    cai = Constellation.objects.get(run=run, mentee=town.cai_asks)
    assert [need["why"] for need in cai.needs if not need["fit"]] == ["nobody in this cohort offers it"]
    assert run.summary["matched"] == 2
    assert "best possible" in run.summary["proof"]
    assert {"outcome.json", "ties.csv", "report.html", "run.json"} <= run.outcome.keys()

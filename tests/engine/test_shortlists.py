"""Shortlists of a market: proofs over all pairs, every rule, and the same explanations as with all pairs stored."""

from dataclasses import replace

import numba
import numpy as np
import pytest
from societies import random_policy, random_society

from introducer import certify, conclude, fit, pipeline, rules, solve
from introducer.conclude import account_of
from introducer.cross import Cross, listed
from introducer.errors import Infeasible
from introducer.explain import for_coordinator
from introducer.explain.costs import alternatives, cost_of_veto
from introducer.policy import Policy
from introducer.roster import GivenTie, Mentee, Mentor, Roster
from introducer.solve import Watch, elastic, exact, prices, scan, shortlists, state
from introducer.vocabulary import Domain, Vocabulary

SEEDS = range(12)
NO_GAP = Policy(gap_target=0.0)


def market_of(seed, mentees=10, mentors=9):
    """Return a random society's market, or None where a pin is refused."""
    people, policy = random_society(seed, mentees, mentors), random_policy(seed)
    try:
        refused = rules.refusals(people, policy)
    except Infeasible:
        return None
    return fit.market(people, policy, refused)


def matched(count):
    """Return random societies that have an outcome, with policy and outcome."""
    found = []
    for seed in range(40):
        people, policy = random_society(seed), random_policy(seed)
        try:
            found.append((people, policy, pipeline.match(people, policy)))
        except Infeasible:
            continue
        if len(found) == count:
            break
    return found


def solved(market, watch=None):
    try:
        return shortlists.solve(market, NO_GAP, watch or Watch())
    except Infeasible:
        return None


@pytest.fixture(params=[3, 48], ids=["short", "long"])
def most(request, monkeypatch):
    monkeypatch.setattr(shortlists, "MOST", request.param)


@pytest.mark.usefixtures("most")
def test_the_bound_holds_over_all_pairs_and_the_teams_break_no_rule():
    seen = 0
    for seed in SEEDS:
        market = market_of(seed)
        found = market and solved(market)
        if not found:
            continue
        _problem, solution = found
        proof = certify.certify(market, solution.teams, solution.prices)
        whole = market.problem()
        best = exact.solve(whole, NO_GAP, Watch())
        value = sum(whole.value(i, team) for i, team in enumerate(best.teams))
        assert proof.bound >= value - 1e-9
        assert value >= proof.value - 1e-6
        assert proof.value >= 0.9 * value
        seen += 1
    assert seen > 5


def test_a_society_that_has_no_outcome_has_none_on_shortlists_either():
    for seed in SEEDS:
        market = market_of(seed)
        if market is None:
            continue
        try:
            prices.solve(market.problem(), NO_GAP, Watch())
        except Infeasible:
            assert solved(market) is None


def test_without_a_master_rounds_alone_are_told_and_end(monkeypatch):
    monkeypatch.setattr(shortlists, "SEEN_MOST", 0)
    told: list[float] = []
    market = next(m for m in (market_of(seed, 30, 20) for seed in SEEDS) if m and solved(m))
    monkeypatch.setattr(shortlists, "ROUNDS", shortlists.ROUNDS[:4])
    _problem, solution = shortlists.solve(market, NO_GAP, Watch(tell=lambda _phase, done, _gap: told.append(done)))
    assert certify.faults(market, solution.teams, solution.prices) == []
    assert told == sorted(told)
    assert solution.finished


def test_beyond_a_master_cores_and_finer_rounds_go_on(monkeypatch):
    monkeypatch.setattr(shortlists, "MASTER_MOST", 0)
    monkeypatch.setattr(shortlists, "ROUNDS", shortlists.ROUNDS[:4])
    market = next(m for m in (market_of(seed, 30, 20) for seed in SEEDS) if m and solved(m))
    _problem, solution = shortlists.solve(market, NO_GAP, Watch())
    assert certify.faults(market, solution.teams, solution.prices) == []
    assert certify.certify(market, solution.teams, solution.prices).gap < 0.01


def test_it_stops_when_told_to_with_the_best_so_far():
    market = market_of(1)
    _problem, solution = solved(market, Watch(stop=lambda: True))
    assert not solution.finished
    assert certify.faults(market, solution.teams, solution.prices) == []


def test_it_stops_before_it_looks_around_too():
    """The clock runs out between two looks at it, after the masters."""
    people, policy, _outcome = matched(1)[0]
    told: list[float] = []
    asked: list[bool] = []

    def stop():
        late = bool(told) and told[-1] >= shortlists._finished(shortlists.MASTERS)
        asked.append(late)
        return sum(asked) > 1

    watch = Watch(tell=lambda _phase, done, _gap: told.append(done), stop=stop)
    market = fit.market(people, policy, rules.refusals(people, policy))
    shortlists.solve(market, NO_GAP.model_copy(update={"gap_target": -1.0}), watch)
    assert told == sorted(told), "progress never goes back"
    assert told[-1] == 1.0


def test_the_number_of_threads_changes_nothing():
    market = next(m for m in (market_of(seed, 30, 20) for seed in SEEDS) if m and solved(m))
    found = []
    for threads in (1, 2):
        numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
        found.append(solved(market)[1])
    numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)
    assert found[0] == found[1]


def owing(*loads):
    """Return mentees and mentors who all suit each other, the mentors with lower loads."""
    words = Vocabulary(domains=(Domain(id="contracts", name="Contracts"),))
    mentees = tuple(Mentee(id=f"i{k}", needs={"contracts": 3}) for k in range(6))
    mentors = tuple(
        Mentor(id=f"j{k}", offers={"contracts": k % 4}, min_load=load, capacity=3) for k, load in enumerate(loads)
    )
    return Roster("Owing", words, mentees, mentors)


@pytest.mark.parametrize(("sample", "times"), [(1, 20), (6, 1)])
def test_mentors_with_a_lower_load_have_it(sample, times, monkeypatch):
    monkeypatch.setattr(shortlists, "MOST", 1)
    monkeypatch.setattr(shortlists, "_SAMPLE", sample)
    monkeypatch.setattr(shortlists, "_TIMES", times)
    people = owing(2, 0, 2, 0)
    market = fit.market(people, Policy(team_size=2), rules.refusals(people, Policy()))
    _problem, solution = solved(market)
    loads = np.bincount([j for team in solution.teams for j in team], minlength=4)
    assert (loads >= [2, 0, 2, 0]).all()


def favored(count, *loads):
    """Return so many mentees with a seat each, the first of whom gains most of everybody; all gain most of the last."""
    people = owing(*loads)
    mentees = [replace(mentee, team_size=1) for mentee in people.mentees[:count]]
    mentees[0] = replace(mentees[0], flags=frozenset({"rural"}))
    mentors = [replace(mentor, offers={"contracts": 1}) for mentor in people.mentors]
    mentors[-1] = replace(mentors[-1], offers={"contracts": 3})
    both, policy = replace(people, mentees=tuple(mentees), mentors=tuple(mentors)), Policy(equity={"rural": 2.0})
    return fit.market(both, policy, rules.refusals(both, policy))


def test_lower_loads_that_shortlists_cannot_meet_are_met_over_all_pairs(monkeypatch):
    monkeypatch.setattr(shortlists, "MOST", 1)
    monkeypatch.setattr(shortlists, "_TIMES", 1)
    monkeypatch.setattr(shortlists, "WARM", ())
    monkeypatch.setattr(shortlists, "FIRST_LANDING", 1)
    market = favored(3, 1, 1, 1, 0)
    _problem, solution = solved(market)
    assert sorted(solution.teams) == [(0,), (1,), (2,)]
    assert certify.faults(market, solution.teams, solution.prices) == []
    monkeypatch.setattr(shortlists, "SEEN_MOST", 0)
    assert sorted(solved(market)[1].teams) == [(0,), (1,), (2,)]
    monkeypatch.setattr(elastic, "_MOST_CANDIDATES", 0)
    with pytest.raises(Infeasible, match="Whether there is one"):
        shortlists.solve(market, NO_GAP, Watch())


def test_lower_loads_that_no_outcome_meets_are_refused_with_their_reasons(monkeypatch):
    monkeypatch.setattr(shortlists, "refuse_plain", lambda _problem: None)
    with pytest.raises(Infeasible, match="lower loads"):
        shortlists.solve(favored(2, 1, 1, 1, 0), NO_GAP, Watch())


def test_pins_that_break_a_rule_are_named():
    people = owing(0, 0)
    pins = tuple(GivenTie(kind="pin", mentee="i0", mentor=mentor) for mentor in ("j0", "j1"))
    pinned = replace(people, ties=pins, mentees=(replace(people.mentees[0], team_size=1), *people.mentees[1:]))
    market = fit.market(pinned, Policy(), rules.refusals(pinned, Policy()))
    with pytest.raises(Infeasible, match="2 pinned"):
        shortlists.solve(market, NO_GAP, Watch())


def test_a_lower_load_that_nobody_can_meet_is_named():
    people = owing(2, 0)
    alone = replace(people, mentees=(people.mentees[0],))
    market = fit.market(alone, Policy(), rules.refusals(alone, Policy()))
    with pytest.raises(Infeasible, match="should have at least 2 mentees and may be tied to 1 only"):
        shortlists.solve(market, NO_GAP, Watch())


def test_a_match_on_shortlists_is_what_follows_from_its_teams_and_prices(monkeypatch):
    monkeypatch.setattr(solve, "LARGE", 0)
    for people, policy, outcome in matched(3):
        teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
        for stored in (0, 2_000_000):
            monkeypatch.setattr(conclude, "STORED", stored)
            assert conclude.conclude(people, policy, teams, outcome.prices) == outcome
        monkeypatch.setattr(pipeline, "STORED", 0)
        assert pipeline.match(people, policy) == outcome
        monkeypatch.undo()
        monkeypatch.setattr(solve, "LARGE", 0)


def test_explanations_are_the_same_whether_all_pairs_are_stored_or_the_ties_alone(monkeypatch):
    for people, policy, outcome in matched(3):
        teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
        told = []
        for stored in (0, 2_000_000):
            monkeypatch.setattr(conclude, "STORED", stored)
            account = account_of(people, policy, teams)
            told.append(
                [
                    (
                        for_coordinator(account, outcome, i),
                        [for_coordinator(account, outcome, i, j) for j in range(len(people.mentors))],
                        alternatives(account, outcome.prices, i, 3),
                        [cost_of_veto(account, outcome.prices, i, j) for j in range(len(people.mentors))],
                    )
                    for i in range(len(people.mentees))
                ]
            )
        assert told[0] == told[1]


def test_rows_columns_and_pairs_agree():
    table = np.array([[1.0, 2.0], [3.0, 4.0]])
    cross = Cross(np.array([0, 1, 1]), np.array([1, 0]), table)
    named = listed((3, 2), [(2, 0), (0, 1), (0, 1)], [5.0, 6.0, 7.0], float)
    for one in (cross, named):
        by_rows = np.array([one.row(i) for i in range(3)])
        assert (by_rows == np.array([one.column(j) for j in range(2)]).T).all()
        assert (by_rows == [[one.at(i, j) for j in range(2)] for i in range(3)]).all()
    assert named.row(0).tolist() == [0.0, 7.0]


def test_lists_are_merged_each_mentor_once():
    starts, mentors = scan.merged(
        np.array([0, 2, 2, 3]), np.array([1, 4, 0]), np.array([0, 2, 3, 3]), np.array([2, 4, 3])
    )
    assert starts.tolist() == [0, 3, 4, 5]
    assert mentors.tolist() == [1, 2, 4, 3, 0]


def test_what_survives_a_scan_is_all_that_could_be_in_a_better_team():
    found = 0
    for seed in SEEDS:
        market = market_of(seed, 8, 12)
        if market is None:
            continue
        whole = market.problem()
        a = whole.arrays
        keep = np.zeros(len(a.mentors), np.bool_)
        for i in range(8):
            keep[a.starts[i] : a.starts[i] + 3] = True
        keep |= a.pinned
        owners = np.repeat(np.arange(8), np.diff(a.starts))
        starts = np.concatenate([[0], np.cumsum(np.bincount(owners[keep], minlength=8))])
        short = market.problem((starts, a.mentors[keep]))
        cost = np.full(12, 0.05), np.zeros(len(a.quota_limits))
        states = [state.begin(one, 1) for one in (short, whole)]
        for one in states:
            state.price(one, *cost)
        counts, tops = np.empty(8, np.int64), np.empty(8)
        given = market.tables, short.arrays, scan.singles(market.tables), *cost, states[0].v
        scan.count_survivors(*given, states[0].values, counts, tops)
        better = states[1].values > states[0].values + 1e-6
        assert (counts[better] > 0).all()
        found += int(better.sum())
    assert found > 5

"""A cluster computes what one machine does: the same bytes, whatever the shards, and whoever is lost on the way."""

import functools
import importlib
import importlib.metadata
import itertools
import os
import signal
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from commands import command, contents
from desks import Desk, sent
from societies import random_policy, random_society

from introducer import cluster, fit, pipeline, rules, solve
from introducer.cluster import Cluster, connected, spread
from introducer.cluster.spread import Spread
from introducer.errors import Infeasible, Unreachable
from introducer.roster import GivenTie
from introducer.shard import Shard, part
from introducer.solve import shortlists

distributed = importlib.import_module("distributed")


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Everything goes on shortlists, and few steps are gone."""
    monkeypatch.setattr(solve, "LARGE", 0)
    monkeypatch.setattr(shortlists, "MOST", 4)
    monkeypatch.setattr(shortlists, "ROUNDS", ((0.02,) * 2, (0.01,) * 2))
    monkeypatch.setattr(shortlists, "SLOW", (0.01, 0.1))
    monkeypatch.setattr(shortlists, "FIRST_LANDING", 2)
    monkeypatch.setattr(shortlists, "WARM", shortlists.WARM[:1])


def society(seed, mentees=17, mentors=12):
    """Return a random society in which somebody is pinned, and a policy with a gap that nobody reaches."""
    people, policy = random_society(seed, mentees, mentors), random_policy(seed, team_size=2, gap_target=0.0)
    allowed = np.argwhere(rules.refusals(people, policy).allowed)
    i, j = allowed[len(allowed) // 2]
    pin = GivenTie(kind="pin", mentee=people.mentees[i].id, mentor=people.mentors[j].id)
    return replace(people, ties=(*people.ties, pin)), policy


def matched(people, policy, machines=None):
    """Return the outcome, or what is in its way."""
    try:
        return pipeline.match(people, policy, machines=machines)
    except Infeasible as error:
        return str(error)


SOCIETIES = [society(seed) for seed in range(6)]


@functools.cache
def alone(seed):
    """Return what this process finds."""
    return matched(*SOCIETIES[seed])


@pytest.mark.parametrize("seed", range(6))
def test_a_shard_holds_what_the_whole_holds_of_its_mentees(seed):
    people, policy = SOCIETIES[seed]
    market = fit.market(people, policy, rules.refusals(people, policy))
    whole = market.problem()
    for low, high in ((0, 17), (0, 5), (5, 6), (6, 17), (9, 9)):
        shard = part(market, low, high)
        assert shard.shape == (high - low, 12)
        stored = Shard.stored(shard, shard.everyone())
        for i in range(high - low):
            views = shard.view(i), market.view(low + i), whole.view(low + i), market.on(stored).view(i)
            for one, other in itertools.pairwise(views):
                assert all((a == b).all() for a, b in zip(one, other, strict=True))
            assert (shard.allowed(i) == market.allowed(low + i)).all()
            assert (shard.kept(i) == market.kept(low + i)).all()
            assert all((a == b).all() for a, b in zip(shard.quotas(i), market.quotas(low + i), strict=True))
            at = np.full(12, 0.125), np.full(len(market.arrays.quota_limits), 0.25)
            sights = shard.sight(i, *at), market.sight(low + i, *at)
            assert all(
                (getattr(sights[0], name) == getattr(sights[1], name)).all() for name in ("net", "gains", "pins")
            )


def test_a_shard_leaves_out_what_its_mentees_do_not_name():
    people, policy = SOCIETIES[0]
    market = fit.market(people, policy, rules.refusals(people, policy))
    one = part(market, 3, 4).tables
    assert len(one.fits) == one.widths.sum() < len(market.tables.fits)
    assert len(one.terms) == one.term_widths.sum() < len(market.tables.terms)


@pytest.mark.parametrize(
    ("seed", "workers", "deaf", "planned"),
    [(0, 2, 0, 9), (1, 1, 0, 9), (2, 3, 5, 9), (3, 2, 2, 9), (4, 3, 0, 9), (5, 2, 1, 9), (1, 4, 0, 0)],
)
def test_shards_change_nothing(seed, workers, deaf, planned, monkeypatch):
    monkeypatch.setattr(spread, "PLANNED", planned)
    people, policy = SOCIETIES[seed]
    desk = Desk(workers, deaf)
    assert matched(people, policy, Cluster(desk)) == alone(seed)
    assert (desk.called == 0) == (planned == 0 or isinstance(alone(seed), str))


def test_at_least_one_society_has_an_outcome_and_quotas():
    found = [alone(seed) for seed in range(6)]
    assert sum(not isinstance(one, str) for one in found) >= 4
    assert any(mentor.quotas for people, _policy in SOCIETIES for mentor in people.mentors)


def test_a_small_market_is_certified_by_the_cluster_alone(monkeypatch):
    monkeypatch.setattr(solve, "LARGE", 300_000)
    people, policy = next(SOCIETIES[seed] for seed in range(6) if not isinstance(alone(seed), str))
    desk = Desk(40)
    assert matched(people, policy, Cluster(desk)) == matched(people, policy)
    assert {key.partition("-")[0] for key in desk.data} == {"Held", "looked", "alone"}


def test_nobody_is_matched_by_a_cluster_either(monkeypatch):
    monkeypatch.setattr(solve, "LARGE", 300_000)
    people, policy = SOCIETIES[0]
    nobody = replace(people, mentees=(), ties=())
    assert matched(nobody, policy, Cluster(Desk(2))) == matched(nobody, policy)


@pytest.mark.parametrize(
    "error",
    [
        distributed.scheduler.KilledWorker("swept-1", SimpleNamespace(address="tcp://here"), 3),
        distributed.CancelledError(),
        OSError("closed"),
        TimeoutError(),
    ],
)
def test_a_cluster_that_is_lost_is_an_error_that_says_so(error, monkeypatch):
    def gone(*_words, **_named):
        raise error

    people, policy = SOCIETIES[0]
    desk = Desk(2)
    market = fit.market(people, policy, rules.refusals(people, policy))
    over = Cluster(desk).over(market)
    monkeypatch.setattr(desk, "gather", gone)
    with pytest.raises(Unreachable, match=r"lost in the middle: \w+"):
        over.alone(market)


def test_a_fault_of_ours_is_not_taken_for_a_lost_cluster():
    people, policy = SOCIETIES[0]
    over = Cluster(Desk(2)).over(fit.market(people, policy, rules.refusals(people, policy)))
    with pytest.raises(ZeroDivisionError):
        over._told(lambda number: 1 / number, [(0,)])


def test_what_crossed_a_wire_may_not_be_written():
    assert not sent(np.zeros(3)).flags.writeable


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a simulated input folder and the files of its outcome on one machine."""
    place = tmp_path_factory.mktemp("cluster")
    assert command("simulate", "--mentees", 60, "--mentors", 40, "--out", place / "in").code == 0
    return place


@pytest.fixture(scope="module")
def local():
    """Start a scheduler and two workers, each a program of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=60
    ) as found:
        yield found


def enter(address):
    """Connect, and go."""
    with connected(address):
        pass


def test_two_workers_write_the_same_bytes_also_where_one_is_killed_in_the_middle(folder, local, monkeypatch):
    assert command("match", folder / "in", "--out", folder / "one").code == 0
    assert command("match", folder / "in", "--out", folder / "two", "--cluster", local.scheduler_address).code == 0
    assert contents(folder / "one") == contents(folder / "two")

    before = {worker.process.pid for worker in local.workers.values()}
    sweeps = itertools.count()
    swept = Spread.sweep

    def killing(*words):
        if next(sweeps) == 2:
            os.kill(min(before), signal.SIGKILL)
        swept(*words)

    monkeypatch.setattr(Spread, "sweep", killing)
    assert command("match", folder / "in", "--out", folder / "three", "--cluster", local.scheduler_address).code == 0
    assert next(sweeps) > 3
    assert contents(folder / "one") == contents(folder / "three")
    assert min(before) not in {worker.process.pid for worker in local.workers.values()}


def test_a_cluster_that_is_lost_ends_the_command(folder, local, monkeypatch):
    def gone(*_words, **_named):
        raise distributed.CancelledError

    monkeypatch.setattr(distributed.Client, "gather", gone)
    said = command("match", folder / "in", "--out", folder / "seven", "--cluster", local.scheduler_address)
    assert said.code == 1
    assert "The cluster was lost in the middle: CancelledError The run ended" in said.words
    assert not (folder / "seven").exists()


def test_a_worker_with_other_versions_is_named(folder, local, monkeypatch):
    there = importlib.metadata.version("numba")
    monkeypatch.setattr(cluster, "version", lambda name: "0.0" if name == "numba" else importlib.metadata.version(name))
    said = command("match", folder / "in", "--out", folder / "four", "--cluster", local.scheduler_address)
    assert said.code == 2
    assert f"has numba {there}, and 0.0 is here" in said.words
    assert not (folder / "four").exists()


def test_a_worker_without_the_engine_is_named(local, monkeypatch):
    monkeypatch.setattr(cluster, "SAME", ("no_such_package",))
    monkeypatch.setattr(cluster, "version", lambda _name: "1.0")
    with pytest.raises(Unreachable, match=r"has no no_such_package; install no_such_package 1\.0 there"):
        enter(local.scheduler_address)


def test_an_address_that_answers_nothing_is_told(folder, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    for address in ("tcp://127.0.0.1:9", "nowhere", "smoke://signals:1"):
        said = command("match", folder / "in", "--out", folder / "five", "--cluster", address)
        assert said.code == 2
        assert f"No Dask scheduler answers at '{address}' within 1 seconds" in said.words


def test_a_scheduler_without_workers_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    bare = distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=60)
    with bare as empty, pytest.raises(Unreachable, match="has no worker"):
        enter(empty.scheduler_address)


def test_without_the_extra_it_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = command("match", folder / "in", "--out", folder / "six", "--cluster", "tcp://127.0.0.1:8786")
    assert said.code == 2
    assert "pip install 'introducer[cluster]'" in said.words

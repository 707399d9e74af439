"""A cohort as plain arrays for peers, and what their ties are worth by the true objective. In a process of its own.

    python benchmarks/instance.py write FOLDER OUT [--model] [--most N]
    python benchmarks/instance.py worth OUT TIES
    python benchmarks/instance.py matrix OUT
    python benchmarks/instance.py bids BIDS PAIRS TEAM CAPACITY
    python benchmarks/instance.py sum PAIRS TIES

``write`` stores in OUT

``pairs.npz``
    Of every allowed pair the mentee, the mentor, and what the tie is worth alone; team sizes and capacities.
    With ``--most``, only so many pairs of each mentee, those that are worth most alone.
``problem.npz``
    The whole instance, to tell later what teams are worth.
``model.npz``
    With ``--model``, the exact model: minimize ``costs @ z``, ``low <= rows @ z <= high``, ``least <= z <= most``.
    The first columns are the pairs, in the order of ``pairs.npz``.

``worth`` reads the places of chosen pairs from TIES (``chosen`` of a JSON file), and adds to it

``value``
    The sum of the teams' values, coverage included: a domain counts once in a team, by its best mentor.
``broken``
    Rules that the ties break: seats kept, teammates of one institution, quotas, lower loads, pins, sizes.

``matrix`` writes ``matrix.json`` beside the pairs, for programs without numpy: ``worths``, 0 where a pair is refused,
and ``places`` of the pairs, -1 there. ``bids`` writes a plain matrix as pairs, and ``sum`` adds to TIES the ``value``
of the chosen ones where worths add up.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from introducer import fit, io, rules
from introducer.problem import Arrays, Problem
from introducer.runs import starts_of
from introducer.solve.model import owners, singles, teams_only, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.fit import Market


def main() -> None:
    """Write an instance, or add what ties are worth."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    write = verbs.add_parser("write")
    write.add_argument("folder", type=Path)
    write.add_argument("out", type=Path)
    write.add_argument("--model", action="store_true")
    write.add_argument("--most", type=int, default=0)
    judge = verbs.add_parser("worth")
    judge.add_argument("out", type=Path)
    judge.add_argument("ties", type=Path)
    verbs.add_parser("matrix").add_argument("out", type=Path)
    plain = verbs.add_parser("bids")
    plain.add_argument("bids", type=Path)
    plain.add_argument("pairs", type=Path)
    plain.add_argument("team", type=int)
    plain.add_argument("capacity", type=int)
    total = verbs.add_parser("sum")
    total.add_argument("pairs", type=Path)
    total.add_argument("ties", type=Path)
    asked = parser.parse_args()
    if asked.verb == "write":
        asked.out.mkdir(parents=True, exist_ok=True)
        store(asked.folder, asked.out, model=asked.model, most=asked.most)
    elif asked.verb == "matrix":
        (asked.out / "matrix.json").write_text(json.dumps(matrix(asked.out / "pairs.npz")), encoding="utf-8")
    elif asked.verb == "bids":
        store_bids(asked.bids, asked.pairs, asked.team, asked.capacity)
    else:
        found = json.loads(asked.ties.read_text(encoding="utf-8"))
        if asked.verb == "worth":
            found |= worth(asked.out, found["chosen"])
        else:
            with np.load(asked.pairs) as stored:
                found["value"] = float(stored["worths"][found["chosen"]].sum())
        asked.ties.write_text(json.dumps(found), encoding="utf-8")


def store(folder: Path, out: Path, *, model: bool, most: int) -> None:
    """Write the arrays of a cohort."""
    reading = io.read(folder)
    market = fit.market(reading.roster, reading.policy, rules.refusals(reading.roster, reading.policy))
    problem = market.problem(best(market, most) if most else None)
    a = problem.arrays
    np.savez(
        out / "pairs.npz",
        mentees=owners(problem),
        mentors=a.mentors,
        worths=singles(problem),
        team_sizes=a.team_sizes,
        capacities=a.capacities,
    )
    np.savez(out / "problem.npz", **a._asdict())
    if model:
        made = whole(problem)
        np.savez(
            out / "model.npz",
            costs=made.costs,
            least=made.least,
            most=made.most,
            whole=made.whole,
            low=made.low,
            high=made.high,
            starts=made.rows.indptr,
            columns=made.rows.indices,
            entries=made.rows.data,
        )


def best(market: Market, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each mentee the pinned and the mentors of the largest worth alone, as lists for ``Market.problem``."""
    mentees, mentors = market.shape
    nothing = np.zeros(mentors), np.zeros(len(market.arrays.quota_limits))
    lists = []
    for i in range(mentees):
        sight = market.sight(i, *nothing)
        gains = [own[sight.kinds[row]] for own, row in zip(sight.gains, sight.rows.tolist(), strict=False)]
        alone = np.sum([sight.net, *gains], axis=0)
        found = np.argpartition(-alone, min(most, mentors) - 1)[:most]
        lists.append(np.union1d(sight.mentors[found[alone[found] > -np.inf]], sight.pins))
    return starts_of(np.array([len(own) for own in lists], np.int64)), np.concatenate(lists).astype(np.int64)


def matrix(pairs: Path) -> dict[str, list[list[float]]]:
    """Return the worths of all pairs, and their places, as lists of rows."""
    with np.load(pairs) as stored:
        p = dict(stored)
    worths = np.zeros((len(p["team_sizes"]), len(p["capacities"])))
    places = np.full(worths.shape, -1)
    worths[p["mentees"], p["mentors"]] = p["worths"]
    places[p["mentees"], p["mentors"]] = np.arange(len(p["worths"]))
    return {"worths": worths.tolist(), "places": places.tolist()}


def store_bids(bids: Path, pairs: Path, team: int, capacity: int) -> None:
    """Write a plain matrix as pairs that are all allowed."""
    with np.load(bids) as stored:
        affinity = stored["affinity"].astype(np.float64)
    mentees, mentors = np.indices(affinity.shape)
    np.savez(
        pairs,
        mentees=mentees.ravel(),
        mentors=mentors.ravel(),
        worths=affinity.ravel(),
        team_sizes=np.full(affinity.shape[0], team),
        capacities=np.full(affinity.shape[1], capacity),
    )


def worth(out: Path, chosen: list[int]) -> dict[str, float]:
    """Return the true value of chosen pairs, and how many rules they break."""
    with np.load(out / "problem.npz") as stored:
        fields = {name: stored[name] for name in Arrays._fields}
    fields["institution_limit"] = int(fields["institution_limit"])
    problem = Problem(Arrays(**fields), (), ())
    a = problem.arrays
    x = np.zeros(len(a.mentors))
    x[chosen] = 1.0
    model = teams_only(problem, np.zeros(len(x)))
    held = model.rows @ x
    broken = (held < model.low - 0.5) | (held > model.high + 0.5)
    value = sum(
        problem.value(i, a.mentors[first:last][x[first:last] > 0].tolist())
        for i, (first, last) in enumerate(zip(a.starts[:-1], a.starts[1:], strict=True))
    )
    return {"value": value, "broken": int(broken.sum() + (a.pinned & (x == 0)).sum())}


if __name__ == "__main__":
    main()

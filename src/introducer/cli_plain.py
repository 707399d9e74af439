"""Commands that need no program of a society: ``assign`` for plain matrices, ``simulate`` for made-up people."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from introducer.terminal import count, finite
from introducer.terminal import out as console

__all__ = ["assign", "simulate"]


def assign(
    matrix: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Affinities: .npz or CSV.")],
    *,
    team: Annotated[int, typer.Option(min=1, help="Mentors of a mentee, at most.")],
    capacity: Annotated[int, typer.Option(min=0, help="Mentees of a mentor, at most.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="CSV file to write.")],
    min_load: Annotated[int, typer.Option(min=0, help="Mentees of a mentor, at least.")] = 0,
    objective: Annotated[str, typer.Option(help="total, or fair: the worst off first.")] = "total",
    cap: Annotated[float | None, typer.Option(callback=finite, help="Largest probability of a tie.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the draw that a cap asks for.")] = 1,
) -> None:
    """Assign by a plain matrix of numbers, such as reviewers to papers."""
    from introducer.assign import Objective
    from introducer.assign import assign as run
    from introducer.io.matrices import read_matrix, ties_as_csv

    if objective not in get_args(Objective):
        raise typer.BadParameter(f"{objective!r} is neither total nor fair", param_hint="--objective")
    if min_load > capacity:
        raise typer.BadParameter(f"{min_load} is above the capacity of {capacity}", param_hint="--min-load")
    if cap is not None and (not 0 < cap <= 1 or objective != "total"):
        raise typer.BadParameter("it is above 0, at most 1, and goes with the objective total", param_hint="--cap")
    if out.exists() and out.samefile(matrix):
        raise typer.BadParameter(f"{out} is the input; choose another file", param_hint="--out")
    affinity, conflict = read_matrix(matrix)
    found = run(
        affinity, team=team, capacity=capacity, min_load=min_load, conflict=conflict,
        objective=cast("Objective", objective), cap=cap, seed=seed,
    )  # fmt: skip
    rows = [(i, j, affinity[i, j]) for i, j in found.ties]
    files = {out: ties_as_csv(("mentee", "mentor", "worth"), rows)}
    console.print(f"{count(len(rows), 'tie')}, total {found.total:.6f}, best possible total {found.best_total:.6f}.")
    if found.marginals is not None:
        places = zip(*found.marginals.nonzero(), strict=True)
        chances = [(int(i), int(j), found.marginals[i, j]) for i, j in places]
        beside = out.with_suffix(".probabilities.csv")
        files[beside] = ties_as_csv(("mentee", "mentor", "probability"), chances)
        expected = float((affinity * found.marginals).sum())
        part = expected / found.best_total if found.best_total else 1.0
        console.print(f"Expected total {expected:.6f}, relative quality {part:.4f}; all probabilities are in {beside}")
    elif objective == "fair":
        told = "proved" if found.proved else "the best that was found, without a proof"
        if 0 < found.proved_to < math.inf:
            told = f"the levels up to a sum of {found.proved_to:g} are proved"
        console.print(f"The smallest sum of a mentee is {found.least:.6f}; {told}.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def simulate(
    *,
    mentees: Annotated[int, typer.Option(min=1, help="How many mentees.")],
    mentors: Annotated[int, typer.Option(min=1, help="How many mentors.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder to write; made if it is not there.")],
    seats: Annotated[float, typer.Option(min=0.01, callback=finite, help="Total capacity over total demand.")] = 0.6,
    seed: Annotated[int, typer.Option(min=0, help="The same seed writes the same people.")] = 1,
) -> None:
    """Write a simulated society: nobody in it exists."""
    from introducer import cohorts

    if (out / "program.toml").exists() and not (out / "calibration.md").exists():
        raise typer.BadParameter(f"{out} holds a program that is not simulated", param_hint="--out")
    cohorts.write(cohorts.simulate(mentees, mentors, seats=seats, seed=seed), out)
    console.print(f"{count(mentees, 'mentee')} and {count(mentors, 'mentor')} written to {out}; nobody in it exists.")
    console.print(f"What the figures rest on, and what they do not: {out / 'calibration.md'}")

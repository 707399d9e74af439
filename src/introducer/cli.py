"""The command line: ``introducer check | match | verify | explain | assign | simulate``.

Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad input, 4 infeasible, 5 refused by ``verify``.
The command line is the one place that knows a clock, threads and a terminal; the engine is
handed what it needs of them.
"""

from __future__ import annotations

import io
import math
import sys
import time
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from introducer.errors import Fault, Infeasible, IntroducerError, Refused, RosterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from introducer.io import Reading
    from introducer.outcome import Outcome

__all__ = ["app", "main"]

app = typer.Typer(
    help="Builds each mentee a constellation of mentors, with a proof of how close to the best possible it is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_out = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
_err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

_NO_TIES: frozenset[tuple[str, str]] = frozenset()
_EXITS = {RosterError: 3, Infeasible: 4, Refused: 5}

Folder = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="Folder with program.toml and the CSV files.")
]


def main() -> None:
    """Run the command line; errors become exit codes and sentences, never a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as the error stream: a terminal that has no é gets \\xe9
    try:
        app()
    except IntroducerError as error:
        _err.print(str(error))
        _err.print(_closing(error), style="bold")
        raise SystemExit(_EXITS[type(error)]) from None
    except OSError as error:
        _err.print(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.", style="bold")
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 - the last place that can turn a fault of ours into a sentence
        _err.print(_unexpected(error), style="bold")
        raise SystemExit(1) from None


def _unexpected(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"Unexpected: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}: {error}. "
        "This is a fault of the program, not of your files; please report this sentence."
    )


def _closing(error: IntroducerError) -> str:
    if isinstance(error, RosterError):
        return f"{_count(len(error.faults), 'fault')}; nothing was written."
    if isinstance(error, Infeasible):
        return "No outcome meets these rules; nothing was written."
    return "The outcome does not follow from its input."


def _percent(gap: float) -> str:
    """Return a gap in words that do not claim more than is proved: rounded up."""
    return f"{math.ceil(1e5 * gap) / 1e3:.3f} %"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@app.command()
def check(
    folder: Folder,
    *,
    suggest: Annotated[bool, typer.Option("--suggest", help="Propose a mapping for unknown headers.")] = False,
) -> None:
    """Read everything and report every bad cell."""
    from introducer.io import read
    from introducer.io import suggest as propose

    if suggest:
        found = propose(folder)
        if found.faults:
            raise RosterError(list(found.faults))
        for line in (*found.proposals, *found.spellings):
            _out.print(str(line))
        for file, header in found.unlike:
            _out.print(f"{file}: the column {header!r} is like no field; it is not read.")
        if found.toml:
            _out.print(f"\nTo review, and paste into program.toml:\n\n{found.toml}")
        elif not found.unlike:
            _out.print("Every header is known already.")
        return
    reading = read(folder)
    _tell(reading)
    roster = reading.roster
    _out.print(
        f"{_count(len(roster.mentees), 'mentee')} and {_count(len(roster.mentors), 'mentor')} read; no fault found."
    )


def _finite(number: float | None) -> float | None:
    if number is not None and not math.isfinite(number):
        raise typer.BadParameter(f"{number} is no number to count with")
    return number


def _tell(reading: Reading) -> None:
    for notice in reading.notices:
        _err.print(f"Note: {notice}")
    for row in reading.set_aside:
        _err.print(f"Set aside: {row.file}, row {row.row}: {row.reason}")


@app.command()
def match(
    folder: Folder,
    *,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder to write; made if it is not there.")],
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Instead of the policy's.")] = None,
    previous: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="An earlier outcome whose ties earn a bonus.")
    ] = None,
    time_budget: Annotated[
        float | None, typer.Option(min=0, callback=_finite, help="Seconds after which the best so far is taken.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of the solver; the result is the same.")] = None,
    redacted: Annotated[
        bool, typer.Option("--redacted", help="Leave out what is private and what it follows from.")
    ] = False,
) -> None:
    """Match a cohort and write the outcome."""
    from introducer.bundle import bundled
    from introducer.io import read
    from introducer.io.folders import write_whole
    from introducer.pipeline import match as run
    from introducer.solve import Watch

    _limit_threads(threads)
    _keep_apart(folder, out, ())
    reading = read(folder)
    _keep_apart(folder, out, reading.sources)
    _tell(reading)
    policy = reading.policy if seed is None else reading.policy.model_copy(update={"seed": seed})
    earlier = _NO_TIES if previous is None else _earlier(previous)
    begin = time.perf_counter()
    phases: dict[str, float] = {}
    with _bar() as show:

        def tell(phase: str, done: float, gap: float | None) -> None:
            phases[phase] = round(time.perf_counter() - begin, 3)
            show(phase, done, gap)

        def stop() -> bool:
            return time_budget is not None and time.perf_counter() - begin >= time_budget

        outcome = run(reading.roster, policy, previous=earlier, watch=Watch(tell=tell, stop=stop))
    seconds = time.perf_counter() - begin
    write_whole(out, bundled(outcome, reading, seconds=seconds, phases=phases, threads=threads, redacted=redacted))
    _summarize(outcome, seconds, out)


def _keep_apart(folder: Path, out: Path, inputs: Iterable[str]) -> None:
    """Refuse to write into a folder that holds input: both have files of the same names."""
    homes = {(folder / name).resolve().parent for name in inputs}
    if (out / "program.toml").exists() or (out.exists() and any(map(out.samefile, homes))):
        raise typer.BadParameter(f"{out} holds the input of a program; choose another folder", param_hint="--out")


def _earlier(previous: Path) -> frozenset[tuple[str, str]]:
    """Return the ties of an earlier outcome; one that cannot be read is bad input."""
    from introducer.io import documents

    try:
        stored = documents.read_outcome(previous)
    except Refused as error:
        raise RosterError([Fault(f"--previous {previous}", reason=finding) for finding in error.findings]) from error
    return frozenset((i, j) for i, team in stored.teams.items() for j in team)


def _limit_threads(threads: int | None) -> None:
    if threads is not None:
        import numba

        most = numba.config.NUMBA_NUM_THREADS
        if threads > most:
            raise typer.BadParameter(f"this machine has {most}", param_hint="--threads")
        numba.set_num_threads(threads)


@contextmanager
def _bar() -> Iterator[Any]:
    """Show progress on a terminal; say nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[gap]}"))
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as progress:
        task = progress.add_task("Preparing (the first run ever compiles, about a minute)", total=1.0, gap="")

        def show(phase: str, done: float, gap: float | None) -> None:
            text = "" if gap is None else f"gap so far {100 * gap:.3f} %"
            progress.update(task, description=f"Matching: {phase}", completed=done, gap=text)

        yield show


def _summarize(outcome: Outcome, seconds: float, out: Path) -> None:
    found = outcome.constellations
    with_team = sum(bool(c.ties) for c in found)
    proof = outcome.certificate
    ties = _count(len(outcome.ties), "tie")
    _out.print(f"{with_team} of {_count(len(found), 'mentee')} have a constellation, {ties} in all.")
    _out.print(
        f"At most {_percent(proof.gap)} from the best possible, proved over all eligible pairs ({seconds:.1f} s)."
    )
    if not outcome.reproducible:
        _out.print("The time budget ended the run: another run may give another outcome.")
    _out.print(f"The report is {out / 'report.html'}")


@app.command()
def verify(
    folder: Folder,
    out: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder that match wrote.")],
) -> None:
    """Recompute feasibility, value and bound, and compare every file."""
    from introducer.verify import verify as run

    outcome = run(folder, out)
    proof = outcome.certificate
    _out.print(
        f"Verified: {_count(len(outcome.ties), 'tie')}, value {proof.value:.6f}, bound {proof.bound:.6f}, "
        f"gap {_percent(proof.gap)}, scope {proof.scope}."
    )


@app.command()
def explain(
    folder: Folder,
    out: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder that match wrote.")],
    *,
    mentee: Annotated[str, typer.Option(help="Id of the mentee.")],
    mentor: Annotated[str | None, typer.Option(help="Id of a mentor: why this one, or why not.")] = None,
    reader: Annotated[str, typer.Option("--for", help="coordinator or participant.")] = "coordinator",
) -> None:
    """Say why, why not, and what would have to change."""
    from introducer.explain import for_coordinator, for_participant
    from introducer.verify import reopen

    if reader not in ("coordinator", "participant"):
        raise typer.BadParameter(f"{reader!r} is neither coordinator nor participant", param_hint="--for")
    account, outcome = reopen(folder, out)
    roster = outcome.roster
    for name, identity, known in (("--mentee", mentee, roster.mentee_index), ("--mentor", mentor, roster.mentor_index)):
        if identity is not None and identity not in known:
            raise typer.BadParameter(f"there is no {name.strip('-')} {identity!r}", param_hint=name)
    i = roster.mentee_index[mentee]
    j = None if mentor is None else roster.mentor_index[mentor]
    write = for_coordinator if reader == "coordinator" else for_participant
    _out.print(write(account, outcome, i, j))


@app.command()
def assign(
    matrix: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Affinities: .npz or CSV.")],
    *,
    team: Annotated[int, typer.Option(min=1, help="Mentors of a mentee, at most.")],
    capacity: Annotated[int, typer.Option(min=0, help="Mentees of a mentor, at most.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="CSV file to write.")],
    min_load: Annotated[int, typer.Option(min=0, help="Mentees of a mentor, at least.")] = 0,
    objective: Annotated[str, typer.Option(help="total, or fair: the worst off first.")] = "total",
    cap: Annotated[float | None, typer.Option(callback=_finite, help="Largest probability of a tie.")] = None,
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
    _out.print(f"{_count(len(rows), 'tie')}, total {found.total:.6f}, best possible total {found.best_total:.6f}.")
    if found.marginals is not None:
        places = zip(*found.marginals.nonzero(), strict=True)
        chances = [(int(i), int(j), found.marginals[i, j]) for i, j in places]
        beside = out.with_suffix(".probabilities.csv")
        files[beside] = ties_as_csv(("mentee", "mentor", "probability"), chances)
        expected = float((affinity * found.marginals).sum())
        part = expected / found.best_total if found.best_total else 1.0
        _out.print(f"Expected total {expected:.6f}, relative quality {part:.4f}; all probabilities are in {beside}")
    elif objective == "fair":
        told = "proved" if found.proved else "the best that was found, without a proof"
        _out.print(f"The smallest sum of a mentee is {found.least:.6f}; {told}.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@app.command()
def simulate(
    *,
    mentees: Annotated[int, typer.Option(min=1, help="How many mentees.")],
    mentors: Annotated[int, typer.Option(min=1, help="How many mentors.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder to write; made if it is not there.")],
    seats: Annotated[float, typer.Option(min=0.01, callback=_finite, help="Total capacity over total demand.")] = 0.6,
    seed: Annotated[int, typer.Option(min=0, help="The same seed writes the same people.")] = 1,
) -> None:
    """Write a simulated society: nobody in it exists."""
    from introducer import cohorts

    if (out / "program.toml").exists() and not (out / "calibration.md").exists():
        raise typer.BadParameter(f"{out} holds a program that is not simulated", param_hint="--out")
    cohorts.write(cohorts.simulate(mentees, mentors, seats=seats, seed=seed), out)
    _out.print(f"{_count(mentees, 'mentee')} and {_count(mentors, 'mentor')} written to {out}; nobody in it exists.")
    _out.print(f"What the figures rest on, and what they do not: {out / 'calibration.md'}")


if __name__ == "__main__":
    main()

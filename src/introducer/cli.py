"""The command line: ``introducer check | match | rematch | verify | explain | evaluate | simulate`` and more.

Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad input, 4 infeasible, 5 refused by ``verify`` or ``evaluate``.
The command line is the one place that knows a clock, threads and a terminal; the engine is
handed what it needs of them.
"""

from __future__ import annotations

import gc
import io
import sys
import time
import traceback
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from introducer import cli_advice, cli_plain
from introducer.errors import Fault, Infeasible, IntroducerError, Refused, RosterError, Unreachable, Unsupported
from introducer.terminal import Folder, Out, bar, count, err, finite, limit_threads, percent, time_is_up
from introducer.terminal import out as console

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from introducer.cluster import Cluster
    from introducer.io import Reading
    from introducer.io.documents import Stored
    from introducer.outcome import Outcome
    from introducer.pipeline import Rematch
    from introducer.solve import Tell

__all__ = ["app", "main"]

app = typer.Typer(
    help="Builds each mentee a constellation of mentors, with a proof of how close to the best possible it is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

#: New objects before unreachable ones are looked for: a run makes many that last, and ends.
_OBJECTS = 100_000
#: So many changes of a kind are named on the terminal.
_LISTED = 20
_EXITS = {RosterError: 3, Infeasible: 4, Refused: 5, Unsupported: 5, Unreachable: 1}


def main() -> None:
    """Run the command line; errors become exit codes and sentences, never a traceback."""
    gc.set_threshold(_OBJECTS, 20, 20)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as the error stream: a terminal that has no é gets \\xe9
    try:
        app()
    except IntroducerError as error:
        err.print(str(error))
        err.print(_closing(error), style="bold")
        raise SystemExit(_EXITS[type(error)]) from None
    except OSError as error:
        err.print(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.", style="bold")
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 - the last place that can turn a fault of ours into a sentence
        err.print(_unexpected(error), style="bold")
        raise SystemExit(1) from None


def _unexpected(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"Unexpected: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}: {error}. "
        "This is a fault of the program, not of your files; please report this sentence."
    )


def _closing(error: IntroducerError) -> str:
    if isinstance(error, RosterError):
        return f"{count(len(error.faults), 'fault')}; nothing was written."
    if isinstance(error, Infeasible):
        return "No outcome meets these rules; nothing was written."
    if isinstance(error, Unreachable):
        return "The run ended in the middle; nothing was written."
    if isinstance(error, Unsupported):
        return "Nothing was estimated."
    return "The outcome does not follow from its input."


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
            console.print(str(line))
        for file, header in found.unlike:
            console.print(f"{file}: the column {header!r} is like no field; it is not read.")
        if found.toml:
            console.print(f"\nTo review, and paste into program.toml:\n\n{found.toml}")
        elif not found.unlike:
            console.print("Every header is known already.")
        return
    reading = read(folder)
    _tell(reading)
    roster = reading.roster
    console.print(
        f"{count(len(roster.mentees), 'mentee')} and {count(len(roster.mentors), 'mentor')} read; no fault found."
    )
    if reading.policy.lottery.loss:
        console.print(f"A lottery will be held. Commitment to its seed, to be published before: {_bound(reading)}")


def _bound(reading: Reading) -> str:
    from introducer.lottery import commitment

    return commitment(reading.policy.seed)


def _tell(reading: Reading) -> None:
    for notice in reading.notices:
        err.print(f"Note: {notice}")
    for row in reading.set_aside:
        err.print(f"Set aside: {row.file}, row {row.row}: {row.reason}")


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
        float | None, typer.Option(min=0, callback=finite, help="Seconds after which the best so far is taken.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of the solver; the result is the same.")] = None,
    redacted: Annotated[
        bool, typer.Option("--redacted", help="Leave out what is private and what it follows from.")
    ] = False,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler whose workers compute; the result is the same.")
    ] = None,
) -> None:
    """Match a cohort and write the outcome."""
    from introducer.bundle import bundled
    from introducer.io import read
    from introducer.io.folders import write_whole
    from introducer.pipeline import match as run
    from introducer.solve import Watch

    limit_threads(threads)
    _keep_apart(folder, out, ())
    reading = read(folder)
    _keep_apart(folder, out, reading.sources)
    _tell(reading)
    policy = reading.policy if seed is None else reading.policy.model_copy(update={"seed": seed})
    stored = {} if previous is None else _stored(previous).teams
    earlier = frozenset((i, j) for i, team in stored.items() for j in team)
    begin = time.perf_counter()
    phases: dict[str, float] = {}
    with _machines(cluster) as others, bar() as show:
        watch = Watch(tell=_timed(begin, phases, show), stop=time_is_up(time_budget))
        outcome = run(reading.roster, policy, previous=earlier, watch=watch, machines=others)
    seconds = time.perf_counter() - begin
    write_whole(out, bundled(outcome, reading, seconds=seconds, phases=phases, threads=threads, redacted=redacted))
    _summarize(outcome, seconds, out)


def _timed(begin: float, phases: dict[str, float], show: Tell) -> Tell:
    """Return what shows progress and notes when each phase said its last word."""

    def tell(phase: str, done: float, gap: float | None) -> None:
        phases[phase] = round(time.perf_counter() - begin, 3)
        show(phase, done, gap)

    return tell


@contextmanager
def _machines(address: str | None) -> Iterator[Cluster | None]:
    """Connect to a cluster, if one is asked for."""
    with ExitStack() as stack:
        if address is None:
            yield None
            return
        from introducer.cluster import connected

        try:
            found = stack.enter_context(connected(address))
        except Unreachable as error:
            raise typer.BadParameter(str(error), param_hint="--cluster") from error
        yield found


@app.command()
def rematch(
    folder: Folder,
    *,
    previous: Annotated[Path, typer.Option(exists=True, file_okay=False, help="The outcome to stay near to.")],
    max_changes: Annotated[int, typer.Option(min=0, help="Ties that may come or go; what is forced is not counted.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder to write; made if it is not there.")],
    since: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="The input of that outcome: who is as then is not looked at."),
    ] = None,
    frontier: Annotated[bool, typer.Option("--frontier", help="Print what fewer and more changes would buy.")] = False,
    time_budget: Annotated[
        float | None, typer.Option(min=0, callback=finite, help="Seconds after which the best so far is taken.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of the solver; the result is the same.")] = None,
) -> None:
    """Match again with few changes."""
    from introducer.bundle import bundled
    from introducer.io import documents, read
    from introducer.io.folders import write_whole
    from introducer.pipeline import rematched
    from introducer.rematch import proof_of
    from introducer.solve import Watch

    limit_threads(threads)
    _keep_apart(folder, out, ())
    reading = read(folder)
    _keep_apart(folder, out, reading.sources)
    _tell(reading)
    proof = proof_of(previous, since)
    begin = time.perf_counter()
    phases: dict[str, float] = {}
    with bar() as show:
        watch = Watch(tell=_timed(begin, phases, show), stop=time_is_up(time_budget))
        found = rematched(reading.roster, reading.policy, proof.teams, most=max_changes, proof=proof, watch=watch)
    seconds = time.perf_counter() - begin
    points = [(point.changes, point.value, point.bound) for point in found.points]
    files = dict(bundled(found.outcome, reading, seconds=seconds, phases=phases, threads=threads))
    files["changes.csv"] = documents.changes_table(ended=found.ended, begun=found.begun, forced=found.forced)
    files["frontier.csv"] = documents.frontier_table(points)
    write_whole(out, files)
    _say_changes(found, frontier=frontier)
    _summarize(found.outcome, seconds, out)


def _say_changes(found: Rematch, *, frontier: bool) -> None:
    """Say what changes and what it buys, and what more or fewer changes would."""
    names = {
        person.id: person.name or person.id for person in (*found.outcome.roster.mentees, *found.outcome.roster.mentors)
    }
    made = len(found.ended) + len(found.begun)
    start = found.points[0].value
    console.print(
        f"{count(made, 'change')}: worth {found.chosen.value - start:.4f} more than none, "
        f"and at most {found.chosen.bound - start:.4f} is possible with {found.chosen.changes}."
    )
    for pairs, word in ((found.ended, "ends"), (found.begun, "begins"), (found.forced, "cannot stay")):
        for mentee, mentor in pairs[:_LISTED]:
            console.print(f"  {names.get(mentee, mentee)} and {names.get(mentor, mentor)}: {word}")
        if len(pairs) > _LISTED:
            console.print(f"  and {len(pairs) - _LISTED} more: {word} (all of them are in changes.csv)")
    if frontier:
        console.print("Changes  worth more than none  at most")
        for point in found.points:
            console.print(f"{point.changes:7,}  {point.value - start:20.4f}  {point.bound - start:7.4f}")


def _keep_apart(folder: Path, out: Path, inputs: Iterable[str]) -> None:
    """Refuse to write into a folder that holds input: both have files of the same names."""
    homes = {(folder / name).resolve().parent for name in inputs}
    if (out / "program.toml").exists() or (out.exists() and any(map(out.samefile, homes))):
        raise typer.BadParameter(f"{out} holds the input of a program; choose another folder", param_hint="--out")


def _stored(previous: Path) -> Stored:
    """Return an earlier outcome; one that cannot be read is bad input."""
    from introducer.io import documents

    try:
        return documents.read_outcome(previous)
    except Refused as error:
        raise RosterError([Fault(f"--previous {previous}", reason=finding) for finding in error.findings]) from error


def _summarize(outcome: Outcome, seconds: float, out: Path) -> None:
    from introducer.report.words import proof_over

    with_team = sum(map(bool, outcome.teams))
    proof = outcome.certificate
    ties = count(outcome.n_ties, "tie")
    console.print(f"{with_team} of {count(len(outcome.teams), 'mentee')} have a constellation, {ties} in all.")
    console.print(f"At most {percent(proof.gap)} from the best possible, {proof_over(proof)} ({seconds:.1f} s).")
    if outcome.draw is not None:
        swaps, came = outcome.draw.swaps, sum(swap.came for swap in outcome.draw.swaps)
        console.print(
            f"Lottery: {count(len(swaps), 'swap')} put to chance, {came} came; expected loss "
            f"{outcome.draw.expected_loss:.6f} of {outcome.draw.value_before:.6f}."
        )
    if not outcome.reproducible:
        console.print("The time budget ended the run: another run may give another outcome.")
    console.print(f"The report is {out / 'report.html'}")


@app.command()
def verify(
    folder: Folder,
    out: Out,
) -> None:
    """Recompute feasibility, value and bound, and compare every file."""
    from introducer.verify import verify as run

    outcome = run(folder, out)
    proof = outcome.certificate
    console.print(
        f"Verified: {count(outcome.n_ties, 'tie')}, value {proof.value:.6f}, bound {proof.bound:.6f}, "
        f"gap {percent(proof.gap)}, scope {proof.scope}."
    )


@app.command()
def explain(
    folder: Folder,
    out: Out,
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
    console.print(write(account, outcome, i, j))


@app.command()
def evaluate(
    folder: Folder,
    out: Out,
    *,
    results: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="CSV: mentee, mentor (if any), result.")],
    target: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Another outcome: what would it have led to?")
    ] = None,
    lowest: Annotated[float | None, typer.Option(callback=finite, help="Smallest possible result.")] = None,
    highest: Annotated[float | None, typer.Option(callback=finite, help="Largest possible result.")] = None,
    level: Annotated[float, typer.Option(callback=finite, help="How often intervals hold.")] = 0.95,
    report: Annotated[Path | None, typer.Option("--json", dir_okay=False, help="File to write.")] = None,
) -> None:
    """Estimate what another outcome would have led to, from the results of one with a lottery."""
    from introducer.evaluate import evaluate as run
    from introducer.evaluate.printed import document, sentences

    if (lowest is None) != (highest is None) or (lowest is not None and highest is not None and lowest >= highest):
        raise typer.BadParameter("they go together, the smaller one first", param_hint="--lowest, --highest")
    if not 0 < level < 1:
        raise typer.BadParameter(f"{level} is not between 0 and 1", param_hint="--level")
    span = None if lowest is None or highest is None else (lowest, highest)
    found = run(folder, out, results, target=target, span=span, level=level)
    for notice in found.notices:
        err.print(f"Note: {notice}")
    console.print(sentences(found))
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(document(found), encoding="utf-8")


for _command in (cli_advice.recruit, cli_advice.robustness, cli_advice.stability):
    app.command()(_command)
app.command()(cli_plain.assign)
app.command()(cli_plain.simulate)


if __name__ == "__main__":
    main()

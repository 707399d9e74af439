"""Commands that advise on an outcome: ``recruit``, ``robustness``, ``stability``. They change none.

Each verifies the outcome first, so a redacted one is refused: it leaves out what advice is
computed from. The texts and documents name people and are for a coordinator.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from introducer.terminal import Folder, Out, bar, finite, limit_threads, time_is_up
from introducer.terminal import out as console

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["recruit", "robustness", "stability"]

Json = Annotated[bool, typer.Option("--json", help="Print a JSON document instead of text.")]
Budget = Annotated[float | None, typer.Option(min=0, callback=finite, help="Seconds after which no more is tried.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of the solver; the result is the same.")]


def recruit(
    folder: Folder,
    out: Out,
    *,
    profiles: Annotated[int, typer.Option(min=1, help="So many kinds of mentor, at most.")] = 3,
    capacity: Annotated[
        int | None, typer.Option(min=1, max=9999, help="Seats of such a mentor; else the policy's.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--out", dir_okay=False, help="JSON file to write, too.")] = None,
    as_json: Json = False,
    time_budget: Budget = None,
    threads: Threads = None,
) -> None:
    """Say which mentor would help most, tried out by adding one."""
    from introducer.advice import documents, printed
    from introducer.advice.recruit import recruit as run
    from introducer.solve import Watch
    from introducer.verify import reopen

    limit_threads(threads)
    if file is not None and file.exists() and file.resolve().parent in (folder.resolve(), out.resolve()):
        raise typer.BadParameter(
            f"{file} is there already, beside the input or the outcome; choose another file", param_hint="--out"
        )
    stop = time_is_up(time_budget)
    _account, outcome = reopen(folder, out)
    with bar() as show:
        found = run(outcome, most=profiles, seats=capacity, watch=Watch(tell=show, stop=stop))
    document = documents.of_recruits(found)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_json(document), encoding="utf-8")
    _print(document if as_json else printed.of_recruits(found, outcome))


def robustness(
    folder: Folder,
    out: Out,
    *,
    rounds: Annotated[int, typer.Option(min=1, max=1000, help="Changes of each kind.")] = 10,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Of what is drawn; else the policy's.")] = None,
    continuity: Annotated[
        float | None, typer.Option(min=0, max=1, help="What a tie must lose by to move; else the policy's.")
    ] = None,
    as_json: Json = False,
    time_budget: Budget = None,
    threads: Threads = None,
) -> None:
    """Say which ties stay when something small is different."""
    from introducer.advice import documents, printed
    from introducer.advice.robustness import robustness as run
    from introducer.solve import Watch
    from introducer.verify import reopen

    limit_threads(threads)
    stop = time_is_up(time_budget)
    _account, outcome = reopen(folder, out)
    with bar() as show:
        watch = Watch(tell=show, stop=stop)
        found = run(outcome, rounds=rounds, seed=seed, continuity=continuity, watch=watch)
    _print(documents.of_robustness(found) if as_json else printed.of_robustness(found, outcome))


def stability(folder: Folder, out: Out, *, as_json: Json = False) -> None:
    """Say who would rather have each other, where both said so."""
    from introducer.advice import documents, printed
    from introducer.advice.stability import stability as run
    from introducer.verify import reopen

    account, outcome = reopen(folder, out)
    found = run(account)
    _print(documents.of_stability(found, outcome) if as_json else printed.of_stability(found, outcome))


def _print(said: Mapping[str, Any] | Iterable[str]) -> None:
    """Print a document, or lines."""
    if isinstance(said, dict):
        console.print(_json(said), end="")
        return
    for line in said:
        console.print(line)


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

"""What the command line says on a terminal: numbers in words, a bar of progress; and when time is up."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Folder", "Out", "bar", "count", "err", "finite", "limit_threads", "out", "percent", "time_is_up"]

out = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

#: What commands take: an input folder, and an outcome folder.
Folder = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="Folder with program.toml and the CSV files.")
]
Out = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder that match wrote.")]


def percent(gap: float) -> str:
    """Return a gap in words that do not claim more than is proved: rounded up."""
    return f"{math.ceil(1e5 * gap) / 1e3:.3f} %"


def count(number: int, noun: str) -> str:
    """Return a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def finite(number: float | None) -> float | None:
    """Refuse infinity, and what is no number."""
    if number is not None and not math.isfinite(number):
        raise typer.BadParameter(f"{number} is no number to count with")
    return number


def limit_threads(threads: int | None) -> None:
    """Give the solver so many threads; none given: all there are."""
    if threads is not None:
        import numba

        most = numba.config.NUMBA_NUM_THREADS
        if threads > most:
            raise typer.BadParameter(f"this machine has {most}", param_hint="--threads")
        numba.set_num_threads(threads)


def time_is_up(budget: float | None) -> Callable[[], bool]:
    """Return what tells whether so many seconds have passed since now; without a budget they never have."""
    begin = time.perf_counter()
    return lambda: budget is not None and time.perf_counter() - begin >= budget


@contextmanager
def bar() -> Iterator[Any]:
    """Show progress on a terminal; say nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[gap]}"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Preparing (the first run ever compiles, about a minute)", total=1.0, gap="")

        def show(phase: str, done: float, gap: float | None) -> None:
            text = "" if gap is None else f"gap so far {100 * gap:.3f} %"
            progress.update(task, description=f"Matching: {phase}", completed=done, gap=text)

        yield show

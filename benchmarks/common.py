"""What every benchmark shares: child processes with their peak memory, environments of peers, medians and tables.

Nothing here, and nothing that ``bench.py`` imports, loads more than the standard library: the operating system
counts a child's peak memory from the size of the process that starts it, so that one has to stay small.
"""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import threading
import time
import venv
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "COMMAND",
    "HERE",
    "PAGE",
    "PEERS",
    "ROOT",
    "Asked",
    "Child",
    "counted",
    "environment",
    "kept",
    "machine",
    "median",
    "own_environment",
    "pinned",
    "run",
    "sources",
    "spread",
    "table",
    "told",
    "versions",
    "written",
]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEERS = HERE / "peers"
PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
#: The command of ours, as it runs in this environment.
COMMAND = [sys.executable, "-m", "introducer.cli"]
#: Fewer runs have no median.
ENOUGH = 3


@dataclass(frozen=True)
class Asked:
    """What a run of the benchmarks was asked for.

    Attributes
    ----------
    runs : int
        Counted runs of each side.
    exact, limit : float
        Seconds that a peer has for the exact model, and that any other child has.
    largest : int
        Most mentees of a cohort.
    data : Path
        Folder of the published inputs.
    bench : Path
        Folder for cohorts, environments and results.
    """

    runs: int
    exact: float
    limit: float
    largest: int
    data: Path
    bench: Path


@dataclass(frozen=True)
class Child:
    """What the operating system counted of a child: seconds, MiB at its peak, exit code; None: ended at its limit."""

    seconds: float
    memory: float
    code: int | None


def run(command: Sequence[object], bench: Path, limit: float = math.inf) -> Child:
    """Run a command; what it prints goes to ``log.txt``. At the limit it is killed.

    Raises
    ------
    RuntimeError
        If it ends with a code that is not 0, with the end of what it printed.
    """
    log = bench / "log.txt"
    ended = threading.Event()
    began = time.perf_counter()
    with log.open("w", encoding="utf-8") as out:
        child = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.STDOUT)
        watch = threading.Timer(min(limit, threading.TIMEOUT_MAX), _end, (child, ended))
        watch.start()
        _pid, status, used = os.wait4(child.pid, 0)
        watch.cancel()
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    memory = used.ru_maxrss / 1024
    if ended.is_set():
        return Child(seconds, memory, None)
    if child.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-15:])
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {child.returncode}:\n{tail}")
    return Child(seconds, memory, child.returncode)


def _end(child: subprocess.Popen[bytes], ended: threading.Event) -> None:
    ended.set()
    child.kill()


def environment(name: str, bench: Path) -> Path:
    """Return the Python of a peer's environment, made from ``peers/NAME.txt`` with its hashes if it is not there."""
    return _environment(bench / "environments" / name, PEERS / f"{name}.txt")


def own_environment(bench: Path) -> Path:
    """Return the folder of commands of an environment with this package and nothing but what it needs."""
    python = _environment(bench / "environments" / "introducer", ROOT / "requirements" / "core.txt")
    # Installed anew, all would be compiled anew.
    stamp = python.parent.parent / "sources.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == sources():
        return python.parent
    source = bench / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for file in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copyfile(ROOT / file, source / file)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--force-reinstall", source], bench)
    stamp.write_text(sources(), encoding="utf-8")
    return python.parent


def _environment(folder: Path, locked: Path) -> Path:
    python, stamp = folder / "bin" / "python", folder / "locked.txt"
    if not stamp.exists() or stamp.read_bytes() != locked.read_bytes():
        venv.create(folder, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", locked], folder)
        shutil.copyfile(locked, stamp)
    return python


def pinned(name: str) -> str:
    """Return the version of a peer's package, as it is pinned."""
    return (PEERS / f"{name}.in").read_text(encoding="utf-8").strip().replace("==", " ")


def versions(python: Path | str, *packages: str) -> str:
    """Return the versions of packages in an environment."""
    names = f"import importlib.metadata as m; print(', '.join(f'{{n}} {{m.version(n)}}' for n in {packages!r}))"
    return subprocess.run([python, "-c", names], check=True, capture_output=True, text=True).stdout.strip()


def machine() -> str:
    """Return processor and cores, without a name of the machine."""
    cores = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if cores.exists():
        lines = cores.read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def counted(runs: int) -> str:
    """Say what the seconds of so many runs are."""
    if runs >= ENOUGH:
        return f"medians of {runs} runs in turn"
    return f"{'one run' if runs == 1 else f'{runs} runs'} of each side in turn, which is no median: 3 are needed"


def median(numbers: Sequence[float]) -> float:
    """Return the median, and nan of nothing."""
    return statistics.median(numbers) if numbers else math.nan


def spread(numbers: Sequence[float]) -> str:
    """Return the median with its range, or the only number, or a dash."""
    if len(numbers) < 2:
        return _short(numbers[0]) if numbers else "-"
    return f"{_short(median(numbers))} ({_short(min(numbers))} to {_short(max(numbers))})"


def _short(number: float) -> str:
    return f"{number:.2f}" if number >= 0.1 else f"{number:.2g}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written(page: str, name: str, text: str) -> str:
    """Return a page with another text between the markers of a section.

    Raises
    ------
    ValueError
        If the page has no such markers.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in page or end not in page:
        raise ValueError(f"there is no {begin} with its end")
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}"


def sources() -> str:
    """Return a checksum of the engine's sources and the families': what others gave is not shown beside new results."""
    total = 0
    for path in (*sorted((ROOT / "src" / "introducer").rglob("*.py")), HERE / "families.py"):
        total = zlib.crc32(path.read_bytes(), total)
    return f"{total:08x}"


def kept(bench: Path, part: str, found: dict[str, Any]) -> None:
    """Keep what a part of the benchmarks found, with the sources that it was found for."""
    folder = bench / "results"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.json").write_text(json.dumps(found | {"sources": sources()}, indent=1), encoding="utf-8")


def told(bench: Path, part: str) -> dict[str, Any] | None:
    """Return what a part found for these sources; None if it did not run since they changed."""
    path = bench / "results" / f"{part}.json"
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found if found.pop("sources") == sources() else None

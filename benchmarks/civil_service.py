"""One sign-up export, two programs: ``introducer match`` beside mentor-match 7.0.1.

Each side is a whole command in an environment of its own, locked by hashes: from two CSV files to
written results. They run in turn (A B C A B C ...), after one run each that is not counted, and the
median of the runs is reported. The export is not part of the repository: ``--data`` says where it lies.

    python benchmarks/civil_service.py --write
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "civil-service"
PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
BEGIN, END = "<!-- civil-service: begin -->", "<!-- civil-service: end -->"
GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")


@dataclass(frozen=True)
class Side:
    """One command of the comparison.

    Attributes
    ----------
    name : str
    policy : {"one", "three"}
        One mentor each and one mentee each, or up to three of both.
    shown : str
        The command as a reader would type it.
    command : list of str
        As it is run; ``{folder}`` and ``{out}`` are filled in.
    """

    name: str
    policy: str
    shown: str
    command: list[str]


def main() -> int:
    """Make the environments, run the sides in turn, print and perhaps write the section."""
    parser = argparse.ArgumentParser(description="introducer match beside mentor-match on one export")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "mentor-match" / "large")
    parser.add_argument("--runs", type=int, default=3, help="counted runs of each side, at least 3")
    parser.add_argument("--bench", type=Path, default=Path(tempfile.gettempdir()) / "introducer-bench")
    parser.add_argument("--locked", type=Path, default=ROOT / "requirements" / "core.txt", help="of introducer")
    parser.add_argument("--write", action="store_true", help="write the section into the documentation")
    asked = parser.parse_args()
    if asked.runs < 3:
        parser.error("--runs: a median needs at least 3")
    if not (asked.data / "mentees.csv").exists():
        print(f"The export is not there: {asked.data}. examples/civil-service/README.md says where it is published.")
        return 2
    ours = environment(asked.bench / "introducer", asked.locked, package=source(asked.bench / "source"))
    peer = environment(asked.bench / "mentor-match", ROOT / "benchmarks" / "requirements-mentor-match.txt")
    folders = {"one": asked.bench / "one", "three": asked.bench / "three"}
    for name, program in (("one", "program.toml"), ("three", "program-teams.toml")):
        folders[name].mkdir(parents=True, exist_ok=True)
        shutil.copyfile(EXAMPLE / program, folders[name] / "program.toml")
        for file in ("mentees.csv", "mentors.csv"):
            shutil.copyfile(asked.data / file, folders[name] / file)
    chosen = sides(ours, peer)
    seconds: dict[str, list[float]] = {side.name: [] for side in chosen}
    measures: dict[str, dict[str, float]] = {}
    for turn in range(asked.runs + 1):
        for side in chosen:
            folder, out = folders[side.policy], asked.bench / f"out-{chosen.index(side)}"
            shutil.rmtree(out, ignore_errors=True)
            began = time.perf_counter()
            filled = [part.format(folder=folder, out=out) for part in side.command]
            subprocess.run(filled, check=True, stdout=subprocess.DEVNULL)
            spent = time.perf_counter() - began
            print(f"{'not counted' if turn == 0 else f'run {turn}'}: {side.name}: {spent:.2f} s", flush=True)
            if turn:
                seconds[side.name].append(spent)
                measures[side.name] = measure(asked.data, out / "ties.csv")
            if "introducer" in side.name:
                measures.setdefault(side.name, {}).update(certificate(out))
    text = section(chosen, seconds, measures, versions(ours, peer), asked.runs)
    print(text)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"# Benchmarks\n\n{BEGIN}\n{END}\n"
        before, _, rest = page.partition(BEGIN)
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


def source(folder: Path) -> Path:
    """Copy what the package is built from, so that building leaves nothing in the repository."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for file in (ROOT / "pyproject.toml", ROOT / "LICENSE", *ROOT.glob("README.md")):
        shutil.copyfile(file, folder / file.name)
    return folder


def environment(folder: Path, locked: Path, package: Path | None = None) -> Path:
    """Make a virtual environment from hash-locked requirements, and return its folder of commands."""
    if not folder.exists():
        venv.create(folder, with_pip=True)
    commands = folder / "bin"
    pip = [str(commands / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(locked)], check=True)
    if package is not None:
        subprocess.run([*pip, "--no-deps", "--force-reinstall", str(package)], check=True)
    return commands


def sides(ours: Path, peer: Path) -> list[Side]:
    """Return the commands, in the order in which they take turns."""
    match = [str(ours / "introducer"), "match", "{folder}", "--out", "{out}"]
    other = [str(peer / "python"), str(ROOT / "benchmarks" / "civil_service_peer.py"), "{folder}", "{out}"]
    typed = "python benchmarks/civil_service_peer.py FOLDER OUT"
    return [
        Side("introducer", "one", "introducer match FOLDER --out OUT", match),
        Side("mentor-match, our policy as its rules", "one", f"{typed} --rules ours", [*other, "--rules", "ours"]),
        Side("mentor-match, its authors' rules", "one", typed, other),
        Side("introducer, teams of 3", "three", "introducer match FOLDER --out OUT", match),
        Side("mentor-match, its authors' rules, 3 rounds", "three", f"{typed} --rounds 3", [*other, "--rounds", "3"]),
    ]


def rows(file: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def measure(export: Path, ties: Path) -> dict[str, float]:
    """Return what the ties do for people, counted from the export itself and from nothing that a program says.

    A wish is ``match with similar identity`` answered yes by a mentee who names an identity; it is honored
    when a mentor of theirs names that identity too.
    """
    mentees = {row["email address"]: row for row in rows(export / "mentees.csv")}
    mentors = {row["email address"]: row for row in rows(export / "mentors.csv")}
    pairs = [(mentees[row["mentee"]], mentors[row["mentor"]]) for row in rows(ties)]
    wishing = {
        mail
        for mail, row in mentees.items()
        if row["match with similar identity"] == "yes" and row["identity to match"]
    }
    honored = {
        mentee["email address"]
        for mentee, mentor in pairs
        if mentee["identity to match"] in mentor["characteristics"].split(", ")
    }
    ahead = [GRADES.index(mentor["grade"]) - GRADES.index(mentee["grade"]) for mentee, mentor in pairs]
    return {
        "ties": len(pairs),
        "matched": len({mentee["email address"] for mentee, _mentor in pairs}) / len(mentees),
        "honored": len(wishing & honored) / len(wishing),
        "grades": statistics.fmean(ahead),
        "best": sum(1 <= step <= 3 for step in ahead) / len(pairs),
        "department": sum(mentee["organisation"] != mentor["organisation"] for mentee, mentor in pairs) / len(pairs),
        "profession": sum(mentee["profession"] == mentor["profession"] for mentee, mentor in pairs) / len(pairs),
    }


def certificate(out: Path) -> dict[str, float]:
    """Return the gap that our own outcome proves."""
    outcome = json.loads((out / "outcome.json").read_text(encoding="utf-8"))
    return {"gap": float(outcome["gap"])}


def versions(ours: Path, peer: Path) -> str:
    """Return the versions of what ran."""
    names = "import importlib.metadata as m; print(', '.join(f'{n} {m.version(n)}' for n in %r))"
    found = [
        subprocess.run([str(where / "python"), "-c", names % (packages,)], check=True, capture_output=True, text=True)
        for where, packages in (
            (ours, ("introducer", "numpy", "numba", "highspy")),
            (peer, ("mentor-match", "munkres")),
        )
    ]
    return "; ".join(run.stdout.strip() for run in found)


def machine() -> str:
    """Return processor and cores, without a name of the machine."""
    model = platform.processor() or platform.machine()
    cores = Path("/proc/cpuinfo")
    if cores.exists():
        lines = (
            line.partition(":")[2].strip() for line in cores.read_text().splitlines() if line.startswith("model name")
        )
        model = next(lines, model)
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def section(
    chosen: list[Side],
    seconds: dict[str, list[float]],
    measures: dict[str, dict[str, float]],
    ran: str,
    runs: int,
) -> str:
    """Return the section of the documentation."""
    first = {"one": "introducer", "three": "introducer, teams of 3"}
    lines = []
    for side in chosen:
        found, spent = measures[side.name], seconds[side.name]
        median = statistics.median(spent)
        ratio = median / statistics.median(seconds[first[side.policy]])
        lines.append(
            f"| {side.name} | {median:.2f} ({min(spent):.2f} to {max(spent):.2f}) | {ratio:.2f} "
            f"| {found['ties']:.0f} | {found['matched']:.1%} | {found['honored']:.1%} | {found['grades']:.2f} "
            f"| {found['best']:.1%} | {found['department']:.1%} | {found['profession']:.1%} "
            f"| {format(found['gap'], '.5f') if 'gap' in found else 'none stated'} |"
        )
    commands = "\n".join(f"- {side.name}: `{side.shown}`" for side in chosen)
    table = "\n".join(lines)
    return f"""## A sign-up export of 500 mentees and 500 mentors

The export of `examples/civil-service/`, matched by both programs: whole commands, from two CSV files to written
results, each in an environment locked by hashes, in turn, median of {runs} after one run that is not counted. The
measures are counted from the export and the ties alone. A wish is a yes to "match with similar identity" by
somebody who names one; it is honored when one of their mentors names it too.

| program | seconds (range) | times ours | ties | mentees matched | wishes honored | grades above, mean \
| 1 to 3 above | other department | same profession | gap proved |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
{table}

How to read it:

- *Our policy as its rules* is the same problem for both: the same refusals, and points in the same proportions,
  rounded to whole ones because the package subtracts them from a very large integer. The package solves a pairing
  to the end; how far ours may be from there says its last column.
- *Its authors' rules* are those of the service that the package's authors built for this form: another department
  and one or two grades above are conditions, so that somebody may stay without a match; a shared identity counts
  whether or not it was wished for. In three rounds, each person may get up to three matches, one a round.
- With teams of 3, a wish is met by one mentor of the team; without a need in the form, the others are there for
  grade, department and profession.
- The service itself repeats the three rounds for every bonus from 0 to 36 that an unmatched person may get; here
  the bonus is 6, its default, and the rounds run once.

{commands}

Ours proves how far from the best possible an outcome can be, and writes explanations and a report in the same
time; the package writes two lists.

Machine: {machine()}. Versions: {ran}. Seed: 1 (policy); the package draws nothing. Again:
`python benchmarks/civil_service.py --write`."""


if __name__ == "__main__":
    sys.exit(main())

"""One sign-up export, two programs: ``introducer match`` beside mentor-match 7.0.1.

Each side is a whole command in an environment of its own, locked by hashes: from two CSV files to
written results. They run in turn (A B C A B C ...), after one run each that is not counted. The export is not
part of the repository: ``bench.py --data`` says where it lies.
"""

from __future__ import annotations

import csv
import json
import shutil
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common import PEERS, ROOT, environment, kept, median, own_environment, run, spread, table, told, versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from common import Asked

__all__ = ["judged", "measured", "rows_of", "section", "written_by"]

NAME = "civil-service"
EXAMPLE = ROOT / "examples" / "civil-service"
GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")
#: Seconds of the whole command, at most, warm.
MOST = 3.0
#: Ours by policy, and the peer that each is compared with: the one that solves what is nearest to it.
OURS = {"one": "introducer", "three": "introducer, teams of 3"}
RIVALS = {"one": "mentor-match, our policy as its rules", "three": "mentor-match, its authors' rules, 3 rounds"}


@dataclass(frozen=True)
class Command:
    """One command of the comparison.

    Attributes
    ----------
    name : str
    policy : {"one", "three"}
        One mentor each and one mentee each, or up to three of both.
    shown : str
        The command as a reader would type it.
    words : list of str
        As it is run; ``{folder}`` and ``{out}`` are filled in.
    """

    name: str
    policy: str
    shown: str
    words: list[str]


def measured(asked: Asked) -> None:
    """Make the environments and run the sides in turn. Nothing is measured if the export is not there."""
    published = asked.data / "mentor-match" / "large"
    if not (published / "mentees.csv").exists():
        print(f"The export is not there: {published}. examples/civil-service/README.md says where it is published.")
        return
    ours, peer = own_environment(asked.bench), environment("mentor-match", asked.bench)
    folders = {"one": asked.bench / "one", "three": asked.bench / "three"}
    for name, program in (("one", "program.toml"), ("three", "program-teams.toml")):
        folders[name].mkdir(parents=True, exist_ok=True)
        shutil.copyfile(EXAMPLE / program, folders[name] / "program.toml")
        for file in ("mentees.csv", "mentors.csv"):
            shutil.copyfile(published / file, folders[name] / file)
    chosen = commands(ours, peer)
    found: dict[str, dict[str, Any]] = {
        side.name: {"name": side.name, "policy": side.policy, "shown": side.shown, "seconds": [], "memory": []}
        for side in chosen
    }
    for turn in range(asked.runs + 1):
        for side in chosen:
            out = asked.bench / "out" / f"civil-service-{chosen.index(side)}"
            shutil.rmtree(out, ignore_errors=True)
            filled = [part.format(folder=folders[side.policy], out=out) for part in side.words]
            ended = run(filled, asked.bench, asked.limit)
            if not turn:
                continue
            mine = found[side.name]
            mine["seconds"].append(ended.seconds)
            mine["memory"].append(ended.memory)
            mine |= measure(published, out / "ties.csv")
            if side.name in OURS.values():
                mine["gap"] = certified(out)
    ran = [
        versions(ours / "python", "introducer", "numpy", "numba", "highspy"),
        versions(peer, "mentor-match", "munkres"),
    ]
    kept(asked.bench, NAME, {"sides": list(found.values()), "versions": "; ".join(ran), "runs": asked.runs})


def commands(ours: Path, peer: Path) -> list[Command]:
    """Return the commands, in the order in which they take turns."""
    match = [str(ours / "introducer"), "match", "{folder}", "--out", "{out}"]
    other = [str(peer), str(PEERS / "civil_service_peer.py"), "{folder}", "{out}"]
    typed = "python benchmarks/peers/civil_service_peer.py FOLDER OUT"
    return [
        Command(OURS["one"], "one", "introducer match FOLDER --out OUT", match),
        Command(RIVALS["one"], "one", f"{typed} --rules ours", [*other, "--rules", "ours"]),
        Command("mentor-match, its authors' rules", "one", typed, other),
        Command(OURS["three"], "three", "introducer match FOLDER --out OUT", match),
        Command(RIVALS["three"], "three", f"{typed} --rounds 3", [*other, "--rounds", "3"]),
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


def certified(out: Path) -> float:
    """Return the gap that our own outcome proves."""
    return float(json.loads((out / "outcome.json").read_text(encoding="utf-8"))["gap"])


def rows_of(asked: Asked) -> list[dict[str, Any]]:
    """Return what is kept for these sources."""
    found = told(asked.bench, NAME)
    return [] if found is None else found["sides"]


def judged(rows: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return the lines of the table of targets: one mentor each, and teams of 3."""
    lines = []
    by_name = {row["name"]: row for row in rows}
    for policy, ours in OURS.items():
        name = f"civil service's export, {'one to one' if policy == 'one' else 'teams of 3'}, whole command"
        if ours not in by_name:
            lines.append([name, "500 x 500", *["-"] * 7, f"{MOST:g} s: not run", ""])
            continue
        mine, other = by_name[ours], by_name[RIVALS[policy]]
        spent = median(mine["seconds"])
        verdict = "met" if spent <= MOST else f"not met: {spent:.2f} s"
        lines.append(
            [
                name,
                "500 x 500",
                f"{mine['gap']:.4%}",
                spread(mine["seconds"]),
                f"{median(mine['memory']):.0f}",
                *([] if policy == "one" else ["-", "-"]),
                f"{other['name']}: {spread(other['seconds'])} s",
                f"{median(other['seconds']) / spent:.3g}",
                *(["-", "-"] if policy == "one" else []),
                f"{MOST:g} s: {verdict}",
                "",
            ]
        )
    return lines


def section(asked: Asked) -> str:
    """Return what was found as text; nothing if it was not measured."""
    found = told(asked.bench, NAME)
    return "" if found is None else written_by(found["sides"], found["versions"])


def written_by(rows: Sequence[dict[str, Any]], ran: str) -> str:
    """Return the section of the documentation."""
    lines = []
    by_name = {row["name"]: row for row in rows}
    for row in rows:
        ratio = median(row["seconds"]) / median(by_name[OURS[row["policy"]]]["seconds"])
        parts = ("matched", "honored"), ("best", "department", "profession")
        lines.append(
            [
                row["name"],
                spread(row["seconds"]),
                f"{ratio:.2f}",
                f"{row['ties']:.0f}",
                *(f"{row[key]:.1%}" for key in parts[0]),
                f"{row['grades']:.2f}",
                *(f"{row[key]:.1%}" for key in parts[1]),
                f"{row['gap']:.4%}" if "gap" in row else "none stated",
                f"{median(row['memory']):.0f}",
            ]
        )
    header = (
        "program", "seconds", "times ours", "ties", "mentees matched", "wishes honored", "grades above, mean",
        "1 to 3 above", "other department", "same profession", "gap proved", "MiB",
    )  # fmt: skip
    shown = "\n".join(f"- {row['name']}: `{row['shown']}`" for row in rows)
    return f"""### A sign-up export of 500 mentees and 500 mentors

The export of `examples/civil-service/`, matched by both programs: whole commands, from two CSV files to written
results, each in an environment locked by hashes, in turn, after one run each that is not counted. The
measures are counted from the export and the ties alone. A wish is a yes to "match with similar identity" by
somebody who names one; it is honored when one of their mentors names it too.

{table(header, lines)}

How to read it:

- *Our policy as its rules* is the same problem for both: the same refusals, and points in the same proportions,
  rounded to whole ones because the package subtracts them from a very large integer. The package solves a pairing
  to the end; how far ours may be from there says the column of the gap.
- *Its authors' rules* are those of the service that the package's authors built for this form: another department
  and one or two grades above are conditions, so that somebody may stay without a match; a shared identity counts
  whether or not it was wished for. In three rounds, each person may get up to three matches, one a round.
- With teams of 3, a wish is met by one mentor of the team; without a need in the form, the others are there for
  grade, department and profession.
- The service itself repeats the three rounds for every bonus from 0 to 36 that an unmatched person may get; here
  the bonus is 6, its default, and the rounds run once.

{shown}

Ours proves how far from the best possible an outcome can be, and writes explanations and a report in the same
time; the package writes two lists. Versions here: {ran}; the package draws nothing."""

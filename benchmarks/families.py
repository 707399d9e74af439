"""Cohorts of five kinds, since an easy kind flatters: made-up societies changed in one respect, and a published export.

In a process of its own:

    python benchmarks/families.py FAMILY MENTEES MENTORS FOLDER [--data FOLDER]

``uniform``
    Institutions lie in no region, and people of one institution are no more alike than others.
``clustered``
    As ``introducer simulate`` draws them: by region and institution.
``scarce``
    Clustered; the domain that most mentees need is offered by one mentor in 30.
``rare``
    Clustered; half of the mentees wish for an experience that one mentor in 50 had.
``civil-service``
    The first people of the export of ``examples/civil-service``, in teams of up to 3.
``pairs``
    Uniform, one mentor each and one mentee each, and no rule but who may be tied: what one-to-one programs can solve.

All but the last have seats for .4 of what is asked.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

from introducer import cohorts

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = ("uniform", "clustered", "scarce", "rare", "civil-service", "pairs")
SEATS, SEED = 0.4, 1
#: One mentor in so many offers the scarce domain, or had the rare experience.
SCARCE, RARE = 30, 50
#: The experience that is made rare.
EXPERIENCE = "second_victim"


def main() -> None:
    """Write the folder of a cohort."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("mentees", type=int)
    parser.add_argument("mentors", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="published inputs")
    asked = parser.parse_args()
    if asked.family == "civil-service":
        export(asked.data / "mentor-match" / "large", asked.mentees, asked.mentors, asked.folder)
    else:
        cohorts.write(drawn(asked.family, asked.mentees, asked.mentors), asked.folder)


def drawn(family: str, mentees: int, mentors: int) -> cohorts.Cohort:
    """Draw a cohort of a family."""
    clustered = family not in ("uniform", "pairs")
    cohort = cohorts.simulate(mentees, mentors, seats=SEATS, seed=SEED, clustered=clustered)
    change = {"scarce": scarce, "rare": rare, "pairs": pairs}.get(family)
    return change(cohort) if change else cohort


def scarce(cohort: cohorts.Cohort) -> cohorts.Cohort:
    """Leave the offer of the most needed domain, and of its topics, to one mentor in ``SCARCE``."""
    needs = {
        name: sum(map(bool, cells))
        for name, cells in cohort.mentees.items()
        if name.startswith("need:") and "." not in name
    }
    domain = max(sorted(needs), key=needs.__getitem__).removeprefix("need:")
    columns = {name: list(cells) for name, cells in cohort.mentors.items()}
    ours = [name for name in columns if name == f"offer:{domain}" or name.startswith(f"offer:{domain}.")]
    for name in ours:
        columns[name] = [""] * len(columns[name])
    for place in range(0, len(columns["id"]), SCARCE):
        columns[f"offer:{domain}"][place] = "3"
    return replace(cohort, mentors=columns)


def rare(cohort: cohorts.Cohort) -> cohorts.Cohort:
    """Let every second mentee wish for an experience that one mentor in ``RARE`` had."""
    theirs = {name: list(cells) for name, cells in cohort.mentors.items()}
    for place, told in enumerate(theirs["experiences"]):
        others = [text for text in told.split("; ") if text and text != EXPERIENCE]
        theirs["experiences"][place] = "; ".join([*others, *([EXPERIENCE] if place % RARE == 0 else [])])
    wishes = list(cohort.mentees[f"wish:{EXPERIENCE}"])
    wishes[::2] = ["3"] * len(wishes[::2])
    return replace(cohort, mentors=theirs, mentees={**cohort.mentees, f"wish:{EXPERIENCE}": wishes})


def pairs(cohort: cohorts.Cohort) -> cohorts.Cohort:
    """Leave one seat to everybody, and no rule that a one-to-one program does not know."""
    left, right = dict(cohort.mentees), dict(cohort.mentors)
    left |= {"team_size": ["1"] * len(left["id"]), "keep_seat": [""] * len(left["id"])}
    right |= {"capacity": ["1"] * len(right["id"]), "min_load": [""] * len(right["id"])}
    right |= {name: [""] * len(right["id"]) for name in right if name.startswith("quota:")}
    return replace(cohort, mentees=left, mentors=right, ties=())


def export(published: Path, mentees: int, mentors: int, folder: Path) -> None:
    """Write the first people of the civil service's export, with seats for ``SEATS`` of what is asked."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, most in (("mentees.csv", mentees), ("mentors.csv", mentors)):
        lines = (published / file).read_text(encoding="utf-8").splitlines(keepends=True)
        if len(lines) <= most:
            raise SystemExit(f"The export has {len(lines) - 1} people in {file}, and {most} are asked for.")
        (folder / file).write_text("".join(lines[: most + 1]), encoding="utf-8")
    shutil.copyfile(ROOT / "examples" / "civil-service" / "program-teams.toml", folder / "program.toml")
    program = (folder / "program.toml").read_text(encoding="utf-8")
    capacity = max(1, round(SEATS * 3 * mentees / mentors))
    (folder / "program.toml").write_text(program.replace("capacity = 3", f"capacity = {capacity}"), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The other side of ``civil_service.py``: mentor-match on the same two files, as its own authors run it.

Runs in an environment of its own (``mentor-match.txt``), and imports nothing of ours.
Two sets of rules:

``authors``
    Those of the service that its authors built on the package for this very form: one department or a
    grade that is not one or two above disqualifies; two grades above 12 points, one 9, same profession 10,
    shared identity 6 (whether or not the mentee asked for it), and 6 for a pair in which somebody is still
    without a match.
``ours``
    The policy of ``examples/civil-service/program.toml`` in points, so that both solve the same problem.
    The package subtracts points from a very large integer, hence whole points.
"""

from __future__ import annotations

import argparse
import csv
import operator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matching import process
from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.rules import rule as rl

if TYPE_CHECKING:
    from matching.match import Match

GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")

#: What the form offers to choose from.
IDENTITIES = ("Asexual or aromantic", "Bisexual or pansexual", "Gay", "Lesbian", "Non-binary", "Transgender")

#: Points of a whole wish: weights.wish / weights.pair times the 34 points of all pair terms.
WISH = round(0.5 / 0.15 * 34)


class FormMentee(Mentee):
    """A row of mentees.csv."""

    def __init__(self, **row: Any) -> None:
        self.identity = row["identity to match"]
        self.wishes = row["match with similar identity"] == "yes"
        super().__init__(**row)


class FormMentor(Mentor):
    """A row of mentors.csv."""

    def __init__(self, **row: Any) -> None:
        self.identities = [text for text in row["characteristics"].split(", ") if text]
        super().__init__(**row)


def fields(row: dict[str, str], _side: str) -> dict[str, Any]:
    """Rename the form's columns to the package's; a grade is a number there."""
    return row | {"email": row["email address"], "role": row["job title"], "grade": GRADES.index(row["grade"])}


def shares_identity(match: Match) -> bool:
    """Tell whether the mentor named the mentee's identity."""
    return match.mentee.identity != "" and match.mentee.identity in match.mentor.identities


def authors() -> list[rl.RuleProtocol]:
    """Return the rules of the authors' service."""
    return [
        rl.Disqualify(lambda match: match.mentee.organisation == match.mentor.organisation),
        rl.Disqualify(rl.Grade(target_diff=2, logical_operator=operator.gt).evaluate),
        rl.Disqualify(rl.Grade(target_diff=0, logical_operator=operator.le).evaluate),
        rl.Grade(2, operator.eq, {True: 12, False: 0}),
        rl.Grade(1, operator.eq, {True: 9, False: 0}),
        rl.Equivalent("profession", {True: 10, False: 0}),
        rl.Generic({True: 6, False: 0}, shares_identity),
        rl.UnmatchedBonus(6),
    ]


def ours() -> list[rl.RuleProtocol]:
    """Return our policy in points: a rule for each step, since a rule here is true or false."""
    found: list[rl.RuleProtocol] = [
        rl.Disqualify(rl.Grade(target_diff=0, logical_operator=operator.lt).evaluate),
        rl.Equivalent("profession", {True: 10, False: 0}),
        rl.Equivalent("organisation", {True: 0, False: 12}),
    ]
    grades = {0: 8, 1: 12, 2: 12, 3: 12, 4: 8, 5: 4}
    found += [rl.Grade(ahead, operator.eq, {True: points, False: 0}) for ahead, points in grades.items()]
    return found + [wish(named) for named in range(1, len(IDENTITIES) + 1)]


def wish(named: int) -> rl.RuleProtocol:
    """Return the points of a wish that a mentor meets who names so many identities: the overlap of both lists."""
    return rl.Generic(
        {True: round(WISH / named), False: 0},
        lambda match: match.mentee.wishes and shares_identity(match) and len(match.mentor.identities) == named,
    )


def main() -> None:
    """Match, and write the package's own lists and the ties."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rules", choices=("authors", "ours"), default="authors")
    parser.add_argument("--rounds", type=int, default=1, help="matches that a person may have")
    asked = parser.parse_args()
    mentors = process.create_participant_list_from_path(FormMentor, asked.folder, fields)
    mentees = process.create_participant_list_from_path(FormMentee, asked.folder, fields)
    rules = {"authors": authors, "ours": ours}[asked.rules]
    mentors, mentees = process.process_data(mentors, mentees, [rules() for _ in range(asked.rounds)])
    asked.out.mkdir(parents=True, exist_ok=True)
    process.create_mailing_list(mentors, asked.out)
    process.create_mailing_list(mentees, asked.out)
    with (asked.out / "ties.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["mentee", "mentor"])
        writer.writerows([mentee.email, mentor.email] for mentee in mentees for mentor in mentee.mentors)


if __name__ == "__main__":
    main()

"""mentor-match on a matrix of worths, through a rule that looks points up.

    python benchmarks/peers/by_mentor_match.py MATRIX OUT

MATRIX and OUT as of ``by_munkres.py``. Points are worths in thousandths: the package subtracts them from a very large
integer.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from exchange import given, placed, write
from matching import process
from matching.mentee import Mentee
from matching.mentor import Mentor

if TYPE_CHECKING:
    from matching.match import Match


class Worths:
    """A rule: points of a pair, by the numbers that stand for their addresses."""

    def __init__(self, worths: list[list[float]], places: list[list[int]]) -> None:
        self.points = [[round(1000 * worth) for worth in row] for row in worths]
        self.places = places

    def evaluate(self, pair: Match) -> bool:
        """Tell whether a pair is allowed."""
        return self.places[int(pair.mentee.email)][int(pair.mentor.email)] >= 0

    def apply(self, pair: Match) -> int:
        """Return the points of a pair, and refuse it if it is not allowed."""
        pair.disallowed = not self.evaluate(pair)
        return self.points[int(pair.mentee.email)][int(pair.mentor.email)]


def main() -> None:
    """Solve, and write what was found."""
    asked = given(main.__doc__)
    stored = json.loads(asked.instance.read_text(encoding="utf-8"))
    size = range(len(stored["worths"]))
    began = time.perf_counter()
    mentors = [Mentor(email=str(j), grade=1) for j in size]
    mentees = [Mentee(email=str(i), grade=0) for i in size]
    process.process_data(mentors, mentees, [[Worths(stored["worths"], stored["places"])]])
    pairs = [(int(mentee.email), int(mentor.email)) for mentee in mentees for mentor in mentee.mentors]
    seconds = time.perf_counter() - began
    write(asked.out, seconds=seconds, chosen=placed(stored, pairs))


if __name__ == "__main__":
    main()

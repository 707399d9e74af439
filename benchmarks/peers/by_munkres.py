"""munkres on a matrix of worths: the assignment of the largest sum.

    python benchmarks/peers/by_munkres.py MATRIX OUT

MATRIX is JSON: ``worths``, a list for every row, 0 where a pair is refused, and ``places``, the place of every pair
among those of the instance, -1 where it is refused. Writes ``seconds`` and the places of the ``chosen`` pairs.
"""

from __future__ import annotations

import json
import time

from exchange import given, placed, write
from munkres import Munkres, make_cost_matrix


def main() -> None:
    """Solve, and write what was found."""
    asked = given(main.__doc__)
    stored = json.loads(asked.instance.read_text(encoding="utf-8"))
    began = time.perf_counter()
    pairs = Munkres().compute(make_cost_matrix(stored["worths"]))
    seconds = time.perf_counter() - began
    write(asked.out, seconds=seconds, chosen=placed(stored, pairs))


if __name__ == "__main__":
    main()

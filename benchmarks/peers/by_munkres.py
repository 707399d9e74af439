"""munkres on a matrix of worths: the assignment of the largest sum.

    python benchmarks/peers/by_munkres.py MATRIX OUT

MATRIX is JSON: ``worths``, a list for every row, 0 where a pair is refused, and ``places``, the place of every pair
among those of the instance, -1 where it is refused. Writes ``seconds`` and the places of the ``chosen`` pairs.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from munkres import Munkres, make_cost_matrix


def main() -> None:
    """Solve, and write what was found."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("matrix", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    stored = json.loads(asked.matrix.read_text(encoding="utf-8"))
    began = time.perf_counter()
    pairs = Munkres().compute(make_cost_matrix(stored["worths"]))
    seconds = time.perf_counter() - began
    chosen = [place for i, j in pairs if (place := stored["places"][i][j]) >= 0]
    asked.out.write_text(json.dumps({"seconds": seconds, "chosen": chosen}), encoding="utf-8")


if __name__ == "__main__":
    main()

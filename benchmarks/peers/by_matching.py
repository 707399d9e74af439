"""The package matching on a matrix of worths: a stable matching, in which both sides rank by worth.

    python benchmarks/peers/by_matching.py MATRIX OUT

MATRIX and OUT as of ``by_munkres.py``. The package copies its players by recursion, and fails with the limit that
Python has by default.
"""

from __future__ import annotations

import json
import sys
import threading
import time

from exchange import given, placed, write
from matching.games import StableMarriage


def main() -> None:
    """Solve, and write what was found."""
    asked = given(main.__doc__)
    stored = json.loads(asked.instance.read_text(encoding="utf-8"))
    worths, size = stored["worths"], len(stored["worths"])
    began = time.perf_counter()
    across = list(zip(*worths, strict=True))
    left = {i: sorted(range(size), key=worths[i].__getitem__, reverse=True) for i in range(size)}
    right = {j: sorted(range(size), key=across[j].__getitem__, reverse=True) for j in range(size)}
    found = StableMarriage.create_from_dictionaries(left, right).solve()
    pairs = [(suitor.name, reviewer.name) for suitor, reviewer in found.items()]
    seconds = time.perf_counter() - began
    write(asked.out, seconds=seconds, chosen=placed(stored, pairs))


if __name__ == "__main__":
    sys.setrecursionlimit(10**6)
    threading.stack_size(512 * 2**20)
    work = threading.Thread(target=main)
    work.start()
    work.join()

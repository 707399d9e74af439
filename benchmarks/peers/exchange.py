"""What every peer is given, and how it writes what it found: standard library, since each has its own packages."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["given", "placed", "write"]


def given(about: str | None, *limits: str) -> argparse.Namespace:
    """Return ``instance`` and ``out``, paths, and the numbers that are asked for as ``--NAME``."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("instance", type=Path)
    parser.add_argument("out", type=Path)
    for name in limits:
        parser.add_argument(f"--{name}", type=float, required=True)
    return parser.parse_args()


def placed(stored: Mapping[str, Any], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return the places of pairs among those of the instance; refused ones are left out."""
    return [place for i, j in pairs if (place := stored["places"][i][j]) >= 0]


def write(out: Path, **found: Any) -> None:
    """Write what was found."""
    out.write_text(json.dumps(found), encoding="utf-8")

"""The files of a folder: opened, and the checksums of what was read kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from introducer.io.program import PROGRAM, read_program
from introducer.io.sheets import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from introducer.io.notes import Notes
    from introducer.io.program import Program
    from introducer.io.sheets import Table

__all__ = ["open_program", "open_table"]


def _bytes(folder: Path, name: str, sources: dict[str, str], notes: Notes) -> bytes | None:
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        notes.fault(name, "there is no such file in the folder" if folder.is_dir() else f"{folder.name} is no folder")
        return None
    except OSError as wrong:
        notes.fault(name, f"the file cannot be read: {wrong.strerror}")
        return None
    sources[name] = hashlib.sha256(content).hexdigest()
    return content


def open_program(folder: Path, sources: dict[str, str], notes: Notes) -> Program | None:
    """Open and check ``program.toml``; None when nothing can be read with it."""
    content = _bytes(folder, PROGRAM, sources, notes)
    return None if content is None else read_program(content, notes)


def open_table(folder: Path, name: str, sources: dict[str, str], notes: Notes) -> Table | None:
    """Open a table; None when nothing can be made of it."""
    content = _bytes(folder, name, sources, notes)
    return None if content is None else read_table(name, content, notes)

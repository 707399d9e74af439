"""Writing a folder whole or not at all."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["write_whole"]

#: The file without which a folder is no outcome.
_LAST = "outcome.json"


def write_whole(out: Path, files: Mapping[str, Iterable[str]]) -> None:
    """Write all files, each in pieces, or none: into a hidden folder first, then moved to their place.

    Other files that the folder holds stay. A program that is killed leaves at most the hidden
    folder, or, while the files of an earlier outcome are exchanged, a folder without
    ``outcome.json``, which nothing takes for an outcome.

    Raises
    ------
    OSError
        If something cannot be written; the folder is then as it was.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    # Inside a folder that is there already: it may be a volume of its own, and moving must not copy.
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out if out.exists() else out.parent))
    try:
        new, old = beside / "new", beside / "old"
        new.mkdir()
        old.mkdir()
        for name, pieces in files.items():
            with (new / name).open("wb") as file:
                file.writelines(piece.encode("utf-8") for piece in pieces)
        if out.exists():
            _exchange(out, new, old, files)
        else:
            new.rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _exchange(out: Path, new: Path, old: Path, names: Iterable[str]) -> None:
    """Put new files in the place of those of the same name; if that fails, put the old ones back.

    ``outcome.json`` goes first and comes last: whatever ends the program in between, a folder
    that holds it is whole.
    """
    ordered = sorted(names, key=lambda name: name == _LAST)
    for name in ordered:
        if (out / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(out / name))
    try:
        for name in reversed(ordered):
            if (out / name).exists():
                (out / name).rename(old / name)
        for name in ordered:
            (new / name).rename(out / name)
    except BaseException:
        for name in ordered:
            if (old / name).exists():
                (old / name).replace(out / name)
            elif not (new / name).exists():
                (out / name).unlink()
        raise

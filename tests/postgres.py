"""A real PostgreSQL server for the tests, made in a folder of its own and thrown away.

``with server() as url`` inside a test; from the shell, any command with ``DATABASE_URL`` set::

    python tests/postgres.py python -m pytest tests/web
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_here", "server"]

#: What makes a server quick and unsafe: its folder does not outlive the tests.
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=120")
_PATIENCE = 60.0


def _binary(name: str) -> str | None:
    """Return a program of PostgreSQL: from the PATH, or where Debian keeps it."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(kept[-1]) if kept else None)


def is_here() -> bool:
    """Tell whether a server can be made on this machine."""
    return _binary("initdb") is not None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Make a server and a database, yield its address as ``DATABASE_URL`` wants it, and remove both."""
    initdb, postgres = _binary("initdb"), _binary("postgres")
    if initdb is None or postgres is None:
        raise FileNotFoundError("PostgreSQL is not here: tools/system.sh postgres installs it.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="introducer-postgres-") as name:
        folder = Path(name)
        owner = _owner()
        if owner is not None:
            shutil.chown(folder, owner)
        made = [initdb, "-D", str(folder / "db"), "-U", "introducer", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, user=owner, cwd=folder, env=_plain())
        settings = [part for each in _QUICK for part in ("-c", each)]
        started = [postgres, "-D", str(folder / "db"), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), *settings]
        log = (folder / "log").open("wb")
        running = subprocess.Popen(started, stdout=log, stderr=log, user=owner, cwd=folder, env=_plain())
        try:
            _await(port, running, folder / "log")
            # By its socket, as the guide to installing has it.
            yield f"postgres://introducer@{quote(str(folder), safe='')}:{port}/postgres"
        finally:
            running.terminate()
            running.wait()
            log.close()


def _owner() -> str | None:
    """Return who is to run the server: it refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _plain() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _await(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; it accepts a connection some moments before it can serve one."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and running.poll() is None:
        if b"ready to accept connections" in log.read_bytes():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


if __name__ == "__main__":
    if not is_here() and os.environ.get("CI") != "true":
        sys.stdout.write("PostgreSQL is not here, so nothing was tried on it: tools/system.sh postgres\n")
        sys.exit()
    with server() as url:
        sys.exit(subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}, check=False).returncode)

"""A site as it is deployed, for a browser: init, serve and worker in processes of their own, and a mail server."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import mail_server
from faults.site import HEAD, ROOT
from mail_server import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

__all__ = ["LiveSite", "serve"]

_PATIENCE = 60.0
#: Seconds for what matches: the first match of a machine compiles, beside other tests for some minutes.
_COMPILES = 900


def link_in(mail: EmailMessage, part: str) -> str:
    """Return the first address in a mail's text that has a part."""
    return next(link for link in re.findall(r"https?://\S+", text_of(mail)) if part in link)


class LiveSite:
    """Where the site is, and its mailbox."""

    def __init__(self, origin: str, box: mail_server.Mailbox) -> None:
        self.origin = origin
        self.mailbox = box
        self.coordinator: list[Any] = []  # the cookies of a coordinator who has signed in, both steps


@contextlib.contextmanager
def serve(folder: Path, coordinator: str, database: str | None, furnish: str = "") -> Iterator[LiveSite]:
    """Set a site up with a society at ``/s/ir/``, serve it, and end it.

    With ``furnish``, Python that is run in the site before anybody comes, there is what that makes instead.
    """
    port = mail_server.free_port()
    origin = f"http://localhost:{port}"
    web = [sys.executable, "-m", "introducer_web"]
    found = ["--society", "Society of Interventional Radiology", "--slug", "ir", "--coordinator", coordinator]
    with mail_server.serving() as box, (folder / "log").open("wb") as log:
        env = _plain() | {
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}",
            "INTRODUCER_DATA": str(folder / "site"),
            "INTRODUCER_ORIGIN": origin,
            "EMAIL_URL": f"smtp://127.0.0.1:{box.port}",
            **({"DATABASE_URL": database} if database else {}),
        }
        subprocess.run([*web, "init", *([] if furnish else found)], env=env, check=True, stdout=log, timeout=_PATIENCE)
        if furnish:
            inside = env | {"DJANGO_SETTINGS_MODULE": "introducer_web.config.settings"}
            command = [sys.executable, "-c", HEAD + furnish]
            subprocess.run(command, env=inside, check=True, stdout=log, stderr=log, timeout=_COMPILES)
        running = [
            subprocess.Popen([*web, *command], env=env, stdout=log, stderr=log)
            for command in (["serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"], ["worker"])
        ]
        try:
            _await(f"{origin}/account/sign-in/", folder / "log")
            yield LiveSite(origin, box)
        finally:
            for each in running:
                each.send_signal(signal.SIGTERM)
            for each in running:
                each.wait(30)


def _plain() -> dict[str, str]:
    """Return the machine's settings without those of the tests: a site sets itself up."""
    ours = ("INTRODUCER_", "DATABASE_", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _await(url: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own site
            return
        time.sleep(0.1)
    raise AssertionError(f"The site did not come up:\n{log.read_text(errors='replace')}")

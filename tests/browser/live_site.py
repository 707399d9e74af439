"""A site as it is deployed, for a browser: init, serve and worker in processes of their own, and a mail server."""

from __future__ import annotations

import asyncio
import contextlib
import email.policy
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from email import message_from_bytes
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

__all__ = ["LiveSite", "serve"]

_PATIENCE = 60.0


class Mailbox:
    """A mail server that keeps what it is handed."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the name that the server calls
        await asyncio.sleep(0)
        self.mails.append(message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def wait_for(self, address: str, words: str, after: int = 0) -> EmailMessage:
        """Return the first mail to an address whose text has these words, once it is there."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            for mail in self.mails[after:]:
                if address in mail["To"] and words in text_of(mail):
                    return mail
            time.sleep(0.1)
        arrived = "\n".join(f"{mail['To']}: {mail['Subject']}" for mail in self.mails)
        raise AssertionError(f"No mail to {address} with {words!r} arrived. There are:\n{arrived}")


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None, mail["Subject"]
    return str(body.get_content())


def link_in(mail: EmailMessage, part: str) -> str:
    """Return the first address in a mail's text that has a part."""
    return next(link for link in re.findall(r"https?://\S+", text_of(mail)) if part in link)


class LiveSite:
    """Where the site is, and its mailbox."""

    def __init__(self, origin: str, mailbox: Mailbox) -> None:
        self.origin = origin
        self.mailbox = mailbox


@contextlib.contextmanager
def serve(folder: Path, coordinator: str, database: str | None) -> Iterator[LiveSite]:
    """Set a site up with a society at ``/s/ir/``, serve it, and end it."""
    mailbox = Mailbox()
    port, mail_port = _free_port(), _free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=mail_port)
    server.start()
    origin = f"http://localhost:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INTRODUCER_", "DATABASE_"))}
    env = kept | {
        "INTRODUCER_DATA": str(folder / "data"),
        "INTRODUCER_ORIGIN": origin,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        **({"DATABASE_URL": database} if database else {}),
    }
    # What pytest set for itself is not what a site runs on.
    env.pop("DJANGO_SETTINGS_MODULE", None)
    web = [sys.executable, "-m", "introducer_web"]
    found = ["--society", "Society of Interventional Radiology", "--slug", "ir", "--coordinator", coordinator]
    subprocess.run([*web, "init", *found], env=env, check=True, stdout=subprocess.DEVNULL, timeout=_PATIENCE * 2)
    with (folder / "log").open("wb") as log:
        running = [
            subprocess.Popen([*web, *command], env=env, stdout=log, stderr=log)
            for command in (["serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"], ["worker"])
        ]
        try:
            _await(f"{origin}/account/sign-in/", folder / "log")
            yield LiveSite(origin, mailbox)
        finally:
            for each in running:
                each.send_signal(signal.SIGTERM)
            for each in running:
                each.wait(30)
            server.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(url: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own site
            return
        time.sleep(0.1)
    raise AssertionError(f"The site did not come up:\n{log.read_text(errors='replace')}")

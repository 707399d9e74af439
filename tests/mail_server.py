"""A real mail server for the tests: it keeps what it is handed."""

from __future__ import annotations

import asyncio
import contextlib
import email.policy
import socket
import time
from email import message_from_bytes
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

__all__ = ["Mailbox", "free_port", "serving", "text_of"]

_PATIENCE = 60.0


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None, mail["Subject"]
    return str(body.get_content())


class Mailbox:
    """The mails that were handed over, in their order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the name that the server calls
        """Keep a mail."""
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


@contextlib.contextmanager
def serving() -> Iterator[Mailbox]:
    """Listen on this machine until the block ends."""
    box = Mailbox(free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop()

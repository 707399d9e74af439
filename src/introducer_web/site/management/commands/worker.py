"""Runs matches and works out advice, checks and writes imports, sends mail: all that a page should not wait for."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

__all__ = ["DUTIES", "Command", "serve_duty"]

#: What there is to do, by name: a function of ``now`` that does one piece and says whether there was one.
#: Each duty has a process of its own, so that a code for signing in does not wait for a match.
DUTIES: Mapping[str, str] = {
    "mail": "introducer_web.mail.services:send_due",
    "runs": "introducer_web.matching.services:perform_due",
    "advice": "introducer_web.matching.services:advise_due",
    "imports": "introducer_web.people.imports.services:perform_due",
    "leaving": "introducer_web.relationships.services:let_go_due",
    "digests": "introducer_web.relationships.services:send_digests",
    "reminders": "introducer_web.care.services:remind_due",
    "plans": "introducer_web.plans.services:look_after",
    "mailings": "introducer_web.care.services.segments:send_mailings",
    "listings": "introducer_web.finding.services:index_due",
    "recommendations": "introducer_web.finding.services:recommend_due",
    "requests": "introducer_web.finding.services:requests_due",
    "transitions": "introducer_web.goals.services:tell_of_transitions",
}
#: Seconds between looks at an empty queue.
_REST = {
    "mail": 1.0, "runs": 1.0, "advice": 1.0, "imports": 1.0, "leaving": 30.0, "digests": 600.0,
    "reminders": 60.0, "plans": 30.0, "mailings": 5.0,
    "listings": 20.0, "recommendations": 60.0, "requests": 60.0,
    "transitions": 600.0,
}  # fmt: skip


def verb(name: str) -> Callable[[datetime], Any]:
    """Return the function of a duty."""
    module, _, attribute = DUTIES[name].partition(":")
    found: Callable[[datetime], Any] = getattr(import_module(module), attribute)
    return found


def serve_duty(name: str) -> None:
    """Do one duty until the process is ended; an error of one piece does not end the others."""
    import django  # noqa: PLC0415 - a process of its own sets Django up for itself

    django.setup()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children
    act = verb(name)
    while True:
        close_old_connections()
        try:
            found = act(timezone.now())
        except Exception:  # one piece of work that fails must not end the others
            logging.getLogger("introducer_web.worker").exception("A piece of %s failed.", name)
            found = False
        if not found:
            time.sleep(_REST[name])


class Command(BaseCommand):
    """``introducer-web worker``."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take ``--once`` and ``--only``."""
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument("--only", choices=sorted(DUTIES), help="one duty alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until ended."""
        names = [options["only"]] if options["only"] else list(DUTIES)
        if options["once"]:
            _do_all(names)
            return
        connections.close_all()
        self.stdout.write(f"Working: {', '.join(names)}. End with Ctrl-C.")
        _watch_over(names)


def _do_all(names: list[str]) -> None:
    """Do what is due of each duty, mail last: the others write some. One that fails does not end the others.

    Raises
    ------
    CommandError
        With the duties that failed; what went wrong stands in the log.
    """
    failed = []
    for name in sorted(names, key=lambda each: each == "mail"):
        try:
            while verb(name)(timezone.now()):
                pass
        except Exception:  # whatever it is, it is of this duty alone: it is logged, and the command fails for it
            logging.getLogger("introducer_web.worker").exception("A piece of %s failed.", name)
            failed.append(name)
    if failed:
        raise CommandError(f"Failed, see the log: {', '.join(failed)}.")


def _say_that_it_lives() -> None:
    """Note it where `/healthz` looks; a database that is away for a moment ends nothing."""
    from introducer_web.site import health  # noqa: PLC0415 - a child loads this module before it sets Django up

    try:
        health.beat(timezone.now())
    except DatabaseError:
        logging.getLogger("introducer_web.worker").warning("The database cannot be reached.")
        close_old_connections()


def _watch_over(names: list[str]) -> None:
    """Keep one process for each duty alive until this one is ended."""
    context = multiprocessing.get_context("spawn")
    children: dict[str, Any] = {}
    ended = False

    def end(_signal: int, _frame: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ended:
        for name in names:
            if name not in children or not children[name].is_alive():
                children[name] = context.Process(target=serve_duty, args=(name,), name=name)
                children[name].start()
        _say_that_it_lives()
        time.sleep(1.0)
    for child in children.values():
        child.terminate()
    for child in children.values():
        child.join()

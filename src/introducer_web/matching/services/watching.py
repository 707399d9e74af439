"""What long work says while it computes: told to the database by another thread, which also hears who stops it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection
from django.utils import timezone
from django_scopes import scopes_disabled

from introducer_web.lib.leases import renew, still_ours
from introducer_web.matching.models import MatchRun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from introducer_web.matching.models import Advice

__all__ = ["Watch", "signs_of_life"]

#: Seconds between signs of life; a lease is a minute.
_BEAT = 10


class Watch:
    """How far it is, as told by whoever computes."""

    def __init__(self) -> None:
        self.phase, self.done, self.ended = "", 0.0, threading.Event()
        self.gap: float | None = None

    def tell(self, phase: str, done: float, gap: float | None) -> None:
        """Take note of progress."""
        self.phase, self.done, self.gap = phase, max(0.0, min(1.0, done)), gap

    def stop(self) -> bool:
        """Tell whether to stop."""
        return self.ended.is_set()


@contextmanager
def signs_of_life(row: MatchRun | Advice) -> Iterator[Watch]:
    """Renew the lease while the engine computes, and hear whether somebody stopped it.

    Inside a transaction nobody else sees the row: there is nobody to tell, and nobody to stop it.
    """
    watch, over = Watch(), threading.Event()
    if connection.in_atomic_block:
        yield watch
        return

    def beat() -> None:
        beats = 0
        try:
            while not over.wait(1.0):
                beats += 1
                try:
                    if _is_over(row, watch, renewed=beats % _BEAT == 0 or beats < _BEAT):
                        watch.ended.set()
                        return
                except OperationalError:
                    continue  # the database is busy; the lease outlasts a few beats
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True, name="signs-of-life")
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def _is_over(row: MatchRun | Advice, watch: Watch, *, renewed: bool) -> bool:
    """Renew the lease now and then; tell whether somebody stopped it, or another worker has it."""
    said: dict[str, Any] = {"progress": watch.done}
    if isinstance(row, MatchRun):
        said |= {"phase": watch.phase, "gap": watch.gap}
    with scopes_disabled():
        if renewed and not renew(row, now=timezone.now(), **said):
            return True
        return still_ours(row).filter(stop_asked=True).exists()

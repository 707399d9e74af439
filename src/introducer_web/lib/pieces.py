"""One piece of work out of many that wait: one that fails keeps no other back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["first_done"]

Row = TypeVar("Row")


def first_done(rows: Iterable[Row], act: Callable[[Row], bool]) -> bool:
    """Do the first piece that can be done, in a transaction of its own; tells whether there was one.

    Parameters
    ----------
    act : callable
        Does one piece, and tells whether there was something to do. What it raises stands in the log, without a word of
        the row; the row waits for the next time.
    """
    for row in rows:
        try:
            with transaction.atomic():
                if act(row):
                    return True
        except Exception:  # whatever it is, it is of this row alone: it stands in the log, and the others are done
            logging.getLogger("introducer_web.worker").exception("A piece failed: %s.", type(row).__name__)
    return False

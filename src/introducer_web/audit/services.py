"""Recording an act, and checking the chain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import transaction

from introducer_web.audit.models import Entry
from introducer_web.lib.crypto import signature
from introducer_web.tenants.models import Society

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = ["broken_at", "record"]


@transaction.atomic
def record(*, society: Society, by: User | None, act: str, words: str, now: datetime, subject: str = "") -> Entry:
    """Append an act, in the transaction of the act itself.

    Parameters
    ----------
    by : User or None
        None: the platform itself.
    act : str
        ``app.verb``, for filters.
    words : str
        One sentence without names, addresses or anything private.
    subject : str
        Code of what was acted on.
    """
    Society.objects.select_for_update().get(pk=society.pk)  # entries of one society come one after the other
    last = Entry.objects.filter(society=society).order_by("-number").first()
    entry = Entry(
        society=society,
        number=last.number + 1 if last else 1,
        at=now,
        by=by.code if by else "",
        act=act,
        subject=subject,
        words=words,
    )
    entry.digest = _digest(entry, last.digest if last else "")
    entry.save()
    return entry


def broken_at(society: Society) -> int | None:
    """Return the number of the first entry that was edited, removed or put in; None when the chain holds."""
    previous, expected = "", 1
    for entry in Entry.objects.filter(society=society).order_by("number").iterator():
        if entry.number != expected or entry.digest != _digest(entry, previous):
            return expected
        previous, expected = entry.digest, expected + 1
    return None


def _digest(entry: Entry, previous: str) -> str:
    told = [previous, entry.number, entry.at.isoformat(), entry.by, entry.act, entry.subject, entry.words, entry.code]
    return signature(json.dumps(told).encode(), f"audit:{entry.society_id}")

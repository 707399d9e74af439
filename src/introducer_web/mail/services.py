"""Queueing a message, and sending what is due."""

from __future__ import annotations

import json
import re
import smtplib
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django_scopes import scopes_disabled

from introducer_web.lib.faults import crash_point
from introducer_web.lib.leases import claim, still_ours
from introducer_web.mail.models import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from introducer_web.tenants.models import Society

__all__ = ["drop", "forget", "has_left", "look_before", "queue", "send_again", "send_due"]

State = Message.State

#: Waits between attempts; 66 hours in all, then the message has failed: a mail server may be away for two days.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 480, 720, 720, 1440))
#: By how a key begins: what is asked when a message is about to leave.
_looks: dict[str, Callable[[Message, datetime], datetime | None]] = {}


def queue(
    *,
    to: str,
    kind: str,
    key: str,
    context: Mapping[str, Any],
    language: str,
    now: datetime,
    society: Society | None = None,
    about: str = "",
    not_before: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    calendar: tuple[str, str] | None = None,
) -> Message:
    """Write a message into the outbox, in the transaction of the act that causes it.

    Parameters
    ----------
    kind : str
        Names its three templates: ``emails/<kind>/subject.txt``, ``body.txt`` and ``body.html``.
    key : str
        Names the effect: a message with the same key is queued once.
    about : str
        The code of the cohort that it belongs to, whose coordinators see that it went out; not what it says.
    calendar : tuple of str, optional
        A method of iCalendar and the text that it is about: an invitation, an update, a cancellation.
    """
    content: dict[str, Any] = render(kind, context, language) | {"headers": dict(headers or {})}
    if calendar is not None:
        content["calendar"] = dict(zip(("method", "text"), calendar, strict=True))
    message = Message(
        society=society, about=about, kind=kind, key=key, to=to, created_at=now, not_before=not_before or now
    )
    message.content = content
    with scopes_disabled():
        try:
            with transaction.atomic():
                message.save(force_insert=True)
        except IntegrityError:
            return Message.objects.get(key=key)
    return message


def render(kind: str, context: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return subject, text and html of a message, as they will arrive."""
    given = {**context, "origin": settings.ORIGIN}
    with translation.override(language):
        # A subject is no HTML: what the template engine escaped is put back.
        subject = unescape(" ".join(render_to_string(f"emails/{kind}/subject.txt", given).split()))
        text = render_to_string(f"emails/{kind}/body.txt", given).strip() + "\n"
        html = render_to_string(f"emails/{kind}/body.html", {**given, "subject": subject})
    return {"subject": subject, "text": text, "html": html}


def drop(*, keys: list[str]) -> int:
    """Take messages back that are not on their way yet, by their keys or how these begin; returns how many."""
    with scopes_disabled():
        return sum(_of(key).filter(state=State.QUEUED).update(state=State.DROPPED) for key in keys)


def forget(*, words: Iterable[str], societies: Iterable[int]) -> int:
    """Forget every mail in which one of these words stands, whoever it is to; returns how many.

    What has not left is taken back. The rows stay, empty: the same effect is not queued once more.

    Parameters
    ----------
    words : iterable of str
        Names, addresses, codes, as they stand there; each counts as a whole word.
    """
    named = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words if word))
    forgotten = 0
    with scopes_disabled():
        for message in Message.objects.filter(society__in=list(societies)).iterator():
            if not named.search(json.dumps(message.content, ensure_ascii=False)):
                continue
            message.content = {"subject": "", "text": "", "html": "", "headers": {}}
            if message.state != State.SENT:
                message.state = State.DROPPED
            message.save(update_fields=["sealed", "state"])
            forgotten += 1
    return forgotten


def has_left(key: str) -> bool:
    """Tell whether a message with this key, or with one that begins so, is on its way or was sent."""
    with scopes_disabled():
        return _of(key).filter(state__in=(State.SENDING, State.SENT)).exists()


def _of(key: str) -> QuerySet[Message]:
    return Message.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:"))


def look_before(prefix: str, look: Callable[[Message, datetime], datetime | None]) -> None:
    """Ask ``look(message, now)`` before a message leaves whose key begins so.

    It returns when the message may leave: now, or later; None takes it back.
    """
    _looks[f"{prefix}:"] = look


@transaction.atomic
def send_again(*, message: Message, now: datetime) -> Message:
    """Queue a message once more that could not be sent; one in any other state is left as it is."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state == State.FAILED:
        message.state, message.attempts, message.not_before, message.error = State.QUEUED, 0, now, ""
        message.save(update_fields=["state", "attempts", "not_before", "error"])
    return message


def send_due(now: datetime, most: int = 100) -> int:
    """Send what is due; returns how many messages were handed to the mail server.

    A crash between the server's answer and the commit sends the message once more, with the
    same Message-ID, so that a mailbox may show it once.
    """
    sent = 0
    with scopes_disabled():
        connection = None
        for _ in range(most):
            message = claim(Message.objects.due(now), now=now, state=State.SENDING)
            if message is None:
                break
            connection = connection or get_connection()
            sent += _send(message, connection, now)
        if connection is not None:
            connection.close()
    return sent


def _send(message: Message, connection: Any, now: datetime) -> int:
    crash_point("mail-claimed")
    if not _may_leave(message, now):
        return 0
    content = message.content
    host = settings.ORIGIN.partition("://")[2].partition(":")[0]
    mail = EmailMultiAlternatives(
        subject=content["subject"],
        body=content["text"],
        to=[message.to],
        headers={"Message-ID": f"<{message.code}@{host}>", **content["headers"]},
        connection=connection,
    )
    mail.attach_alternative(content["html"], "text/html")
    if "calendar" in content:
        told = content["calendar"]
        # Some calendars look for one among the forms of the text, some for a file: they take the same one once.
        kind = f"text/calendar; method={told['method']}"
        mail.attach_alternative(told["text"], kind)
        mail.attach("conversation.ics", told["text"], kind)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as wrong:
        code = min(code for code, _text in wrong.recipients.values())
        _later(message, now, f"refused ({code})", for_good=code >= 500)
        return 0
    except (OSError, smtplib.SMTPException) as wrong:
        connection.close()
        _later(message, now, type(wrong).__name__, for_good=False)
        return 0
    crash_point("mail-handed-over")
    still_ours(message).update(state=State.SENT, sent_at=now, leased_until=None, error="")
    return 1


def _may_leave(message: Message, now: datetime) -> bool:
    """Tell whether a claimed message may still leave, and now; else it waits, or is taken back."""
    for prefix, look in _looks.items():
        if message.key.startswith(prefix):
            when = look(message, now)
            if when is None:
                still_ours(message).update(state=State.DROPPED, leased_until=None)
                return False
            if when > now:
                still_ours(message).update(state=State.QUEUED, not_before=when, leased_until=None)
                return False
    return True


def _later(message: Message, now: datetime, error: str, *, for_good: bool) -> None:
    attempts = message.attempts + 1
    if for_good or attempts > len(_WAITS):
        changes: dict[str, Any] = {"state": State.FAILED}
    else:
        changes = {"state": State.QUEUED, "not_before": now + _WAITS[attempts - 1]}
    still_ours(message).update(attempts=attempts, error=error, leased_until=None, **changes)

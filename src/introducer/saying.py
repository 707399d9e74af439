"""Sentences, in the language of whoever reads them.

The engine speaks English and knows no other language. A place where people read what it says
(a web platform) may hand it a translator for the while::

    with spoken(gettext):
        review = reviewed(outcome)

Every sentence is a template first and is translated whole; names and numbers are put in
afterwards.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["say", "spoken", "worded"]

_voice: ContextVar[Callable[[str], str]] = ContextVar("voice", default=str)


def say(text: str, /, **values: Any) -> str:
    """Return a sentence in the present language.

    Parameters
    ----------
    text : str
        The English sentence; with values, a template as of ``str.format``.
    **values
        What its placeholders stand for.

    Examples
    --------
    >>> say("{name} is pinned", name="Ben")
    'Ben is pinned'
    >>> with spoken({"{name} is pinned": "{name} está fijado"}.get):
    ...     say("{name} is pinned", name="Ben")
    'Ben está fijado'
    """
    template = _voice.get()(text)
    return template.format(**values) if values else template


def worded(text: str) -> str:
    """Return a text as it is: one that ``say`` will be given later, marked here for whoever collects texts."""
    return text


@contextmanager
def spoken(translate: Callable[[str], str]) -> Iterator[None]:
    """Let ``say`` speak through a translator: English template in, template of another language out."""
    token = _voice.set(translate)
    try:
        yield
    finally:
        _voice.reset(token)

"""Signed links by which a reader asks for quiet, or for no more news: no sign-in, and no row of their own."""

from __future__ import annotations

from django.core import signing

__all__ = ["codes_in", "news_code_in", "news_link", "quiet_link"]

_SALT = "introducer.quiet"
_NEWS = "introducer.news"


def quiet_link(person: str, relationship: str) -> str:
    """Return the path on which a person asks for no reminders of a relationship; both by their codes."""
    return f"/quiet/{signing.dumps(f'{person} {relationship}', salt=_SALT)}/"


def codes_in(token: str) -> tuple[str, str]:
    """Return the codes in a link, of the person and of the relationship; empty where nobody here signed it."""
    try:
        person, relationship = signing.loads(token, salt=_SALT).split(" ")
    except (signing.BadSignature, ValueError):
        return "", ""
    return person, relationship


def news_link(code: str) -> str:
    """Return the path that ends the news of a program for a participant, by their code."""
    return f"/news/{signing.dumps(code, salt=_NEWS)}/"


def news_code_in(token: str) -> str:
    """Return the code in such a link; empty where nobody here signed it."""
    try:
        code: str = signing.loads(token, salt=_NEWS)
    except signing.BadSignature:
        return ""
    return code

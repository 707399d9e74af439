"""The signed link in a reminder by which its reader asks for quiet: no sign-in, and no row of its own."""

from __future__ import annotations

from django.core import signing

__all__ = ["codes_in", "quiet_link"]

_SALT = "introducer.quiet"


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

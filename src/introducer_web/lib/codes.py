"""Random codes: public addresses of rows, and tokens that open something."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["CODE", "digest", "new_code", "new_token"]

#: Pattern of a code in an address.
CODE = "[A-Za-z0-9_-]{22}"


def new_code() -> str:
    """Return 128 random bits as 22 characters: the public address of a row. It opens nothing.

    None begins with a hyphen: in a sheet that would be a formula, and be written with an apostrophe before it.
    """
    while (code := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return code


def new_token() -> str:
    """Return 256 random bits as 43 characters. Whoever holds it may do what it stands for; only its digest is kept."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is kept of a token: SHA-256 in hexadecimal. The token has all its entropy, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()

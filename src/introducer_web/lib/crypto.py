"""Sealed fields: AES-256-GCM, bound to their row, with the id of the key beside them.

A sealed value opens only in the row, the field and the society that it was sealed for: all
three are its associated data, so that nobody with a copy of the database can move a value to
another person. Keys stand in ``INTRODUCER_KEYS``; the first one seals, all of them open, and
``introducer-web manage rotate_keys`` seals everything anew with the first.

What one of two people writes is sealed under a key that is theirs in that relationship alone
(:class:`SealedUnder`): it is derived from the first key and kept nowhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.models import Model

__all__ = [
    "Broken",
    "Sealed",
    "SealedUnder",
    "current_key_id",
    "key_id_of",
    "open_sealed",
    "seal",
    "sealed_of",
    "signature",
]

_NONCE = 12
_KEY = 32


class Broken(Exception):
    """A sealed value was changed, moved to another row, or its key is gone."""


@lru_cache
def _keys(given: tuple[str, ...]) -> dict[str, bytes]:
    keys = {}
    for each in given:
        name, _, text = each.partition(":")
        try:
            key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except binascii.Error:
            key = b""
        if not name.isalnum() or len(key) != _KEY:
            raise ImproperlyConfigured("INTRODUCER_KEYS holds id:base64 of 32 bytes, joined by commas.")
        keys[name] = key
    if not keys:
        raise ImproperlyConfigured("INTRODUCER_KEYS is empty: nothing private could be kept.")
    return keys


def _all_keys() -> dict[str, bytes]:
    return _keys(tuple(settings.INTRODUCER_KEYS))


def _derived(key: bytes, under: str) -> bytes:
    """Return the key of something: HKDF-SHA256 (RFC 5869) of a key of ours; that key itself where it is of nothing."""
    if not under:
        return key
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=f"introducer:{under}".encode()).derive(key)


def seal(content: bytes, bound_to: str, under: str = "") -> bytes:
    """Return content sealed with the first key: id, a zero byte, the nonce, the ciphertext.

    Parameters
    ----------
    bound_to : str
        The place where alone it opens.
    under : str
        Whose key it is sealed with, derived from the first one; empty: the first one itself.
    """
    name, key = next(iter(_all_keys().items()))
    nonce = secrets.token_bytes(_NONCE)
    head = name.encode() + b"\0"
    return head + nonce + AESGCM(_derived(key, under)).encrypt(nonce, content, head + bound_to.encode())


def open_sealed(sealed: bytes, bound_to: str, under: str = "") -> bytes:
    """Return what was sealed.

    Raises
    ------
    Broken
        If the value was changed, stands in another place than it was sealed for, or its key is gone.
    """
    name, _, rest = sealed.partition(b"\0")
    key = _all_keys().get(name.decode("ascii", "replace"))
    if key is None:
        raise Broken(f"There is no key {name!r} in INTRODUCER_KEYS.")
    try:
        return AESGCM(_derived(key, under)).decrypt(rest[:_NONCE], rest[_NONCE:], name + b"\0" + bound_to.encode())
    except InvalidTag as wrong:
        raise Broken("A sealed value was changed or moved.") from wrong


def current_key_id() -> str:
    """Return the id of the key that seals."""
    return next(iter(_all_keys()))


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that a value is sealed with."""
    return bytes(sealed).partition(b"\0")[0].decode("ascii", "replace")


def signature(content: bytes, purpose: str) -> str:
    """Return an HMAC-SHA256 in hexadecimal that only the keeper of ``SECRET_KEY`` can make."""
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, content, hashlib.sha256).hexdigest()


class Sealed:
    """A JSON value that stands sealed in a ``BinaryField`` of the same row.

    The row needs its ``code`` and its society before a value is set: both are bound to it.
    Reading an empty field gives what ``empty()`` returns.
    """

    def __init__(self, field: str, empty: type[Any] = dict) -> None:
        self.field = field
        self.empty = empty

    def __get__(self, row: Model | None, owner: type[Any]) -> Any:
        if row is None:
            return self
        held = getattr(row, self.field)
        return json.loads(open_sealed(bytes(held), self.bound_to(row), self.under(row))) if held else self.empty()

    def __set__(self, row: Model, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        setattr(row, self.field, seal(text.encode(), self.bound_to(row), self.under(row)))

    def bound_to(self, row: Any) -> str:
        """Return the place that a value of this row is bound to."""
        return f"{row.society_id}|{row._meta.label_lower}|{self.field}|{row.code}"

    def under(self, row: Any) -> str:
        """Return whose key a value of this row is sealed with: nobody's of its own."""
        return ""


def sealed_of(model: type[Any]) -> dict[str, Sealed]:
    """Return the sealed values of a model by name, those of what it is built on among them."""
    found: dict[str, Sealed] = {}
    for each in reversed(model.__mro__):
        found |= {name: value for name, value in vars(each).items() if isinstance(value, Sealed)}
    return found


class SealedUnder(Sealed):
    """A sealed value that one person wrote in one relationship, under a key of these two.

    The row needs its ``author`` and its ``relationship_code``. The value opens under the key of that author in that
    relationship alone: given to somebody else, or moved to another relationship, it is ``Broken``. It opens without
    the row of the relationship, so that what the other of the two takes along when they go is theirs alone.
    """

    def bound_to(self, row: Any) -> str:
        """Return the place that a value of this row is bound to: the author and the relationship among it."""
        return f"{super().bound_to(row)}|{self.under(row)}"

    def under(self, row: Any) -> str:
        """Return the author and the relationship whose key it is."""
        return f"{row.author.code}|{row.relationship_code}"

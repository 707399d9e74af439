"""Sealed fields: AES-256-GCM, bound to their row, with the id of the key beside them.

A sealed value opens only in the row, the field and the society that it was sealed for: all
three are its associated data, so that nobody with a copy of the database can move a value to
another person. Keys stand in ``INTRODUCER_KEYS``; the first one seals, all of them open, and
``introducer-web manage rotate_keys`` seals everything anew with the first.
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
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.models import Model

__all__ = ["Broken", "Sealed", "current_key_id", "key_id_of", "open_sealed", "seal", "signature"]

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


def seal(content: bytes, bound_to: str) -> bytes:
    """Return content sealed with the first key: id, a zero byte, the nonce, the ciphertext."""
    name, key = next(iter(_all_keys().items()))
    nonce = secrets.token_bytes(_NONCE)
    head = name.encode() + b"\0"
    return head + nonce + AESGCM(key).encrypt(nonce, content, head + bound_to.encode())


def open_sealed(sealed: bytes, bound_to: str) -> bytes:
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
        return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], name + b"\0" + bound_to.encode())
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
        return json.loads(open_sealed(bytes(held), self.bound_to(row))) if held else self.empty()

    def __set__(self, row: Model, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        setattr(row, self.field, seal(text.encode(), self.bound_to(row)))

    def bound_to(self, row: Any) -> str:
        """Return the place that a value of this row is bound to."""
        return f"{row.society_id}|{row._meta.label_lower}|{self.field}|{row.code}"

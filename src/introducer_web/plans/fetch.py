"""Fetching a calendar whose address somebody gave us: outside only, and never further than it is allowed to reach.

An address from outside can be made to point inside: at the database, at the metadata of a cloud, at this very
machine. So the guard stands where the connection is made: a name is looked up once, every address that comes back
must be public, and the connection goes to an address that was looked at, never to the name again (which may say
something else by then). Each redirect is a new address, looked at anew. See ``docs/decisions``.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

__all__ = ["MOST", "Outside", "Refused", "Why", "fetch", "is_outside", "looked_at", "may_reach"]

#: Most bytes of a calendar.
MOST = 5 * 2**20
#: Seconds until something answers, and until all of it is here.
_WAIT, _IN_ALL = 8, 25
_REDIRECTS = 3
#: Most addresses of a name that are tried, one after the other.
_TRIED = 4
_MOVED = {301, 302, 303, 307, 308}
#: IPv6 addresses that hold an IPv4 one, which is where they lead: NAT64 (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: NAT64 of a network's own (RFC 8215): where it leads is not known here.
_LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")


class Why(StrEnum):
    """Why nothing was fetched. Some will pass by themselves, others only if the address is changed."""

    NOT_HTTPS = "not_https"
    NOT_OUTSIDE = "not_outside"
    NO_SUCH_NAME = "no_such_name"
    NO_ANSWER = "no_answer"
    NOT_THERE = "not_there"
    NOT_TRUSTED = "not_trusted"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    NO_CALENDAR = "no_calendar"

    @property
    def may_pass(self) -> bool:
        """Whether it may be another thing in an hour."""
        return self in (Why.NO_ANSWER, Why.NO_SUCH_NAME)


class Refused(Exception):
    """Nothing was fetched."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def is_outside(address: Address) -> bool:
    """Tell whether an address is a public one, somewhere else: no private, local, shared, reserved or group address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_outside(inner)
        if address.is_site_local or address in _LOCAL_NAT64:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def may_reach(address: Address, port: int) -> bool:
    """Tell whether a connection to an address would lead outside, and not come back to this machine."""
    return is_outside(address) and not _is_own(address, port)


def _is_own(address: Address, port: int) -> bool:
    """Tell whether an address is one of this machine: what is sent there would come from there. Nothing is sent."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((str(address), port))
            own = asked.getsockname()[0]
    except OSError:
        return False  # no way there at all: connecting will say so
    return ipaddress.ip_address(own.partition("%")[0]) == address


def _looked_up(host: str, port: int) -> list[str]:
    """Return all addresses of a name."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Outside:
    """What may be reached, and how names become addresses. Tests have another one; people have this.

    Attributes
    ----------
    ports : frozenset of int
    own_names : frozenset of str
        Names of this platform, in lower case.
    """

    ports: frozenset[int] = frozenset({443})
    own_names: frozenset[str] = frozenset()
    may_reach: Callable[[Address, int], bool] = may_reach
    look_up: Callable[[str, int], list[str]] = _looked_up
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    wait: float = _WAIT
    in_all: float = _IN_ALL


def looked_at(url: str, outside: Outside) -> tuple[str, int, str]:
    """Return host, port and path of an address that may be asked for as far as its text tells.

    Raises
    ------
    Refused
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or 443
        host = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise Refused(Why.NO_SUCH_NAME) from None
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        raise Refused(Why.NOT_HTTPS)
    if port not in outside.ports or host in outside.own_names:
        raise Refused(Why.NOT_OUTSIDE)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not host or not path.isprintable() or not path.isascii() or " " in path:
        raise Refused(Why.NO_SUCH_NAME)
    return host, port, path


def _addresses(host: str, port: int, outside: Outside) -> list[str]:
    """Look a name up once, and return its addresses; refused where a single one of them is not outside."""
    try:
        found = list(dict.fromkeys(outside.look_up(host, port)))
        addresses = [ipaddress.ip_address(each) for each in found]
    except (OSError, ValueError):
        raise Refused(Why.NO_SUCH_NAME) from None
    if not addresses:
        raise Refused(Why.NO_SUCH_NAME)
    if not all(outside.may_reach(address, port) for address in addresses):
        raise Refused(Why.NOT_OUTSIDE)
    return found[:_TRIED]


def fetch(url: str, outside: Outside) -> bytes:
    """Return what stands at an address, redirects followed, at most ``MOST`` bytes.

    Raises
    ------
    Refused
    """
    until = monotonic() + outside.in_all
    for _hop in range(_REDIRECTS + 1):
        host, port, path = looked_at(url, outside)
        content, further = _asked(host, port, path, _addresses(host, port, outside), outside, until)
        if not further:
            return content
        try:
            url = urljoin(url, further)
        except ValueError:
            raise Refused(Why.NO_SUCH_NAME) from None
    raise Refused(Why.TOO_MANY_REDIRECTS)


def _asked(host: str, port: int, path: str, addresses: list[str], outside: Outside, until: float) -> tuple[bytes, str]:
    """Ask once; return what came, or where it is now."""
    for last, address in enumerate(addresses, start=1 - len(addresses)):
        try:
            with _connected(host, port, address, outside, until) as way:
                return _answer(way, path)
        except ssl.SSLCertVerificationError:
            raise Refused(Why.NOT_TRUSTED) from None
        except (OSError, http.client.HTTPException, ValueError):
            if last == 0:
                raise Refused(Why.NO_ANSWER) from None
    raise Refused(Why.NO_ANSWER)


@contextmanager
def _connected(
    host: str, port: int, address: str, outside: Outside, until: float
) -> Iterator[http.client.HTTPConnection]:
    """Connect to an address that was looked at, and prove that it is who the name says; not longer than allowed."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    with socket.create_connection((address, port), timeout=min(outside.wait, left)) as plain:
        sealed = outside.trust.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    late = threading.Event()
    # Whoever answers a byte a second keeps within each wait: all together has an end too.
    end = threading.Timer(until - monotonic(), _cut, (sealed, late))
    end.daemon = True
    end.start()
    try:
        with sealed:
            sealed.do_handshake()
            way = http.client.HTTPConnection(host, port, timeout=outside.wait)
            way.auto_open = 0  # it is connected, or it is not
            way.sock = sealed
            yield way
            if late.is_set():
                raise TimeoutError
    finally:
        end.cancel()


def _cut(sealed: ssl.SSLSocket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):  # it ended by itself
        socket.socket.shutdown(sealed, socket.SHUT_RDWR)


def _answer(way: http.client.HTTPConnection, path: str) -> tuple[bytes, str]:
    asks = {"Accept": "text/calendar, text/plain;q=0.5", "Accept-Encoding": "identity", "User-Agent": "Introducer"}
    way.request("GET", path, headers=asks)
    with way.getresponse() as answer:
        return _taken(answer)


def _taken(answer: http.client.HTTPResponse) -> tuple[bytes, str]:
    """Return what an answer brings, or where it sends."""
    if answer.status in _MOVED:
        return b"", answer.headers.get("Location", "") or "/"
    if answer.status != 200:
        raise Refused(Why.NO_ANSWER if answer.status >= 500 or answer.status == 429 else Why.NOT_THERE)
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refused(Why.NO_CALENDAR)  # not asked for: what is packed may be any size
    if (answer.length or 0) > MOST:
        raise Refused(Why.TOO_LARGE)
    content = answer.read(MOST + 1)
    if len(content) > MOST:
        raise Refused(Why.TOO_LARGE)
    if answer.length:
        raise TimeoutError  # it ended before all of it was here
    return content, ""

"""A calendar is fetched from outside alone: nothing inside is ever connected to, whatever an address says."""

import ipaddress
import re
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from introducer_web.plans import fetch
from introducer_web.plans.fetch import Outside, Refused, Why
from web.plans import outside_server

ANY = "0.0.0.0"  # noqa: S104 - nothing is bound to it
#: Addresses that lead inside, or nowhere.
INSIDE = [
    "127.0.0.1", "127.8.9.10", ANY, "10.0.0.5", "172.16.3.4", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::",
    "2001:0:5ef5:79fd:0:0:80ff:fffe", "::7f00:1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"]


@pytest.fixture
def place(tmp_path):
    with outside_server.serving(tmp_path) as found:
        found.says["/basic.ics"] = b"BEGIN:VCALENDAR"
        yield found


@pytest.fixture
def listening():
    """Listen at this machine, and say how many came."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)

        def accept():
            try:
                while True:
                    server.accept()[0].close()
                    came.append(1)
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        thread.join()


def refused(url, outside):
    with pytest.raises(Refused) as told:
        fetch.fetch(url, outside)
    return told.value.why


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_none_outside(address):
    assert not fetch.is_outside(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_outside(address):
    assert fetch.is_outside(ipaddress.ip_address(address))


def test_an_address_of_this_machine_is_not_reached_though_it_were_public():
    assert fetch._is_own(ipaddress.ip_address("127.0.0.1"), 443)
    assert not fetch.may_reach(ipaddress.ip_address("127.0.0.1"), 443)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", ANY, "2130706433", "0x7f000001", "127.1"]
)
def test_nobody_inside_is_connected_to_however_the_address_is_written(listening, host):
    port, came = listening
    assert refused(f"https://{host}:{port}/", Outside(ports=frozenset({port}))) in (Why.NOT_OUTSIDE, Why.NO_SUCH_NAME)
    assert came == []


def test_a_name_that_leads_inside_is_not_followed(listening):
    port, came = listening
    for found in (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"]):
        outside = Outside(ports=frozenset({port}), look_up=outside_server.always(*found))
        assert refused(f"https://calendar.example.org:{port}/", outside) == Why.NOT_OUTSIDE
    assert came == []


def test_a_name_is_looked_up_once_and_the_address_that_was_looked_at_is_reached(place):
    """Whoever answers "outside" first and "inside" then is never asked a second time."""
    asked = []

    def look_up(host, _port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert fetch.fetch(place.url(), place.outside(look_up=look_up)) == b"BEGIN:VCALENDAR"
    assert asked == [outside_server.NAME]


def moved(where, status=302):
    def answer(handler):
        handler.send_response(status)
        handler.send_header("Location", where)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_a_redirect_is_followed_and_looked_at_as_if_it_were_the_first(place, listening):
    port, came = listening
    place.says["/here"] = moved("/there", 301)
    place.says["/there"] = moved(place.url(), 307)
    assert fetch.fetch(place.url("/here"), place.outside()) == b"BEGIN:VCALENDAR"
    for where, why in (
        (f"https://127.0.0.1:{port}/", Why.NOT_OUTSIDE), (f"http://{outside_server.NAME}:{port}/", Why.NOT_HTTPS),
        ("file:///etc/passwd", Why.NOT_HTTPS), ("//localhost/", Why.NOT_OUTSIDE),
        ("https://[broken", Why.NO_SUCH_NAME),
    ):  # fmt: skip
        place.says["/here"] = moved(where)
        assert refused(place.url("/here"), place.outside()) == why, where
    place.says["/inside"] = moved(f"https://inside.example.org:{place.port}/")
    tables = {"inside.example.org": ["10.0.0.1"]}
    outside = place.outside(look_up=lambda host, _port: tables.get(host, ["127.0.0.1"]))
    assert refused(place.url("/inside"), outside) == Why.NOT_OUTSIDE
    assert came == []


def test_redirects_in_a_circle_end(place):
    place.says["/round"] = moved("/round")
    assert refused(place.url("/round"), place.outside()) == Why.TOO_MANY_REDIRECTS
    assert len(place.asked) == 4


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://calendar.example.org/", Why.NOT_HTTPS),
        ("ftp://calendar.example.org/", Why.NOT_HTTPS),
        ("https://ada:secret@calendar.example.org/", Why.NOT_HTTPS),
        ("https://calendar.example.org:22/", Why.NOT_OUTSIDE),
        ("https://mentoring.example.org/", Why.NOT_OUTSIDE),
        ("https://MENTORING.example.org./", Why.NOT_OUTSIDE),
        ("https://[broken/", Why.NO_SUCH_NAME),
        ("https:///nobody", Why.NO_SUCH_NAME),
        ("https://calendar.example.org:port/", Why.NO_SUCH_NAME),
        ("https://calendar.example.org/a b", Why.NO_SUCH_NAME),
        ("https://calendar.example.org/a\r\nHost: inside", Why.NO_SUCH_NAME),
        ("", Why.NOT_HTTPS),
    ],
)
def test_an_address_that_is_none_of_a_calendar_outside_is_refused_by_its_text(url, why):
    outside = Outside(own_names=frozenset({"mentoring.example.org"}), look_up=outside_server.always())
    assert refused(url, outside) == why


def test_a_name_that_nobody_has_is_said():
    def nobody(*_name):
        raise socket.gaierror

    assert refused("https://calendar.example.org/", Outside(look_up=nobody)) == Why.NO_SUCH_NAME
    assert refused("https://calendar.example.org/", Outside(look_up=outside_server.always())) == Why.NO_SUCH_NAME


def test_who_cannot_prove_the_name_is_not_listened_to(place, tmp_path):
    stranger, _key = outside_server.certificate(tmp_path, "other.example.org")
    other = ssl.create_default_context(cafile=str(stranger))
    assert refused(place.url(), place.outside(trust=other)) == Why.NOT_TRUSTED
    wrong = f"https://other.example.org:{place.port}/"
    assert refused(wrong, place.outside()) == Why.NOT_TRUSTED
    assert place.asked == []


def test_what_is_larger_than_a_calendar_is_not_taken(place):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            return

    place.says["/large"] = b"x" * (fetch.MOST + 1)
    place.says["/endless"] = endless
    assert refused(place.url("/large"), place.outside()) == Why.TOO_LARGE
    assert refused(place.url("/endless"), place.outside()) == Why.TOO_LARGE


def test_who_answers_a_byte_at_a_time_is_not_waited_for(place):
    def slow(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _ in range(200):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    place.says["/slow"] = slow
    begun = time.monotonic()
    assert refused(place.url("/slow"), place.outside(in_all=0.7)) == Why.NO_ANSWER
    assert time.monotonic() - begun < 8
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes the call, and never says a word
        port = server.getsockname()[1]
        nobody = place.outside(ports=frozenset({port}), wait=0.3, in_all=1)
        assert refused(f"https://calendar.example.org:{port}/", nobody) == Why.NO_ANSWER


@pytest.mark.parametrize(("status", "why"), [(404, Why.NOT_THERE), (401, Why.NOT_THERE), (410, Why.NOT_THERE),
                                             (500, Why.NO_ANSWER), (429, Why.NO_ANSWER)])  # fmt: skip
def test_what_the_other_side_refuses_is_said_in_its_kind(place, status, why):
    place.says["/not"] = lambda handler: handler.send_error(status)
    assert refused(place.url("/not"), place.outside()) == why


def test_what_is_packed_and_what_breaks_off_is_not_read(place):
    def packed(handler):
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()

    def broken(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"BEGIN:VCALENDAR")

    place.says |= {"/packed": packed, "/broken": broken}
    assert refused(place.url("/packed"), place.outside()) == Why.NO_CALENDAR
    assert refused(place.url("/broken"), place.outside()) == Why.NO_ANSWER


def test_nothing_else_of_the_platform_asks_a_machine_outside():
    """Mail goes to the server that the settings name; every address that somebody gave goes through the guard."""
    folder = Path(fetch.__file__).parents[1]
    asks = re.compile(
        r"^\s*(?:import|from) (?:socket|http\.client|urllib\.request|requests|httpx|ftplib)\b", re.MULTILINE
    )
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.py") if asks.search(path.read_text("utf-8"))}
    assert found == {"plans/fetch.py"}

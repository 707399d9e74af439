"""CPU of the web processes per request: the sign-in page, a list of people, one write.

Serves the demo's society (SQLite, two gunicorn processes), asks for each page some hundred times,
one request after the other, and reads from the operating system what the processes used. CPU time
is steadier than time on the clock where a machine is shared.

    python benchmarks/pages.py
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PORT = 8911
AT = f"http://localhost:{PORT}"
REQUESTS, ROUNDS = 100, 5
#: Seconds in which the society has to be served.
PATIENCE = 300


class Browser:
    """Keeps cookies; sends what a form would."""

    def __init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        """Return a page."""
        with self.opener.open(AT + path, timeout=30) as answer:
            page: str = answer.read().decode()
        return page

    def post(self, path: str, **fields: str) -> None:
        """Send a form, as the page that it stands on would."""
        token = next(cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        request = urllib.request.Request(AT + path, body, {"Referer": AT + path})  # noqa: S310 - http to this machine, written above
        with self.opener.open(request, timeout=30) as answer:
            answer.read()


def below(root: int) -> list[int]:
    """Return the web processes below a process: not those that match and mail."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        stat = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        parents[int(entry.name)] = int(stat[1])
    found = [root]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return [pid for pid in found if b"worker" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]


def cpu(pids: list[int]) -> float:
    """Return the CPU seconds that processes have used."""
    stats = [Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split() for pid in pids]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def measured(pids: list[int], ask: Callable[[], object]) -> float:
    """Return milliseconds of CPU per request, the median of the rounds."""
    ask()
    rounds = []
    for _ in range(ROUNDS):
        before = cpu(pids)
        for _ in range(REQUESTS):
            ask()
        rounds.append((cpu(pids) - before) / REQUESTS * 1000)
    return statistics.median(rounds)


def measure(log: Path, pid: int) -> None:
    """Print the table, once the society is served."""
    end = time.monotonic() + PATIENCE
    while "Booting worker" not in (told := log.read_text(encoding="utf-8")):
        if time.monotonic() > end:
            raise SystemExit(f"not served within {PATIENCE} s:\n{told}")
        time.sleep(1)  # another process is asked for: there is nothing to wait on
    ada = Browser()
    ada.get(urllib.parse.urlsplit(re.findall(r"coordinator.*(http\S+)", told)[0]).path)
    home = re.findall(r'href="(/s/\w+/setup/)"', ada.get("/"))[0]
    program = re.findall(r'href="(/s/\w+/p/[^"]+/)"', ada.get(home))[0]
    people = re.findall(r'href="(/s/\w+/c/[^"]+/people/)"', ada.get(program))[0]
    rows = ada.get(people).count("<tr>") - 1
    pids = below(pid)
    for what, ask in (
        ("sign-in page", lambda: Browser().get("/account/sign-in/")),
        (f"list of {rows} people", lambda: ada.get(people)),
        ("one write, and the page after it", lambda: ada.post("/language/", language="en", next="/me/")),
    ):
        print(f"{what:36}{measured(pids, ask):6.1f} ms of CPU")


def main() -> None:
    """Serve, ask, print a table."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "introducer_web", "demo", "--port", str(PORT)]
        with log.open("w", encoding="utf-8") as out:
            served = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        try:
            measure(log, served.pid)
        finally:
            served.terminate()
            served.wait()


if __name__ == "__main__":
    main()

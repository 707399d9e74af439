"""The command ``introducer-web``: init, demo, serve, worker, manage."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

__all__ = ["main"]

_HELP = """\
introducer-web init               make the folder of data, its secrets and its database
                                  (--society NAME --slug ir --coordinator EMAIL: and a society)
introducer-web demo [--port N]    a made-up society with a match run already done, served here
introducer-web serve [--bind A]   serve the site (gunicorn); A is address:port, 127.0.0.1:8000 at first
introducer-web worker [--once]    run matches, check imports, send mail
introducer-web manage backup F    write the database into one file; manage restore F is the way back
introducer-web manage ...         Django's commands and Introducer's own: introducer-web manage help

INTRODUCER_DATA names the folder of data; ./introducer-data at first.
"""


def main() -> None:
    """Do what the first argument says."""
    name, *rest = [*sys.argv[1:], ""]
    rest = rest[:-1] if rest and rest[-1] == "" else rest
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "introducer_web.config.settings")
    os.umask(0o077)  # the database, its journal and every backup are for one user of the machine alone
    if name in ("", "help", "-h", "--help"):
        sys.stdout.write(_HELP)
    elif name in ("init", "demo"):
        folder = Path(os.environ.setdefault("INTRODUCER_DATA", "demo/site" if name == "demo" else "introducer-data"))
        write_secrets(folder)
        if name == "demo":
            port = rest[rest.index("--port") + 1] if "--port" in rest[:-1] else "8000"
            os.environ |= {
                "INTRODUCER_DEMO": "yes",
                "INTRODUCER_ORIGIN": f"http://localhost:{port}",
                "EMAIL_URL": f"filemail:///{(folder / 'mail').resolve()}",
            }
        _manage(name, *rest)
    elif name in ("serve", "worker"):
        _manage(name, *rest)
    elif name == "manage":
        _manage(*rest)
    else:
        sys.stderr.write(f"introducer-web: there is no command {name!r}.\n\n{_HELP}")
        sys.exit(2)


def write_secrets(folder: Path) -> None:
    """Add what is missing of the two secrets to ``secrets.env``; what is there, or in the environment, stays."""
    path = folder / "secrets.env"
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    there = {line.partition("=")[0].strip() for line in held.splitlines()} | set(os.environ)
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    new = {"INTRODUCER_SECRET_KEY": secrets.token_urlsafe(50), "INTRODUCER_KEYS": f"k1:{key}"}
    lines = [f"{name}={value}\n" for name, value in new.items() if name not in there]
    if not lines:
        return
    folder.mkdir(parents=True, exist_ok=True)
    begin = "\n" if held and not held.endswith("\n") else ""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(begin + "".join(lines))


def _manage(*arguments: str) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["introducer-web manage", *arguments])

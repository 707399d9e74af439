"""A site of its own for tests that kill: a folder of data, a database file, real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEYS = "t1:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"

HEAD = """
import django
django.setup()
from django_scopes import scopes_disabled
all_societies = scopes_disabled()  # ended with the process: a name keeps it open
all_societies.__enter__()
"""


@dataclass
class Site:
    """One installation. ``env`` is what its processes see beside the machine's own environment."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    patience: float = 180.0  # seconds

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the site to its end."""
        return subprocess.run(
            [sys.executable, *command],
            env=self._environment(env),
            capture_output=True,
            text=True,
            check=False,
            timeout=self.patience,
        )

    def web(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run ``introducer-web``."""
        return self.run("-m", "introducer_web", *arguments, **env)

    def python(self, code: str, **env: str) -> str:
        """Run Python inside the site and return what it printed."""
        done = self.run("-c", HEAD + code, **env)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("INTRODUCER_", "DATABASE_"))}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "introducer_web.config.settings",
            "INTRODUCER_DATA": str(self.folder),
            "INTRODUCER_SECRET_KEY": "a made-up secret of the tests, long enough to be taken for a real one",
            "INTRODUCER_KEYS": KEYS,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}",
            **self.env,
            **more,
        }


def founded(folder: Path, *, towns: bool = True, **env: str) -> Site:
    """Return a site with the cast's society, unless it is to be another, on a database of its own."""
    site = Site(folder, env)
    folder.mkdir(exist_ok=True)
    done = site.web("manage", "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    assert site.web("manage", "createcachetable").returncode == 0
    if towns:
        site.python("import cast; cast.settle()")
    return site

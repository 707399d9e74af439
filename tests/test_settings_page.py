"""The page of settings names every variable that is read, and no other; a deployment passes Django's own checks."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from faults.site import Site

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")


def test_every_variable_stands_on_the_page_and_no_other():
    source = (ROOT / "src/introducer_web/config/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:INTRODUCER_|DATABASE_|EMAIL_)[A-Z_]+)"', source))
    assert read == set(re.findall(r"^\| `([A-Z_]+)`", PAGE, re.MULTILINE))


def test_a_site_behind_https_passes_all_checks_of_a_deployment(tmp_path):
    site = Site(tmp_path, {"INTRODUCER_ORIGIN": "https://mentoring.example.org", "INTRODUCER_BEHIND_PROXY": "yes"})
    done = site.web("manage", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"INTRODUCER_ORIGIN": "http://mentoring.example.org"}, "has to begin with https://"),
        ({"INTRODUCER_SECRET_KEY": "short"}, "INTRODUCER_SECRET_KEY has fewer than"),
        ({"INTRODUCER_DEMO": "yes", "INTRODUCER_ORIGIN": "https://mentoring.example.org"}, "its links sign anybody in"),
        ({}, "The database is older than the program"),
    ],
)
def test_what_is_not_safe_is_not_served(env, words, tmp_path):
    done = Site(tmp_path, env).web("serve", "--bind", "127.0.0.1:1")
    assert done.returncode == 1
    assert words in done.stderr


def test_without_secrets_nothing_begins(tmp_path):
    env = {"INTRODUCER_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "PATH": ""}
    command = [sys.executable, "-m", "introducer_web", "worker", "--once"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "introducer-web init" in done.stderr


def test_secrets_are_added_once_to_what_stands_in_the_file(tmp_path):
    file = tmp_path / "secrets.env"
    file.write_text("INTRODUCER_ORIGIN=https://mentoring.example.org")
    env = {"INTRODUCER_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "PATH": ""}
    for _again in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "introducer_web", "init"], env=env, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
    names = [line.partition("=")[0] for line in file.read_text().splitlines()]
    assert (tmp_path / "introducer.sqlite3").stat().st_mode & 0o077 == 0
    assert names == ["INTRODUCER_ORIGIN", "INTRODUCER_SECRET_KEY", "INTRODUCER_KEYS"]


def test_a_command_that_is_not_there_is_told_with_those_that_are():
    command = [sys.executable, "-m", "introducer_web", "serv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT / "src")})
    assert done.returncode == 2
    assert "introducer-web serve" in done.stderr

"""One Chromium for the tests of a module."""

import shutil

import playwright.sync_api as play
import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or ""
    if not chromium or chromium.startswith("/snap/"):
        pytest.skip("Chromium is not installed: tools/system.sh browser installs it where it may")
    with play.sync_playwright() as api:
        started = api.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()

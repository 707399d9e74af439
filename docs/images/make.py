"""Makes the pictures of the README with the product's own code: run it again after a change of the look.

    python docs/images/make.py [constellation] [report]

``constellation.svg`` is drawn from a made-up mentee; ``report.png`` is a piece of the report of
a simulated cohort, as Debian's Chromium shows it (needs ``playwright`` and ``chromium``): the
mentee with the most needs whose constellation covers them all, and the one whose does not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from introducer.report.constellation import Direction, Star, draw

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
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
#: Mentees, mentors and seed of the simulated cohort, as text for the command line: those of the served demo.
COHORT = ("120", "80", "7")
WIDTH, HEIGHT = 1280, 1120
#: Leaves two constellations of three mentors in the page, each of whom covers a need that is shown: the richest whole
#: one, and the richest with a need left open. Cards are drawn although they are out of sight.
CHOOSE = """() => {
  const cards = [...document.querySelectorAll('article.one')];
  const count = (card, what) => card.querySelectorAll(what).length;
  const full = cards.filter(card => count(card, '.team li') === 3 && !card.textContent.includes('other reasons'));
  const needs = card => count(card, 'table.needs tbody tr');
  const richest = some => some.reduce((a, b) => (needs(b) > needs(a) ? b : a));
  const whole = richest(full.filter(card => count(card, '.gap') === 0));
  const open = richest(full.filter(card => count(card, '.gap') > 0));
  cards.filter(card => card !== whole && card !== open).forEach(card => card.remove());
  [whole, open].forEach(card => (card.style.contentVisibility = 'visible'));
}"""

NEEDS = [
    Direction("Patient communication", 3, 1.0),
    Direction("Clinic building", 2, 1.0),
    Direction("Contracts", 2, 0.0),
    Direction("Family and parenting", 3, 2 / 3),
    Direction("Research", 1, 2 / 3),
    Direction("Leadership", 1, 2 / 3),
    Direction("Job search", 2, 1 / 3),
]
MENTORS = [
    Star("Bea Okafor", {0: 1.0, 3: 2 / 3, 5: 2 / 3}),
    Star("Ben Arndt", {1: 1.0, 6: 1 / 3}),
    Star("Ife Lind", {4: 2 / 3}),
]


def constellation() -> None:
    """Draw one made-up mentee."""
    title = "A mentee's constellation: three mentors cover six of seven needs; nobody covers contracts yet."
    (HERE / "constellation.svg").write_text(draw(NEEDS, MENTORS, title=title, alone=True) + "\n", encoding="utf-8")


def report() -> None:
    """Simulate and match a cohort with the command line, and photograph two constellations of its report."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other picture does without

    mentees, mentors, seed = COHORT
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name, "cohort"), Path(name, "out")
        command = [sys.executable, "-m", "introducer.cli"]
        size = ["--mentees", mentees, "--mentors", mentors, "--seed", seed]
        subprocess.run([*command, "simulate", *size, "--out", str(folder)], check=True)  # noqa: S603 - our own command
        subprocess.run([*command, "match", str(folder), "--out", str(out)], check=True)  # noqa: S603 - our own command
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
            page.goto((out / "report.html").as_uri())
            page.evaluate(CHOOSE)
            page.locator("#constellations .all").screenshot(path=HERE / "report.png")
            browser.close()


if __name__ == "__main__":
    made = {"constellation": constellation, "report": report}
    for picture in sys.argv[1:] or made:
        made[picture]()

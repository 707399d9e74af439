"""The report as Debian's Chromium shows it: at every width, in both themes, in print, for the keyboard."""

import sys
from pathlib import Path

import pytest

from introducer import report
from introducer.roster import Mentee, Mentor, Roster

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from outcomes import VOCABULARY, cast, many, outcome

pytestmark = pytest.mark.browser

LONG = "Supercalifragilisticexpialidocious" * 3


def difficult():
    needs = dict.fromkeys(VOCABULARY.needs, 2)
    mentees = [
        Mentee(id="cleo", name=LONG, needs=needs),
        Mentee(id="cai", name="مريم الخطيب", needs=needs),
        Mentee(id="c"),
    ]
    mentors = [
        Mentor(id="bea", name=LONG, offers={"talk": 3, "clinic": 2}, capacity=40),
        Mentor(id="ben", name="Ben Castellanos", offers={"research": 1}),
    ]
    roster = Roster(LONG, VOCABULARY, tuple(mentees), tuple(mentors))
    return outcome(roster, {"cleo": ["bea", "ben"], "cai": ["bea"]}, prices={"bea": 0.2}, refusals={"stage": 12})


PAGES = {
    "cast": lambda: outcome(cast(), {"cleo": ["bea", "ben"], "cai": ["ben"]}),
    "difficult": difficult,
    "many": lambda: many(30, 20),
    "empty": lambda: many(0, 0),
}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    found = {}
    for name, made in PAGES.items():
        path = folder / f"{name}.html"
        path.write_text(report.page(made()), encoding="utf-8")
        found[name] = path.as_uri()
    return found


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 3840])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_never_scrolls_sideways(browser, addresses, name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(addresses[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280])
@pytest.mark.parametrize("name", ["cast", "difficult", "many"])
def test_no_table_is_wider_than_its_card(browser, addresses, name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(addresses[name])
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    over = page.evaluate(
        """() => [...document.querySelectorAll('table')].filter(table =>
            table.getBoundingClientRect().right > table.closest('.card').getBoundingClientRect().right - 8)
            .map(table => table.caption.textContent)"""
    )
    assert over == []
    page.close()


def test_the_page_asks_for_nothing_and_says_nothing_wrong(browser, addresses):
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(addresses["many"])
    assert asked == [addresses["many"]]
    assert said == []
    page.close()


@pytest.mark.parametrize("name", ["cast", "difficult", "many"])
def test_every_label_lies_inside_its_picture_and_meets_no_other(browser, addresses, name):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(addresses[name])
    bad = page.evaluate(
        """() => [...document.querySelectorAll('.one .pic')].flatMap(svg => {
            const view = svg.viewBox.baseVal, boxes = [...svg.querySelectorAll('text')].map(t => t.getBBox());
            const out = boxes.filter(b => b.x < view.x || b.x + b.width > view.x + view.width ||
                                          b.y < view.y || b.y + b.height > view.y + view.height);
            const meets = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width &&
                                    a.y + 3 < b.y + b.height && b.y + 3 < a.y + a.height;
            const met = boxes.filter((a, k) => boxes.some((b, l) => l > k && meets(a, b)));
            return [...out, ...met].map(b => [b.x, b.y, b.width, b.height]);
        })"""
    )
    assert bad == []
    page.close()


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(16, 22, 31)")])
def test_the_page_follows_the_theme(browser, addresses, scheme, ground):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(addresses["cast"])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    context.close()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(browser, addresses):
    page = browser.new_page()
    page.goto(addresses["cast"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_what_is_folded_is_open_in_print(browser, addresses):
    page = browser.new_page()
    page.goto(addresses["many"])
    hidden = page.locator("#mentors details tbody tr").last
    assert hidden.bounding_box() is None or not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.bounding_box()["height"] > 0
    page.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_page_prints(browser, addresses, paper):
    page = browser.new_page()
    page.goto(addresses["many"])
    assert page.pdf(format=paper).startswith(b"%PDF")
    page.close()

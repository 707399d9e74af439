"""Somebody at a browser, and what is asked of every page that they see."""

from __future__ import annotations

import contextlib
import re
import time

import playwright.sync_api as play
from axe_playwright_python.sync_playwright import Axe

from mail_server import text_of

__all__ = ["Strict", "Way"]

WIDTHS = [(320, "dark"), (1280, "light"), (320, "light"), (1280, "dark")]


class Way:
    """A browser on a site; ``look`` is what is asked of every page when it is first seen."""

    def __init__(self, site, page, look):
        self.site, self.page, self.look = site, page, look
        page.set_default_timeout(10_000)
        self.seen = set()
        self.looked = 0.0

    def go(self, path, heading):
        self.load(path if path.startswith("http") else self.site.origin + path)
        self.see(heading)

    def load(self, url):
        """Open an address, also where the page that is there is just about to renew itself."""
        for _turn in range(10):
            try:
                return self.page.goto(url)
            except play.Error as crossed:
                if not re.search("interrupted|ERR_ABORTED", str(crossed)):
                    raise
                self.page.wait_for_timeout(250)
        raise AssertionError(f"{url} could not be opened")

    def press(self, name, heading, kind="button"):
        with self.page.expect_navigation():
            self.page.get_by_role(kind, name=name).first.click()
        self.see(heading)

    def follow(self, name, heading):
        self.press(name, heading, kind="link")

    def see(self, heading):
        found = self.page.locator("h1").inner_text()
        assert re.search(heading, found), f"{found!r} at {self.page.url}, not {heading!r}:\n{self.text()}"
        shape = re.sub(r"[\w-]{20,}|\d+", "…", self.page.url.partition("?")[0]) + re.sub(r"\d", "", found)
        if shape not in self.seen:
            self.seen.add(shape)
            begun = time.monotonic()
            self.look(self.page)
            self.looked += time.monotonic() - begun

    def clock(self):
        """Seconds that have gone by for somebody who goes this way, without those for looking at pages."""
        return time.monotonic() - self.looked

    def text(self):
        return self.page.inner_text("main")

    def until(self, words):
        """Wait until the page has these words: the worker is at it, and the page may or may not renew itself."""
        for _turn in range(720):  # the first run of a machine compiles for more than a minute
            with contextlib.suppress(Exception):  # the page may just be renewing itself
                if words in self.text():
                    break
            self.page.wait_for_timeout(250)
            self.load(self.page.url)
        self.load(self.page.url)
        assert words in self.text(), f"No {words!r} at {self.page.url}:\n{self.text()}"
        self.see(".")

    def sign_in(self, address):
        after = len(self.site.mailbox.mails)
        self.go("/account/sign-in/", "Sign in")
        self.page.locator("input[type=email]").fill(address)
        self.press("Send me a code", "code")
        mail = self.site.mailbox.wait_for(address, "sign in:", after)
        self.enter(re.findall(r"sign in: (\S+)", text_of(mail))[0])

    def enter(self, code):
        self.page.locator("input[name=code]").fill(code)
        with self.page.expect_navigation():
            self.page.locator("main form button").first.click()
        self.see(".")

    def upload(self, what, content, name):
        self.page.locator(f"input[name=what][value={what}]").check()
        self.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        self.press("Upload and look at it", "What the columns are")


class Strict:
    """Asks axe at both widths, light and dark, and whether the page fits the window; keeps what was found."""

    def __init__(self):
        self.faults = []

    def __call__(self, page):
        before = page.viewport_size
        for _turn in range(10):  # a page that waits for the worker renews itself, also while it is looked at
            try:
                found = self.found(page)
            except play.Error as gone:
                if "navigation" not in str(gone) and "Frame was detached" not in str(gone):
                    raise
                page.wait_for_load_state()
            else:
                break
        else:
            raise AssertionError(f"{page.url} never stood still")
        self.faults += found
        page.set_viewport_size(before)
        page.emulate_media(color_scheme="light")

    def found(self, page):
        faults = []
        for width, scheme in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            where = f"{page.url} at {width}, {scheme}"
            for each in Axe().run(page).response["violations"]:
                faults += [f"{where}: {each['id']}: {node['html'][:160]}" for node in each["nodes"]]
            if wide := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
                faults.append(f"{where}: {wide} pixels too wide")
        return faults

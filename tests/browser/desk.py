"""A desk of the agency: one person signed in, in a window of Chromium, and everything that window must never do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.harness.server import ROOT

WIDE, TALL, PHONE, PHONE_TALL = 1366, 860, 390, 780
PATIENCE = 30_000
"""Milliseconds: a machine that runs everything else at the same time still passes."""
EXPECTED = re.compile(r"Failed to load resource|Response Status Error Code 4")
SETTLED = """() => document.fonts.status === 'loaded'
  && ![...document.querySelectorAll('.skeleton, .htmx-request')].some(e => e.checkVisibility())"""


def album() -> Path:
    """Where the screenshots go: QAFILA_SCREENSHOTS, or var/screenshots of the checkout."""
    folder = Path(os.environ.get("QAFILA_SCREENSHOTS") or ROOT / "var" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass
class Desk:
    """One person's window. `refused()` announces an answer that is meant to be a refusal."""

    page: Page
    url: str
    pictures: Path
    role: str
    complaints: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    refusing: bool = False

    def watch(self) -> None:
        """Note whatever the console says, requests that leave the host, answers that are errors."""
        everything = self.page.context
        everything.on("console", self._said)
        everything.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        everything.on("request", self._asked)
        everything.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium repeats a refused answer in the console; the answer itself is judged in `_answered`.
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(f"{self.page.url} {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        # chrome-extension is the browser's own reader of PDFs.
        if parts.scheme not in ("data", "blob", "chrome-extension") and f"{parts.scheme}://{parts.netloc}" != self.url:
            self.complaints.append(f"{self.page.url} asks elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            where = self.refusals if self.refusing and response.status < 500 else self.complaints
            where.append(f"{self.page.url}: {response.request.method} {response.url} answers {response.status}")

    @contextmanager
    def refused(self) -> Iterator[None]:
        """What is done inside is refused by the server, once at least."""
        self.refusing, before = True, len(self.refusals)
        yield
        self.refusing = False
        assert len(self.refusals) > before, "nothing was refused"

    # ---- going about

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, email: str, password: str) -> None:
        page = self.go("/login")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/app")

    def tab(self, name: str) -> Locator:
        """Open a tab of the page; its panel, arrived."""
        asked = self.page.get_by_role("tab", name=name, exact=True)
        with self.page.expect_response(lambda answer: "/tab/" in answer.url or "/of-booking/" in answer.url):
            asked.click()
        expect(asked).to_have_attribute("aria-selected", "true")
        return self.page.locator("#tab")

    def choose(self, label: str, typed: str, found: str) -> None:
        """Type into a field that looks things up, and take what it finds."""
        box = self.page.get_by_role("combobox", name=label)
        box.press_sequentially(typed)
        self.page.get_by_role("option", name=found).first.click()

    def paste(self, cell: Locator, text: str) -> None:
        """Paste as a spreadsheet copies: cells by tabs, rows by lines."""
        cell.evaluate(
            "(e, text) => { e.focus(); const d = new DataTransfer(); d.setData('text/plain', text);"
            "e.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})) }",
            text,
        )

    def told(self, text: str | re.Pattern[str]) -> None:
        """The house said so, in a toast."""
        expect(self.page.locator(".toast-item").filter(has_text=text)).to_be_visible()

    def downloaded(self, link: Locator) -> bytes:
        """What a link downloads."""
        with self.page.expect_download() as download:
            link.click()
        return download.value.path().read_bytes()

    def opened(self, link: Locator) -> bytes:
        """The paper that a link opens in a window of its own."""
        address = self.url + str(link.get_attribute("href"))
        with self.page.expect_popup() as popup:
            link.click()
        popup.value.wait_for_url(address)
        popup.value.close()
        answer = self.page.context.request.get(address)
        assert answer.headers["content-type"] == "application/pdf"
        return answer.body()

    # ---- looking

    def look(self, name: str, *, phone: bool = False) -> None:
        """Keep a picture of the page, and see that it fits a phone; `phone` keeps that picture too."""
        self._settled()
        self._picture(name, WIDE, TALL)
        self.page.set_viewport_size({"width": PHONE, "height": PHONE_TALL})
        excess = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess <= 0, f"{name} ({self.page.url}) is {excess} px too wide for a phone"
        if phone:
            self._picture(f"{name}-phone", PHONE, PHONE_TALL)
        self.page.set_viewport_size({"width": WIDE, "height": TALL})

    def _picture(self, name: str, width: int, height: int) -> None:
        """The whole page in a window as tall as it is, so that what sticks to an edge stays at that edge."""
        needed = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": max(height, min(needed, 4000))})
        self.page.screenshot(path=self.pictures / f"{name}.png", animations="disabled")

    def _settled(self) -> None:
        self.page.wait_for_function(SETTLED)


def desk(browser: Browser, url: str, role: str, email: str, password: str) -> Desk:
    """Somebody signs in, in a browser of their own."""
    context = browser.new_context(
        viewport={"width": WIDE, "height": TALL}, timezone_id="Asia/Kolkata", locale="en-IN", accept_downloads=True
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    made = Desk(context.new_page(), url, album(), role)
    made.watch()
    made.sign_in(email, password)
    return made

"""What the scripts of a page do, in Chromium: pages rendered here, answers given here, no database."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from playwright.sync_api import BrowserContext, Dialog, Page, expect, sync_playwright

from qafila.kernel.middleware import CSP
from qafila.kernel.tests.gallery import pages

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="NO CHROMIUM: the scripts of the pages are not tested (apt install chromium)"
    ),
    pytest.mark.xdist_group("chromium"),
]
STATIC = Path(__file__).resolve().parents[1] / "static"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync", "--no-first-run"]


@dataclass
class Answer:
    """What the house answers to a request: after `wait` seconds, or not at all; the next time `then`."""

    body: str = ""
    status: int = 200
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    silent: bool = False
    then: Answer | None = None


class House(ThreadingHTTPServer):
    """A house of paper: rendered pages, the real assets, and answers given by each test; remembers what was asked."""

    daemon_threads = True

    def __init__(self, rendered: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.rendered = rendered
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, str, str]] = []


class Door(BaseHTTPRequestHandler):
    server: House

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            kind = guess_type(file.name)[0] or "text/plain"
            self.tell(Answer(kind=kind, headers={"Cache-Control": "max-age=600"}), file.read_bytes())
        elif path in self.server.rendered:
            self.tell(Answer(headers={"Content-Security-Policy": CSP}), self.server.rendered[path].encode())
        else:
            self.given(path)

    def do_POST(self) -> None:
        self.given(self.path.split("?")[0])

    def given(self, path: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append((self.command, self.path, body, self.headers.get("X-CSRFToken") or ""))
        answer = self.server.answers.get(path, Answer(status=204))
        if answer.then:
            self.server.answers[path] = answer.then
        time.sleep(answer.wait)
        if not answer.silent:
            self.tell(answer, answer.body.encode())

    def tell(self, answer: Answer, body: bytes) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.kind, "Content-Length": str(len(body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    made: dict[str, str] = {}
    for lang in ("en", "ar"):
        with translation.override(lang):
            made |= {f"/{lang}/{name}": html for name, html in pages().items()}
    with House(made) as standing:
        threading.Thread(target=standing.serve_forever, args=(0.05,), daemon=True).start()
        yield standing
        standing.shutdown()


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = browser.new_context(timezone_id="Asia/Kolkata", permissions=["clipboard-read", "clipboard-write"])
        opened.set_default_timeout(5000)
        yield opened
        browser.close()


class Visit:
    """One open page and the complaints of its console."""

    def __init__(self, page: Page, house: House) -> None:
        self.page, self.house = page, house
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))

    def open(self, name: str = "gallery", lang: str = "en") -> Page:
        self.page.goto(f"{self.house.address}/{lang}/{name}")
        return self.page

    def posts(self) -> list[tuple[str, str, str, str]]:
        return [asked for asked in self.house.asked if asked[0] == "POST"]


@pytest.fixture
def visit(context: BrowserContext, house: House) -> Iterator[Visit]:
    house.answers.clear()
    house.asked.clear()
    page = context.new_page()
    page.set_viewport_size({"width": 1366, "height": 800})
    opened = Visit(page, house)
    yield opened
    if page.url.startswith(house.address):
        page.evaluate("localStorage.clear()")
    page.close()
    expected = ("Failed to load resource", "Response Status Error Code 4")
    assert [c for c in opened.complaints if not c.startswith(expected)] == []


def problem(status: int, *errors: dict[str, Any], detail: str = "Check the input.") -> Answer:
    body = {
        "type": "about:blank",
        "title": "x",
        "status": status,
        "detail": detail,
        "code": "X",
        "errors": list(errors),
    }
    return Answer(json.dumps(body), status, "application/problem+json")


def wizard(page: Page) -> Any:
    return page.locator("form[data-dirty]")


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("width", [1366, 390])
def test_every_page_fits_its_window_and_keeps_the_content_policy(visit: Visit, lang: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    for name in pages():
        page = visit.open(name, lang)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"


def test_nothing_moves_while_a_page_loads(visit: Visit) -> None:
    for name in ("gallery", "list"):
        page = visit.open(name)
        page.wait_for_load_state("networkidle")
        moved = page.evaluate(
            "new Promise(tell => new PerformanceObserver("
            "list => tell(list.getEntries().reduce((sum, e) => sum + e.value, 0)))"
            ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => tell(0), 300))"
        )
        assert moved < 0.02, name


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(visit: Visit) -> None:
    visit.house.answers["/nowhere"] = problem(
        422,
        {"loc": ["body", "passengers", 0, "first_name"], "msg": "Too short."},
        {"loc": ["passport_no"], "msg": "Not a passport number."},
        detail="Two things to correct.",
    )
    page = visit.open()
    form = wizard(page)
    form.get_by_label("Last name").fill("Bhat")
    form.get_by_label("First name").fill("A")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".toast-error")).to_contain_text("Two things to correct.")
    first = form.get_by_label("First name")
    expect(first).to_be_focused()
    expect(first).to_have_value("A")
    expect(first).to_have_attribute("aria-invalid", "true")
    expect(form.locator('[data-error-for="passengers[0].first_name"]')).to_have_text("Too short.")
    expect(form.locator('[data-error-for="passengers[0].passport_no"]')).to_have_text("Not a passport number.")
    first.fill("Aisha")
    expect(form.locator('[data-error-for="passengers[0].first_name"]')).to_be_empty()
    expect(first).not_to_have_attribute("aria-invalid", "true")


def test_a_field_named_method_does_not_take_its_form_out_of_hand(visit: Visit) -> None:
    """A payment is received by a "method", which the browser offers in the place of the form's own."""
    source = (
        '{% extends "kernel/shell.html" %}{% block content %}<form method="post" action="/nowhere">'
        '<input name="method" value="cash">{% field "amount" "Amount" %}<button>Take</button></form>{% endblock %}'
    )
    visit.house.rendered["/en/payment"] = Template(source).render(Context())
    visit.house.answers["/nowhere"] = problem(422, {"loc": ["amount"], "msg": "More than nothing."})
    page = visit.open("payment")
    page.get_by_role("button", name="Take").click()
    expect(page.locator("[data-error-for=amount]")).to_have_text("More than nothing.")


def test_the_path_of_a_field_is_not_told_to_people(visit: Visit) -> None:
    wrong = {"loc": ["body", "passengers", 0, "first_name"], "msg": "Too short."}
    visit.house.answers["/nowhere"] = problem(422, wrong, detail="passengers.0.first_name: Too short.")
    page = visit.open()
    wizard(page).get_by_label("Last name").fill("Bhat")
    wizard(page).get_by_label("First name").fill("A")
    wizard(page).get_by_role("button", name="Save").click()
    expect(page.locator(".toast-error p")).to_have_text("Too short.")


def test_two_clicks_have_one_effect(visit: Visit) -> None:
    visit.house.answers["/nowhere"] = Answer(status=204, wait=0.4)
    page = visit.open()
    wizard(page).get_by_label("Last name").fill("Bhat")
    wizard(page).get_by_role("button", name="Save").dblclick()
    page.keyboard.press("Control+s")
    page.wait_for_timeout(900)
    assert len(visit.posts()) == 1


def test_a_post_carries_the_csrf_token_and_its_button(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("button", name="Dialog").click()
    page.locator("#issue").get_by_role("button", name="Issue", exact=True).click()
    page.wait_for_timeout(200)
    _, _, body, token = visit.posts()[0]
    assert "pnr=K7QXPL" in body
    assert len(token) == 64


def test_what_cannot_be_undone_is_asked_in_words_first(visit: Visit) -> None:
    page = visit.open()
    page.evaluate(
        "document.addEventListener('click', e => { if (e.target.closest('[data-confirm]')) window.went = true })"
    )
    delete = wizard(page).get_by_role("button", name="Delete")
    delete.click()
    expect(page.locator("#confirm")).to_contain_text("reverses 3 journal entries")
    expect(page.locator("#confirm [value=no]")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("window.went") is None
    delete.click()
    page.locator("#confirm [value=yes]").click()
    page.wait_for_timeout(100)
    assert page.evaluate("window.went") is True


def test_an_unreachable_server_is_said_and_nothing_is_lost(visit: Visit) -> None:
    visit.house.answers["/nowhere"] = Answer(silent=True)
    page = visit.open()
    wizard(page).get_by_label("Last name").fill("Bhat")
    wizard(page).get_by_role("button", name="Save").click()
    expect(page.locator(".toast-error")).to_contain_text("could not be reached")
    expect(wizard(page).get_by_label("Last name")).to_have_value("Bhat")
    visit.complaints.clear()


def test_a_toast_comes_with_an_answer_and_offers_its_undo(visit: Visit) -> None:
    said = {"toast": {"level": "success", "text": "Moved to UMR-27JAN-B.", "undo": "/undo"}}
    visit.house.answers["/nowhere"] = Answer(status=204, headers={"HX-Trigger": json.dumps(said)})
    page = visit.open()
    wizard(page).get_by_label("Last name").fill("Bhat")
    wizard(page).get_by_role("button", name="Save").click()
    expect(page.locator(".toast-success")).to_contain_text("Moved to UMR-27JAN-B.")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_timeout(200)
    assert visit.posts()[-1][1] == "/undo"


def test_a_redirect_after_an_ordinary_post_is_followed_with_its_message(visit: Visit) -> None:
    target = visit.house.rendered["/en/list"].replace(
        'data-undo="Undo">', 'data-undo="Undo"><p hidden data-toast="success">Saved.</p>'
    )
    visit.house.answers["/nowhere"] = Answer(status=302, headers={"Location": "/there"})
    # The message is told once, to the request that followed the redirect: the page one sees must not lose it.
    visit.house.answers["/there"] = Answer(target, then=Answer(visit.house.rendered["/en/list"]))
    page = visit.open()
    wizard(page).get_by_label("Last name").fill("Bhat")
    wizard(page).get_by_role("button", name="Save").click()
    page.wait_for_url("**/there")
    expect(page.locator(".toast-success")).to_have_text("Saved.")


def test_the_search_box_finds_and_opens_with_the_keyboard_alone(visit: Visit) -> None:
    hits = [
        {"title": "Farooq Bhat", "sub": "Customer", "url": "/c/1", "icon": "user"},
        {"title": "BK-1", "url": "/b/1"},
    ]
    visit.house.answers["/search"] = Answer(json.dumps(hits), kind="application/json")
    visit.house.answers["/b/1"] = Answer("ok")
    page = visit.open()
    page.keyboard.press("Control+k")
    page.keyboard.type("far")
    expect(page.locator("#search [role=option]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/b/1")


def test_keys_filter_a_list_walk_its_rows_and_open_one(visit: Visit) -> None:
    visit.house.answers["/sales/bookings/BK-2026-000101"] = Answer("ok")
    page = visit.open("list")
    page.keyboard.press("/")
    expect(page.locator("[data-filter]")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sales/bookings/BK-2026-000101")


def test_typing_in_a_field_is_not_taken_for_keys(visit: Visit) -> None:
    page = visit.open()
    field = wizard(page).get_by_label("Notes")
    field.fill("")
    field.press_sequentially("j/k?")
    expect(field).to_have_value("j/k?")
    expect(page.locator("#help")).to_be_hidden()


def test_ctrl_s_saves_the_form_one_stands_in(visit: Visit) -> None:
    page = visit.open()
    wizard(page).get_by_label("Last name").fill("Bhat")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(200)
    assert [asked[1] for asked in visit.posts()] == ["/nowhere"]


def test_a_choice_found_by_typing_sets_the_id_and_a_loose_text_is_refused(visit: Visit) -> None:
    found = [{"id": 8, "label": "Farooq Dar", "sub": "Z4419201"}, {"id": 9, "label": "Farooq Wani"}]
    visit.house.answers["/customers/find"] = Answer(json.dumps(found), kind="application/json")
    page = visit.open()
    box, hidden = page.get_by_role("combobox", name="Customer"), page.locator("input[name=customer_id]")
    box.fill("Far")
    expect(page.get_by_role("option", name="Farooq Dar")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(hidden).to_have_value("9")
    expect(box).to_have_value("Farooq Wani")
    box.fill("Nobody")
    expect(hidden).to_have_value("")
    page.keyboard.press("Escape")
    box.blur()
    assert box.evaluate("e => e.validity.customError") is True


def test_rows_pasted_from_a_spreadsheet_fill_the_grid_and_make_rows(visit: Visit) -> None:
    page = visit.open()
    text = 'Aisha\tBhat\tz44\t1988-04-12\r\nOmar\tDar\t"M""88"\t2001-01-02\r\nA\tB\tC\tD\r\nE\tF\tG\tH\r\n'
    page.locator('[name="grid[0].first_name"]').evaluate(
        "(e, text) => { e.focus(); const d = new DataTransfer(); d.setData('text/plain', text);"
        "e.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})) }",
        text,
    )
    expect(page.locator('[name="grid[0].passport_no"]')).to_have_value("Z44")
    expect(page.locator('[name="grid[1].passport_no"]')).to_have_value('M"88')
    expect(page.locator('[name="grid[3].first_name"]')).to_have_value("E")
    assert page.evaluate("qafila.isoDate('12/04/1988') + qafila.isoDate('5-Jan-2001')") == "1988-04-122001-01-05"


def test_a_changed_form_says_so_and_warns_before_leaving(visit: Visit) -> None:
    page = visit.open()
    form = wizard(page)
    expect(form.get_by_text("Not saved yet")).to_be_hidden()
    form.get_by_label("Last name").fill("Bhat")
    expect(form.get_by_text("Not saved yet")).to_be_visible()
    asked: list[str] = []

    def answer(shown: Dialog) -> None:
        asked.append(shown.type)
        shown.accept()

    page.on("dialog", answer)
    visit.open("list")
    assert asked == ["beforeunload"]


def test_the_chosen_look_is_there_before_the_next_page_is_painted(visit: Visit) -> None:
    page = visit.open("list")
    page.locator(".bar-user summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    visit.open("gallery")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_times_are_told_in_the_viewers_zone_with_the_zone(visit: Visit) -> None:
    page = visit.open()
    expect(page.locator("time[data-local=full]").first).to_have_text("20 Nov 2026, 15:00 IST")


def test_a_code_is_copied(visit: Visit) -> None:
    page = visit.open()
    page.locator('.head [data-copy="UMR-27JAN-A"]').click()
    page.wait_for_timeout(100)
    assert page.evaluate("navigator.clipboard.readText()") == "UMR-27JAN-A"


def test_a_tab_is_remembered_for_the_next_of_its_kind(visit: Visit) -> None:
    entries = [{"key": "one", "label": "One", "url": "/t/one"}, {"key": "two", "label": "Two", "url": "/t/two"}]
    source = '{% extends "kernel/shell.html" %}{% block content %}{% tabs entries "" "group" %}{% endblock %}'
    visit.house.rendered["/en/tabs"] = Template(source).render(Context({"entries": entries}))
    for key in ("one", "two"):
        visit.house.answers[f"/t/{key}"] = Answer(f"<p>{key} is here</p>")
    page = visit.open("tabs")
    expect(page.locator("#tab")).to_have_text("one is here")
    page.get_by_role("tab", name="Two").click()
    expect(page.locator("#tab")).to_have_text("two is here")
    assert page.url.endswith("?tab=two")
    visit.house.asked.clear()
    page = visit.open("tabs")
    expect(page.locator("#tab")).to_have_text("two is here")
    assert [asked[1] for asked in visit.house.asked] == ["/t/two"]


def test_a_filtered_list_keeps_its_order_and_exports_what_it_shows(visit: Visit) -> None:
    visit.house.answers["/sales/bookings"] = Answer("<p>filtered</p>")
    visit.page.goto(f"{visit.house.address}/en/list?sort=-gross")
    visit.page.locator("[data-filter]").press_sequentially("bhat")
    expect(visit.page.locator("#list")).to_have_text("filtered")
    assert visit.page.url.endswith("/sales/bookings?q=bhat&sort=-gross")
    visit.page.get_by_label("Export what this list shows").click()
    visit.page.get_by_role("link", name="CSV file").click()
    visit.page.wait_for_timeout(200)
    assert "/sales/bookings?q=bhat&sort=-gross&format=csv" in [asked[1] for asked in visit.house.asked]

"""A customer entered at the counter: the passport is scanned, the fields fill, what is wrong is told in place."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qafila.identity.tests.factories import PASSWORD, make_agency, make_user
from qafila.identity.types import Role
from tests.harness.chromium import launched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium")]
LINES = "P<INDWANI<<HAFIZA<<<<<<<<<<<<<<<<<<<<<<<<<<<\nY1361715<8IND8410124F3206124<<<<<<<<<<<<<<06"


def test_a_customer_is_entered_by_their_passport(shared_live, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), shared_live.database():
        make_agency()
        person = make_user(Role.SALES_MANAGER, password=PASSWORD)
    with launched() as browser:
        page = browser.new_page(base_url=shared_live.url, viewport={"width": 1280, "height": 1000})
        page.goto("/sales/customers")
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="New customer").first.click()
        lines = page.get_by_label("Machine-readable lines")
        lines.fill(LINES.replace("841012", "841013"))
        expect(page.locator("[data-passport-said]")).to_contain_text("check digit of the date of birth")
        lines.fill(LINES)
        expect(page.get_by_label("Passport number")).to_have_value("Y1361715")
        expect(page.get_by_label("First name")).to_have_value("Hafiza")
        expect(page.get_by_label("Born")).to_have_value("1984-10-12")
        expect(page.get_by_label("Nationality")).to_have_value("IND")
        page.get_by_label("Phone").fill("12")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#f-phone-error")).to_contain_text("not a phone number")
        expect(page.get_by_label("First name")).to_have_value("Hafiza")
        page.get_by_label("Phone").fill("9906039378")
        shot(page, "customer-form")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Hafiza Wani")).to_be_visible()
        expect(page.locator("#tab")).to_contain_text("Y1361715")
        shot(page, "customer")
        page.get_by_role("tab", name="History").click()
        expect(page.locator("#tab")).to_contain_text("Created")
        page.get_by_role("tab", name="Statement").click()
        expect(page.locator("#tab")).to_contain_text("No entries yet")
        page.goto("/sales/customers?q=39378")
        expect(page.get_by_role("row", name="Hafiza Wani")).to_be_visible()
        shot(page, "customers")


def shot(page, name: str) -> None:
    """Kept where QAFILA_SCREENSHOTS says."""
    if folder := os.environ.get("QAFILA_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))

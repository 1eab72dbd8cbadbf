"""A manual journal at the keyboard: codes typed or pasted, the sum live, what is wrong told in the row."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from qafila.identity.tests.factories import PASSWORD, make_user
from qafila.identity.types import Role
from qafila.ledger.models import JournalEntry
from qafila.ledger.tests.factories import books, party
from tests.harness.chromium import launched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium")]
PASTED = "2051\\t\\t1,000.00\\tTea\\n1010-01\\t750\\t\\tBank"
PASTE = f"""() => {{ const sheet = new DataTransfer(); sheet.setData('text/plain', '{PASTED}');
document.querySelector('#account-1').dispatchEvent(
  new ClipboardEvent('paste', {{clipboardData: sheet, bubbles: true, cancelable: true}})) }}"""


def test_a_journal_is_typed_pasted_and_posted(shared_live: Any, django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), shared_live.database():
        books()
        party(name="Haleema Bhat")
        person = make_user(Role.ACCOUNTANT, password=PASSWORD)
    with launched() as browser:
        page = browser.new_page(base_url=shared_live.url, viewport={"width": 1280, "height": 900})
        page.goto("/finance/journals/new")
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("What for").fill("Advance moved")
        page.locator("#account-0").type("5106")
        page.keyboard.press("Tab")
        page.locator("input[name='lines[0].debit']").fill("250")
        expect(page.locator("[data-apart]")).to_have_text("250.00")
        page.locator("#account-1").click()
        page.evaluate(PASTE)
        expect(page.locator("[data-apart]")).to_have_text("nothing, it balances")
        page.get_by_role("button", name="Post journal").click()
        expect(page.locator("[data-error-for='lines[1].party_id']")).to_contain_text("needs a customer")
        expect(page.locator("input[name='lines[2].debit']")).to_have_value("750")
        page.locator("#party-1").type("Halee")
        page.get_by_role("option", name="Haleema Bhat").click()
        page.get_by_role("button", name="Post journal").click()
        expect(page.get_by_role("cell", name="Haleema Bhat")).to_be_visible()
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
        if folder := os.environ.get("QAFILA_SCREENSHOTS"):
            page.screenshot(path=str(Path(folder) / "journal-entry.png"))
    with django_db_blocker.unblock(), shared_live.database():
        entry = JournalEntry.objects.get(narration="Advance moved")
        assert (entry.total, entry.status, entry.lines.count()) == (1000, "pending", 3)

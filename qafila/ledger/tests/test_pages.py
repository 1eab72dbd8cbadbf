"""The books on screen: who may open them, what they show, which buttons they offer, what their forms do."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from qafila.identity.models import Agency, Branch
from qafila.identity.tests.factories import Caller, anonymous, as_role
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.ledger.models import Account, JournalEntry
from qafila.ledger.tests.factories import an_entry, books, party
from qafila.ledger.types import credit, debit

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _books() -> None:
    books()


@pytest.fixture
def accountant() -> Caller:
    return as_role(Role.ACCOUNTANT)


@pytest.fixture
def manager() -> Caller:
    return as_role(Role.FINANCE_MANAGER)


def shown(who: Caller, path: str) -> str:
    answer = who.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.content[:300])
    return str(answer.content.decode())


def post(who: Caller, path: str, **said: Any) -> Any:
    return who.post(path, {name.replace("__", "."): value for name, value in said.items()}, headers=HTMX)


def form(**changed: Any) -> dict[str, Any]:
    return {
        "date": clock.today().isoformat(),
        "narration": "Porters",
        "lines[0].account": "5106",
        "lines[0].debit": "250",
        "lines[1].account": "1010-01",
        "lines[1].credit": "250",
        "lines[2].account": "",
        "lines[2].debit": "",
        **changed,
    }


PAGES = ["/finance/journals", "/finance/journals?status=pending", "/finance/accounts", "/finance/accounts/5106"]


@pytest.mark.parametrize("path", [*PAGES, "/finance/trial-balance", "/finance/journals/new"])
def test_pages_need_their_rights(path: str, manager: Caller) -> None:
    an_entry()
    assert anonymous().get(path).status_code == 302
    assert as_role(Role.SALES_EXECUTIVE).get(path).status_code == 403
    shown(manager, path)


def test_a_cashier_sees_no_button_that_is_not_theirs(manager: Caller) -> None:
    an_entry()
    cashier = as_role(Role.CASHIER)
    assert "/finance/journals/new" in shown(manager, "/finance/journals")
    assert "/finance/journals/new" not in shown(cashier, "/finance/journals")
    assert 'data-open="account"' not in shown(cashier, "/finance/accounts")
    assert "/finance/trial-balance" not in shown(cashier, "/finance/journals")
    assert post(cashier, "/finance/journals/new", **form()).status_code == 403


def test_a_manual_journal_is_entered_with_its_blank_rows_left_out(accountant: Caller) -> None:
    answer = post(accountant, "/finance/journals/new", **form())
    assert answer.status_code == 204
    entry = JournalEntry.objects.get()
    assert answer["HX-Redirect"] == f"/finance/journals/{entry.number}"
    assert (entry.lines.count(), entry.status) == (2, "pending")
    assert entry.number in shown(accountant, "/finance/journals?status=pending")


def test_a_journal_is_refused_beside_the_field(accountant: Caller) -> None:
    answer = post(accountant, "/finance/journals/new", **form(**{"lines[1].account": "1010"}))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["lines", 1, "account"]
    apart = post(accountant, "/finance/journals/new", **form(**{"lines[1].credit": "240"}))
    assert apart.json()["detail"] == "Debits are 250.00, credits 240.00: 10.00 apart."


def test_an_entry_shows_its_lines_its_party_and_where_it_came_from(accountant: Caller) -> None:
    customer = party(name="Haleema Bhat")
    entry = an_entry(
        lines=(debit("1101", Decimal(122000), party_id=customer), credit("4022", Decimal(122000))),
        source="booking_invoice",
        source_id=41,
        narration="Invoice of BK-2026-000041",
    )
    page = shown(accountant, f"/finance/journals/{entry.number}")
    for part in (
        "Haleema Bhat",
        "1,22,000.00",
        "Tour revenue",
        "/finance/invoices/41",
        'href="/finance/accounts/1101"',
    ):
        assert part in page
    assert "/reverse" not in page  # an operation is undone where it was done
    assert entry.number in shown(accountant, f"/finance/journals/{entry.pk}")
    assert accountant.get("/finance/journals/JE-2026-999999").status_code == 404


def test_the_buttons_of_a_pending_entry_are_for_its_checker(accountant: Caller, manager: Caller) -> None:
    post(accountant, "/finance/journals/new", **form())
    entry = JournalEntry.objects.get()
    path = f"/finance/journals/{entry.pk}"
    assert f"{path}/approve" not in shown(accountant, path)
    assert f"{path}/reject" not in shown(accountant, path)
    assert f"{path}/approve" in shown(manager, path)
    assert post(accountant, f"{path}/approve").status_code == 403
    assert post(manager, f"{path}/approve").status_code == 204
    after = shown(manager, path)
    assert f"{path}/approve" not in after
    assert f"{path}/reverse" in after
    assert "Approved" in after
    assert post(manager, f"{path}/reverse", reason="Wrong month").status_code == 204
    assert JournalEntry.objects.get(reverses=entry).number in shown(manager, path)
    assert f"{path}/reverse" not in shown(manager, path)


def test_the_queue_is_approved_in_one_go(accountant: Caller, manager: Caller) -> None:
    for _ in range(3):
        post(accountant, "/finance/journals/new", **form())
    ids = list(JournalEntry.objects.values_list("pk", flat=True))
    assert "/approve-bulk" in shown(manager, "/finance/journals?status=pending")
    answer = manager.post("/finance/journals/approve-bulk", {"ids[]": ids}, headers=HTMX)
    assert answer.status_code == 204
    assert JournalEntry.objects.filter(status="approved").count() == 3


def test_a_rejection_says_why(accountant: Caller, manager: Caller) -> None:
    post(accountant, "/finance/journals/new", **form())
    path = f"/finance/journals/{JournalEntry.objects.get().pk}"
    assert post(manager, f"{path}/reject").json()["errors"][0]["loc"] == ["reason"]
    assert post(manager, f"{path}/reject", reason="No receipt").status_code == 204
    assert "No receipt" in shown(manager, path)


def test_the_chart_is_a_tree_with_balances(accountant: Caller) -> None:
    an_entry(1500)
    page = shown(accountant, "/finance/accounts")
    for part in ("1001-SXR-01", "CGST output", "(1,500.00)", "1,500.00", "depth-2"):
        assert part in page


def test_an_account_is_added_and_edited_on_its_page(accountant: Caller) -> None:
    said = {"code": "5301", "name": "Office rent", "kind": "expense", "parent_code": "5000", "is_group": "false"}
    assert post(accountant, "/finance/accounts/new", **said).status_code == 204
    made = Account.objects.get(code="5301")
    assert post(accountant, "/finance/accounts/new", **said).status_code == 409
    edited = post(accountant, f"/finance/accounts/{made.pk}/edit", version=1, name="Rent", is_active="true")
    assert edited["HX-Redirect"] == "/finance/accounts/5301"
    assert "Rent" in shown(accountant, "/finance/accounts/5301")


def test_a_statement_runs_its_balance_and_brackets_what_is_below_zero(accountant: Caller) -> None:
    an_entry(70)
    an_entry(30)
    page = shown(accountant, "/finance/accounts/1010-01")
    assert "(70.00)" in page
    assert "(100.00)" in page
    none = shown(accountant, "/finance/accounts/1010-01?until=2026-01-01")
    assert "Nothing was posted" in none
    assert accountant.get("/finance/accounts/nowhere").status_code == 404


def test_the_trial_balance_leads_to_the_lines_and_goes_out_as_a_file(manager: Caller) -> None:
    an_entry(1234)
    an_entry(66, branch_id=Branch.objects.get(code="SXR").pk)
    page = shown(manager, "/finance/trial-balance")
    assert f"/finance/accounts/5106?until={clock.today()}" in page
    assert "1,300.00" in page
    sheet = b"".join(manager.get("/finance/trial-balance?format=xlsx").streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert ["5106", "Group expenses, miscellaneous", "expense", 1300.0, 0.0] in rows
    text = b"".join(manager.get("/finance/trial-balance?format=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    read = list(csv.reader(io.StringIO(text)))
    assert ["5106", "Group expenses, miscellaneous", "expense", "1300.00", "0.00"] in read
    assert manager.get("/finance/trial-balance?format=doc").status_code == 422
    assert as_role(Role.AUDITOR).get("/finance/trial-balance?format=csv").status_code == 403


def test_a_bookings_tab_shows_whole_entries_as_a_fragment(accountant: Caller) -> None:
    page = shown(accountant, "/finance/journals/of-booking/12345")
    assert "<html" not in page


def test_accounts_and_parties_are_found_by_typing(accountant: Caller) -> None:
    party(name="Haleema Bhat")

    def found(path: str) -> list[str]:
        return [f"{hit['id']} {hit['label']}" for hit in accountant.get(path).json()]

    assert found("/typeahead/accounts?q=2061") == [
        "2061-C 2061-C · CGST output",
        "2061-I 2061-I · IGST output",
        "2061-S 2061-S · SGST output",
        "2061-V 2061-V · VAT output",
    ]
    assert [hit[:4] for hit in found("/typeahead/accounts?q=tour rev")] == ["2032", "4022"]
    assert found("/typeahead/accounts?q=1010") == ["1010-01 1010-01 · Bank account"]
    assert "Haleema Bhat" in found("/typeahead/parties?q=halee")[0]
    assert found("/typeahead/parties?q=%25") == []
    assert as_role(Role.SALES_EXECUTIVE).get("/typeahead/parties?q=h").status_code == 403


def test_the_form_says_what_waits_for_a_checker(accountant: Caller) -> None:
    assert "waits for a checker before it counts" in shown(accountant, "/finance/journals/new")
    Agency.objects.update(journal_threshold=5000)
    assert "5,000.00" in shown(accountant, "/finance/journals/new")

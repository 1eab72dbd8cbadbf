"""The first sale, clicked: from a block of seats to a ticket in the hand, by the people whose work each step is."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qafila.identity.types import Role
from tests.browser.conftest import Desks
from tests.harness.office import AT_WORK, DATA, data, words_of

pytestmark = [pytest.mark.browser, pytest.mark.live(**AT_WORK)]

DEPARTURE = data("departure.json")
BLOCK, SHEET = DEPARTURE["airline_block"], DEPARTURE["rate_sheet"]
GROUP = "UMR-27JAN-A"
LEG = ("origin", "destination", "flight_no", "depart_date", "depart_time", "arrive_date", "arrive_time")
PLACES = 48
TICKET = "065-2400000101"


@dataclass
class Sale:
    """What the story has made so far."""

    desks: Desks
    booking: str = ""
    invoice: str = ""
    total: str = ""


def family(ref: str) -> list[dict[str, str]]:
    """The people of one booking of the demo's data, with their passports' lines."""
    with (DATA / "passengers.csv").open(encoding="utf-8") as rows:
        return [row for row in csv.DictReader(rows) if row["booking_ref"] == ref]


def number_in(page: Page) -> str:
    """The number of the thing whose page is open."""
    return page.url.split("?")[0].rstrip("/").rpartition("/")[2]


def test_the_first_sale_from_the_block_to_the_ticket(desks: Desks) -> None:
    sale = Sale(desks)
    a_block_of_seats_is_bought(sale)
    a_departure_is_opened_and_gets_its_seats(sale)
    it_is_priced(sale)
    a_family_books(sale)
    they_are_invoiced(sale)
    they_pay(sale)
    finance_and_operations_approve(sale)
    their_tickets_are_issued(sale)
    the_books_balance(sale)
    they_are_found_by_whatever_is_known(sale)
    another_booking_is_let_go(sale)
    the_keyboard_is_enough(sale)
    it_reads_in_the_dark_and_from_the_right(sale)


def a_block_of_seats_is_bought(sale: Sale) -> None:
    ops = sale.desks(Role.OPS_MANAGER)
    page = ops.page
    ops.look("01-home", phone=True)
    page.get_by_role("link", name="Suppliers", exact=True).first.click()
    page.get_by_role("link", name="New supplier").first.click()
    page.locator("[name=name]").fill(BLOCK["supplier"])
    page.get_by_label("Category").select_option("ticketing")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/sales/suppliers/\d+"))

    page.get_by_role("link", name="Airline blocks").first.click()
    page.get_by_role("link", name="New block").first.click()
    ops.choose("Supplier", "saud", BLOCK["supplier"])
    ops.choose("Airline", "SV", "SV")
    page.locator("[name=pnr]").fill(BLOCK["pnr"].lower())
    page.get_by_label("Return PNR").fill(BLOCK["return_pnr"])
    page.get_by_label("Seats").fill(str(BLOCK["total_seats"]))
    page.get_by_label("Price a seat").fill("48,500")
    page.get_by_label("Names due").fill(BLOCK["names_due"])
    page.get_by_label("Ticketing due").fill(BLOCK["ticketing_due"])
    page.get_by_label("Expires").fill(BLOCK["expiry_date"])
    rows = ["\t".join(leg[name] for name in LEG) for leg in BLOCK["legs"]]
    ops.paste(page.locator("[name='legs[0].origin']"), "\n".join(rows))
    expect(page.locator("[name='legs[1].flight_no']")).to_have_value("SV 757")
    type_legs(page, BLOCK["return_legs"])
    record = page.get_by_role("button", name="Record block")
    page.locator("[name='return_legs[1].origin']").fill("JED")
    with ops.refused():
        record.click()
        expect(page.locator("#toasts .toast-error")).to_be_visible()
    wrong = page.locator(".field-error:visible").filter(has_text=re.compile("."))
    expect(wrong.first).to_be_visible()
    ops.look("02-block-refused")
    page.locator("[name='return_legs[1].origin']").fill("DEL")
    record.click()
    page.wait_for_url(re.compile(r"/inventory/quota/(?!new)"))
    expect(page.locator(".kpis")).to_contain_text("50")
    ops.look("03-block", phone=True)

    accountant = sale.desks(Role.ACCOUNTANT)
    accountant.page.get_by_role("link", name="Journal").first.click()
    stock = accountant.page.locator("tr").filter(has_text=number_in(page)).first
    expect(stock).to_contain_text("24,25,000.00")
    accountant.look("04-journal-stock")
    stock.locator("a").first.click()
    lines = accountant.page.locator("tbody tr")
    expect(lines.filter(has_text="1310").first).to_contain_text("24,25,000.00")
    accountant.look("05-journal-entry", phone=True)


def type_legs(page: Page, legs: list[dict[str, Any]]) -> None:
    """The way back, typed by hand, one row at a time."""
    adder = page.locator("[data-add-row='return_legs-rows']")
    for n, leg in enumerate(legs):
        if n:
            adder.click()
        for name in LEG:
            page.locator(f"[name='return_legs[{n}].{name}']").fill(leg[name])


def a_departure_is_opened_and_gets_its_seats(sale: Sale) -> None:
    ops = sale.desks(Role.OPS_MANAGER)
    page = ops.page
    page.get_by_role("link", name="Groups", exact=True).first.click()
    page.get_by_role("link", name="New group").first.click()
    page.locator("[name=group_type]").select_option("UMRAH")
    page.locator("[name=departure_date]").fill("2027-01-18")
    page.locator("[name=return_date]").fill("2027-02-03")
    page.locator("[name=total_capacity]").fill(str(PLACES))
    page.locator("[name=return_date]").blur()
    expect(page.locator("#code-preview")).to_contain_text(GROUP)
    ops.look("06-group-form")
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/groups/{GROUP}*")
    ops.tab("Operations")
    page.get_by_role("button", name="Link a block").click()
    block = page.locator("#available tr").filter(has_text=BLOCK["pnr"])
    expect(block).to_contain_text("SXR")
    ops.look("07-link-block")
    page.locator("#link-block button.btn-primary").click()
    expect(page.locator("#tab tbody tr").filter(has_text="SXR")).to_contain_text(str(PLACES))
    expect(page.locator("#tab [name=pnr]").first).to_be_visible()
    ops.look("08-group-operations", phone=True)


def it_is_priced(sale: Sale) -> None:
    sales = sale.desks(Role.SALES_MANAGER)
    page = sales.page
    sales.go(f"/groups/{GROUP}")
    sales.tab("Pricing")
    items = SHEET["line_items"]
    rows = ["\t".join(items[name][tier] for tier in ("adult", "child", "infant")) for name in items]
    sales.paste(page.locator("[name='line_items.flight.adult']"), "\n".join(rows))
    expect(page.locator("#totals")).to_contain_text("1,07,000.00")
    [tax] = SHEET["tax_lines"]
    page.locator("[name='tax_lines[0].name']").fill(tax["name"])
    page.locator("[name='tax_lines[0].rate']").fill(tax["rate"])
    page.locator("[name='tax_lines[0].mode']").select_option(tax["mode"])
    expect(page.locator("#totals")).to_contain_text("1,12,350.00")
    sales.look("09-pricing", phone=True)
    page.keyboard.press("Control+s")
    expect(page.locator("#tab")).to_contain_text("version")
    expect(page.locator("#tab .note-amber")).to_have_count(0)


def a_family_books(sale: Sale) -> None:
    sales = sale.desks(Role.SALES_MANAGER)
    page = sales.page
    people = family("FD-01")
    page.get_by_role("link", name="Bookings", exact=True).first.click()
    page.get_by_role("link", name="New booking").first.click()
    page.get_by_text(GROUP).first.click()
    sales.look("10-wizard-group", phone=True)
    the_next(page, "passengers")
    read_passports(sales.page, people)
    page.locator("[name='passengers[0].passport_no']").fill("U1")
    with sales.refused():
        page.get_by_role("button", name="Next").click()
        told = page.locator("[data-error-for='passengers[0].passport_no']")
        expect(told).not_to_be_empty()
    assert page.url.endswith("/passengers"), "an invalid step is not left"
    sales.look("11-wizard-refused")
    page.locator("[name='passengers[0].passport_no']").fill(people[0]["passport_no"])
    page.get_by_label("Phone").fill(people[0]["phone"])
    page.reload()
    for n, person in enumerate(people):
        expect(page.locator(f"[name='passengers[{n}].last_name']")).to_have_value(person["last_name"])
        expect(page.locator(f"[name='passengers[{n}].passport_no']")).to_have_value(person["passport_no"])
    expect(page.get_by_label("Phone")).to_have_value(people[0]["phone"])
    sales.look("12-wizard-passengers", phone=True)
    the_next(page, "package")

    flight = page.get_by_label("Flight").first
    page.get_by_label("Room").select_option("quad")
    flight.fill("60000")
    expect(page.locator("#totals")).to_contain_text("1,15,000.00")
    with page.expect_navigation():
        page.get_by_role("button", name="Sync with the sheet").click()
    expect(page.get_by_label("Room")).to_have_value("quad")
    expect(page.get_by_label("Flight").first).to_have_value("52000.00")
    expect(page.locator("#totals")).to_contain_text("1,07,000.00")
    sales.look("13-wizard-package", phone=True)
    the_next(page, "confirm")
    expect(page.locator("#wizard")).to_contain_text("3,63,825.00")
    sales.look("14-wizard-confirm", phone=True)
    page.get_by_role("button", name="Book", exact=True).dblclick()
    page.wait_for_url(re.compile(r"/sales/bookings/BK-"))
    sale.booking, sale.total = number_in(page), "3,63,825.00"
    expect(page.locator(".kpis")).to_contain_text(sale.total)
    expect(page.locator("#tab tbody tr").filter(has_text="Wani")).to_have_count(len(people))
    sales.look("15-booking", phone=True)
    sales.tab("Flights")
    expect(page.locator("#tab")).to_contain_text("SV 757")
    sales.look("16-booking-flights")


def the_next(page: Page, step: str) -> None:
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(f"**/{step}")


def read_passports(page: Page, people: list[dict[str, str]]) -> None:
    """The lines at the foot of each passport, pasted one after another; one with a wrong digit is refused."""
    for n, person in enumerate(people):
        page.locator("#find").fill(f"{person['mrz_line1']}\n{person['mrz_line2']}")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(f"[name='passengers[{n}].passport_no']")).to_have_value(person["passport_no"])
        expect(page.locator(f"[name='passengers[{n}].date_of_birth']")).to_have_value(person["date_of_birth"])


def they_are_invoiced(sale: Sale) -> None:
    accountant = sale.desks(Role.ACCOUNTANT)
    page = accountant.page
    accountant.go(f"/sales/bookings/{sale.booking}")
    tab = accountant.tab("Invoice")
    expect(tab).to_contain_text("Preview")
    expect(tab).to_contain_text("CGST")
    accountant.look("17-invoice-preview")
    tab.get_by_role("button", name="Issue invoice").click()
    accountant.look("18-invoice-asked")
    page.locator("#confirm [value=yes]").click()
    number = tab.get_by_text(re.compile(r"^IN\w*(/\d+)+$")).first
    expect(number).to_be_visible()
    sale.invoice = number.inner_text().strip()
    accountant.look("19-invoice", phone=True)
    paper = words_of(accountant.opened(tab.get_by_role("link", name="PDF")))
    assert sale.invoice in paper
    assert sale.total in paper


def they_pay(sale: Sale) -> None:
    cashier = sale.desks(Role.CASHIER)
    page = cashier.page
    cashier.go(f"/sales/bookings/{sale.booking}")
    tab = cashier.tab("Payments")
    tab.get_by_role("button", name="Take payment").click()
    form = page.locator("#take-payment")
    amount = form.get_by_label("Amount")
    due = amount.input_value()
    amount.fill("0")
    with cashier.refused():
        form.get_by_role("button", name="Take payment").click()
        expect(form.locator("[data-error-for=amount]")).not_to_be_empty()
    cashier.look("20-payment-refused")
    amount.fill(due)
    form.get_by_role("button", name="Take payment").click()
    expect(page.locator("#tab tbody tr").first).to_contain_text(sale.total)
    expect(page.locator(".kpis .cleared, .kpis .text-success, .kpis").first).to_contain_text("0.00")
    cashier.look("21-paid", phone=True)
    receipt = words_of(cashier.opened(page.locator("#tab").get_by_role("link", name="Receipt").last))
    assert sale.total in receipt


def finance_and_operations_approve(sale: Sale) -> None:
    accountant, ops = sale.desks(Role.ACCOUNTANT), sale.desks(Role.OPS_MANAGER)
    decide(accountant.go("/finance/approvals"), sale.booking)
    accountant.told("approved for finance")
    ops.go("/operations/approvals")
    row = ops.page.locator("tr").filter(has_text=sale.booking)
    expect(row).to_contain_text("Ready")
    ops.look("22-approvals", phone=True)
    row.get_by_role("button", name="Approve").click()
    ops.told("approved and confirmed")
    expect(ops.page.locator("tr").filter(has_text=sale.booking)).to_have_count(0)
    ops.page.get_by_role("link", name="Visas").first.click()
    cases = ops.page.locator("#list tbody tr").filter(has_text="Wani")
    expect(cases).to_have_count(len(family("FD-01")))
    ops.look("23-visas", phone=True)


def decide(page: Page, booking: str) -> None:
    """Approve one booking of a queue in its dialog."""
    row = page.locator("tr").filter(has_text=booking)
    row.get_by_role("link", name="Approve").click()
    page.locator("#decision-body").get_by_role("button", name="Approve").click()


def their_tickets_are_issued(sale: Sale) -> None:
    desk = sale.desks(Role.TICKET_MANAGER)
    page = desk.page
    desk.go(f"/sales/bookings/{sale.booking}")
    tab = desk.tab("Tickets")
    tab.get_by_role("button", name="Sync tickets").click()
    expect(tab.locator("tbody tr")).to_have_count(len(family("FD-01")))
    desk.look("24-tickets-of-booking")
    desk.go("/tickets?queue=ready_to_issue")
    desk.look("25-ticket-desk", phone=True)
    page.locator("#list tbody a").filter(has_text=re.compile("ABDUL", re.IGNORECASE)).first.click()
    page.get_by_role("button", name="Final name").click()
    page.get_by_label("Name as on the passport").fill("wani/abdul rashid mr")
    page.get_by_role("button", name="Save name").click()
    expect(page.locator("h1")).to_contain_text("WANI/ABDUL RASHID MR")
    page.get_by_role("button", name="Issue", exact=True).click()
    form = page.locator("#issue")
    with desk.refused():
        form.get_by_label("Ticket number").fill("65-1")
        form.get_by_role("button", name="Issue ticket").click()
        expect(form.locator("[data-error-for=ticket_number]")).not_to_be_empty()
    desk.look("26-ticket-refused")
    form.get_by_label("Ticket number").fill(TICKET)
    form.get_by_role("button", name="Issue ticket").click()
    expect(page.locator("h1")).to_contain_text("Issued")
    paper = words_of(desk.downloaded(page.locator("a[href^='/files/']").first))
    for word in (TICKET.replace("-", ""), BLOCK["pnr"], "WANI/ABDUL RASHID MR", "SV 757"):
        assert word in paper, f"{word} is not on the ticket"
    desk.look("27-ticket", phone=True)


def the_books_balance(sale: Sale) -> None:
    accountant = sale.desks(Role.ACCOUNTANT)
    page = accountant.page
    accountant.go(f"/sales/bookings/{sale.booking}")
    entries = accountant.tab("Journal")
    expect(entries).to_contain_text(sale.invoice)
    accountant.look("28-booking-journal", phone=True)
    page.get_by_role("link", name="Journal", exact=True).first.click()
    page.wait_for_url("**/finance/journals")
    accountant.look("29-journal")
    page.get_by_role("link", name="Trial balance").first.click()
    expect(page.locator("tfoot")).to_contain_text("Balanced")
    debit, credit = page.locator("tfoot .num").all_inner_texts()
    assert debit == credit
    row = page.locator("tbody tr")
    expect(row.filter(has_text="1001-SXR-01")).to_contain_text(sale.total)
    expect(row.filter(has_text="4022")).to_contain_text("3,46,500.00")
    expect(row.filter(has_text="2061-C")).to_contain_text("8,662.50")
    assert row.filter(has_text=re.compile("^1101")).count() == 0, "the family owes nothing"
    accountant.look("30-trial-balance", phone=True)


def they_are_found_by_whatever_is_known(sale: Sale) -> None:
    """Each at their own desk: what is found is what this person may see."""
    sales, tickets = sale.desks(Role.SALES_MANAGER), sale.desks(Role.TICKET_MANAGER)
    lead = family("FD-01")[0]
    search(sales.go("/app"), lead["phone"][-7:], "Abdul Rashid Wani")
    search(sales.go("/app"), lead["passport_no"], "Abdul Rashid Wani")
    sales.look("31-search", phone=True)
    search(tickets.go("/app"), BLOCK["pnr"], "WANI/ABDUL RASHID MR")
    search(tickets.go("/app"), TICKET.replace("-", ""), "WANI/ABDUL RASHID MR")
    search(sales.go("/app"), sale.booking, sale.booking)
    sales.page.keyboard.press("Enter")
    sales.page.wait_for_url(f"**/sales/bookings/{sale.booking}*")


def search(page: Page, text: str, found: str) -> None:
    """Ctrl+K and what one knows."""
    page.keyboard.press("Control+k")
    page.keyboard.type(text)
    expect(page.locator("#search-hits [role=option]").filter(has_text=found).first).to_be_visible()


def another_booking_is_let_go(sale: Sale) -> None:
    sales = sale.desks(Role.SALES_MANAGER)
    page = sales.page
    people = family("FD-03")
    places = sum(person["tier"] != "infant" for person in people)
    sales.go("/sales/bookings/new")
    page.get_by_text(GROUP).first.click()
    the_next(page, "passengers")
    read_passports(page, people)
    page.get_by_label("Phone").fill(people[0]["phone"] or "+919906039399")
    the_next(page, "package")
    the_next(page, "confirm")
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(re.compile(r"/sales/bookings/BK-"))
    number = number_in(page)
    before = free_places(sales.go(f"/groups/{GROUP}"))
    sales.go(f"/sales/bookings/{number}")
    page.locator(".head-actions details.menu summary").click()
    page.get_by_role("button", name="Delete booking").click()
    dialog = page.locator("#letting-go")
    expect(dialog).to_contain_text(f"{places} seats go back to {GROUP}")
    dialog.get_by_label("Why").fill("The grandmother fell ill")
    sales.look("32-delete-asked", phone=True)
    dialog.get_by_role("button", name="Delete booking").click()
    page.wait_for_url(re.compile(r"/sales/bookings(\?.*)?$"))
    expect(page.locator("#list")).not_to_contain_text(number)
    sales.look("33-bookings", phone=True)
    assert free_places(sales.go(f"/groups/{GROUP}")) == before + places
    sales.look("34-group", phone=True)


def free_places(page: Page) -> int:
    """Places still to be sold, read off the group's capacity bar."""
    booked, total = re.findall(r"\d+", page.locator(".head-sub .capacity").inner_text())[:2]
    return int(total) - int(booked)


def the_keyboard_is_enough(sale: Sale) -> None:
    page = sale.desks(Role.SALES_MANAGER).go("/sales/bookings")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-filter]")).to_be_focused()
    page.keyboard.type("wani")
    page.wait_for_url("**/sales/bookings?q=wani*")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sales/bookings/{sale.booking}*")


def it_reads_in_the_dark_and_from_the_right(sale: Sale) -> None:
    sales = sale.desks(Role.SALES_MANAGER)
    page = sales.go("/app")
    page.locator(".bar-user summary").click()
    page.get_by_role("button", name="Dark").click()
    sales.look("35-home-dark", phone=True)
    for name, path in (("36-booking-dark", f"/sales/bookings/{sale.booking}"), ("37-group-dark", f"/groups/{GROUP}")):
        sales.go(path)
        sales.look(name)
    page.locator(".bar-user summary").click()
    page.get_by_role("button", name="Light").click()
    page.locator(".bar-user [name=language][value=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    sales.look("38-group-rtl", phone=True)
    sales.go(f"/sales/bookings/{sale.booking}")
    sales.look("39-booking-rtl", phone=True)

"""What the gallery shows: one value of each kind, for tests and for the eye."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from qafila.kernel.actor import Actor
from qafila.kernel.errors import MissingRight, Refusal
from qafila.kernel.listing import Column, Filter, Listing
from qafila.kernel.pagination import Page
from qafila.kernel.ui.formats import money

ACTOR = Actor(user_id=1, name="Rashid Khan", kind="staff", rights=frozenset({"reports.export", "bookings.create"}))
PLACES = {
    "": [("Home", "/app", "home")],
    "Sales": [
        ("Bookings", "/sales/bookings", "ticket"),
        ("Customers", "/sales/customers", "users"),
        ("Agents", "/sales/agents", "heart-handshake"),
        ("Quotations", "/sales/quotations", "file-text"),
    ],
    "Groups": [("Departures", "/groups", "kaaba")],
    "Inventory": [("Airline blocks", "/inventory/quota", "armchair"), ("Hotels", "/inventory/hotels", "bed")],
    "Tickets": [("Tickets", "/tickets", "plane")],
    "Operations": [
        ("Approvals", "/operations/approvals", "checklist"),
        ("Visas", "/operations/visas", "stamp"),
        ("Suppliers", "/operations/suppliers", "building-warehouse"),
    ],
    "Finance": [
        ("Journal", "/finance/journals", "journal"),
        ("Payments", "/finance/payments", "cash"),
        ("Chart of accounts", "/finance/accounts", "books"),
        ("Trial balance", "/finance/trial-balance", "scale"),
    ],
    "Admin": [("Users", "/admin-desk/users", "shield-lock"), ("Settings", "/admin-desk/settings", "settings")],
}
NAMES = [
    (
        "BK-2026-000101",
        "Farooq Ahmad Bhat",
        "Leader, family of 4",
        "Z4419201",
        "ADT",
        "confirmed",
        "Confirmed",
        "green",
        0,
    ),
    ("BK-2026-000101", "Shameema Bano", "with Farooq", "Z4419202", "ADT", "confirmed", "Confirmed", "green", 0),
    ("BK-2026-000102", "Mohammad Yousuf Dar", "family of 3", "M8820415", "ADT", "draft", "Draft", "grey", 244000),
    ("BK-2026-000103", "Haleema Akhtar", "alone, quad", "P1190876", "ADT", "on_hold", "On hold", "blue", 61000),
    (
        "BK-2026-000104",
        "Nazir Ahmad Wani",
        "passport ends 2027-05-02",
        "L5530021",
        "ADT",
        "waiting",
        "Waiting for finance",
        "amber",
        122000,
    ),
    ("BK-2026-000105", "Aisha Wani", "infant on lap", "T7765109", "INF", "cancelled", "Cancelled", "red", 0),
    (
        "BK-2026-000106",
        "Ghulam Nabi Lone",
        "name update due 4 Jan",
        "K3321987",
        "ADT",
        "issuing",
        "Confirming with the airline",
        "violet",
        0,
    ),
    ("BK-2026-000107", "Rukhsana Jan", "family of 5", "R9087712", "ADT", "confirmed", "Confirmed", "green", 183000),
]


@dataclass
class Row:
    number: str
    customer: str
    group: str
    departs: date
    booked: int
    booked_total: int
    state: str
    state_label: str
    state_tone: str
    gross: Decimal
    balance: Decimal
    currency: str = "INR"


def rows() -> list[Row]:
    return [
        Row(
            number,
            name,
            "UMR-27JAN-A",
            date(2027, 1, 18),
            2 + n,
            9,
            state,
            label,
            tone,
            Decimal(122000 * (n + 1)),
            Decimal(owed),
        )
        for n, (number, name, _sub, _passport, _tier, state, label, tone, owed) in enumerate(NAMES)
    ]


LISTING = Listing(
    title="Bookings",
    columns=[
        Column("number", "Booking", "code", sort="number", link=lambda r: f"/sales/bookings/{r.number}"),
        Column("customer", "Customer", sort="customer", primary=True),
        Column("group", "Group", "code", link=lambda r: f"/groups/{r.group}"),
        Column("departs", "Departure", "date", sort="departs"),
        Column("booked", "Seats", "capacity", hide_on_phone=True),
        Column("state", "State", "pill"),
        Column("gross", "Total", "money", sort="gross"),
        Column("balance", "Balance", "money", sort="balance"),
    ],
    filters=[
        Filter("state", "State", [("draft", "Draft"), ("confirmed", "Confirmed")]),
        Filter("from", "Departure from", kind="date"),
    ],
    empty="Sell the first place: choose a group, read the passports, take the money.",
    action=("New booking", "/sales/bookings/new", "bookings.create"),
)


def request(path: str = "/sales/bookings", **query: str) -> HttpRequest:
    made = RequestFactory().get(path, query)
    made.user = AnonymousUser()
    made.request_id = "c0ffee1234567890"  # type: ignore[attr-defined]
    return made


def frame(path: str, actor: Actor | None = ACTOR) -> dict[str, Any]:
    nav = [
        {
            "label": label,
            "items": [{"label": a, "url": b, "icon": c, "active": path.startswith(b)} for a, b, c in items],
        }
        for label, items in PLACES.items()
    ]
    return {
        "actor": actor,
        "nav": nav if actor else [],
        "demo": True,
        "two_factor_off": True,
        "agency_name": "Noor Qafila Travels",
    }


def gallery() -> dict[str, Any]:
    person = ("booking", "name", "sub", "passport", "tier", "state", "label", "tone", "balance")
    people = [dict(zip(person, row, strict=True)) | {"total": 122000, "off": row[5] == "cancelled"} for row in NAMES]
    return {
        "group": SimpleNamespace(
            code="UMR-27JAN-A",
            departs=date(2027, 1, 18),
            route="SXR-DEL-JED · JED-DEL-SXR",
            charges=money(5368000, "INR"),
            collected=money(3381840, "INR"),
            balance=money(1986160, "INR"),
            charges_amount=Decimal(5368000),
            balance_amount=Decimal(1986160),
        ),
        "gallery_tabs": [
            {"key": k.lower(), "label": k, "count": c}
            for k, c in [
                ("Overview", ""),
                ("Operations", ""),
                ("Itinerary", ""),
                ("Passengers", 45),
                ("Pricing", ""),
                ("Invoices", 3),
                ("Financials", ""),
            ]
        ],
        "people": people,
        "composition": [("Men", 19), ("Women", 18), ("Children", 5), ("Infants", 3)],
        "months": [("Jun", 12), ("Jul", 18), ("Aug", 9), ("Sep", 31), ("Oct", 44), ("Nov", 53, "sand")],
        "trend": [3, 5, 4, 8, 7, 11, 9, 14],
        "moment": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        "limit": datetime(2030, 11, 21, 18, 0, tzinfo=UTC),
        "negative": Decimal("-48500.00"),
        "sexes": [("F", "Female"), ("M", "Male")],
    }


def pages() -> dict[str, str]:
    """Every kind of page, rendered in the active language."""
    many = Page(rows() * 6, 2, 50, 312)
    listed: dict[str, Any] = {"listing": LISTING, "page": many, "query": {}}
    nobody: dict[str, Any] = {"listing": LISTING, "page": Page([], 1, 50, 0), "query": {}}

    def made(template: str, path: str, actor: Actor | None = ACTOR, **context: Any) -> str:
        return render_to_string(template, {**frame(path, actor), **context}, request(path))

    wrong = Refusal("This booking is cancelled: issue is not possible from there, only from confirmed.")
    wrong.code, wrong.status = "BOOKING_NOT_IN_CONFIRMED_STATE", 409  # type: ignore[misc]
    return {
        "gallery": made("kernel/gallery.html", "/groups/UMR-27JAN-A", **gallery()),
        "list": made("ui/list.html", "/sales/bookings", **listed),
        "empty": made("ui/list.html", "/sales/bookings", **nobody),
        "login": made("kernel/gallery_login.html", "/login", None),
        "forbidden": made("kernel/error.html", "/finance/journals", refusal=MissingRight("finance.view")),
        "conflict": made("kernel/error.html", "/tickets/7", refusal=wrong),
        "crash": made("kernel/error.html", "/login", None, status=500, code="INTERNAL_ERROR"),
    }

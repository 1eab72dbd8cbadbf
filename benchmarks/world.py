"""The agency that is measured: its books, its people, its departures and its customers, made by the rooms' actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

SEATS = 5000
HEADS = 3
SHEET = {
    "flight": {"adult": "52000", "child": "47000", "infant": "9500"},
    "hotel": {"adult": "34000", "child": "26000", "infant": "0"},
    "visa": {"adult": "14500", "child": "14500", "infant": "14500"},
    "ground_services": {"adult": "6500", "child": "6500", "infant": "1500"},
}
GST = {"name": "GST tour operator", "rate": "5", "mode": "exclusive", "applies_to": list(SHEET)}
FIRST = ("Abdul Rashid", "Hafiza", "Ghulam Nabi", "Shameema", "Mohammad Yousuf", "Mehmooda", "Farooq", "Zainab")
LAST = ("Wani", "Lone", "Dar", "Bhat", "Mir", "Malik", "Shah", "Khan", "Rather", "Ganai")


@dataclass(frozen=True)
class World:
    """Who asks, and of what."""

    token: str
    user_id: int
    groups: tuple[int, ...]
    customers: tuple[int, ...]


def build(groups: int, customers: int) -> World:
    """An agency with its books open, one CEO with a bearer token, `groups` priced departures, `customers` on file."""
    from qafila.identity.actions.create_token import create_token
    from qafila.identity.actions.create_user import create_user
    from qafila.identity.actions.setup_agency import setup_agency
    from qafila.kernel.actor import SYSTEM
    from qafila.ledger.actions.setup_books import setup_books

    branches = [{"code": "SXR", "name": "Srinagar"}]
    # Manual journals are approved at once, so that the API's journals do what operations' entries do.
    setup_agency(
        actor=SYSTEM, name="Noor Travels", state_code="01", branches=branches, journal_threshold=_amount("1000000000")
    )
    setup_books(actor=SYSTEM)
    user_id = create_user(
        actor=SYSTEM, email="bench@example.com", name="Bench", roles=["CEO"], password="caravan of patience 7"
    )
    token = create_token(actor=SYSTEM, user_id=user_id, name="bench", days=1)
    return World(token, user_id, tuple(departures(groups)), tuple(people(customers)))


def departures(count: int, seats: int = SEATS) -> list[int]:
    """Priced departures, one day after the other."""
    from qafila.groups.actions.create_group import create_group
    from qafila.groups.actions.save_rate_sheet import save_rate_sheet
    from qafila.groups.models import TravelGroup
    from qafila.groups.schemas import GroupIn, SheetIn
    from qafila.kernel import clock
    from qafila.kernel.actor import SYSTEM

    made = []
    for n in range(count):
        departs = clock.today() + timedelta(days=60 + n % 300)
        said: dict[str, Any] = {
            "group_type": "UMRAH",
            "departure_date": departs,
            "return_date": departs + timedelta(days=16),
            "total_capacity": seats,
            "currency": "INR",
        }
        group_id = create_group(actor=SYSTEM, group=GroupIn(**said))
        version = TravelGroup.objects.values_list("sheet_version", flat=True).get(pk=group_id)
        sheet = {"version": version, "line_items": SHEET, "tax_lines": [GST]}
        save_rate_sheet(actor=SYSTEM, group_id=group_id, sheet=SheetIn.model_validate(sheet))
        made.append(group_id)
    return made


def people(count: int, first: int = 0) -> list[int]:
    """Customers on file, each with a passport and a telephone."""
    from django.db import transaction

    from qafila.kernel.actor import SYSTEM
    from qafila.parties.steps import save_many_by_passport
    from qafila.parties.types import PersonIn

    ids: list[int] = []
    for begin in range(first, first + count, 1000):
        persons = [
            PersonIn(
                first_name=FIRST[n % len(FIRST)],
                last_name=LAST[n // 7 % len(LAST)],
                passport_no=f"C{n:07d}",
                phone=f"+9199{n % 10**8:08d}",
            )
            for n in range(begin, min(begin + 1000, first + count))
        ]
        with transaction.atomic():
            ids += save_many_by_passport(SYSTEM, persons)
    return ids


def travellers(n: int, heads: int = HEADS) -> list[dict[str, Any]]:
    """Who travels on the n-th booking: adults with passports of their own."""
    return [
        {
            "first_name": FIRST[(n + head) % len(FIRST)],
            "last_name": LAST[n % len(LAST)],
            "gender": "M",
            "date_of_birth": "1984-01-05",
            "passport_no": passport(n, head),
            "passport_expiry": "2033-01-01",
            "nationality": "IND",
            "tier": "adult",
            "needs_visa": True,
        }
        for head in range(heads)
    ]


def passport(n: int, head: int) -> str:
    """The passport of one traveller of the n-th booking; nobody else's."""
    return f"{'QRSTUVWX'[head % 8]}{n:08d}"


def booking(world: World, n: int, groups: Sequence[int], heads: int = HEADS) -> dict[str, Any]:
    """The body of the n-th POST /sales/bookings: no customer twice on one group."""
    return {
        "group_id": groups[n % len(groups)],
        "customer_id": world.customers[n // len(groups) % len(world.customers)],
        "passengers": travellers(n, heads),
    }


def _amount(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)

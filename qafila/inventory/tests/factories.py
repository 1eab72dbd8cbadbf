"""Blocks for tests, made by the room's own actions. Higher rooms' tests use these."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from qafila.identity.models import Agency
from qafila.identity.tests.factories import make_agency
from qafila.inventory.actions.create_block import create_block
from qafila.inventory.schemas import BlockIn
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM, Actor
from qafila.ledger.actions.setup_books import setup_books
from qafila.ledger.models import Account
from qafila.parties.tests.factories import a_supplier

_pnrs = itertools.count(1)


def books() -> None:
    """The agency with its books open: whatever posts needs them. What is there already stays."""
    if not Agency.objects.exists():
        make_agency()
    if not Account.objects.exists():
        setup_books(actor=SYSTEM)


def a_pnr() -> str:
    """A record locator nobody has had before."""
    n, text = next(_pnrs), ""
    for _ in range(5):
        n, letter = divmod(n, 26)
        text = chr(65 + letter) + text
    return f"K{text}"


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def a_leg(
    origin: str, destination: str, day: date, at: str = "10:40", lands: str = "14:15", **said: Any
) -> dict[str, Any]:
    """One leg as a request says it, landing the same day."""
    return {
        "origin": origin,
        "destination": destination,
        "flight_no": "SV 757",
        "depart_date": day.isoformat(),
        "depart_time": at,
        "arrive_date": day.isoformat(),
        "arrive_time": lands,
        **said,
    }


def block_said(*, departs: date | None = None, returns: date | None = None, **said: Any) -> dict[str, Any]:
    """What a request says of a return block DEL-JED: it leaves in 30 days and is back 16 days later unless told."""
    leaves = departs or in_days(30)
    back = returns or leaves + timedelta(days=16)
    given: dict[str, Any] = {
        "airline": "SV",
        "pnr": a_pnr(),
        "trip_type": "return",
        "total_seats": 50,
        "price_per_seat": "48500.00",
        "currency": "INR",
        "names_due": (leaves - timedelta(days=14)).isoformat(),
        "legs": [a_leg("DEL", "JED", leaves)],
        "return_legs": [a_leg("JED", "DEL", back, flight_no="SV 758", at="02:20", lands="09:35")],
        **said,
    }
    if "supplier_id" not in given:
        books()
        given["supplier_id"] = a_supplier(category="ticketing", airline_code="SV")
    return given


def a_block(actor: Actor = SYSTEM, **said: Any) -> int:
    """A block of 50 seats on Saudia, DEL-JED and back, bought with its stock entry; answers its id."""
    books()
    return create_block(actor=actor, block=BlockIn(**block_said(**said)))

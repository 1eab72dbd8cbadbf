"""Departures to sell and bookings on them, made by the rooms' own actions. Higher rooms' tests may use these."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from qafila.groups.actions.create_group import create_group
from qafila.groups.actions.save_rate_sheet import save_rate_sheet
from qafila.groups.models import TravelGroup
from qafila.groups.schemas import GroupIn, SheetIn
from qafila.identity.tests.factories import make_agency
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM, Actor
from qafila.parties.tests.factories import a_customer
from qafila.sales.actions.create_booking import create_booking
from qafila.sales.making import MadeBooking
from qafila.sales.models import Booking
from qafila.sales.schemas import BookingIn

_numbers = itertools.count(1)
FIRST = ["Abdul Rashid", "Hafiza", "Ghulam Nabi", "Shameema", "Mohammad Yousuf", "Mehmooda", "Farooq", "Zainab"]
SHEET = {
    "flight": {"adult": "52000", "child": "47000", "infant": "9500"},
    "hotel": {"adult": "34000", "child": "26000", "infant": "0"},
    "visa": {"adult": "14500", "child": "14500", "infant": "14500"},
    "ground_services": {"adult": "6500", "child": "6500", "infant": "1500"},
}
GST = {
    "name": "GST tour operator",
    "rate": "5",
    "mode": "exclusive",
    "applies_to": ["flight", "hotel", "visa", "ground_services"],
}


def a_departure(*, seats: int = 48, priced: bool = True, actor: Actor = SYSTEM, **said: Any) -> int:
    """An Umrah departure in two months, priced as the first departure is: 107,000 an adult and GST 5 %."""
    make_agency()
    departs = said.pop("departure_date", clock.today() + timedelta(days=60))
    given = {
        "group_type": "UMRAH",
        "departure_date": departs,
        "return_date": departs + timedelta(days=16),
        "total_capacity": seats,
        "currency": "INR",
        **said,
    }
    group_id = create_group(actor=actor, group=GroupIn(**given))
    if priced:
        price_group(group_id, actor=actor)
    return group_id


def price_group(
    group_id: int, *, lines: dict[str, Any] | None = None, taxes: list[Any] | None = None, actor: Actor = SYSTEM
) -> None:
    """Save a rate sheet on a group: the first departure's, unless told otherwise."""
    version = TravelGroup.objects.values_list("sheet_version", flat=True).get(pk=group_id)
    said = {"version": version, "line_items": lines or SHEET, "tax_lines": [GST] if taxes is None else taxes}
    save_rate_sheet(actor=actor, group_id=group_id, sheet=SheetIn.model_validate(said))


def a_passenger(tier: str = "adult", **said: Any) -> dict[str, Any]:
    """One passenger as a request names them, with a passport of their own and an age that fits the tier."""
    n = next(_numbers)
    year = clock.today().year - {"adult": 40, "child": 8, "infant": 0}[tier]
    return {
        "first_name": FIRST[n % len(FIRST)],
        "last_name": "Wani",
        "gender": "M",
        "date_of_birth": date(year, 1, 5).isoformat(),
        "passport_no": f"P{n:07d}",
        "passport_expiry": date(clock.today().year + 6, 1, 1).isoformat(),
        "nationality": "IND",
        "tier": tier,
        "needs_visa": True,
        **said,
    }


def a_party(adults: int = 2, children: int = 0, infants: int = 0) -> list[dict[str, Any]]:
    tiers = ["adult"] * adults + ["child"] * children + ["infant"] * infants
    return [a_passenger(tier) for tier in tiers]


def asked(group_id: int, adults: int = 2, children: int = 0, infants: int = 0, **said: Any) -> dict[str, Any]:
    """The body of a POST /sales/bookings."""
    body = {"group_id": group_id, "passengers": a_party(adults, children, infants), **said}
    if "customer" not in body and "customer_id" not in body:
        body["customer_id"] = a_customer()
    return body


def made_booking(
    group_id: int | None = None,
    adults: int = 2,
    children: int = 0,
    infants: int = 0,
    *,
    actor: Actor = SYSTEM,
    **said: Any,
) -> MadeBooking:
    """A booking just made, as its action answers it."""
    body = asked(group_id or a_departure(), adults, children, infants, **said)
    return create_booking(actor=actor, booking=BookingIn.model_validate(body))


def a_booking(
    group: int | TravelGroup | None = None,
    adults: int = 2,
    children: int = 0,
    infants: int = 0,
    *,
    actor: Actor = SYSTEM,
    **said: Any,
) -> Booking:
    """A booking on this departure (or one of its own), with passengers who have passports and need visas."""
    group_id = group.pk if isinstance(group, TravelGroup) else group
    return Booking.objects.get(pk=made_booking(group_id, adults, children, infants, actor=actor, **said).id)

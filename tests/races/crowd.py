"""Many people at one counter: requests sent together, and what is on sale there."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx

from qafila.identity.types import Role
from tests.harness.office import Office, data

RATES = {"adult": "1000.00", "child": "800.00", "infant": "100.00"}


def at_once(jobs: Sequence[Callable[[], httpx.Response]], hands: int = 24) -> list[httpx.Response]:
    """Send them together, `hands` at a time; the first of them leave at the same moment."""
    gate = threading.Barrier(min(hands, len(jobs)))

    def go(n: int) -> httpx.Response:
        if n < gate.parties:
            gate.wait(10)
        return jobs[n]()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(go, range(len(jobs))))


def told(answers: Sequence[httpx.Response]) -> Counter[int]:
    """How many of each status; nothing may crash, whatever the crowd."""
    counted = Counter(answer.status_code for answer in answers)
    crashed = [answer.text[:500] for answer in answers if answer.status_code >= 500]
    assert not crashed, f"{counted}: {crashed[:3]}"
    return counted


def a_departure(office: Office, seats: int) -> int:
    """A departure on sale with that many places, all of its seats linked; made over the API."""
    ops, block = Role.OPS_MANAGER, data("departure.json")["airline_block"]
    supplier = office.does(ops, "POST", "/suppliers", {"name": "Saudia", "category": "ticketing"})["id"]
    bought = {k: v for k, v in block.items() if k not in ("supplier", "deposit")}
    bought |= {"supplier_id": supplier, "total_seats": seats}
    block_id = office.does(ops, "POST", "/inventory/airline-blocks", bought)["id"]
    group = {**data("departure.json")["group"], "total_capacity": seats}
    group_id: int = office.does(ops, "POST", "/groups", group)["id"]
    office.does(ops, "POST", f"/groups/{group_id}/flights", {"block_id": block_id})
    pricing = f"/groups/{group_id}/pricing"
    version = office.reads(Role.SALES_MANAGER, pricing)["version"]
    items = dict.fromkeys(("flight", "hotel", "visa", "ground_services"), RATES)
    sheet = {"version": version, "line_items": items, "tax_lines": []}
    office.does(Role.SALES_MANAGER, "PATCH", pricing, sheet)
    return group_id


def a_pilgrim(n: int) -> dict[str, Any]:
    return {"first_name": "Pilgrim", "last_name": letters(n), "date_of_birth": "1980-01-01", "tier": "adult"}


def letters(n: int) -> str:
    """A name for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(n)).capitalize()


def asked(group_id: int, n: int, size: int = 1) -> dict[str, Any]:
    """A booking of a customer of its own for `size` adults, as POST /sales/bookings takes it."""
    return {
        "group_id": group_id,
        "customer": {"first_name": "Customer", "last_name": letters(n), "phone": f"+9199060{n:05d}"},
        "payment_policy": "advance",
        "passengers": [a_pilgrim(100 * n + k) for k in range(size)],
    }


def a_booking(office: Office, group_id: int, n: int = 1, size: int = 1) -> int:
    made: int = office.does(Role.SALES_EXECUTIVE, "POST", "/sales/bookings", asked(group_id, n, size))["id"]
    return made


def moved(office: Office, before: dict[str, Decimal]) -> dict[str, Decimal]:
    """What the books moved by since then, by account."""
    now = office.trial_balance()
    both = {code: now.get(code, Decimal(0)) - before.get(code, Decimal(0)) for code in (*now, *before)}
    return {code: amount for code, amount in both.items() if amount}


def sold(office: Office, group_id: int) -> int:
    """Places sold, where counter, seat movements and passengers agree; else this fails."""
    group = office.reads(Role.SALES_MANAGER, f"/groups/{group_id}")
    with office.at_desk():
        from django.db.models import Sum

        from qafila.groups.models import GroupSeatMovement
        from qafila.sales.models import PackageSale

        moved = GroupSeatMovement.objects.filter(group_id=group_id).aggregate(sum=Sum("seats"))["sum"] or 0
        live = PackageSale.objects.filter(group_id=group_id, is_live=True).aggregate(sum=Sum("adults"))["sum"] or 0
    assert group["booked_count"] == moved == live, f"counter {group['booked_count']}, moved {moved}, travel {live}"
    assert group["booked_count"] <= group["total_capacity"]
    return int(live)

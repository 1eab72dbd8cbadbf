"""Who is who in the first sale, what things cost, and what the walk has made so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qafila.identity.types import Role
from tests.harness.office import Office

SALES, SELLER = Role.SALES_MANAGER, Role.SALES_EXECUTIVE
OPS, TICKETS, CASHIER, ACCOUNTANT = Role.OPS_MANAGER, Role.TICKET_MANAGER, Role.CASHIER, Role.ACCOUNTANT
NOBODY = 999_999
PRICE = {"adult": Decimal("107000"), "child": Decimal("94000"), "infant": Decimal("25500")}  # the rate sheet's sums
GST = Decimal("0.05")
SEAT = Decimal("48500")
RUPEE = Decimal("0.01")


@dataclass
class Story:
    """What the walk has made so far."""

    office: Office
    supplier: int = 0
    block: int = 0
    block_code: str = ""
    group: int = 0
    group_code: str = ""
    imported: dict[str, int] = field(default_factory=dict)
    walk_in: dict[str, Any] = field(default_factory=dict)

    def seats(self) -> tuple[int, int]:
        """Booked and free places of the group, as the group says."""
        group = self.office.reads(SELLER, f"/groups/{self.group}")
        assert group["booked_count"] + group["free"] == group["total_capacity"]
        return group["booked_count"], group["free"]

    def booking(self, booking_id: int) -> dict[str, Any]:
        told: dict[str, Any] = self.office.reads(SALES, f"/sales/bookings/{booking_id}")
        return told

    def tickets(self, booking_id: int) -> list[dict[str, Any]]:
        found = self.office.reads(TICKETS, "/tickets", booking_id=booking_id, page_size=200)["items"]
        return sorted(found, key=lambda ticket: int(ticket["passenger_id"]))


def grouped(amount: Decimal) -> str:
    """An amount as the paper prints it: 2,24,700.00."""
    whole, _, cents = f"{amount:.2f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    while head:
        tail = f"{head[-2:]},{tail}"
        head = head[:-2]
    return f"{tail}.{cents}"

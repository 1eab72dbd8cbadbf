"""Departures for tests, made by the room's own actions. Higher rooms' tests use these."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qafila.groups.actions.create_group import create_group
from qafila.groups.actions.link_block import link_block
from qafila.groups.actions.save_rate_sheet import save_rate_sheet
from qafila.groups.queries import rate_sheet
from qafila.groups.schemas import GroupIn, LinkIn, SheetIn
from qafila.inventory.tests.factories import a_block, books, in_days
from qafila.kernel.actor import SYSTEM, Actor

LINE_ITEMS: dict[str, dict[str, str]] = {
    "flight": {"adult": "52000.00", "child": "47000.00", "infant": "9500.00"},
    "hotel": {"adult": "34000.00", "child": "26000.00", "infant": "0.00"},
    "visa": {"adult": "14500.00", "child": "14500.00", "infant": "14500.00"},
    "ground_services": {"adult": "6500.00", "child": "6500.00", "infant": "1500.00"},
}
GST = {
    "name": "GST tour operator",
    "rate": "5",
    "mode": "exclusive",
    "applies_to": ["flight", "hotel", "visa", "ground_services"],
}


def group_said(**said: Any) -> dict[str, Any]:
    """What a request says of an Umrah group that leaves in 30 days for 16 days, 48 places, unless told."""
    leaves = said.pop("departure_date", None) or in_days(30)
    leaves = date.fromisoformat(leaves) if isinstance(leaves, str) else leaves
    back = said.pop("return_date", None) or leaves + timedelta(days=16)
    return {"group_type": "UMRAH", "departure_date": leaves, "return_date": back, "total_capacity": 48, **said}


def a_group(actor: Actor = SYSTEM, *, seats: int | None = None, **said: Any) -> int:
    """A group in planning, of `seats` places (48); answers its id."""
    books()
    given = group_said(**said)
    if seats is not None:
        given["total_capacity"] = seats
    return create_group(actor=actor, group=GroupIn(**given))


def price_group(group_id: int, actor: Actor = SYSTEM, *, line_items: Any = None, tax_lines: Any = None) -> int:
    """The first departure's rate sheet (or another) on a group; answers the sheet's version."""
    said: dict[str, Any] = {
        "version": rate_sheet(group_id).version,
        "line_items": LINE_ITEMS if line_items is None else line_items,
        "tax_lines": [GST] if tax_lines is None else tax_lines,
    }
    return save_rate_sheet(actor=actor, group_id=group_id, sheet=SheetIn(**said))


def a_priced_group(actor: Actor = SYSTEM, *, seats: int = 48, tax_lines: Any = None, **said: Any) -> int:
    """An open group of `seats` places: a block linked, the rate sheet complete; answers its id."""
    group_id = a_group(actor, seats=seats, **said)
    given = group_said(**said)
    block_id = a_block(actor, total_seats=seats + 2, departs=given["departure_date"], returns=given["return_date"])
    link_block(actor=actor, group_id=group_id, link=LinkIn(block_id=block_id))
    price_group(group_id, actor, tax_lines=tax_lines)
    return group_id

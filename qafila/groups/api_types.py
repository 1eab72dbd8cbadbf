"""What the groups' API answers with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from qafila.inventory.api import LegOut
from qafila.kernel.http import Out
from qafila.kernel.money import Amount


class GroupRowOut(Out):
    """A group in a list."""

    id: int
    code: str
    name: str
    group_type: str
    departure_date: date
    return_date: date
    total_capacity: int
    booked_count: int
    free: int
    linked_seats: int
    currency: str
    branch_id: int | None
    status: str
    status_override: str
    is_priced: bool
    is_linked: bool
    geography: str
    version: int


class FlightOut(Out):
    """A block linked to a group. `pnr` yields to the block's own. `cost` is null for those who may not see costs."""

    id: int
    block_id: int
    block_code: str
    airline: str
    trip_type: str
    seats: int
    pnr: str
    block_pnr: str
    return_pnr: str
    pnr_is_outranked: bool
    route: str
    departs_on: date
    returns_on: date | None
    names_due: date | None
    ticketing_due: date | None
    notes: str
    version: int
    cost: Amount | None
    legs: list[LegOut]


class GroupOut(GroupRowOut):
    """A group whole."""

    leader_id: int | None
    notes: str
    sheet_version: int
    cancelled_at: datetime | None
    created_at: datetime
    flights: list[FlightOut]


class RateOut(Out):
    adult: Amount
    child: Amount
    infant: Amount


class TaxLineOut(Out):
    name: str
    kind: str
    rate: Amount
    mode: str
    applies_to: list[str]


class TotalOut(Out):
    """What one person of a tier costs."""

    net: Amount
    tax_total: Amount
    tcs_total: Amount
    gross: Amount


class SheetOut(Out):
    """A rate sheet, a person and tier, with what one adult, child and infant cost by it."""

    group_id: int
    currency: str
    version: int
    is_complete: bool
    line_items: dict[str, RateOut]
    tax_lines: list[TaxLineOut]
    totals: dict[str, TotalOut]


class FigureOut(Out):
    """One figure of a refreshed sheet: before, after, and how it came about."""

    item: str
    tier: str
    before: Amount
    after: Amount
    how: list[str]


class RefreshOut(Out):
    """A sheet computed from the linked inventory. Nothing is saved: send it to PATCH …/pricing to keep it."""

    group_id: int
    currency: str
    version: int
    line_items: dict[str, RateOut]
    figures: list[FigureOut]


class StatusOut(Out):
    active: int
    departing_soon: int
    completed: int


class CodePreviewOut(Out):
    """What the next group of this type and month would be called; the server decides when it is saved."""

    code: str
    name: str


class FlightsSummaryOut(Out):
    group_id: int
    code: str
    departure_date: date
    total_capacity: int
    booked_count: int
    linked_seats: int
    flights: int
    routes: list[str]


class AvailableFlightOut(Out):
    """A block that may be linked; `default_seats` is what a link takes unless told."""

    id: int
    code: str
    airline: str
    pnr: str
    route: str
    departs_on: date
    returns_on: date | None
    available_seats: int
    default_seats: int
    price_per_seat: Amount | None
    currency: str
    names_due: date | None


class EventOut(Out):
    id: int
    at: datetime
    what: str
    text: str
    booking_id: int | None
    user_name: str


def sheet_as_told(sheet: Any) -> dict[str, Any]:
    """A Sheet in the shape of SheetOut."""
    from qafila.groups.sheets import one_of_each

    return {
        "group_id": sheet.group_id,
        "currency": sheet.currency,
        "version": sheet.version,
        "is_complete": sheet.is_complete,
        "line_items": {rate.item: rate for rate in sheet.rates},
        "tax_lines": sheet.tax_lines,
        "totals": one_of_each(sheet.rates, sheet.tax_lines, sheet.currency),
    }

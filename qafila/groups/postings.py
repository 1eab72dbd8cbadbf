"""What linking does to the books: seats leave the stock and become the group's cost. Source: ledger.md 3."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qafila.inventory.postings import SOURCE, STOCK
from qafila.ledger.types import Entry, credit, debit

FLIGHT_COST, DEFERRED_COST = "5102", "1320"
AT_DEPARTURE = "at_departure"


def linked(
    *,
    flight_id: int,
    block_id: int,
    block_code: str,
    group_id: int,
    group_code: str,
    seats: int,
    cost: Decimal,
    policy: str,
    day: date,
    branch_id: int | None,
) -> Entry | None:
    """Seats taken by a group: cost (deferred under the policy at_departure) against stock. None for no cost."""
    if not cost:
        return None
    account = DEFERRED_COST if policy == AT_DEPARTURE else FLIGHT_COST
    memo = f"{seats} seats of {block_code}"
    return Entry(
        source=SOURCE,
        source_id=block_id,
        event="linked",
        key=str(flight_id),
        date=day,
        narration=f"{memo} taken by {group_code}",
        branch_id=branch_id,
        lines=(debit(account, cost, group_id=group_id, memo=memo), credit(STOCK, cost, group_id=group_id, memo=memo)),
    )


def departed(*, group_id: int, group_code: str, cost: Decimal, day: date, branch_id: int | None) -> Entry | None:
    """The departure of a group whose flight cost was deferred: it becomes cost now. None when nothing was deferred."""
    if not cost:
        return None
    memo = f"Flights of {group_code}"
    return Entry(
        source="travel_group",
        source_id=group_id,
        event="departed",
        key=str(group_id),
        date=day,
        narration=f"{group_code} departed: deferred flight cost recognised",
        branch_id=branch_id,
        lines=(
            debit(FLIGHT_COST, cost, group_id=group_id, memo=memo),
            credit(DEFERRED_COST, cost, group_id=group_id, memo=memo),
        ),
    )

"""Changing a departure's dates, capacity, currency, pinned state and notes."""

from __future__ import annotations

from typing import Any

from qafila.groups.errors import CapacityTooSmall, CurrencyIsFixed, DatesReversed, GroupNotOpen, UnknownBranch
from qafila.groups.facts import GroupDatesChanged
from qafila.groups.keeping import index_group, lock, must_fit
from qafila.groups.models import GroupFlight, RateSheetLine, TravelGroup
from qafila.groups.schemas import GroupPatch
from qafila.groups.steps import tell
from qafila.identity.queries import branches
from qafila.kernel.actor import Actor
from qafila.kernel.audit import changes, record, snapshot
from qafila.kernel.errors import StaleVersion
from qafila.kernel.facts import announce
from qafila.kernel.transaction import action

FIELDS = (
    "departure_date", "return_date", "total_capacity", "currency", "branch_id", "geography", "notes", "status_override",
)  # fmt: skip


@action
def edit_group(*, actor: Actor, group_id: int, changed: GroupPatch) -> int:
    """Change a group; answers its new version. Type, code and name never change; what is left out stays.

    Refuses: NotFound, StaleVersion, GroupNotOpen (cancelled), DatesReversed, OutsideWindow, CapacityTooSmall,
    CurrencyIsFixed, UnknownBranch. Source: document 001; domain 2.3.
    """
    actor.need("groups.edit")
    row = lock(group_id)
    if row.version != changed.version:
        raise StaleVersion(row.version)
    if row.cancelled_at is not None:
        raise GroupNotOpen(f"Group {row.code} is cancelled.", state="cancelled")
    before = snapshot(row, FIELDS)
    said: dict[str, Any] = changed.model_dump(exclude_none=True, exclude={"version"})
    if said.get("currency", row.currency) != row.currency:
        _currency_may_change(row)
    for name, value in said.items():
        setattr(row, name, value)
    _check(row)
    after = snapshot(row, FIELDS)
    old, new = changes(before, after)
    row.version += 1
    row.save(update_fields=[*FIELDS, "version"])
    if {"departure_date", "return_date"} & new.keys():
        for link in GroupFlight.objects.filter(group_id=row.pk).select_related("block"):
            field = "return_date" if "return_date" in new else "departure_date"
            must_fit(row, link.block, field=field)
        announce(actor, GroupDatesChanged(row.pk, f"{row.departure_date}", f"{row.return_date}"))
    if new:
        tell(actor, row.pk, "edited", "; ".join(f"{name.replace('_', ' ')}: {old[name]} → {new[name]}" for name in new))
        record(actor, "group.edited", "group", row.pk, before=before, after=after)
        index_group(row)
    return row.version


def _check(row: TravelGroup) -> None:
    if row.return_date < row.departure_date:
        raise DatesReversed("A group cannot return before it departs.", field="return_date")
    if row.total_capacity < row.booked_count:
        raise CapacityTooSmall(
            f"{row.booked_count} places of {row.code} are booked; it cannot have only {row.total_capacity}.",
            field="total_capacity",
        )
    if row.branch_id is not None and row.branch_id not in {b.id for b in branches()}:
        raise UnknownBranch("There is no such branch.", field="branch_id")


def _currency_may_change(row: TravelGroup) -> None:
    if row.booked_count or RateSheetLine.objects.filter(group_id=row.pk).exists():
        raise CurrencyIsFixed(
            f"{row.code} is priced or booked in {row.currency}; its currency stays.", field="currency"
        )

"""The demo's first departure: suppliers, the block, the group, the rate sheet, the link, and the imported bookings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qafila.config.demo.people import Person
from qafila.groups.actions.create_group import create_group
from qafila.groups.actions.link_block import link_block
from qafila.groups.actions.save_rate_sheet import save_rate_sheet
from qafila.groups.models import TravelGroup
from qafila.groups.schemas import GroupIn, LinkIn, SheetIn
from qafila.inventory.actions.create_block import create_block
from qafila.inventory.models import AirlineBlock
from qafila.inventory.schemas import BlockIn
from qafila.kernel.forms import parse_data
from qafila.parties.actions.create_supplier import create_supplier
from qafila.parties.models import Supplier
from qafila.parties.schemas import SupplierIn
from qafila.sales.actions.import_booking import import_booking
from qafila.sales.models import Booking
from qafila.sales.schemas import ImportBookingIn

Staff = dict[str, Person]


@dataclass(frozen=True)
class Made:
    """The departure's group and its bookings by their reference in the import file."""

    group_id: int
    bookings: dict[str, int]
    is_new: bool


def departure(staff: Staff, given: dict[str, Any], imported: dict[str, Any]) -> Made:
    """Make what is missing of the departure."""
    suppliers = {row["name"]: _supplier(staff, row) for row in given["suppliers"]}
    block_id = _block(staff, given["airline_block"], suppliers)
    group = _group(staff, given["group"])
    if not group.is_priced:
        sheet = parse_data({**given["rate_sheet"], "version": group.sheet_version}, SheetIn)
        save_rate_sheet(actor=staff["SALES_MANAGER"].actor, group_id=group.pk, sheet=sheet)
    if not group.flights.exists():
        link_block(actor=staff["OPS_MANAGER"].actor, group_id=group.pk, link=LinkIn(block_id=block_id))
    known = dict(Booking.objects.filter(package__group_id=group.pk).values_list("external_ref", "pk"))
    bookings = {row["bookingRef"]: _booking(staff, row, group.pk) for row in imported["bookings"]}
    return Made(group.pk, bookings, is_new=not known)


def _supplier(staff: Staff, row: dict[str, Any]) -> int:
    found = Supplier.objects.filter(party__name=row["name"]).values_list("pk", flat=True).first()
    if found is not None:
        return found
    country = "IN" if row["currency"] == "INR" else "SA"
    details = parse_data(
        {
            "name": row["name"],
            "category": row["category"],
            "currency": row["currency"],
            "city": row.get("city", ""),
            "country": country,
            "airline_code": row.get("airline", ""),
        },
        SupplierIn,
    )
    return create_supplier(actor=staff["OPS_MANAGER"].actor, details=details)


def _block(staff: Staff, given: dict[str, Any], suppliers: dict[str, int]) -> int:
    found = AirlineBlock.objects.filter(pnr=given["pnr"]).values_list("pk", flat=True).first()
    if found is not None:
        return found
    plain = {key: value for key, value in given.items() if key not in ("supplier", "deposit")}
    deposit = given["deposit"]
    block = parse_data(
        {
            **plain,
            "supplier_id": suppliers[given["supplier"]],
            "deposit_amount": deposit["amount"],
            "deposit_due": deposit["due"],
        },
        BlockIn,
    )
    return create_block(actor=staff["OPS_MANAGER"].actor, block=block)


def _group(staff: Staff, given: dict[str, Any]) -> TravelGroup:
    wanted = parse_data(given, GroupIn)
    found = TravelGroup.objects.filter(
        group_type=wanted.group_type, departure_date=wanted.departure_date, deleted_at__isnull=True
    ).first()
    if found is not None:
        return found
    group_id = create_group(actor=staff["OPS_MANAGER"].actor, group=wanted)
    return TravelGroup.objects.get(pk=group_id)


def _booking(staff: Staff, row: dict[str, Any], group_id: int) -> int:
    booking = parse_data(row, ImportBookingIn)
    return import_booking(actor=staff["SALES_MANAGER"].actor, row=booking, group_id=group_id).booking_id

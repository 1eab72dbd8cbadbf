"""What may be said about a group, its sheet and its flights: the same rules for the API and the forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from ninja import Field
from pydantic import AliasChoices, BeforeValidator, StringConstraints

from qafila.inventory.schemas import Day, NoPnrIn, Seats, Version
from qafila.kernel.http import Id, In, LongText, Required, Text
from qafila.kernel.money import AmountIn, Currency

GroupTypeIn = Literal[
    "HAJ", "HAJ_ZIYARAT", "UMRAH", "UMRAH_ZIYARAT", "ZIYARAT", "GENERAL_DOMESTIC", "GENERAL_INTERNATIONAL"
]
PinIn = Literal["auto", "planning", "open", "full", "departed", "completed"]
Item = Literal["flight", "hotel", "visa", "ground_services"]
Capacity = Annotated[int, Field(ge=1, le=5000)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=6, decimal_places=3, examples=["5"])]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class GroupIn(In):
    """A new departure. Its code and name are minted. Without `currency` it is priced in the agency's own."""

    group_type: GroupTypeIn
    departure_date: Day
    return_date: Day
    total_capacity: Capacity
    currency: Currency | None = None
    branch_id: Id | None = None
    geography: Text = ""
    notes: LongText = ""


class GroupPatch(In):
    """What may change of a group. What is left out stays; `version` (or If-Match) is the one that was read."""

    version: Version | None = None
    departure_date: Day | None = None
    return_date: Day | None = None
    total_capacity: Capacity | None = None
    currency: Currency | None = None
    branch_id: Id | None = None
    geography: Text | None = None
    notes: LongText | None = None
    status_override: PinIn | None = None


class RateIn(In):
    """One component's rate a person, by tier."""

    adult: AmountIn
    child: AmountIn = Decimal(0)
    infant: AmountIn = Decimal(0)


class LineItemsIn(In):
    """The components of a sheet. `hotel` includes meals."""

    flight: RateIn | None = None
    hotel: RateIn | None = None
    visa: RateIn | None = None
    # Document 001 writes groundServices.
    ground_services: RateIn | None = Field(
        default=None, validation_alias=AliasChoices("ground_services", "groundServices")
    )


class TaxLineIn(In):
    """A tax on a sheet: `rate` in percent, on the items it applies to."""

    name: Annotated[Required, StringConstraints(max_length=80)]
    kind: Literal["gst", "tcs"] = "gst"
    rate: Percent
    mode: Literal["exclusive", "inclusive"] = "exclusive"
    applies_to: Annotated[list[Item], Field(min_length=1, max_length=4)]


TaxLines = Annotated[list[TaxLineIn], Field(max_length=12)]


class SheetIn(In):
    """A rate sheet to save. Lines left out stay; `tax_lines`, when given, replace all.

    `version` (or If-Match) is the one that was read.
    """

    version: Version | None = None
    line_items: LineItemsIn = LineItemsIn()
    tax_lines: TaxLines | None = None


class DraftSheet(In):
    """A sheet being typed: for its totals only."""

    line_items: LineItemsIn = LineItemsIn()
    tax_lines: TaxLines = []


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class LinkIn(In):
    """A block to link. Without `seats` as many as the group needs and the block has; without `pnr` the block's."""

    block_id: Id
    seats: Annotated[Seats | None, BeforeValidator(_blank_is_none)] = None
    pnr: NoPnrIn | None = None
    notes: Notes = ""


class LinkPatch(In):
    """The PNR and notes of a linked flight; `version` (or If-Match) is the one that was read."""

    version: Version | None = None
    pnr: NoPnrIn | None = None
    notes: Notes | None = None

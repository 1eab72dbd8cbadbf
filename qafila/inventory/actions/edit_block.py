"""Changing a block: its seats, its price while nobody took any, its flights and deadlines."""

from __future__ import annotations

from typing import Any

from qafila.inventory import postings, stock
from qafila.inventory.errors import PriceIsFixed, SeatsTaken
from qafila.inventory.facts import BlockChanged
from qafila.inventory.models import AirlineBlock
from qafila.inventory.queries import legs_of_blocks
from qafila.inventory.rules import OUTBOUND, RETURN, Leg
from qafila.inventory.schemas import BlockPatch, numbered
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record, snapshot
from qafila.kernel.errors import NotFound, StaleVersion
from qafila.kernel.facts import announce
from qafila.kernel.money import text
from qafila.kernel.transaction import action
from qafila.ledger.steps import post

CLEARABLE = frozenset({"deposit_amount", "deposit_due", "names_due", "ticketing_due", "expiry_date"})
PRICED = ("supplier_id", "price_per_seat", "currency", "exchange_rate")
AUDITED = (
    "supplier_id", "pnr", "return_pnr", "trip_type", "total_seats", "price_per_seat", "currency", "exchange_rate",
    "deposit_amount", "deposit_due", "names_due", "ticketing_due", "expiry_date", "notes", "route", "departs_on",
    "returns_on",
)  # fmt: skip


@action
def edit_block(*, actor: Actor, block_id: int, changed: BlockPatch) -> int:
    """Change what was said of a block; answers its new version. What is left out stays.

    More or fewer seats post the difference in stock. Price, currency, rate and supplier change only while no seat is
    taken. Whoever uses the block's flights may refuse the change (`BlockChanged`).
    Refuses: NotFound, StaleVersion, SeatsTaken, PriceIsFixed, RouteInvalid, DeadlineInvalid, RateNeeded, and what the
    rooms above refuse. Source: document 003.
    """
    actor.need("inventory.edit")
    row = AirlineBlock.objects.select_for_update(of=("self",)).filter(pk=block_id, deleted_at=None).first()
    if row is None:
        raise NotFound("There is no such block.")
    if row.version != changed.version:
        raise StaleVersion(row.version)
    before, was = snapshot(row, AUDITED), stock.worth(row, row.total_seats)
    legs = _legs(row, changed)
    _apply(row, changed)
    stock.check_known(row)
    stock.check_legs(row, legs)
    stock.fly(row, legs)
    stock.check_deadlines(row)
    stock.check_money(row)
    row.version += 1
    row.save(update_fields=[*AUDITED, "version"])
    if changed.legs is not None or changed.return_legs is not None:
        stock.write_legs(row, legs)
    _revalue(actor, row, was)
    record(actor, "block.edited", "block", row.pk, before=before, after=snapshot(row, AUDITED))
    stock.index_block(actor, row, legs)
    announce(actor, BlockChanged(row.pk, row.code))
    return row.version


def _legs(row: AirlineBlock, changed: BlockPatch) -> list[Leg]:
    """The legs as they will be: the given ones, in a direction that is not given the present ones."""
    given = numbered(changed.legs, changed.return_legs)
    present = [leg.leg() for leg in legs_of_blocks([row.pk])[row.pk]]
    out = given if changed.legs is not None else present
    back = given if changed.return_legs is not None else present
    return [leg for leg in out if leg.direction == OUTBOUND] + [leg for leg in back if leg.direction == RETURN]


def _apply(row: AirlineBlock, changed: BlockPatch) -> None:
    said: dict[str, Any] = changed.model_dump(exclude_unset=True, exclude={"version", "legs", "return_legs"})
    said = {name: value for name, value in said.items() if value is not None or name in CLEARABLE}
    if said.get("currency", row.currency) != row.currency:
        said["exchange_rate"] = stock.rate_of(said["currency"], said.get("exchange_rate"))
    new = [name for name, value in said.items() if value != getattr(row, name)]
    for name in new:
        setattr(row, name, said[name])
    repriced = [name for name in new if name in PRICED]
    if repriced and row.allocated_seats:
        taken = "1 seat is" if row.allocated_seats == 1 else f"{row.allocated_seats} seats are"
        raise PriceIsFixed(f"{taken} taken of {row.code} at its price; it can no longer change.", field=repriced[0])
    if row.total_seats < row.allocated_seats:
        raise SeatsTaken(
            f"{row.allocated_seats} seats of {row.code} are taken; it cannot have only {row.total_seats}.",
            field="total_seats",
        )


def _revalue(actor: Actor, row: AirlineBlock, was: postings.Worth) -> None:
    """Post what the change did to the stock: more or fewer seats the difference, another price the whole anew."""
    now = stock.worth(row, row.total_seats)
    if now == was:
        return
    same_price = (now.supplier_id, now.currency, now.rate) == (was.supplier_id, was.currency, was.rate)
    if same_price and now.amount > was.amount:
        event, lines = "seats_added", postings.received(_difference(now, was))
    elif same_price:
        event, lines = "seats_returned", postings.returned(_difference(was, now))
    else:
        event, lines = "repriced", (*postings.returned(was), *postings.received(now))
    said = f"Block {row.code}: {row.total_seats} seats at {row.currency} {text(row.price_per_seat)}"
    key = f"{row.pk}:{row.version}"
    if entry := postings.entry(event, key, row.pk, clock.today(), said, lines, row.branch_id):
        post(actor, entry)


def _difference(more: postings.Worth, less: postings.Worth) -> postings.Worth:
    return postings.Worth(
        supplier_id=more.supplier_id,
        base=more.base - less.base,
        amount=more.amount - less.amount,
        currency=more.currency,
        rate=more.rate,
        base_currency=more.base_currency,
    )

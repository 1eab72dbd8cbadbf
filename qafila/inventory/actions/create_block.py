"""Recording a block bought from an airline."""

from __future__ import annotations

from typing import Any

from qafila.inventory import postings, stock
from qafila.inventory.models import AirlineBlock
from qafila.inventory.rules import chain_legs
from qafila.inventory.schemas import BlockIn, numbered
from qafila.inventory.states import BLOCK
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import begin
from qafila.kernel.transaction import action
from qafila.ledger.steps import post

SAID = (
    "supplier_id", "pnr", "return_pnr", "trip_type", "total_seats", "price_per_seat", "currency", "exchange_rate",
    "deposit_amount", "deposit_due", "names_due", "ticketing_due", "expiry_date", "branch_id", "notes",
)  # fmt: skip


@action
def create_block(*, actor: Actor, block: BlockIn) -> int:
    """Record seats bought in bulk; they are stock from now on (Dr 1310, Cr 2025), until a group or partner takes them.

    Refuses: UnknownReference, RouteInvalid with every error at its leg, DeadlineInvalid, RateNeeded, Invalid.
    Source: document 003, "What is an airline block?".
    """
    actor.need("inventory.create")
    said = block.model_dump(include=set(SAID))
    row = AirlineBlock(**said, airline_id=block.airline, created_by_id=actor.user_id)
    if row.branch_id is None:
        row.branch_id = actor.branch_id
    legs = numbered(block.legs, block.return_legs)
    stock.check_known(row)
    said["exchange_rate"] = row.exchange_rate = stock.rate_of(block.currency, block.exchange_rate)
    stock.check_legs(row, legs)
    stock.fly(row, legs)
    stock.check_deadlines(row)
    stock.check_money(row)
    row.save(force_insert=True)
    row.refresh_from_db(fields=["code"])  # minted by the database
    stock.write_legs(row, legs)
    begin(actor, BLOCK, [row.pk])
    text = f"Block {row.code}: {row.total_seats} seats {chain_legs(legs)} on {row.pnr}"
    lines = postings.received(stock.worth(row, row.total_seats))
    if entry := postings.entry("received", str(row.pk), row.pk, clock.today(), text, lines, row.branch_id):
        post(actor, entry)
    after: dict[str, Any] = {"code": row.code, "airline": row.airline_id, "route": row.route, **said}
    record(actor, "block.created", "block", row.pk, after=after)
    stock.index_block(actor, row, legs)
    return row.pk

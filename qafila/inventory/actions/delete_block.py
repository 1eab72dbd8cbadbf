"""Deleting a block that nobody took seats of."""

from __future__ import annotations

from qafila.inventory import postings
from qafila.inventory.errors import SeatsTaken
from qafila.inventory.facts import BlockDeleted
from qafila.inventory.models import AirlineBlock
from qafila.inventory.queries import state_of_block
from qafila.inventory.states import BLOCK
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import NotFound
from qafila.kernel.facts import announce
from qafila.kernel.search import forget
from qafila.kernel.transaction import action
from qafila.ledger.models import JournalEntry
from qafila.ledger.steps import reverse

OURS = ("received", "seats_added", "seats_returned", "repriced")


@action
def delete_block(*, actor: Actor, block_id: int, reason: str = "") -> None:
    """Delete a block: it disappears from every list and its stock entries are reversed in the same transaction.

    Refuses: NotFound, SeatsTaken. Source: domain 2.6; ledger.md 3 "Seats or rooms returned before billing".
    """
    actor.need("inventory.delete")
    row = AirlineBlock.objects.select_for_update(of=("self",)).filter(pk=block_id, deleted_at=None).first()
    if row is None:
        raise NotFound("There is no such block.")
    if row.allocated_seats:
        raise SeatsTaken(f"{row.allocated_seats} seats of {row.code} are taken; unlink or release them first.")
    state = AirlineBlock.objects.filter(pk=row.pk).values_list(state_of_block(), flat=True).get()
    BLOCK.check(actor, state, "delete")
    AirlineBlock.objects.filter(pk=row.pk).update(state="cancelled", deleted_at=clock.now(), version=row.version + 1)
    stock = JournalEntry.objects.filter(source=postings.SOURCE, source_id=row.pk, event__in=OURS, reversals=None)
    for entry_id in stock.order_by("pk").values_list("pk", flat=True):
        reverse(
            actor,
            entry_id,
            source=postings.SOURCE,
            event="deleted",
            key=f"{row.pk}:{entry_id}",
            date=clock.today(),
            narration=f"Block {row.code} deleted",
            reason=reason,
        )
    record(actor, "block.deleted", "block", row.pk, before={"code": row.code, "pnr": row.pnr}, note=reason)
    forget("block", row.pk)
    announce(actor, BlockDeleted(row.pk, row.code))

"""Giving a linked block back."""

from __future__ import annotations

from qafila.groups.keeping import lock, must_be_ahead, release
from qafila.groups.models import GroupFlight
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.transaction import action


@action
def unlink_block(*, actor: Actor, group_id: int, flight_id: int, reason: str = "") -> None:
    """Give a linked block's seats back: the cost entry is reversed in the same transaction.

    Refuses: NotFound, GroupNotOpen (it has left), and what rooms whose passengers or tickets use the flight refuse.
    Source: document 001, 5.1; ledger.md 3 "Unlinked or released".
    """
    actor.need("groups.edit")
    row = lock(group_id)
    link = GroupFlight.objects.select_related("block").filter(pk=flight_id, group_id=group_id).first()
    if link is None:
        raise NotFound("This group has no such flight.")
    must_be_ahead(row)
    release(actor, row, link, reason=reason)

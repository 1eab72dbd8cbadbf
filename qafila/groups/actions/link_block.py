"""Giving a block's seats to a group."""

from __future__ import annotations

from django.db.models import Sum

from qafila.groups import postings
from qafila.groups.errors import BlockTaken, NoSeatsToLink
from qafila.groups.facts import BlockLinked
from qafila.groups.keeping import lock, must_be_ahead, must_fit
from qafila.groups.models import GroupFlight, TravelGroup
from qafila.groups.rules import default_seats
from qafila.groups.schemas import LinkIn
from qafila.groups.steps import tell
from qafila.identity.queries import agency
from qafila.inventory.models import AirlineBlock
from qafila.inventory.queries import seat_cost
from qafila.inventory.steps import take_block_seats
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import NotFound
from qafila.kernel.facts import announce
from qafila.kernel.transaction import action
from qafila.ledger.steps import post


@action
def link_block(*, actor: Actor, group_id: int, link: LinkIn) -> int:
    """Give a block's seats to a group: they leave the stock and become the group's cost; answers the flight's id.

    A block belongs to one group company-wide, and its flights fall inside the group's dates.
    Refuses: NotFound, GroupNotOpen, BlockTaken, NoSeatsToLink, SeatsExhausted, BlockNotActive, OutsideWindow.
    Source: document 001, 5.1; domain 3 "Link inventory to a group".
    """
    actor.need("groups.edit", "inventory.allocate")
    row = lock(group_id)
    must_be_ahead(row)
    seen = _block(link.block_id)
    _nobody_has(seen)
    seats = link.seats or _default(row, seen)
    take_block_seats(actor, seen.pk, seats, reason="linked", group_id=row.pk, note=row.code)
    # The block's row is locked now: what is read from here on is what the link is made of.
    block = _block(link.block_id)
    _nobody_has(block)
    must_fit(row, block, field="block_id")
    *_, cost = seat_cost(block, seats)
    pnr = (block.pnr if link.pnr is None else link.pnr)[:8]
    flight = GroupFlight.objects.create(group=row, block=block, seats=seats, cost=cost, pnr=pnr, notes=link.notes)
    TravelGroup.objects.filter(pk=row.pk).update(is_linked=True)
    entry = postings.linked(
        flight_id=flight.pk,
        block_id=block.pk,
        block_code=block.code,
        group_id=row.pk,
        group_code=row.code,
        seats=seats,
        cost=cost,
        policy=agency().tour_revenue_policy,
        day=clock.today(),
        branch_id=row.branch_id,
    )
    if entry:
        post(actor, entry)
    tell(actor, row.pk, "linked", f"{block.code} linked: {seats} seats, {block.route}, PNR {pnr or '-'}")
    after = {"flight_id": flight.pk, "block": block.code, "seats": seats, "cost": cost, "pnr": pnr}
    record(actor, "group.block_linked", "group", row.pk, after=after)
    announce(actor, BlockLinked(row.pk, flight.pk, block.pk))
    return flight.pk


def _block(block_id: int) -> AirlineBlock:
    block = AirlineBlock.objects.filter(pk=block_id, deleted_at=None).first()
    if block is None:
        raise NotFound("There is no such block.", field="block_id")
    return block


def _nobody_has(block: AirlineBlock) -> None:
    owner = GroupFlight.objects.filter(block_id=block.pk).values_list("group__code", flat=True).first()
    if owner:
        raise BlockTaken(f"Block {block.code} is linked to {owner}.", field="block_id", group=owner)


def _default(row: TravelGroup, block: AirlineBlock) -> int:
    same = GroupFlight.objects.filter(group_id=row.pk, block__route=block.route)
    linked = same.aggregate(seats=Sum("seats"))["seats"] or 0
    free = block.total_seats - block.allocated_seats
    seats = default_seats(free, row.total_capacity, linked)
    if seats:
        return seats
    if not free:
        raise NoSeatsToLink(f"Block {block.code} has no seats left.", field="block_id")
    raise NoSeatsToLink(
        f"{linked} seats on {block.route} are linked already, as many as {row.code} has places; say how many more.",
        field="seats",
    )

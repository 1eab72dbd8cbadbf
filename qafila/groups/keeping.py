"""What several verbs of this room share: the locked group, its search entry, and giving inventory back."""

from __future__ import annotations

from qafila.groups.errors import GroupHasBookings, GroupHasInventory, GroupNotOpen, OutsideWindow
from qafila.groups.facts import BlockUnlinked, GroupCancelled
from qafila.groups.models import GroupFlight, TravelGroup
from qafila.groups.queries import group_state
from qafila.groups.rules import outside
from qafila.groups.states import GROUP
from qafila.groups.steps import tell
from qafila.inventory.models import AirlineBlock
from qafila.inventory.postings import SOURCE
from qafila.inventory.steps import give_back_block_seats
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import NotFound
from qafila.kernel.facts import announce
from qafila.kernel.search import index
from qafila.ledger.models import JournalEntry
from qafila.ledger.steps import reverse

TRAVELLED = ("departed", "completed")


def lock(group_id: int) -> TravelGroup:
    """The group, its row locked until the transaction ends. Refuses: NotFound."""
    row = TravelGroup.objects.select_for_update(of=("self",)).filter(pk=group_id, deleted_at=None).first()
    if row is None:
        raise NotFound("There is no such group.", field="group_id")
    return row


def must_be_ahead(row: TravelGroup) -> str:
    """The state of a group that has not left and is not cancelled. Refuses: GroupNotOpen."""
    state = group_state(row.pk)
    if state in TRAVELLED or state == "cancelled":
        raise GroupNotOpen(f"Group {row.code} is {GROUP.label(state).lower()}.", state=state)
    return state


def must_fit(row: TravelGroup, block: AirlineBlock, *, field: str) -> None:
    """A block's flights fall inside the group's dates. Refuses: OutsideWindow saying which day does not."""
    lands = block.returns_on or block.departs_on
    if why := outside(block.departs_on, lands, (row.departure_date, row.return_date)):
        raise OutsideWindow(f"Block {block.code} {why}.", field=field)


def index_group(row: TravelGroup) -> None:
    """Let the search find the group by code, name, type and month."""
    label = TravelGroup.GroupType(row.group_type).label
    index(
        "group",
        row.pk,
        title=row.code,
        subtitle=f"{row.name} · {row.departure_date:%d %b %Y} - {row.return_date:%d %b %Y}",
        url=f"/groups/{row.code}",
        right="groups.view",
        text=f"{row.code} {row.name} {label} {row.geography} {row.departure_date:%B %Y}",
        rank=1,
    )


def release(actor: Actor, row: TravelGroup, link: GroupFlight, *, reason: str = "") -> None:
    """Give a linked block's seats back: its cost entry is reversed, the link goes. Higher rooms may refuse."""
    announce(actor, BlockUnlinked(row.pk, link.pk, link.block_id, link.block.code))
    linked = JournalEntry.objects.filter(source=SOURCE, event="linked", key=str(link.pk))
    for entry_id in linked.values_list("pk", flat=True):
        reverse(
            actor,
            entry_id,
            source=SOURCE,
            event="unlinked",
            key=str(link.pk),
            date=clock.today(),
            narration=f"{link.seats} seats of {link.block.code} given back by {row.code}",
            reason=reason,
        )
    give_back_block_seats(actor, link.block_id, link.seats, reason="unlinked", group_id=row.pk, note=row.code)
    link_id, seats, block = link.pk, link.seats, link.block
    link.delete()
    row.is_linked = GroupFlight.objects.filter(group_id=row.pk).exists()
    TravelGroup.objects.filter(pk=row.pk).update(is_linked=row.is_linked)
    tell(actor, row.pk, "unlinked", f"{block.code} unlinked: {seats} seats given back")
    record(
        actor,
        "group.block_unlinked",
        "group",
        row.pk,
        before={"flight_id": link_id, "block": block.code, "seats": seats, "cost": link.cost},
        note=reason,
    )


def wind_up(actor: Actor, row: TravelGroup, *, reason: str) -> None:
    """Let go of all that a group that will not travel holds. Refuses: GroupHasBookings, GroupHasInventory."""
    if row.booked_count:
        places = "1 place is" if row.booked_count == 1 else f"{row.booked_count} places are"
        raise GroupHasBookings(f"{places} booked on {row.code}; cancel or move those bookings first.")
    announce(actor, GroupCancelled(row.pk, row.code, reason))
    links = list(GroupFlight.objects.filter(group_id=row.pk).select_related("block").order_by("block_id"))
    if links and row.cancelled_at is None and group_state(row.pk) in TRAVELLED:
        raise GroupHasInventory(f"{row.code} has travelled on {len(links)} linked flights; it stays in the books.")
    for link in links:
        release(actor, row, link, reason=reason)

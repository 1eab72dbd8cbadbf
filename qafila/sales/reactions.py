"""What sales does when a lower room announces something: mostly, it refuses to have a sold place pulled away."""

from __future__ import annotations

from django.db.models import Q

from qafila.groups.errors import GroupHasBookings
from qafila.groups.facts import BlockUnlinked, GroupCancelled, GroupCompleted
from qafila.kernel.actor import Actor
from qafila.kernel.facts import on
from qafila.kernel.states import move_many
from qafila.parties.facts import PartyDeleted
from qafila.sales.errors import FlightInUse, PartyHasBookings
from qafila.sales.models import Booking, Passenger
from qafila.sales.passengers import active_passengers
from qafila.sales.states import CONFIRMED, OPEN, PACKAGE


@on(PartyDeleted)
def keep_parties_of_open_bookings(actor: Actor, fact: PartyDeleted) -> None:
    """Nobody who buys, pays or sells an open booking is deleted."""
    party = Q(customer_id=fact.party_id) | Q(payer_id=fact.party_id) | Q(agent_id=fact.party_id)
    held = Booking.objects.filter(party, state__in=OPEN, deleted_at__isnull=True).values_list("number", flat=True)
    if numbers := list(held.order_by("id")[:3]):
        raise PartyHasBookings(f"{fact.name} has open bookings: {', '.join(numbers)}.", bookings=numbers)


@on(GroupCancelled)
def keep_groups_with_bookings(actor: Actor, fact: GroupCancelled) -> None:
    """A group with live bookings is not cancelled."""
    live = Booking.objects.filter(package__group_id=fact.group_id, package__is_live=True)
    if count := live.count():
        first = ", ".join(live.order_by("id").values_list("number", flat=True)[:3])
        raise GroupHasBookings(
            f"{fact.code} has {count} live booking{'s' if count > 1 else ''}: {first}. Cancel or move them first."
        )


@on(BlockUnlinked)
def let_go_of_the_flight(actor: Actor, fact: BlockUnlinked) -> None:
    """A flight that active passengers are put on by name stays; of the others the mark is wiped."""
    if on_board := active_passengers().filter(flight_id=fact.flight_id).count():
        raise FlightInUse(
            f"{on_board} passengers are put on {fact.block_code} by name; move them to another flight first."
        )
    Passenger.objects.filter(flight_id=fact.flight_id).update(flight_id=None)


@on(GroupCompleted)
def complete_the_bookings(actor: Actor, fact: GroupCompleted) -> None:
    """Confirmed bookings are completed once their group is back."""
    back = Booking.objects.filter(package__group_id=fact.group_id, state=CONFIRMED, deleted_at__isnull=True)
    move_many(actor, PACKAGE, Booking, list(back.values_list("pk", flat=True)), "complete")

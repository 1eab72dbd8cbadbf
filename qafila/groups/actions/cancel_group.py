"""Cancelling a departure that nobody travels on."""

from __future__ import annotations

from qafila.groups.keeping import lock, wind_up
from qafila.groups.models import TravelGroup
from qafila.groups.queries import group_state
from qafila.groups.states import GROUP
from qafila.groups.steps import tell
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import remember
from qafila.kernel.transaction import action


@action
def cancel_group(*, actor: Actor, group_id: int, reason: str) -> None:
    """Cancel a group: its inventory goes back, its costs are reversed.

    Refuses: NotFound, WrongState, GroupHasBookings, and what rooms with live bookings or issued invoices refuse.
    Source: domain 2.3.
    """
    actor.need("groups.edit")
    row = lock(group_id)
    state = group_state(row.pk)
    GROUP.check(actor, state, "cancel")
    wind_up(actor, row, reason=reason)
    remember(actor, GROUP, [row.pk], state, "cancel", reason=reason)
    TravelGroup.objects.filter(pk=row.pk).update(cancelled_at=clock.now(), version=row.version + 1)
    tell(actor, row.pk, "cancelled", f"Cancelled: {reason}")
    record(actor, "group.cancelled", "group", row.pk, before={"state": state}, note=reason)

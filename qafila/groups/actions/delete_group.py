"""Deleting a departure: it disappears from every list."""

from __future__ import annotations

from qafila.groups.keeping import lock, wind_up
from qafila.groups.models import TravelGroup
from qafila.groups.steps import tell
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.search import forget
from qafila.kernel.transaction import action


@action
def delete_group(*, actor: Actor, group_id: int, reason: str = "") -> None:
    """Delete a group softly: its inventory goes back first; its code is never given again.

    Refuses: NotFound, GroupHasBookings, GroupHasInventory (it has travelled), and what rooms above refuse.
    """
    actor.need("groups.delete")
    row = lock(group_id)
    wind_up(actor, row, reason=reason)
    TravelGroup.objects.filter(pk=row.pk).update(deleted_at=clock.now(), version=row.version + 1)
    tell(actor, row.pk, "deleted", f"Deleted{': ' if reason else ''}{reason}")
    record(actor, "group.deleted", "group", row.pk, before={"code": row.code}, note=reason)
    forget("group", row.pk)

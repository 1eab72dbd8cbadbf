"""What the groups room does when the inventory announces."""

from __future__ import annotations

from qafila.groups.facts import GroupFlightChanged
from qafila.groups.keeping import must_fit
from qafila.groups.models import GroupFlight
from qafila.inventory.facts import BlockChanged
from qafila.kernel.actor import Actor
from qafila.kernel.facts import announce, on


@on(BlockChanged)
def flights_still_fit(actor: Actor, fact: BlockChanged) -> None:
    """The group that has the block keeps flights inside its dates, or the change is refused (OutsideWindow)."""
    link = GroupFlight.objects.filter(block_id=fact.block_id).select_related("block", "group").first()
    if link is None:
        return
    must_fit(link.group, link.block, field="legs")
    announce(actor, GroupFlightChanged(link.group_id, link.pk))

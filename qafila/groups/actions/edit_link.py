"""Changing the PNR and notes of a linked flight."""

from __future__ import annotations

from qafila.groups.facts import GroupFlightChanged
from qafila.groups.models import GroupFlight
from qafila.groups.schemas import LinkPatch
from qafila.groups.steps import tell
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record, snapshot
from qafila.kernel.errors import NotFound, StaleVersion
from qafila.kernel.facts import announce
from qafila.kernel.transaction import action

FIELDS = ("pnr", "notes")


@action
def edit_link(*, actor: Actor, group_id: int, flight_id: int, changed: LinkPatch) -> int:
    """Change the PNR or the notes of a linked flight; answers its new version.

    The block's own PNR counts before this one (domain 2.5). Refuses: NotFound, StaleVersion. Source: document 001, 5.1.
    """
    actor.need("groups.edit")
    rows = GroupFlight.objects.select_for_update(of=("self",)).select_related("block")
    row = rows.filter(pk=flight_id, group_id=group_id, group__deleted_at=None).first()
    if row is None:
        raise NotFound("This group has no such flight.")
    if row.version != changed.version:
        raise StaleVersion(row.version)
    before = snapshot(row, FIELDS)
    for name, value in changed.model_dump(exclude_none=True, exclude={"version"}).items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*FIELDS, "version"])
    after = snapshot(row, FIELDS)
    if before["pnr"] != after["pnr"]:
        tell(actor, group_id, "pnr", f"PNR of {row.block.code}: {before['pnr'] or '-'} → {after['pnr'] or '-'}")
    record(actor, "group.flight_edited", "group", group_id, before=before, after=after)
    announce(actor, GroupFlightChanged(group_id, row.pk))
    return row.version

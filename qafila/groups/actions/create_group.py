"""Opening a departure for planning."""

from __future__ import annotations

from qafila.groups.errors import DatesReversed, UnknownBranch
from qafila.groups.keeping import index_group
from qafila.groups.models import TravelGroup
from qafila.groups.schemas import GroupIn
from qafila.groups.states import GROUP
from qafila.groups.steps import tell
from qafila.identity.queries import agency, branches
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import begin
from qafila.kernel.transaction import action


@action
def create_group(*, actor: Actor, group: GroupIn) -> int:
    """Open a departure: dates, capacity, type. The database mints its code and name (`UMR-27JAN-A`).

    Refuses: DatesReversed, UnknownBranch. Source: document 001, 3.
    """
    actor.need("groups.create")
    if group.return_date < group.departure_date:
        raise DatesReversed("A group cannot return before it departs.", field="return_date")
    branch_id = group.branch_id or actor.branch_id
    if branch_id is not None and branch_id not in {b.id for b in branches()}:
        raise UnknownBranch("There is no such branch.", field="branch_id")
    said = group.model_dump(exclude={"currency", "branch_id"})
    currency = group.currency or agency().base_currency
    row = TravelGroup(**said, currency=currency, branch_id=branch_id, created_by_id=actor.user_id)
    row.save(force_insert=True)
    row.refresh_from_db(fields=["code", "name"])  # minted by the database
    begin(actor, GROUP, [row.pk])
    places = f"{row.total_capacity} places, {row.departure_date:%d %b %Y} to {row.return_date:%d %b %Y}"
    tell(actor, row.pk, "created", f"{row.name} opened for planning: {places}")
    record(actor, "group.created", "group", row.pk, after={"code": row.code, "name": row.name, **said})
    index_group(row)
    return row.pk

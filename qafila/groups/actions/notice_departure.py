"""Noticing that a group's departure or return date is over."""

from __future__ import annotations

from django.db.models import Sum

from qafila.groups import postings
from qafila.groups.facts import GroupCompleted, GroupDeparted
from qafila.groups.keeping import lock
from qafila.groups.models import GroupEvent, TravelGroup
from qafila.groups.queries import group_state
from qafila.groups.states import GROUP
from qafila.groups.steps import tell
from qafila.inventory.postings import SOURCE
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.facts import announce
from qafila.kernel.money import ZERO
from qafila.kernel.states import remember
from qafila.kernel.transaction import action
from qafila.ledger.models import JournalLine
from qafila.ledger.steps import post


@action
def notice_departure(*, actor: Actor, group_id: int) -> list[str]:
    """Write down, once, that a group departed and that it completed; deferred flight cost becomes cost on departure.

    Answers what was new. Doing it again does nothing. Refuses: NotFound. Source: domain 2.3; ledger.md "at_departure".
    """
    row = lock(group_id)
    state = group_state(row.pk)
    noticed = set(GroupEvent.objects.filter(group_id=row.pk).values_list("what", flat=True))
    new = []
    if state in ("departed", "completed") and "departed" not in noticed:
        _depart(actor, row)
        new.append("departed")
    if state == "completed" and "completed" not in noticed:
        remember(actor, GROUP, [row.pk], "departed", "complete")
        tell(actor, row.pk, "completed", f"{row.code} is back")
        announce(actor, GroupCompleted(row.pk, row.code))
        new.append("completed")
    return new


def _depart(actor: Actor, row: TravelGroup) -> None:
    sold_out = row.booked_count >= row.total_capacity
    ready = "open" if row.is_linked and row.is_priced else "planning"
    remember(actor, GROUP, [row.pk], "full" if sold_out else ready, "depart")
    tell(actor, row.pk, "departed", f"{row.code} departed with {row.booked_count} of {row.total_capacity} places taken")
    deferred = JournalLine.objects.filter(
        group_id=row.pk, account__code=postings.DEFERRED_COST, entry__source=SOURCE, entry__status="approved"
    ).aggregate(debit=Sum("debit"), credit=Sum("credit"))
    entry = postings.departed(
        group_id=row.pk,
        group_code=row.code,
        cost=(deferred["debit"] or ZERO) - (deferred["credit"] or ZERO),
        day=clock.today(),
        branch_id=row.branch_id,
    )
    if entry:
        post(actor, entry)
    announce(actor, GroupDeparted(row.pk, row.code))

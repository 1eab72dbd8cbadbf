"""What the list of groups shows of their money: sums over live bookings, for those who may see bookings."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum

from qafila.groups.figures import Figures
from qafila.kernel.actor import Actor
from qafila.kernel.money import ZERO
from qafila.sales.models import Booking


def of_groups(actor: Actor, group_ids: Sequence[int]) -> dict[int, Figures]:
    """Charges, collected and balance of a page of groups; nothing for who may not see bookings. One query."""
    if not group_ids or not actor.may("bookings.view"):
        return {}
    found = dict.fromkeys(group_ids, Figures(ZERO, ZERO, ZERO))
    rows = Booking.objects.filter(package__group_id__in=group_ids, package__is_live=True).values("package__group_id")
    for row in rows.annotate(charges=Sum("gross_total"), collected=Sum("paid"), owed=Sum("balance")).order_by():
        found[row["package__group_id"]] = Figures(row["charges"], row["collected"], row["owed"])
    return found

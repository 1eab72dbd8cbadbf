"""The groups room's jobs: every morning, which departures have left and which are back."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import QuerySet
from procrastinate.contrib.django import app

from qafila.groups.actions.notice_departure import notice_departure
from qafila.groups.models import TravelGroup
from qafila.groups.queries import state_of_group
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Refusal

log = logging.getLogger("qafila")


def departures_to_notice() -> list[int]:
    """Groups whose departure or return date is over and was not written down yet."""
    rows: QuerySet[Any] = TravelGroup.objects.filter(deleted_at=None).annotate(state_now=state_of_group())
    left = rows.filter(state_now__in=("departed", "completed")).exclude(events__what="departed")
    back = rows.filter(state_now="completed").exclude(events__what="completed")
    return sorted({*left.values_list("pk", flat=True), *back.values_list("pk", flat=True)})


@app.periodic(cron="10 0,6,12,18 * * *")
@app.task(queue="house", name="groups.notice_departures", queueing_lock="groups.notice_departures")
def notice_departures(timestamp: int = 0) -> None:
    """One transaction a group: a closed period at one does not hold up the others; the next run tries again."""
    for group_id in departures_to_notice():
        try:
            notice_departure(actor=SYSTEM, group_id=group_id)
        except Refusal as refusal:
            log.warning("Departure of group %s not noticed: %s", group_id, refusal.detail)

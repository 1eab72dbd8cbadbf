"""Take a file of bookings in, to be checked and then imported."""

from __future__ import annotations

from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.sales.importing import RIGHTS
from qafila.sales.models import ImportRow, ImportRun
from qafila.sales.offer import offer

FIELD = 60


@action
def begin_import(*, actor: Actor, group_id: int, file_name: str, bookings: list[dict[str, Any]]) -> int:
    """Keep a file's bookings as rows of a run; answers the run's id. A row without a reference gets one of its own.

    Refuses: MissingRight, NotFound (no such group), GroupNotSellable.
    """
    actor.need(*RIGHTS)
    assert actor.user_id is not None
    offer(group_id, customer_id=None)
    run = ImportRun.objects.create(user_id=actor.user_id, group_id=group_id, file_name=file_name[:200])
    rows = []
    for n, booking in enumerate(bookings, 1):
        ref = str(booking.get("booking_ref") or booking.get("bookingRef") or "")[:FIELD]
        data = booking if ref else {**booking, "booking_ref": f"import {run.pk} row {n}"}
        people = booking.get("passengers")
        rows.append(
            ImportRow(
                run=run,
                n=n,
                ref=ref or f"row {n}",
                data=data,
                people=min(len(people), 500) if isinstance(people, list) else 0,
            )
        )
    ImportRow.objects.bulk_create(rows, batch_size=500)
    record(actor, "import.begun", "import", run.pk, after={"file": file_name, "bookings": len(rows)})
    return run.pk

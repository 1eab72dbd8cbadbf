"""What higher rooms and reactions may do with visa cases inside their own transaction."""

from __future__ import annotations

from django.db import connection

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import begin
from qafila.kernel.transaction import step
from qafila.sales.passengers import active_passengers
from qafila.visas.models import VisaCase
from qafila.visas.states import VISA


@step
def open_cases(actor: Actor, booking_id: int) -> int:
    """Open a case for each active passenger who needs a visa and has none; how many were opened. Idempotent."""
    needing = list(
        active_passengers([booking_id])
        .filter(needs_visa=True)
        .exclude(visa_case__isnull=False, visa_case__closed_at__isnull=True)
        .values_list("pk", flat=True)
    )
    if not needing:
        return 0
    with connection.cursor() as cursor:
        # A passenger who was let go and travels again gets the old case back, at its start.
        cursor.execute(
            "INSERT INTO visas_visacase (booking_id, passenger_id, state, country, reference, visa_no, notes, version)"
            " SELECT %s, p, 'NOT_STARTED', 'SA', '', '', '', 1 FROM unnest(%s::bigint[]) AS p"
            " ON CONFLICT (passenger_id) DO UPDATE SET closed_at = NULL, state = 'NOT_STARTED',"
            " version = visas_visacase.version + 1 RETURNING id",
            [booking_id, needing],
        )
        opened = [row[0] for row in cursor.fetchall()]
    begin(actor, VISA, opened, "open")
    record(actor, "visa.cases_opened", "booking", booking_id, after={"cases": len(opened)})
    return len(opened)


@step
def close_cases(actor: Actor, *, booking_id: int | None = None, passenger_id: int | None = None) -> int:
    """Let cases go: the passenger, or the whole booking, does not travel."""
    cases = VisaCase.objects.filter(closed_at__isnull=True)
    mine = {"passenger_id": passenger_id} if passenger_id else {"booking_id": booking_id}
    cases = cases.filter(**mine)
    closed = cases.update(closed_at=clock.now())
    if closed:
        record(actor, "visa.cases_closed", "booking", booking_id, after={"cases": closed, "passenger": passenger_id})
    return closed

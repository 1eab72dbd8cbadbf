"""The queues: which bookings wait for operations, for finance, for correction."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from qafila.billing.models import Invoice
from qafila.billing.states import CANCELLED as INVOICE_CANCELLED
from qafila.kernel.actor import Actor
from qafila.kernel.models import StateChange
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.operations.rules import OPEN_TO_FINANCE, OPEN_TO_OPS, why_not_finance, why_not_ops
from qafila.operations.types import DecisionRow, Queue, QueueCounts, QueueRow
from qafila.sales.errors import BookingNotFound
from qafila.sales.models import Booking
from qafila.sales.states import FINANCE, NEEDS_CORRECTION, OPS, PACKAGE, PENDING

SORTS = {
    "number": "id",
    "departure": "package__group__departure_date",
    "balance": "balance",
    "paid": "paid",
    "customer": "customer__party__name",
}
LIVE = Q(product="package", deleted_at__isnull=True)
QUEUES: dict[str, Q] = {
    "ops": LIVE & Q(state__in=OPEN_TO_OPS, package__ops_approval=PENDING),
    "finance": LIVE & Q(state__in=OPEN_TO_FINANCE, package__finance_approval=PENDING),
    "corrections": LIVE & Q(state=NEEDS_CORRECTION),
}
POLICY_MET = Q(package__payment_policy="advance", paid__gt=0) | (
    ~Q(package__payment_policy="advance") & Q(package__finance_approval="approved")
)


def _rows() -> QuerySet[Any]:
    number = Invoice.objects.filter(booking=OuterRef("pk")).exclude(state=INVOICE_CANCELLED).values("number")[:1]
    return Booking.objects.select_related("customer__party", "agent__party", "package__group").annotate(
        invoice_number=Subquery(number)
    )


def queue(actor: Actor, window: Window, which: Queue, *, q: str = "", group_id: int | None = None) -> Page[QueueRow]:
    """The bookings of a queue, those that leave first on top. Two queries."""
    rows = _rows().filter(QUEUES[which])
    if q:
        rows = rows.filter(
            Q(number__icontains=q) | Q(customer__party__name__icontains=q) | Q(package__group__code__icontains=q)
        )
    if group_id:
        rows = rows.filter(package__group_id=group_id)
    return paginate(rows.order_by(*order(window.sort, SORTS, "departure")), window, lambda row: _row(actor, row))


def queue_row(actor: Actor, booking_id: int) -> QueueRow:
    """One booking as the queues show it, wherever it stands. One query. Refuses: BookingNotFound."""
    row = _rows().filter(LIVE, pk=booking_id).first()
    if row is None:
        raise BookingNotFound("There is no such booking.")
    return _row(actor, row)


def queue_counts(actor: Actor) -> QueueCounts:
    """How much waits in each queue the actor may see, for the home page and the tabs. One query."""
    seen = ["ops", "ops_ready", "finance", "corrections"] if actor.may("approvals.view") else []
    if not seen and actor.may("finance.bookings.approve_finance"):
        seen = ["finance"]
    if not actor.is_staff or not seen:
        return QueueCounts()
    conditions = {**QUEUES, "ops_ready": QUEUES["ops"] & POLICY_MET}
    return QueueCounts(**Booking.objects.aggregate(**{name: Count("pk", filter=conditions[name]) for name in seen}))


def decisions(booking_id: int) -> list[DecisionRow]:
    """What finance and operations decided about a booking, newest first. One query."""
    rows = StateChange.objects.filter(machine__in=[FINANCE.name, OPS.name], object_id=booking_id).order_by("-pk")
    machines = {FINANCE.name: FINANCE, OPS.name: OPS}
    return [
        DecisionRow(
            at=row.at,
            who=row.user_name,
            label=machines[row.machine].label(row.to_state),
            tone=machines[row.machine].tone(row.to_state),
            reason=row.reason,
        )
        for row in rows.exclude(from_state="")[:50]
    ]


def _row(actor: Actor, row: Any) -> QueueRow:
    sale = row.package
    blocked = why_not_ops(
        state=row.state,
        ops=sale.ops_approval,
        policy=sale.payment_policy,
        finance=sale.finance_approval,
        paid=row.paid,
    )
    return QueueRow(
        id=row.pk,
        number=row.number,
        state=row.state,
        state_label=PACKAGE.label(row.state),
        state_tone=PACKAGE.tone(row.state),
        customer=row.customer.party.name,
        agent=row.agent.party.name if row.agent else "",
        group_id=sale.group_id,
        group_code=sale.group.code,
        departure_date=sale.group.departure_date,
        passengers=sale.adults + sale.children + sale.infants,
        payment_policy=sale.payment_policy,
        currency=row.currency,
        gross_total=row.gross_total,
        paid=row.paid,
        balance=row.balance,
        finance_approval=sale.finance_approval,
        finance_label=FINANCE.label(sale.finance_approval),
        finance_tone=FINANCE.tone(sale.finance_approval),
        ops_approval=sale.ops_approval,
        ops_label=OPS.label(sale.ops_approval),
        ops_tone=OPS.tone(sale.ops_approval),
        needs_attention=sale.needs_attention,
        invoice=row.invoice_number or "",
        ops_blocked_by=blocked,
        finance_blocked_by=why_not_finance(
            actor, state=row.state, finance=sale.finance_approval, made_by_id=row.created_by_id
        ),
    )

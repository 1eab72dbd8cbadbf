"""A first sale at every stage, so that no screen of the demo is empty: paid, approved, invoiced, ticketed."""

from __future__ import annotations

from decimal import Decimal

from qafila.billing.actions.issue_booking_invoice import issue_booking_invoice
from qafila.billing.actions.record_payment import record_payment
from qafila.config.demo.departure import Made, Staff
from qafila.operations.actions.approve_finance import approve_finance
from qafila.operations.actions.approve_ops import approve_ops
from qafila.sales.models import Booking
from qafila.ticketing.actions.issue_ticket import issue_ticket
from qafila.ticketing.actions.sync_tickets import sync_tickets
from qafila.ticketing.models import TicketRecord

PAID = ("FD-03", "FD-12")  # two families who paid in full: one is ticketed, one is ready to be
PART_PAID = {"FD-01": Decimal(150000), "FD-06": Decimal(60000), "FD-02": Decimal(50000)}
TICKETED = "FD-03"
FIRST_TICKET = 65_240_000_0101


def first_sale(staff: Staff, made: Made) -> None:
    """Take some payments, approve some bookings, issue two families' invoices and one family's tickets."""
    for ref in PAID:
        booking_id = made.bookings[ref]
        issue_booking_invoice(actor=staff["ACCOUNTANT"].actor, booking_id=booking_id)
        _pay(staff, booking_id, _balance(booking_id))
        approve_finance(actor=staff["ACCOUNTANT"].actor, booking_id=booking_id)
        approve_ops(actor=staff["OPS_MANAGER"].actor, booking_id=booking_id)
    for ref, amount in PART_PAID.items():
        _pay(staff, made.bookings[ref], amount)
    sync_tickets(actor=staff["TICKET_MANAGER"].actor, group_id=made.group_id)
    tickets = TicketRecord.objects.filter(booking_id=made.bookings[TICKETED]).order_by("pk")
    for n, ticket_id in enumerate(tickets.values_list("pk", flat=True)):
        number = f"{FIRST_TICKET + n:013d}"
        issue_ticket(actor=staff["TICKET_MANAGER"].actor, ticket_id=ticket_id, ticket_number=number)


def _balance(booking_id: int) -> Decimal:
    return Decimal(Booking.objects.values_list("balance", flat=True).get(pk=booking_id))


def _pay(staff: Staff, booking_id: int, amount: Decimal) -> None:
    record_payment(actor=staff["CASHIER"].actor, booking_id=booking_id, amount=amount, method="cash")

"""Every read of billing, scoped by actor: staff see all, a portal log-in its own party's rows."""

from qafila.billing.queries.invoices import (
    invoice,
    invoice_of_booking,
    invoices,
    invoices_of_booking,
    standing_number,
    sums_of_group,
)
from qafila.billing.queries.payments import (
    booking_number,
    money_of_booking,
    open_bookings_of,
    payment,
    payments,
    pending_count,
)

__all__ = [
    "booking_number",
    "invoice",
    "invoice_of_booking",
    "invoices",
    "invoices_of_booking",
    "money_of_booking",
    "open_bookings_of",
    "payment",
    "payments",
    "pending_count",
    "standing_number",
    "sums_of_group",
]

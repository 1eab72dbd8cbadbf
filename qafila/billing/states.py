"""The lifecycles of a booking invoice and of a payment. Source: domain.md, 2.4 and 2.6."""

from __future__ import annotations

from typing import Final

from qafila.kernel.states import START, Machine, Move

ISSUED: Final = "ISSUED"
PAID: Final = "PAID"
CANCELLED: Final = "CANCELLED"
PREVIEW: Final = "PREVIEW"
"""Not a state of a row: what the answer says of an invoice that was not issued yet."""

INVOICE = Machine(
    name="invoice",
    states={
        ISSUED: ("Issued", "blue"),
        PAID: ("Paid", "green"),
        CANCELLED: ("Cancelled", "red"),
    },
    moves=[
        Move(
            START, "issue", ISSUED, "bookings.invoice", "numbered, posted, locked; receipts of the booking are applied"
        ),
        Move(ISSUED, "settle", PAID, None, "nothing is open any more"),
        Move(PAID, "reopen", ISSUED, None, "a receipt was un-allocated"),
        Move(ISSUED, "credit", CANCELLED, "invoices.credit", "numbered credit note, the mirror of its entry"),
        Move(ISSUED, "cancel_with_booking", CANCELLED, None, "the same, because its booking was cancelled"),
    ],
)

PENDING: Final = "pending_verification"
VERIFIED: Final = "verified"
REJECTED: Final = "rejected"
REVERSED: Final = "reversed"

PAYMENT = Machine(
    name="payment",
    states={
        PENDING: ("Waiting for verification", "amber"),
        VERIFIED: ("Verified", "green"),
        REJECTED: ("Rejected", "red"),
        REVERSED: ("Reversed", "red"),
    },
    moves=[
        Move(START, "record", PENDING, "finance.payments.record", "posts nothing, counts as nothing"),
        Move(START, "receive", VERIFIED, "finance.payments.record", "cash: posted and numbered at once"),
        Move(
            PENDING,
            "verify",
            VERIFIED,
            "finance.payments.verify",
            "posted and numbered; by somebody else than the maker",
        ),
        Move(PENDING, "reject", REJECTED, "finance.payments.reject", "needs a reason"),
        Move(
            VERIFIED,
            "reverse",
            REVERSED,
            "finance.payments.refund",
            "un-allocated first; reversing entry; not by the maker",
        ),
    ],
)

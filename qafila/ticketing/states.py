"""The life of a ticket (document 002; domain, section 2.5)."""

from qafila.kernel.states import START, Machine, Move

TICKET = Machine(
    "ticket",
    states={
        "NOT_READY": ("Pending clearance", "grey"),
        "ON_HOLD": ("On hold: exception asked", "amber"),
        "FINANCE_CLEARED": ("Ready to issue", "blue"),
        "ISSUED": ("Issued", "green"),
        "VOID": ("Void", "red"),
    },
    moves=[
        Move(START, "create", "NOT_READY", None, "sync: one for each active passenger"),
        Move("NOT_READY", "clear", "FINANCE_CLEARED", None, "finance approved, or the balance reached zero"),
        Move("ON_HOLD", "clear", "FINANCE_CLEARED", None, "the same, while an exception was asked"),
        Move("FINANCE_CLEARED", "withdraw", "NOT_READY", None, "money was taken back, or finance withdrew"),
        Move("NOT_READY", "request_exception", "ON_HOLD", "tickets.edit", "an e-mail proof is kept"),
        Move("ON_HOLD", "approve_exception", "FINANCE_CLEARED", "tickets.approve", "not by who asked"),
        Move("ON_HOLD", "reject_exception", "NOT_READY", "tickets.approve", "with a reason"),
        Move("FINANCE_CLEARED", "issue", "ISSUED", "tickets.approve", "PNR and ticket number; coupons; the document"),
        Move("NOT_READY", "release", "VOID", None, "the booking or the passenger was cancelled before issue"),
        Move("ON_HOLD", "release", "VOID", None, "the same"),
        Move("FINANCE_CLEARED", "release", "VOID", None, "the same"),
        Move("ISSUED", "void", "VOID", "tickets.approve", "the document is kept"),
    ],
)
LIVE = ("NOT_READY", "ON_HOLD", "FINANCE_CLEARED", "ISSUED")
UNISSUED = ("NOT_READY", "ON_HOLD", "FINANCE_CLEARED")
SCREEN_WORDS = {
    "NOT_READY": "pending_clearance",
    "ON_HOLD": "pending_clearance",
    "FINANCE_CLEARED": "ready_to_issue",
    "ISSUED": "issued",
    "VOID": "void",
}

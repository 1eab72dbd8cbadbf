"""The lifecycles of the books (ledger.md, domain 2.6)."""

from qafila.kernel.states import START, Machine, Move

JOURNAL = Machine(
    "journal_entry",
    states={
        "pending": ("Pending", "amber"),
        "approved": ("Approved", "green"),
        "rejected": ("Rejected", "red"),
    },
    moves=[
        Move(START, "submit", "pending", None, "manual or voucher above the agency's threshold: moves no balance"),
        Move(START, "post", "approved", None, "feeds the balances"),
        Move("pending", "approve", "approved", "finance.journals.approve", "feeds the balances; not by its maker"),
        Move("pending", "reject", "rejected", "finance.journals.reject", "final; not by its maker"),
    ],
    column="status",
)
PERIOD = Machine(
    "period",
    states={
        "open": ("Open", "green"),
        "soft_closed": ("Soft-closed", "amber"),
        "closed": ("Closed", "grey"),
        "locked": ("Locked", "red"),
    },
    moves=[Move(START, "open", "open", None, "with the books")],
)

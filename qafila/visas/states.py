"""The life of a visa case (domain, section 2.6)."""

from qafila.kernel.states import START, Machine, Move

VISA = Machine(
    "visa_case",
    states={
        "NOT_STARTED": ("Not started", "grey"),
        "APPLIED": ("Applied", "blue"),
        "UNDER_PROCESS": ("Under process", "blue"),
        "SENT_TO_EMBASSY": ("Sent to embassy", "amber"),
        "ISSUED": ("Issued", "green"),
        "COLLECTED": ("Collected", "green"),
        "REJECTED": ("Rejected", "red"),
    },
    moves=[
        Move(START, "open", "NOT_STARTED", None, "operations approved the booking"),
        Move("NOT_STARTED", "apply", "APPLIED", "visas.edit"),
        Move("APPLIED", "process", "UNDER_PROCESS", "visas.edit"),
        Move("APPLIED", "send", "SENT_TO_EMBASSY", "visas.edit"),
        Move("UNDER_PROCESS", "send", "SENT_TO_EMBASSY", "visas.edit"),
        Move("UNDER_PROCESS", "issue", "ISSUED", "visas.edit", "the visa's number is recorded"),
        Move("SENT_TO_EMBASSY", "issue", "ISSUED", "visas.edit", "the visa's number is recorded"),
        Move("UNDER_PROCESS", "reject", "REJECTED", "visas.edit"),
        Move("SENT_TO_EMBASSY", "reject", "REJECTED", "visas.edit"),
        Move("REJECTED", "apply", "APPLIED", "visas.edit", "re-apply"),
        Move("ISSUED", "collect", "COLLECTED", "visas.edit"),
    ],
)

"""The lifecycle of a message."""

from __future__ import annotations

from qafila.kernel.states import Machine, Move

QUEUED, SENDING, SENT, FAILED = "queued", "sending", "sent", "failed"

MESSAGE = Machine(
    "message",
    states={
        QUEUED: ("Queued", "amber"),
        SENDING: ("Sending", "violet"),
        SENT: ("Sent", "green"),
        FAILED: ("Failed", "red"),
    },
    moves=[
        Move("", "create", QUEUED, None, "job deferred in the same transaction"),
        Move(QUEUED, "try", SENDING, None, "one attempt more"),
        Move(SENDING, "try", SENDING, None, "the worker died in the middle: tried again, at least once"),
        Move(SENDING, "sent", SENT, None, "a secret body is forgotten"),
        Move(SENDING, "put_off", QUEUED, None, "tried again after 1, 5, 30 min, 2, 12, 24, 24 h"),
        Move(SENDING, "give_up", FAILED, None, "after the eighth attempt, or when the receiver refuses for good"),
        Move(FAILED, "send_again", QUEUED, "admin.outbox.send", "attempts start anew"),
    ],
)

"""The job of a message: deferred on the business transaction's own connection, so that both commit or neither."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.types import TimeDeltaParams

from qafila.kernel.transaction import step

# After the first attempt; the last of them is the eighth. The same as for webhooks (api.md, 3).
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
ATTEMPTS = len(WAITS) + 1


@step
def enqueue(message_id: int, wait: timedelta | None = None) -> None:
    """Have the worker try a message, now or after a while; never two workers at one message."""
    from qafila.notifications.jobs import send_message

    later: TimeDeltaParams | None = {"seconds": int(wait.total_seconds())} if wait else None
    send_message.configure(lock=f"message-{message_id}", schedule_in=later).defer(message_id=message_id)

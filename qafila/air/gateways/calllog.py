"""What is kept of every exchange with a supplier, already masked: card numbers, passwords, tokens, passports and
contact data never leave the adapter in clear.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from pydantic import ValidationError

from qafila.air.gateways.masking import masked
from qafila.air.gateways.moments import Moment
from qafila.air.gateways.values import restored, stored
from qafila.kernel import clock

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back. `request` and `response` are masked texts; `error` names what went wrong."""

    supplier: str
    message: str  # PNR_Retrieve, POST /air/orders
    reference: str  # MessageID, x-request-id
    at: Moment
    milliseconds: int
    request: str
    response: str
    status: int | None = None
    error: str = ""
    key: str = ""  # the attempt it belongs to


CallLog: TypeAlias = Callable[[Exchange], None]


def discard(exchange: Exchange) -> None:
    """The log of somebody who keeps none."""


class Recorder:
    """Masks what one supplier was told and answered, and hands it to the log. A log that fails breaks no call."""

    def __init__(self, log: CallLog, supplier: str) -> None:
        self.log, self.supplier = log, supplier

    def record(
        self,
        message: str,
        reference: str,
        request: bytes,
        response: bytes | None,
        *,
        started: datetime,
        status: int | None = None,
        error: str = "",
        key: str = "",
        secrets: Iterable[str] = (),
    ) -> None:
        """One exchange, right after it. `started` by `kernel.clock.now()`; `secrets`: values that must not be kept,
        wherever they stand (`masking.personal(travellers)` and the supplier's own password or token). Headers are not
        passed: nothing of an Authorization is ever here.
        """
        if self.log is discard:
            return
        try:
            known = tuple(secrets)
            lasted = (clock.now() - started).total_seconds()
            exchange = Exchange(
                supplier=self.supplier,
                message=masked(message, known),
                reference=reference,
                at=started,
                milliseconds=max(0, round(lasted * 1000)),
                request=masked(request, known),
                response="" if response is None else masked(response, known),
                status=status,
                error=masked(error, known),
                key=key,
            )
            self.log(exchange)
        except Exception as wrong:  # whatever it is, the call it tells about has happened
            # Only the kind of it: its words could quote what was to be masked.
            logger.error("An exchange with %s could not be logged: %s", self.supplier, type(wrong).__name__)


class FileLog:
    """Exchanges in files of their day (UTC), one JSON line each, for this user only. Processes may share them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, exchange: Exchange) -> None:
        """Appends it whole or not at all. Raises: OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = stored(exchange).encode() + b"\n"
        name = f"{exchange.at.astimezone(UTC):%Y-%m-%d}.jsonl"
        file = os.open(self.folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            before = os.fstat(file).st_size
            if os.write(file, line) < len(line):  # a full disk: half a line would spoil the next one
                os.ftruncate(file, before)
                raise OSError(f"no room for {len(line)} bytes")
        finally:
            os.close(file)

    def exchanges(self, *, last: int, key: str = "") -> tuple[Exchange, ...]:
        """The last ones, oldest first; of one attempt only, when its key is given."""
        found: deque[Exchange] = deque()
        for file in sorted(self.folder.glob("????-??-??.jsonl"), reverse=True):
            of_the_day = deque(self._of(file, key), maxlen=last - len(found))
            found.extendleft(reversed(of_the_day))
            if len(found) >= last:
                break
        return tuple(found)

    @staticmethod
    def _of(file: Path, key: str) -> Iterator[Exchange]:
        with file.open("rb") as lines:
            for line in lines:
                try:
                    exchange = restored(Exchange, line)
                except ValidationError:
                    continue  # a line of another version
                if not key or exchange.key == key:
                    yield exchange

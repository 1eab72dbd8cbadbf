"""Where a manual supplier's orders are kept: here in files; in the database once bookings are."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from qafila.air.gateways.errors import OrderNotFound, SupplierError, Unreadable
from qafila.air.gateways.values import OrderRef, OrderSnapshot, restored, stored

_NAME = re.compile(r"[A-Z0-9]{5,8}")


class ChangedMeanwhile(SupplierError):
    """Somebody else stored this order since it was read: nothing was stored now."""

    code, status, title = "MANUAL_CHANGED_MEANWHILE", 409, "Changed meanwhile"


class TicketNumberTaken(SupplierError):
    """Another order has a ticket of this number: nothing was stored."""

    code, status, title = "TICKET_NUMBER_TAKEN", 409, "A ticket number of another order"


class Records(Protocol):
    """Orders by their locator; a ticket number is of one order only, for ever."""

    def load(self, ref: OrderRef) -> OrderSnapshot:
        """Raises: OrderNotFound, SupplierError."""
        ...

    def save(self, snapshot: OrderSnapshot, expected_version: str) -> None:
        """Stores it, when the stored one is still at `expected_version` ("" for one that is not there yet). Raises:
        ChangedMeanwhile, TicketNumberTaken, OSError.
        """
        ...


class FileRecords:
    """One JSON file an order, for this user only; replaced whole or not at all. Processes may share the folder. Beside
    them `tickets/` tells by number which order has a ticket, so that no other needs to be opened.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, ref: OrderRef) -> OrderSnapshot:
        """Raises: OrderNotFound, Unreadable (a file that somebody else wrote)."""
        file = self._file(ref)
        try:
            return restored(OrderSnapshot, file.read_bytes())
        except FileNotFoundError:
            raise OrderNotFound(f"Nobody typed an order {ref.id}.", supplier=ref.supplier) from None
        except (ValidationError, OSError):
            raise Unreadable(f"The order {ref.id} cannot be read from its file.", supplier=ref.supplier) from None

    def save(self, snapshot: OrderSnapshot, expected_version: str) -> None:
        """Raises: ChangedMeanwhile, TicketNumberTaken, Unreadable (another order's file, which may have the number),
        OSError.
        """
        file = self._file(snapshot.ref)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            try:
                kept = self.load(snapshot.ref).version
            except OrderNotFound:
                kept = ""
            if kept != expected_version:
                raise ChangedMeanwhile(
                    f"Somebody changed the order {snapshot.locator} meanwhile.", supplier=snapshot.ref.supplier
                )
            numbers = [document.number for document in snapshot.documents]
            for number in numbers:
                self._free(number, snapshot.ref)
            for number in numbers:  # before the order: a number without its ticket is free again, see `_free`
                self._write(self._ticket(number), snapshot.ref.id.encode())
            self._write(file, stored(snapshot).encode())

    def _free(self, number: str, ref: OrderRef) -> None:
        """No other order has this number. One that was to have it and was never stored so does not count."""
        try:
            other = OrderRef(ref.supplier, self._ticket(number).read_text())
            has_it = other != ref and any(each.number == number for each in self.load(other).documents)
        except (FileNotFoundError, OrderNotFound):
            return
        if has_it:
            raise TicketNumberTaken(f"{number} is a ticket of the order {other.id}.", supplier=ref.supplier)

    def _ticket(self, number: str) -> Path:
        return self.folder / "tickets" / number

    @staticmethod
    def _write(file: Path, content: bytes) -> None:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}.draft")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(file)
            folder = os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)  # else a power cut may undo the replacing
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, over all processes."""
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _file(self, ref: OrderRef) -> Path:
        if not _NAME.fullmatch(ref.id):  # what is typed never names another file
            raise OrderNotFound(f"{ref.id[:20]} is no record locator.", supplier=ref.supplier)
        return self.folder / f"{ref.id}.json"

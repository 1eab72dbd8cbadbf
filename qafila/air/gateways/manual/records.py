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


class Records(Protocol):
    """Orders by their locator."""

    def load(self, ref: OrderRef) -> OrderSnapshot:
        """Raises: OrderNotFound, SupplierError."""
        ...

    def save(self, snapshot: OrderSnapshot, expected_version: str) -> None:
        """Stores it, when the stored one is still at `expected_version` ("" for one that is not there yet). Raises:
        ChangedMeanwhile, OSError.
        """
        ...


class FileRecords:
    """One JSON file an order, for this user only; replaced whole or not at all. Processes may share the folder."""

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
        """Raises: ChangedMeanwhile, OSError."""
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
            draft = file.with_suffix(f".{os.getpid()}.draft")
            try:
                self._write(draft, stored(snapshot).encode())
                draft.replace(file)
            finally:
                draft.unlink(missing_ok=True)

    @staticmethod
    def _write(draft: Path, content: bytes) -> None:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

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

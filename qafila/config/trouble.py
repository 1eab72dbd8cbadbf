"""What keeps the house from opening, told in one sentence to the person at the keyboard."""

from __future__ import annotations

import errno
from pathlib import Path


class Trouble(Exception):
    """Something the operator can put right: printed as it stands, exit code 1, never a traceback."""


def from_os_error(error: OSError, place: Path) -> Trouble:
    """The sentence for what the operating system refused while we prepared `place`."""
    where = error.filename or str(place)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(place)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Trouble(
            f"This user may not write {where}: give it to the user who starts Qafila, or set QAFILA_DATA_DIR."
        )
    if error.errno == errno.EROFS:
        return Trouble(f"{where} is on a read-only disk: set QAFILA_DATA_DIR to a place that can be written.")
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return Trouble(f"{where} is a file where a directory is needed: set QAFILA_DATA_DIR to another place.")
    return Trouble(f"{where} cannot be used: {error.strerror or error}.")


def disk_full(place: Path) -> Trouble:
    """The sentence for a disk without room for the database."""
    return Trouble(f"The disk that holds {place} is full: free some space and start again, nothing is lost.")

"""What the tests of the front door share: a data directory that the database's user can enter, eyes on processes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qafila.config import embedded
from qafila.config.postgres_cluster import THROWAWAY


def processes_of(place: Path) -> dict[int, str]:
    """Every process that has this directory in its arguments or environment: number and what it is."""
    mark = os.fsencode(place)
    found = {}
    for proc in Path("/proc").iterdir():
        if proc.name.isdigit() and int(proc.name) != os.getpid():
            with contextlib.suppress(OSError):
                words = (proc / "cmdline").read_bytes()
                if mark in words or mark in (proc / "environ").read_bytes():
                    found[int(proc.name)] = words.replace(b"\0", b" ").decode(errors="replace")
    return found


@pytest.fixture(scope="session")
def empty_agency() -> Iterator[Path]:
    """A data directory whose database was made and stopped: to copy, because making one takes a second."""
    made = Path(tempfile.mkdtemp(prefix="qafila-front-", dir="/tmp"))
    embedded.start(made, settings=THROWAWAY).stop()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def kept_place(place: Path, empty_agency: Path) -> Path:
    """A data directory with a database that is stopped."""
    subprocess.run(["cp", "-a", f"{empty_agency}/.", place], check=True)
    return place


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty data directory; whatever still runs on it at the end is ended."""
    made = Path(tempfile.mkdtemp(prefix="qafila-front-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    for pid in processes_of(made):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(made, ignore_errors=True)

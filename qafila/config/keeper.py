"""Switches the light off: stops the embedded server when the last process that uses it is gone, however it went.

Started beside the server as a process of its own (`python -I keeper.py DATA_DIR CLUSTER`), it needs nothing but the
standard library. Every user of the server holds a shared lock on `DATA_DIR/database.users`; the kernel drops it even
at kill -9. The keeper waits for that lock alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path


def postmaster(cluster: Path) -> int | None:
    """The process id of the server that runs on this cluster, None when none does (a stale pid file is not one)."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        ours = "postgres" in Path(words[0]).name and Path(words[words.index("-D") + 1]).samefile(cluster)
    except (OSError, ValueError, IndexError):
        return None
    return pid if ours else None


def stop(cluster: Path, patience: float = 60.0) -> None:
    """Stops the server: fast shutdown (clients are cut, a checkpoint is written), after `patience` seconds at once."""
    pid = postmaster(cluster)
    if pid is None:
        return
    for how, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # our own child must be reaped, or it stays as a zombie
            if postmaster(cluster) != pid:
                return
            time.sleep(0.02)


def main() -> None:
    """Wait to be alone, then stop the server, unless a `database.keep` file asks to leave it running."""
    data_dir, cluster = Path(sys.argv[1]), Path(sys.argv[2])
    mine = os.open(data_dir / "database.keeper", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return  # one keeper is enough
    for name in ("SIGINT", "SIGHUP", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    users = os.open(data_dir / "database.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(users, fcntl.LOCK_EX)
    if not (data_dir / "database.keep").exists():
        stop(cluster)


if __name__ == "__main__":
    main()

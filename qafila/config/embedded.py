"""The embedded PostgreSQL: started by whoever needs it first, shared, stopped by whoever leaves last."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from qafila.config import keeper
from qafila.config import postgres_cluster as clusters
from qafila.config.postgres_binaries import Binaries, choose, first_closed, reachable, user_for
from qafila.config.postgres_cluster import APP, LIVE, OWNER, PORT, SUPER, Say
from qafila.config.spawning import uninterrupted
from qafila.config.trouble import Trouble, from_os_error

DATABASE = "qafila"
RETRIES = 40  # of 0.25 s: the old server's last processes hold its memory for a moment after kill -9


def quietly(_: str) -> None:
    """Says nothing."""


@dataclass
class Running:
    """A lease on the running server: as long as one is held anywhere, the server stays up."""

    data_dir: Path
    cluster: Path
    bin_dir: Path
    socket_dir: Path
    settings: Mapping[str, str] = field(default_factory=lambda: LIVE)
    _lease: int | None = None
    _process: subprocess.Popen[bytes] | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database on this server for one of the roles."""
        return f"postgresql://{role}@/{quote(database)}?{urlencode({'host': str(self.socket_dir), 'port': PORT})}"

    @property
    def app_url(self) -> str:
        """For everything the product does."""
        return self.url(APP)

    @property
    def owner_url(self) -> str:
        """For migrations and grants."""
        return self.url(OWNER)

    @property
    def super_url(self) -> str:
        """For making databases and roles, and for backups."""
        return self.url(SUPER, "postgres")

    def alive(self) -> bool:
        """Whether the server process is still there."""
        if self._process is not None:
            self._process.poll()
        return keeper.postmaster(self.cluster) is not None

    def revive(self, say: Say = quietly) -> None:
        """Starts the server again after it died under us; recovery is waited for."""
        if self._process is not None:
            self._process.wait(10)  # what is left of it
        with _doors(self.data_dir, say):
            self._process = _bring_up(self, say)

    def stop(self) -> None:
        """Gives the lease back; the last to leave stops the server and waits until it is down. Safe to call twice."""
        if self._lease is None:
            return
        lease, self._lease = self._lease, None
        try:
            if not (self.data_dir / "database.keep").exists():
                self._leave(lease)
        finally:
            os.close(lease)
        if self._process is not None:
            disown(self._process)

    def _leave(self, lease: int) -> None:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Others use it, then we may share again at once; or the keeper was quicker and is stopping it: wait for it.
            fcntl.flock(lease, fcntl.LOCK_SH)
            return
        keeper.stop(self.cluster)


def start(data_dir: Path, *, settings: Mapping[str, str] = LIVE, keep: bool = False, say: Say = quietly) -> Running:
    """Makes the cluster if there is none, starts the server if it does not run, and returns a lease on it.

    `keep` leaves the server running for the next command even when nobody uses it.
    Refuses: no PostgreSQL to run; a directory that may not be written or reached; a full disk; a cluster of another
    major version; a server that is not ready after 120 s.
    """
    data_dir = data_dir.expanduser().resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with _doors(data_dir, say):
            return _start(data_dir, settings, keep, say)
    except OSError as error:
        raise from_os_error(error, data_dir) from error


@contextmanager
def _doors(data_dir: Path, say: Say) -> Iterator[None]:
    """One at a time through the start; the kernel drops the lock of a process that died, so it is never stale."""
    door = os.open(data_dir / "database.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + clusters.PATIENCE + 30
        told = False
        while True:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Trouble(f"Another Qafila has been starting the database in {data_dir} for minutes.") from None
                if not told:
                    told = True
                    say("Another Qafila is starting this database: waiting …")
                time.sleep(0.05)
        yield
    finally:
        os.close(door)


def _start(data_dir: Path, settings: Mapping[str, str], keep: bool, say: Say) -> Running:
    cluster = data_dir / "postgresql"
    user = user_for(cluster)
    if user and not data_dir.stat().st_mode & 0o001:
        data_dir.chmod(data_dir.stat().st_mode | 0o011)  # to walk through, not to look around
    if (closed := first_closed(user, data_dir)) is not None:
        name = user.name if user else "this user"
        raise Trouble(
            f"The database's user {name} cannot enter {closed}: set QAFILA_DATA_DIR to a place that it can reach, "
            "such as /var/lib/qafila, or start Qafila as an ordinary user."
        )
    version = cluster / "PG_VERSION"
    if cluster.exists() and not version.exists():
        raise Trouble(f"{cluster} is not a PostgreSQL data directory: move it away or set QAFILA_DATA_DIR.")
    binaries = reachable(choose(int(version.read_text()) if cluster.exists() else None), user)
    if keep:
        (data_dir / "database.keep").touch()
    lease = os.open(data_dir / "database.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    running = Running(data_dir, cluster, binaries.bin_dir, data_dir / "run", settings, lease)
    try:
        fcntl.flock(lease, fcntl.LOCK_SH)  # waits while a keeper stops the server
        if not cluster.exists():
            say("Making a new database …")
            clusters.make(cluster, binaries, user)
        running._process = _bring_up(running, say)
        clusters.prepare_roles(running.super_url)
        clusters.prepare_database(running.super_url, DATABASE)
    except BaseException:
        running.stop()
        raise
    return running


def _bring_up(running: Running, say: Say) -> subprocess.Popen[bytes] | None:
    """Finds the running server or launches it, then waits until it answers; the process when it is our child."""
    cluster = running.cluster
    user = user_for(cluster)
    if not keeper_is_there(running.data_dir) and not (running.data_dir / "database.keep").exists():
        command = [sys.executable, "-I", str(Path(keeper.__file__)), str(running.data_dir), str(cluster)]
        with uninterrupted():
            disown(subprocess.Popen(command, **_alone()))
    if keeper.postmaster(cluster) is not None:
        running.socket_dir = Path((cluster / "postmaster.pid").read_text().splitlines()[4])
        clusters.wait_until_ready(cluster, running.super_url, None, say)
        return None
    if cluster.stat().st_mode & 0o077:
        cluster.chmod(0o700)
    running.socket_dir = clusters.socket_dir_for(running.data_dir, user)
    clusters.configure(cluster, running.socket_dir, user, running.settings)
    binaries = Binaries(0, running.bin_dir)
    for attempt in range(RETRIES):
        with uninterrupted():
            process = clusters.launch(cluster, running.socket_dir, binaries, user)
        try:
            clusters.wait_until_ready(cluster, running.super_url, process, say)
        except clusters.Gone as gone:
            trouble: Trouble = gone.args[0]
            if "pre-existing shared memory block" not in str(trouble) or attempt == RETRIES - 1:
                raise trouble from None
            time.sleep(0.25)
        except BaseException:
            process.send_signal(signal.SIGINT)
            process.wait(60)
            raise
        else:
            return process
    raise AssertionError("the loop above returns or raises")


def disown(process: subprocess.Popen[bytes]) -> None:
    """Lets a process outlive us on purpose; Python would warn that its Popen goes while it runs."""
    if process.poll() is None:
        process.returncode = 0


def _alone() -> dict[str, Any]:
    nowhere = subprocess.DEVNULL
    return {"stdin": nowhere, "stdout": nowhere, "stderr": nowhere, "cwd": "/", "start_new_session": True}


def keeper_is_there(data_dir: Path) -> bool:
    """Whether a keeper already waits to stop this server when its last user has gone."""
    handle = os.open(data_dir / "database.keeper", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False

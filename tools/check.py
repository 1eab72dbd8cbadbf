"""`make test`: every check, all of them even when one fails, and at the end which failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PY = sys.executable
PROCESSES = os.environ.get("QAFILA_TEST_PROCESSES", "2")
# No database is asked: only models and migration files are compared.
NOWHERE = {"DATABASE_URL": "postgresql://nobody@/none?host=/nonexistent", "QAFILA_SECRET_KEY": "signs nothing"}

STEPS: list[tuple[str, list[str]]] = [
    ("lint (ruff check)", [PY, "-m", "ruff", "check", "."]),
    ("format (ruff format)", [PY, "-m", "ruff", "format", "--check", "."]),
    ("types (mypy strict)", [PY, "-m", "mypy"]),
    ("floors (import-linter)", [str(Path(PY).with_name("lint-imports")), "--no-logo"]),
    (
        "migrations are complete",
        [
            PY,
            "-W",
            "ignore",
            "-m",
            "django",
            "makemigrations",
            "--check",
            "--dry-run",
            "--settings",
            "qafila.config.settings",
        ],
    ),
    ("tests (pytest)", [PY, "-m", "pytest", "-n", PROCESSES, "--dist", "loadfile", "-q", "-rsfE", "--durations=10"]),
]


def main() -> int:
    """Runs every step; 1 when any failed."""
    failed = []
    begun = time.monotonic()
    for name, command in STEPS:
        print(f"\n=== {name}", flush=True)
        environment = {**os.environ, **(NOWHERE if "makemigrations" in command else {})}
        started = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        print(f"--- {name}: {'ok' if status == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if status != 0:
            failed.append(name)
    print(f"\n{len(STEPS) - len(failed)} of {len(STEPS)} steps passed in {time.monotonic() - begun:.0f} s.", flush=True)
    if failed:
        print("FAILED: " + "; ".join(failed), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

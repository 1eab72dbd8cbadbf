"""The product as a customer meets it: real server processes on a real port, on a database of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from qafila.config.serving import web_command
from tests.harness.point import pointed_at
from tests.harness.server import ROOT

PATIENCE = 60.0


@dataclass(frozen=True)
class Live:
    """A running product; `database_url` is the one its processes use."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, token: str | None = None, **kwargs: object) -> httpx.Client:
        """An HTTP client of this server, signed in with a bearer token when one is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **kwargs)  # type: ignore[arg-type]

    def database(self) -> AbstractContextManager[None]:
        """Inside the block this process's own Django talks to the same database."""
        return pointed_at(self.database_url)


def free_port() -> int:
    """A port on the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    database_url: str, home: Path, *, workers: int = 2, threads: int = 8, environment: Mapping[str, str] | None = None
) -> Iterator[Live]:
    """The web processes on a free port; `environment` overrides ours (which turns QAFILA_REQUIRE_2FA off)."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("QAFILA_", "DATABASE_", "PYTEST_", "COV_"))}
    ours = {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "qafila.config.settings",
        "QAFILA_DATA_DIR": str(home),
        "QAFILA_REQUIRE_2FA": "0",
        "QAFILA_DEBUG": "0",
        "QAFILA_STATIC_FROM_SOURCE": "1",
        "QAFILA_SECRET_KEY": "a key that only tests use",
    }
    log = home / "web.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            web_command("127.0.0.1", port, workers, threads, respawn=False),
            env={**inherited, **ours, **(environment or {})},
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    live = Live(f"http://127.0.0.1:{port}", database_url, process, log)
    try:
        _wait(live)
        yield live
    finally:
        _end(process)


def _wait(live: Live) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if live.process.poll() is not None:
            break
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{live.url}/health/live", timeout=5).status_code == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"The product did not start:\n{live.log.read_text()[-4000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(15)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

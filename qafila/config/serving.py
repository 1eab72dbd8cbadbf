"""The command lines of the processes that `qafila up` keeps running."""

from __future__ import annotations

import sys

APPLICATION = "qafila.config.wsgi:application"


def web_command(host: str, port: int, workers: int, threads: int = 8, *, respawn: bool = True) -> list[str]:
    """The web server: `workers` processes of `threads` threads; a worker that dies is started again if `respawn`."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={workers}",
        f"--blocking-threads={threads}",
        # Granian counts open connections here, not requests at work: a low figure lets idle browsers shut others out.
        "--backpressure=1024",
        "--backlog=1024",
        "--http=auto",
        "--no-access-log",
        "--log-level=warning",
        *(["--respawn-failed-workers", "--respawn-interval=1"] if respawn else []),
        "--workers-kill-timeout=10",
        "--no-ws",
        APPLICATION,
    ]


def worker_command(concurrency: int = 4) -> list[str]:
    """The job worker."""
    return [sys.executable, "-m", "qafila.config.cli", "worker", f"--concurrency={concurrency}"]

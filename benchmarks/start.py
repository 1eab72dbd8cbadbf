"""From nothing to open for business."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.table import Row
from tests.harness.live import free_port


def cold(home: Path) -> Row:
    """`qafila up --demo` in an empty directory until /health/ready answers 200, and once more on what it left."""
    first = _until_ready(home / "cold")
    second = _until_ready(home / "cold")
    return Row(
        "cold start with the demo, to /health/ready",
        f"{first:.1f} s",
        target="< 15 s",
        met=first < 15,
        note=f"started again on the same data: {second:.1f} s",
    )


def _until_ready(data_dir: Path) -> float:
    port = free_port()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("QAFILA_", "DATABASE_", "DJANGO_"))}
    command = [sys.executable, "-m", "qafila.config.cli", "up", "--demo", f"--port={port}", f"--data-dir={data_dir}"]
    begun = time.perf_counter()
    log = data_dir.with_suffix(".log")
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=inherited, stdout=out, stderr=out)
    try:
        while process.poll() is None and time.perf_counter() - begun < 180:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                    return time.perf_counter() - begun
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"The house did not open:\n{log.read_text()[-3000:]}")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)

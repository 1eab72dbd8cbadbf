"""The load: prepared HTTP/1.1 requests over kept-alive connections, in a process of its own that does nothing else.

It shares the machine with the server it asks, so it is lean: the requests are bytes in a file before the clock starts,
one thread serves every connection, and its own CPU time is part of the answer.
"""

from __future__ import annotations

import json
import resource
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONNECTIONS = 16


@dataclass(frozen=True)
class Heard:
    """What came of it. `rate` is successes a second, times are milliseconds, `cpu` the load's own share of a core."""

    done: int
    ok: int
    seconds: float
    rate: float
    p50: float
    p99: float
    statuses: dict[str, int]
    codes: dict[str, int]
    cpu: float


def request(method: str, path: str, token: str, body: Any = None, key: str | None = None) -> bytes:
    """One request as it goes over the wire."""
    payload = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    if payload:
        head += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
    if key:
        head.append(f"Idempotency-Key: {key}")
    return "\r\n".join([*head, "", ""]).encode() + payload


def play(
    port: int, requests: Iterable[bytes], *, connections: int = CONNECTIONS, warm: int = 0, limit: float = 60.0
) -> Heard:
    """Send all requests, each connection its next one as soon as it is answered; `warm` answers are not counted.

    No request is begun after `limit` seconds.
    """
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        for one in requests:
            file.write(len(one).to_bytes(4, "big") + one)
        file.flush()
        command = [sys.executable, "-S", "-E", str(Path(__file__).resolve())]
        asked = [str(port), file.name, str(connections), str(warm), str(limit)]
        done = subprocess.run([*command, *asked], capture_output=True, text=True, check=True, timeout=limit + 120)
    return Heard(**json.loads(done.stdout))


class _Line:
    """One connection: when its request went out, and what has come back of the answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self.heard = b""

    def send(self, one: bytes) -> None:
        self.heard, self.sent = b"", time.perf_counter()
        self.socket.sendall(one)

    def answer(self) -> tuple[str, bytes] | None:
        """Status and body when the answer is whole."""
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.heard += piece
        head, found, body = self.heard.partition(b"\r\n\r\n")
        if not found:
            return None
        at = head.lower().find(b"content-length:")
        size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        return (head[9:12].decode(), body) if len(body) >= size else None


def main(port: int, name: str, connections: int, warm: int, limit: float) -> None:
    """Run as a script: prints the outcome as JSON."""
    data = Path(name).read_bytes()
    queue, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        queue.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    queue.reverse()
    door = selectors.DefaultSelector()
    until = time.perf_counter() + limit
    for _ in range(min(connections, len(queue))):
        line = _Line(port)
        line.send(queue.pop())
        door.register(line.socket, selectors.EVENT_READ, line)
    times: list[float] = []
    statuses: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    answered = 0
    begun = last_ok = time.perf_counter()
    cpu = _cpu()
    while door.get_map():
        for ready, _ in door.select(60):
            line = ready.data
            whole = line.answer()
            if whole is None:
                continue
            now = time.perf_counter()
            answered += 1
            if answered == warm:
                begun, cpu = now, _cpu()
            if answered > warm:
                status, body = whole
                statuses[status] += 1
                times.append(now - line.sent)
                if status[0] == "2":
                    last_ok = now
                else:
                    codes[_code(body)] += 1
            if queue and now < until:
                line.send(queue.pop())
            else:
                door.unregister(line.socket)
                line.socket.close()
    print(json.dumps(_outcome(times, statuses, codes, last_ok - begun, (_cpu() - cpu) / max(last_ok - begun, 1e-9))))


def _outcome(
    times: list[float], statuses: Counter[str], codes: Counter[str], seconds: float, cpu: float
) -> dict[str, Any]:
    times.sort()
    ok = sum(count for status, count in statuses.items() if status[0] == "2")
    return {
        "done": len(times),
        "ok": ok,
        "seconds": seconds,
        "rate": ok / seconds if seconds > 0 else 0.0,
        "p50": 1000 * times[len(times) // 2] if times else 0.0,
        "p99": 1000 * times[int(len(times) * 0.99)] if times else 0.0,
        "statuses": dict(statuses),
        "codes": dict(codes),
        "cpu": cpu,
    }


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("code", "?"))
    except ValueError:
        return body[:60].decode(errors="replace")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))

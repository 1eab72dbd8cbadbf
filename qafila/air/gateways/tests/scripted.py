"""A supplier that answers what a test wrote down, over a real socket, and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

RESET, HANG_UP, HALF = "reset", "hang up", "half"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str  # with its query
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def data(self) -> Any:
        """What stood under `data`."""
        return json.loads(self.body)["data"]


@dataclass(frozen=True)
class Said:
    """One answer. `then` spoils it: RESET and HANG_UP send nothing, HALF stops in the middle of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    then: str = ""


def data(value: Any, status: int = 200, **headers: str) -> Said:
    """An answer in Duffel's wrapping."""
    body = json.dumps({"data": value}).encode()
    return Said(status, body, {"content-type": "application/json", "x-request-id": "FsTest"} | headers)


def errors(status: int, kind: str, code: str, message: str = "", **headers: str) -> Said:
    """A refusal in Duffel's words; the meta's status lies, as in recordings."""
    told = {"type": kind, "code": code, "title": code.replace("_", " ").capitalize(), "message": message}
    body = {"meta": {"status": 401, "request_id": "FsTest"}, "errors": [told]}
    return Said(status, json.dumps(body).encode(), {"content-type": "application/json"} | headers)


class Scripted:
    """`script` maps "METHOD /path" (without a query) to an answer, or to answers one after the other: the last one is
    said again. A function gets what was asked.
    """

    def __init__(self, script: Mapping[str, Said | list[Said] | Callable[[Asked], Said]]) -> None:
        self.script, self.asked, self._said = dict(script), list[Asked](), dict[str, int]()
        self._lock = threading.Lock()

    def __enter__(self) -> Scripted:
        desk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # an answer leaves in one piece
            disable_nagle_algorithm = True

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, TimeoutError):
                    self.close_connection = True

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.say(desk.answer(Asked(self.command, self.path, headers, body)))

            do_POST = do_GET  # noqa: N815 - the library calls it so

            def say(self, said: Said) -> None:
                if said.then == RESET:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if said.then in {RESET, HANG_UP}:
                    self.connection.close()
                    self.close_connection = True
                    return
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(said.body)))
                self.end_headers()
                half = said.then == HALF
                self.wfile.write(said.body[: len(said.body) // 2] if half else said.body)
                self.close_connection = half

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, asked: Asked) -> Said:
        with self._lock:
            self.asked.append(asked)
            name = f"{asked.method} {asked.path.partition('?')[0]}"
            said = self.script.get(name, errors(404, "invalid_request_error", "not_found"))
            if isinstance(said, list):
                turn = self._said.get(name, 0)
                self._said[name] = turn + 1
                said = said[min(turn, len(said) - 1)]
        return said(asked) if callable(said) else said

    def count(self, name: str) -> int:
        """How often "METHOD /path" was asked."""
        return sum(f"{each.method} {each.path.partition('?')[0]}" == name for each in self.asked)

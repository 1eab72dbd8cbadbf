"""A receiver of webhooks on a real socket, which answers as told and keeps what it got."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """`statuses` are the answers to the first deliveries; 200 afterwards."""

    def __init__(self, *statuses: int) -> None:
        self.got: list[tuple[str, bytes]] = []  # (signature header, body)
        self._statuses = list(statuses)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer._statuses.pop(0) if outer._statuses else 200
                outer.got.append((self.headers["X-Duffel-Signature"], body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/duffel"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def wait(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        """The first `count` events, as soon as they are there. Raises: AssertionError when they do not come."""
        until = time.monotonic() + seconds
        while len(self.got) < count:
            assert time.monotonic() < until, f"{len(self.got)} of {count} events came"
            time.sleep(0.01)
        return [json.loads(body) for _, body in self.got[:count]]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

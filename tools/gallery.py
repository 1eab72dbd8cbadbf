"""The gallery: every part of a screen, for the eye. `.venv/bin/python tools/gallery.py [port]` serves it on 127.0.0.1.

Pages: gallery list empty login forbidden conflict crash; `?lang=ar` shows them from right to left. Needs no database.
"""

from __future__ import annotations

import os
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
os.environ.setdefault("QAFILA_DATA_DIR", tempfile.mkdtemp())
os.environ["QAFILA_DEBUG"] = "1"

import django  # noqa: E402

django.setup()

from django.utils import translation  # noqa: E402

from qafila.kernel.middleware import CSP  # noqa: E402
from qafila.kernel.tests.gallery import pages  # noqa: E402

STATIC = ROOT / "qafila/kernel/static"


class Gallery(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the name http.server asks for
        address = urlsplit(self.path)
        if address.path.startswith("/static/"):
            self.file(STATIC / address.path.removeprefix("/static/"))
            return
        with translation.override(parse_qs(address.query).get("lang", ["en"])[0]):
            page = pages().get(address.path.strip("/") or "gallery", "")
        self.answer(200 if page else 404, page.encode(), "text/html; charset=utf-8")

    def file(self, path: Path) -> None:
        if STATIC in path.resolve().parents and path.is_file():
            self.answer(200, path.read_bytes(), guess_type(path.name)[0] or "application/octet-stream")
        else:
            self.answer(404, b"", "text/plain")

    def answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Quiet."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
    print(f"http://127.0.0.1:{port}/")
    ThreadingHTTPServer(("127.0.0.1", port), Gallery).serve_forever()

"""Bytes into requests: httptools with limits on everything, and a named refusal for what is no request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

import httptools

from simulator.http import HttpRequest

_BODY = 8 * 1024 * 1024
_HEAD = 64 * 1024
_HEADERS = 128


@dataclass(frozen=True, slots=True)
class Refused:
    """What is answered instead of a request; the connection ends after it."""

    status: int
    reason: str


class _TooMuch(Exception):
    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


class RequestReader:
    """Feeds on one connection's bytes; gives each whole request, or one Refused and nothing after it, to `take`."""

    def __init__(self, take: Callable[[HttpRequest | Refused], None], go_on: Callable[[], None]) -> None:
        self._take = take
        self._go_on = go_on
        self._parser = httptools.HttpRequestParser(self)
        self.refused = False
        self._inside = False  # between the first byte of a head and the last of it
        self._since_body = 0
        self.on_message_begin()

    def feed(self, data: bytes) -> None:
        """Raises nothing: what cannot be read is refused."""
        try:
            # llhttp bounds neither a head nor a header: what came since the last body byte or request is counted here.
            self._since_body += len(data)
            self._parser.feed_data(data)
            if self._inside and self._since_body > _HEAD:
                raise _TooMuch(Refused(431, "the head is too long"))
        except _TooMuch as error:
            self._refuse(error.refused)
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            self._refuse(cause.refused if isinstance(cause, _TooMuch) else Refused(400, "this is no HTTP request"))
        except httptools.HttpParserError:
            self._refuse(Refused(400, "this is no HTTP request"))

    def _refuse(self, refused: Refused) -> None:
        if not self.refused:
            self.refused = True
            self._take(refused)

    # -- what httptools calls ---------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._many = 0
        self._body: list[bytes] = []
        self._size = 0
        self._inside = True

    def on_url(self, url: bytes) -> None:
        self._url += url
        if len(self._url) > _HEAD:
            raise _TooMuch(Refused(414, "the address is too long"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._many += 1
        if self._many > _HEADERS:
            raise _TooMuch(Refused(431, "there are too many headers"))
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        self._inside = False
        length = self._headers.get("content-length", "")
        if length.isdigit() and int(length) > _BODY:
            raise _TooMuch(Refused(413, f"a body has at most {_BODY} bytes"))
        if self._headers.get("expect", "").lower() == "100-continue":
            self._go_on()

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > _BODY:
            raise _TooMuch(Refused(413, f"a body has at most {_BODY} bytes"))
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._since_body = 0
        if self._parser.should_upgrade():
            raise _TooMuch(Refused(400, "no other protocol is spoken here"))
        if not self._parser.should_keep_alive():
            self._headers["connection"] = "close"
        try:
            url = httptools.parse_url(self._url)
            query = (url.query or b"").decode("latin-1")
            request = HttpRequest(
                method=self._parser.get_method().decode("latin-1"),
                path=unquote((url.path or b"/").decode("latin-1")),
                query=parse_qs(query, keep_blank_values=True, max_num_fields=200),
                headers=self._headers,
                body=b"".join(self._body),
            )
        except (httptools.HttpParserInvalidURLError, ValueError):
            raise _TooMuch(Refused(400, "this address cannot be read")) from None
        self._take(request)

"""Duffel's webhooks: who sent it, and which order to go and retrieve. Nothing else of a webhook is believed: they come
at least once, in any order, and late. The same event again has the same `id`. Source: suppliers.md 4.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any

from qafila.air.gateways.duffel.wire import Part, parse, text
from qafila.air.gateways.errors import Unreadable

LONGEST_HEADER = 2048
LARGEST = 4 * 1024 * 1024
_STAMP = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """Something happened to `order_id` (empty where it is about none): retrieve it. `id` tells a repeated event;
    `idempotency_key` is Duffel's name of the object it is about.
    """

    id: str
    type: str
    order_id: str
    idempotency_key: str


def verify(secret: str, header: str | None, body: bytes) -> bool:
    """Whether `X-Duffel-Signature` (`t=<unix>,v1=<hex>`, several v1 while a secret is changed) signs this raw body. No
    age is checked: none is documented, and deliveries are retried for 72 hours.
    """
    if not secret or not header or len(header) > LONGEST_HEADER:
        return False
    stamps, signatures = [], []
    for each in header.split(","):
        name, _, value = each.strip().partition("=")
        if name == "t":
            stamps.append(value)
        elif name == "v1":
            signatures.append(value)
    if len(stamps) != 1 or not _STAMP.fullmatch(stamps[0]):
        return False
    right = hmac.new(secret.encode(), stamps[0].encode() + b"." + body, hashlib.sha256).hexdigest().encode()
    # All are compared, so that the time tells nothing about which one matched.
    matches = [hmac.compare_digest(right, each.encode("utf-8", "replace")) for each in signatures]
    return any(matches)


def event(body: bytes) -> WebhookEvent:
    """What a verified webhook is about. Raises: Unreadable (no object, no id, no type, larger than 4 MB)."""
    if len(body) > LARGEST:
        raise Unreadable("The webhook is too large.")
    return event_of(parse(body))


def event_of(data: Any) -> WebhookEvent:
    """The same of JSON that is parsed already. Raises: Unreadable."""
    if not isinstance(data, dict) or not text(data, "id") or not text(data, "type"):
        raise Unreadable("The webhook is no event.")
    return WebhookEvent(text(data, "id"), text(data, "type"), _order(data), text(data, "idempotency_key"))


def _order(data: Part) -> str:
    places = (
        ("data", "object", "order_id"),
        ("data", "object", "id"),
        ("data", "order_id"),
        ("data", "id"),
        ("idempotency_key",),
    )
    return next((found for place in places if (found := text(data, *place)).startswith("ord_")), "")

"""What the recordings of Duffel show: by kind of object, every key and the types of its values; and what of an answer
they do not show. Version 2 counts; what only version 1 or another public recording shows is listed, with its source, in
further_paths.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx

RECORDED = Path(__file__).parents[3] / "tests" / "fixtures" / "suppliers"
FURTHER = json.loads((Path(__file__).parent / "further_paths.json").read_text())
# Which recordings show an object, and where in them it stands.
V2: dict[str, list[tuple[str, str]]] = {
    "offer_request": [("mockOfferRequest", "")],
    "offer": [("mockOffer", ""), ("mockOfferRequest", "offers[]")],
    "priced_offer": [("mockOfferPriced", "")],
    "order": [("mockOrder", ""), ("mockOnHoldOrders", "[]")],
    "change": [("mockAirlineInitiatedChange", ""), ("mockAirlineInitiatedChangeAccepted", "")],
    "payment": [("mockPayment", "")],
    "cancellation": [("mockOrderCancellation", "")],
    "webhook": [("mockWebhooksCreateResponse", ""), ("mockWebhooksListResponse", "[]")],
    "event": [("mockWebhooksSingleGetEventResponse", "")],
}
_TYPES = {str: "text", bool: "truth", int: "number", float: "number", list: "list", dict: "object"}
# An object within another is held to its own recordings; the keys of metadata are the client's own.
NESTED = {
    ("order", "airline_initiated_changes[]"): "change",
    ("order", "cancellation"): "cancellation",
    ("offer_request", "offers[]"): "offer",
}


def typed_paths(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, JSON type) of every key in a value: `slices[].segments[].id`."""
    if isinstance(value, list):
        for each in value:
            yield from typed_paths(each, f"{path}[]")
    elif isinstance(value, dict) and path != "metadata":
        for name, each in value.items():
            inner = f"{path}.{name}" if path else name
            yield inner, _TYPES.get(type(each), "null")
            yield from typed_paths(each, inner)


def at(value: Any, where: str) -> list[Any]:
    """The objects that stand at a place of a recording."""
    found = [value]
    for part in filter(None, where.replace("[]", ".[]").split(".")):
        found = [each for thing in found for each in (thing if part == "[]" else [thing[part]])]
    return found


@cache
def recorded(kind: str) -> dict[str, set[str]]:
    """The types that each path of an object has in the recordings."""
    known: dict[str, set[str]] = {}
    for name, where in V2.get(kind, []):
        for thing in at(json.loads((RECORDED / "duffel" / "v2" / f"{name}.json").read_text()), where):
            for path, type_ in typed_paths(thing):
                known.setdefault(path, set()).add(type_)
    return known


_KINDS = (
    (r"POST /air/offer_requests|GET /air/offer_requests/\w+", "offer_request"),
    (r"GET /air/offers(/\w+)?", "offer"),
    (r"POST /air/offers/\w+/actions/price", "priced_offer"),
    (r"(POST|GET) /air/orders|(GET|PATCH) /air/orders/\w+", "order"),
    (r"POST /air/payments|GET /air/payments/\w+", "payment"),
    (r"POST /air/order_cancellations(/\w+/actions/confirm)?|GET /air/order_cancellations/\w+", "cancellation"),
    (r"(POST|GET) /air/webhooks", "webhook"),
)
_LOOKED_AT = 5  # of the objects of one answer: they are all made in the same way


def objects(answer: httpx.Response) -> Iterator[tuple[str, Any]]:
    """(kind, object) of an answer: what was asked for, the list it stands in, an error."""
    try:
        body = json.loads(answer.content or b"null")
    except (httpx.ResponseNotRead, ValueError):  # a fault spoilt it on its way
        return
    if body is None:
        return
    if "errors" in body or answer.status_code == 202:
        yield ("accepted" if answer.status_code == 202 else "error"), body
        return
    asked = f"{answer.request.method} {answer.request.url.path}"
    kind = next(kind for pattern, kind in _KINDS if re.fullmatch(pattern, asked))
    if isinstance(body["data"], list):
        yield "list", {"meta": body["meta"]}
        yield from ((kind, each) for each in body["data"][:_LOOKED_AT])
        return
    if "offers" in body["data"]:
        body["data"]["offers"] = body["data"]["offers"][:_LOOKED_AT]
    yield kind, body["data"]


def owned(kind: str, thing: Any) -> Iterator[tuple[str, str, str]]:
    """(kind, path, type) of every key of an object, what stands within it under its own kind."""
    for path, type_ in typed_paths(thing):
        owner, rest = kind, path
        for (outer, prefix), inner in NESTED.items():
            if owner == outer and path.startswith(f"{prefix}."):
                owner, rest = inner, path.removeprefix(f"{prefix}.")
        yield owner, rest, type_


def strange(kind: str, path: str, type_: str) -> bool:
    """Whether no recording shows this key in such an object, or never with a value of this type."""
    types = recorded(kind).get(path)
    if types is None:
        return path not in FURTHER.get(kind, {})
    # What is only recorded as null may turn out to be anything, and anything may be null.
    return type_ != "null" and types != {"null"} and type_ not in types


def dishonest(answers: list[httpx.Response]) -> set[tuple[str, str, str]]:
    """(kind, path, type) of everything strange in these answers."""
    things = (each for answer in answers for each in objects(answer))
    return {found for kind, thing in things for found in owned(kind, thing) if strange(*found)}

"""Whatever happens to a recorded reply on its way, it becomes a value that can be kept, or a named error."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila.air.gateways.duffel.problems import error_of, problems
from qafila.air.gateways.duffel.read import read
from qafila.air.gateways.errors import SupplierError
from qafila.air.gateways.values import Offer, OrderSnapshot, restored, stored

RECORDED = Path(__file__).parents[4] / "tests" / "fixtures" / "suppliers" / "duffel"
BODIES = [file.read_bytes() for file in sorted(RECORDED.glob("*/*.json"))]
VALUES = [json.loads(body) for body in BODIES]
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=30),
    st.sampled_from(["", "0", "-1.00", "1e5", "NaN", "2020-13-45T99:99:99", "0001-01-01T00:00:00Z", "9999-12-31"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)  # fmt: skip
NAMES = [
    "id", "data", "errors", "offers", "slices", "segments", "documents", "type", "source", "code", "passengers",
    "payment_status", "booking_reference", "order_id", "refund_to", "metadata",
]  # fmt: skip
quickly = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def settled(body: Any) -> None:
    """It is read, or refused by name; a value can be stored and comes back as it was."""
    try:
        found = read(body)
    except SupplierError:
        return
    for value in found if isinstance(found, tuple) else (found,):
        repr(value).encode()
        if isinstance(value, Offer | OrderSnapshot):
            assert restored(type(value), stored(value)) == value


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, each in below for place in places(each, (*path, name)))]


PLACES = [places(value) for value in VALUES]


@quickly
@given(st.data())
def test_a_recording_with_parts_exchanged_left_out_or_added(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(VALUES) - 1))
    value = copy.deepcopy(VALUES[number])
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(PLACES[number]))
        if not path:
            continue
        holder = value
        for name in path[:-1]:
            try:
                holder = holder[name]
            except (KeyError, IndexError, TypeError):
                break
        else:
            change = data.draw(st.sampled_from(["exchange", "leave out", "add"]))
            if change == "leave out" and isinstance(holder, dict):
                holder.pop(path[-1], None)
            elif change == "add" and isinstance(holder, dict):
                holder[data.draw(st.text(max_size=10))] = data.draw(STRANGE)
            elif isinstance(holder, dict) or (isinstance(holder, list) and path[-1] in range(len(holder))):
                holder[path[-1]] = data.draw(STRANGE)
    settled(json.dumps(value))


@quickly
@given(st.data())
def test_a_recording_cut_or_with_bytes_exchanged(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(BODIES)))
    if data.draw(st.booleans()):
        body = body[: data.draw(st.integers(0, len(body)))]
    for _ in range(data.draw(st.integers(0, 5))):
        if body:
            body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    settled(bytes(body))


@quickly
@given(st.data())
def test_the_order_of_names_changes_nothing(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(BODIES))

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in reversed(value)}
        return [turned(each) for each in value] if isinstance(value, list) else value

    assert read(json.dumps(turned(json.loads(body)))) == read(body)


@quickly
@given(st.binary(max_size=400))
def test_any_bytes_at_all(body: bytes) -> None:
    settled(body)


@quickly
@given(
    st.recursive(
        STRANGE,
        lambda below: st.lists(below, max_size=4) | st.dictionaries(
            st.sampled_from(NAMES),
            below, max_size=5),
        max_leaves=25,
    )
)  # fmt: skip
def test_any_json_at_all(value: Any) -> None:
    settled(json.dumps(value))


@quickly
@given(st.integers(100, 599), STRANGE, STRANGE, STRANGE)
def test_any_body_of_errors_is_a_named_error(status: int, kind: Any, code: Any, source: Any) -> None:
    told = {"errors": [{"type": kind, "code": code, "source": source, "title": kind, "message": code}, source]}
    error = error_of(problems(told), supplier="duffel", status=status, headers={"ratelimit-reset": str(source)})
    assert isinstance(error, SupplierError)
    assert str(error)

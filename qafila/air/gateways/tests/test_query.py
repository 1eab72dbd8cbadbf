"""What no supplier is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qafila.air.gateways.protocol import check_query
from qafila.air.gateways.values import SearchQuery, Slice
from qafila.kernel.errors import Invalid

GOOD = SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),), adults=2, children=1, infants=1)


def test_an_ordinary_journey_is_asked_for() -> None:
    check_query(GOOD)
    check_query(replace(GOOD, currency="INR", carriers=("SV", "6E"), slices=GOOD.slices * 6))


@pytest.mark.parametrize(
    "change",
    [
        {"slices": ()},
        {"slices": GOOD.slices * 7},
        {"slices": (Slice("sxr", "JED", date(2027, 1, 18)),)},
        {"slices": (Slice("SXR", "J\x00D", date(2027, 1, 18)),)},
        {"slices": (Slice("SXR", "SXR", date(2027, 1, 18)),)},
        {"adults": 0, "infants": 0},
        {"children": -1},
        {"infants": 3},
        {"adults": 9, "children": 1},
        {"carriers": ("SAUDIA",)},
        {"currency": "RUPEES"},
        {"limit": 0},
    ],
)
def test_an_impossible_journey_is_not(change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        check_query(replace(GOOD, **change))

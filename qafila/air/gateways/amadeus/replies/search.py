"""Fare_MasterPricerTravelBoardSearchReply: the offers of a search."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import Offer, SearchQuery


@dataclass(frozen=True, slots=True)
class SearchReply:
    """Offers, cheapest first. No offers and the error 866 or 931 ("no fare found"): there are simply none (`empty`)."""

    offers: tuple[Offer, ...]
    problems: tuple[Problem, ...]
    empty: bool = False


def search_reply(el: Element, query: SearchQuery | None, settings: AmadeusSettings) -> SearchReply:
    """The offers; `query` gives the passenger counts where the reply leaves them out, and the limit. An offer's
    token is JSON: {"v": 1, "segments": [{"slice", "carrier", "number", "origin", "destination", "date", "departs",
    "arrives", "class"}, …], "counts": {"ADT": 2}, "total": "300.00", "currency": "EUR", "fares": [{"type", "count",
    "total"}], "validating": "BA"}; dates ISO, times HH:MM local. Raises: Unreadable (another message).
    """
    raise NotImplementedError

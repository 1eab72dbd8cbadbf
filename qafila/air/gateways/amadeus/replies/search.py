"""Fare_MasterPricerTravelBoardSearchReply and its sisters: the offers of a search."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.replies.recommendations import offers_of
from qafila.air.gateways.amadeus.xml import Element, message, name
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import Offer, SearchQuery

_NAME = re.compile(r"Fare_(?:MasterPricer|InstantTravelBoard|InstantSearch|SellByFare)\w*Reply")
_NOTHING = frozenset({"866", "931", "977", "996", "2031"})
_NOTHING_WORDS = re.compile(
    r"NO (?:FARE|ITINERAR|AVAILAB|RECOMMENDATION|FLIGHT|SOLUTION|COMBINABLE|JOURNEY)\w*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SearchReply:
    """Offers, cheapest first. `empty`: there are none and the supplier says why (866 no fare): an answer, no
    failure.
    """

    offers: tuple[Offer, ...]
    problems: tuple[Problem, ...]
    empty: bool = False
    notes: tuple[str, ...] = ()


def search_reply(el: Element, query: SearchQuery | None, settings: AmadeusSettings) -> SearchReply:
    """The offers, at most `query.limit`. Their token is JSON (see `recommendations`). Raises: Unreadable (another
    message).
    """
    reply = message(el)
    if not _NAME.fullmatch(name(reply)):
        raise Unreadable(f"A search reply was expected, a {name(reply)[:80]} came.")
    found = problems(reply)
    offers, notes = offers_of(reply, settings)
    offers.sort(key=lambda offer: (offer.total.currency, offer.total.amount))
    nothing = any(_says_nothing(problem) for problem in found)
    shown = offers[: query.limit] if query else offers
    return SearchReply(tuple(shown), found, not offers and nothing, tuple(notes))


def _says_nothing(problem: Problem) -> bool:
    return problem.code.lstrip("0") in _NOTHING or bool(_NOTHING_WORDS.search(problem.text))

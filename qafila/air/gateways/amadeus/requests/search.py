"""Fare_MasterPricerTravelBoardSearch: offers for a journey."""

from __future__ import annotations

from qafila.air.gateways.amadeus.requests.parts import Maker, ddmmyy, maker, root
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import Cabin, SearchQuery, Slice

MOST = 250  # recommendations of one reply
_CABINS = {Cabin.ECONOMY: "Y", Cabin.PREMIUM: "W", Cabin.BUSINESS: "C", Cabin.FIRST: "F"}


def search(settings: AmadeusSettings, query: SearchQuery) -> Element:
    """Public and negotiated fares, e-ticketable, in the query's currency, else the office's configured one."""
    new = maker(settings, "Fare_MasterPricerTravelBoardSearch")
    return root(
        settings,
        "Fare_MasterPricerTravelBoardSearch",
        new.numberOfUnit(
            _unit(new, query.adults + query.children, "PX"),
            _unit(new, max(1, min(query.limit, MOST)), "RC"),
        ),
        *_passengers(new, query),
        _options(new, query.currency or settings.currency),
        *_wishes(new, query),
        *(_slice(new, number, one) for number, one in enumerate(query.slices, start=1)),
    )


def _unit(new: Maker, count: int, kind: str) -> Element:
    return new.unitNumberDetail(new.numberOfUnits(str(count)), new.typeOfUnit(kind))


def _passengers(new: Maker, query: SearchQuery) -> list[Element]:
    """Children count on from the adults; infants are numbered by the adults who carry them."""
    groups = []
    for kind, first, count in (
        ("ADT", 1, query.adults),
        ("CH", 1 + query.adults, query.children),
        ("INF", 1, query.infants),
    ):
        if count:
            groups.append(
                new.paxReference(
                    new.ptc(kind),
                    *(
                        new.traveller(new.ref(str(number)), *([new.infantIndicator("1")] if kind == "INF" else []))
                        for number in range(first, first + count)
                    ),
                )
            )
    return groups


def _options(new: Maker, currency: str | None) -> Element:
    kinds = ["ET", "RP", "RU", "TAC", *(["CUC"] if currency else [])]
    conversion = [new.conversionRate(new.conversionRateDetail(new.currency(currency)))] if currency else []
    return new.fareOptions(
        new.pricingTickInfo(new.pricingTicketing(*(new.priceType(kind) for kind in kinds))), *conversion
    )


def _wishes(new: Maker, query: SearchQuery) -> list[Element]:
    wishes = []
    if query.cabin:
        wishes.append(new.cabinId(new.cabin(_CABINS[query.cabin])))
    if query.carriers:
        wishes.append(new.companyIdentity(new.carrierQualifier("M"), *(new.carrierId(one) for one in query.carriers)))
    if query.direct_only:
        wishes.append(new.flightDetail(new.flightType("N")))
    return [new.travelFlightInfo(*wishes)] if wishes else []


def _slice(new: Maker, number: int, one: Slice) -> Element:
    return new.itinerary(
        new.requestedSegmentRef(new.segRef(str(number))),
        new.departureLocalization(new.departurePoint(new.locationId(one.origin))),
        new.arrivalLocalization(new.arrivalPointDetails(new.locationId(one.destination))),
        new.timeDetails(new.firstDateTimeDetail(new.date(ddmmyy(one.date)))),
    )

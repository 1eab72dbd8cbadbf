"""Air_SellFromRecommendation: take the seats of an offer, all or none."""

from __future__ import annotations

from itertools import groupby

from qafila.air.gateways.amadeus.requests.parts import Maker, ddmmyy, maker, root
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import Offer, OfferSegment

_SELL = "183"
_ALL_OR_NONE = "M1"


def sell(settings: AmadeusSettings, offer: Offer, seats: int) -> Element:
    """`seats` is for adults and children: an infant has none of his own."""
    new = maker(settings, "Air_SellFromRecommendation")
    slices = [list(flights) for _, flights in groupby(offer.segments, key=lambda segment: segment.slice)]
    return root(
        settings,
        "Air_SellFromRecommendation",
        new.messageActionDetails(
            new.messageFunctionDetails(new.messageFunction(_SELL), new.additionalMessageFunction(_ALL_OR_NONE))
        ),
        *(
            new.itineraryDetails(
                new.originDestinationDetails(new.origin(flights[0].origin), new.destination(flights[-1].destination)),
                new.message(new.messageFunctionDetails(new.messageFunction(_SELL))),
                *(_flight(new, flight, seats) for flight in flights),
            )
            for flights in slices
        ),
    )


def _flight(new: Maker, flight: OfferSegment, seats: int) -> Element:
    return new.segmentInformation(
        new.travelProductInformation(
            new.flightDate(new.departureDate(ddmmyy(flight.departs.date()))),
            new.boardPointDetails(new.trueLocationId(flight.origin)),
            new.offpointDetails(new.trueLocationId(flight.destination)),
            new.companyDetails(new.marketingCompany(flight.carrier)),
            new.flightIdentification(new.flightNumber(flight.number), new.bookingClass(flight.booking_class)),
        ),
        new.relatedproductInformation(new.quantity(str(seats)), new.statusCode("NN")),
    )

"""Fare_PricePNRWithBookingClass and Ticket_CreateTSTFromPricing: price the order in view, keep a price."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.air.gateways.amadeus.requests.parts import Maker, maker, root
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings

_PUBLIC, _NEGOTIATED, _LOWEST, _CURRENCY = "RP", "RU", "RLO", "FCO"


def price(settings: AmadeusSettings) -> Element:
    """Prices what is booked, in its booking classes: public and negotiated fares, the lowest of them."""
    new = maker(settings, "Fare_PricePNRWithBookingClass")
    currency = (
        [
            _option(
                new,
                _CURRENCY,
                new.currency(
                    new.firstCurrencyDetails(new.currencyQualifier(_CURRENCY), new.currencyIsoCode(settings.currency))
                ),
            )
        ]
        if settings.currency
        else []
    )
    return root(
        settings,
        "Fare_PricePNRWithBookingClass",
        *(_option(new, key) for key in (_PUBLIC, _NEGOTIATED, _LOWEST)),
        *currency,
    )


def _option(new: Maker, key: str, *details: Element) -> Element:
    return new.pricingOptionGroup(new.pricingOptionKey(new.pricingOptionKey(key)), *details)


def store(settings: AmadeusSettings, numbers: Sequence[str]) -> Element:
    """Makes a stored fare (TST) of each of these prices; the end of the transaction keeps them."""
    new = maker(settings, "Ticket_CreateTSTFromPricing")
    return root(
        settings,
        "Ticket_CreateTSTFromPricing",
        *(new.psaList(new.itemReference(new.referenceType("TST"), new.uniqueReference(number))) for number in numbers),
    )

"""FOP_CreateFormOfPayment: how the agency pays its tickets. A card of a customer never goes this way."""

from __future__ import annotations

from qafila.air.gateways.amadeus.requests.parts import maker, root
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings


def form_of_payment(settings: AmadeusSettings) -> Element:
    """The configured form of payment for all travellers of the order in work."""
    new = maker(settings, "FOP_CreateFormOfPayment")
    return root(
        settings,
        "FOP_CreateFormOfPayment",
        new.transactionContext(new.transactionDetails(new.code("FP"))),
        new.fopGroup(
            new.fopReference(),
            new.mopDescription(
                new.fopSequenceNumber(new.sequenceDetails(new.number("1"))),
                new.mopDetails(new.fopPNRDetails(new.fopDetails(new.fopCode(settings.form_of_payment)))),
            ),
        ),
    )

"""FOP_CreateFormOfPayment, Fare_PricePNRWithBookingClass, Ticket_CreateTSTFromPricing: from flights to stored fares.

A fare that cannot be refunded is quoted beside a flexible one, unless the lowest is asked for (option RLO): the
alternatives of which TST creation picks one for each passenger (supplier reference, 2.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from simulator.amadeus.desk import Call
from simulator.amadeus.elements import Element, elements, numbers, put
from simulator.amadeus.reading import every, first, text, texts, whole
from simulator.amadeus.replies.lines import shown_tattoo
from simulator.amadeus.replies.price import Filed, form_of_payment, not_priced, not_stored, priced, stored
from simulator.amadeus.soap import Turned
from simulator.book import active
from simulator.fares import CURRENCIES
from simulator.model import Fare, Order, PassengerKind, PricedFare
from simulator.world import WorldRefusal

_HOME = {
    "IN": "INR",
    "SA": "SAR",
    "AE": "AED",
    "QA": "QAR",
    "KW": "KWD",
    "BH": "BHD",
    "OM": "OMR",
    "PK": "PKR",
    "BD": "BDT",
    "LK": "LKR",
    "NP": "NPR",
    "GB": "GBP",
    "CH": "CHF",
    "TR": "TRY",
    "JO": "JOD",
    "EG": "EGP",
    "SG": "SGD",
    "MY": "MYR",
    "TH": "THB",
    "ID": "IDR",
    "HK": "HKD",
    "CN": "CNY",
    "JP": "JPY",
    "AU": "AUD",
    "CA": "CAD",
    "ZA": "ZAR",
    "KE": "KES",
    "DE": "EUR",
    "FR": "EUR",
    "NL": "EUR",
    "IT": "EUR",
    "ES": "EUR",
}
_FLEXIBLE = Decimal("1.25")


def pay(call: Call) -> str:
    """Enter how the documents will be paid. It counts with the end of transaction."""
    if call.in_view() is None:
        raise Turned("25779|Application|NEED PNR", code="soap:Server", actor="SI:Backend")
    codes = texts(call.asked.body, "fopGroup/mopDescription/mopDetails/fopPNRDetails/fopDetails/fopCode")
    code = codes[0].upper() if codes else "CASH"
    draft = call.draft()
    number = next(numbers(draft))
    put(draft, [each for each in elements(draft) if each.kind != "FP"] + [Element(number, "FP", text=code)])
    return form_of_payment(call.schema, number, code, code)


def price(call: Call) -> str:
    """Quote the PNR in view. The quotes stay in the conversation until others replace them."""
    order = call.in_view()
    if order is None or not active(order):
        return not_priced(call.schema, "1", "NEED ITINERARY")
    if not order.passengers:
        return not_priced(call.schema, "339", "NEED NAMES")
    options = {
        text(each, "pricingOptionKey/pricingOptionKey"): each for each in every(call.asked.body, "pricingOptionGroup")
    }
    currency = text(first(options.get("FCO"), "currency/firstCurrencyDetails"), "currencyIsoCode")
    currency = currency or call.desk.office.currency
    chosen = _chosen(order, texts(options.get("SEL"), "paxSegTstReference/referenceDetails/value"))
    try:
        fares = _fares(call, order, chosen, currency)
    except WorldRefusal as said:
        return not_priced(call.schema, said.code[:5], said.text)
    if not fares:
        return not_priced(call.schema, "911", "NO FARE FOR BOOKING CODE-TRY OTHER PRICING OPTIONS")
    quoted = _quotes(call, order, fares, chosen, lowest="RLO" in options)
    call.session.work.quoted = quoted
    world, flights = call.desk.world, active(order)
    cities = world.city(flights[0].origin), world.city(flights[-1].destination)
    country = world.airport(flights[0].origin).country
    filed = {each.number: _filed(each.fare, country) for each in quoted}
    return priced(call.schema, order, quoted, filed, cities, call.desk.office.zone)


def store(call: Call) -> str:
    """Make TSTs of quotes: one for each passenger kind. They are the PNR's with the end of transaction."""
    quoted = {each.number: each for each in call.session.work.quoted}
    if call.in_view() is None or not quoted:
        return not_stored(call.schema, "CM01959", "NEED PNR")
    asked = [whole(each) for each in texts(call.asked.body, "psaList/itemReference/uniqueReference")]
    chosen = [quoted[each].fare for each in asked if each is not None and each in quoted]
    if not asked or len(chosen) < len(asked):
        return not_stored(call.schema, "00477", "INVALID FORMAT")
    fares: dict[PassengerKind, Fare] = {fare.kind: fare for fare in chosen}
    draft = call.draft()
    made = call.desk.book.put_fares(draft, fares)
    draft.extra["new_fares"] = True
    return stored(call.schema, draft, made)


def _chosen(order: Order, values: list[str]) -> list[int]:
    """The passengers asked for by number; all, where none is."""
    wanted = {whole(value) for value in values} - {None}
    people = [each.tattoo for each in order.passengers if not wanted or shown_tattoo(each) in wanted]
    return people or [each.tattoo for each in order.passengers]


def _fares(call: Call, order: Order, chosen: list[int], currency: str) -> Mapping[PassengerKind, Fare]:
    kinds: dict[PassengerKind, int] = {}
    for passenger in order.passengers:
        if passenger.tattoo in chosen:
            kinds[passenger.kind] = kinds.get(passenger.kind, 0) + 1
    return call.desk.world.price(active(order), kinds, currency, order.price_factor)


def _quotes(
    call: Call, order: Order, fares: Mapping[PassengerKind, Fare], chosen: list[int], *, lowest: bool
) -> list[PricedFare]:
    segments = tuple(segment.tattoo for segment in active(order))
    found: list[PricedFare] = []
    for kind, fare in fares.items():
        people = tuple(each.tattoo for each in order.passengers if each.kind == kind and each.tattoo in chosen)
        alternatives = [fare] if lowest or fare.refundable else [fare, _flexible(fare)]
        for alternative in alternatives:
            found.append(PricedFare(len(found) + 1, alternative, people, segments, call.now.replace(microsecond=0)))
    return found


def _flexible(fare: Fare) -> Fare:
    """The same flights with a fare that can be given back for a tenth of it."""
    step = CURRENCIES[fare.currency].step
    base = ((fare.base * _FLEXIBLE / step).to_integral_value(ROUND_UP) * step).quantize(fare.base)
    kept = ((base / 10 / step).to_integral_value(ROUND_UP) * step).quantize(fare.base)
    bases = tuple(f"{basis[:1]}F{basis[2:]}" for basis in fare.fare_bases)
    return replace(fare, base=base, fare_bases=bases, refundable=True, penalty=min(kept, base))


def _filed(fare: Fare, country: str) -> Filed | None:
    """In the currency of the country where the journey begins, dollars where that has none here."""
    currency = _HOME.get(country, "USD")
    if currency == fare.currency:
        return None
    here, there = CURRENCIES[fare.currency], CURRENCIES[currency]
    rate = (here.rate / there.rate).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return Filed(currency, (fare.base / rate).quantize(there.unit, ROUND_HALF_UP), rate)

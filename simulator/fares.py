"""What flying costs: fares from distance, class and day; taxes by country; all in any currency at fixed rates.

Everything here depends on the segments alone, never on how they were found: what a search showed is what the price is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from functools import lru_cache

from simulator.carriers import CARRIERS
from simulator.model import Fare, PassengerKind, Tax
from simulator.places import airport, kilometres
from simulator.schedules import drawn


@dataclass(frozen=True, slots=True)
class Currency:
    """`rate`: how many of it for one US dollar; `step`: fares are whole multiples of it; `minor`: its decimals."""

    rate: Decimal
    step: Decimal
    minor: int = 2

    @property
    def unit(self) -> Decimal:
        return Decimal(1).scaleb(-self.minor)


def _currency(rate: str, step: str = "1", minor: int = 2) -> Currency:
    return Currency(Decimal(rate), Decimal(step), minor)


CURRENCIES: dict[str, Currency] = {
    "USD": _currency("1"),
    "EUR": _currency("0.92"),
    "GBP": _currency("0.78"),
    "CHF": _currency("0.88"),
    "INR": _currency("84", "5"),
    "PKR": _currency("280", "10"),
    "BDT": _currency("120", "10"),
    "LKR": _currency("300", "50"),
    "NPR": _currency("134.4", "10"),
    "SAR": _currency("3.75", "5"),
    "AED": _currency("3.6725", "5"),
    "QAR": _currency("3.64", "5"),
    "BHD": _currency("0.376", "0.5", 3),
    "KWD": _currency("0.307", "0.5", 3),
    "OMR": _currency("0.3845", "0.5", 3),
    "JOD": _currency("0.709", "0.5", 3),
    "EGP": _currency("49", "10"),
    "TRY": _currency("34", "5"),
    "SGD": _currency("1.34"),
    "MYR": _currency("4.4"),
    "THB": _currency("34", "5"),
    "IDR": _currency("15800", "1000"),
    "HKD": _currency("7.8", "10"),
    "CNY": _currency("7.2", "10"),
    "JPY": _currency("150", "100", 0),
    "AUD": _currency("1.53"),
    "CAD": _currency("1.38"),
    "ZAR": _currency("18", "10"),
    "KES": _currency("129", "10"),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """A booking class of the ladder. `level` is of the common fare, `kept` what a refund keeps of it (per cent), `days`
    how long before departure the last ticket is sold."""

    cabin: str
    level: float
    refundable: bool
    kept: int
    days: int


LADDER: dict[str, Rung] = {
    "F": Rung("F", 6.0, True, 5, 0),
    "C": Rung("C", 3.4, True, 10, 0),
    "D": Rung("C", 2.6, True, 20, 3),
    "W": Rung("W", 2.0, True, 15, 1),
    "Y": Rung("M", 1.7, True, 10, 0),
    "B": Rung("M", 1.35, True, 15, 0),
    "M": Rung("M", 1.1, True, 30, 1),
    "H": Rung("M", 0.95, False, 100, 3),
    "K": Rung("M", 0.8, False, 100, 3),
    "Q": Rung("M", 0.65, False, 100, 5),
    "L": Rung("M", 0.55, False, 100, 7),
    "V": Rung("M", 0.46, False, 100, 10),
}
LAST_HOURS = 3  # before departure: nobody is ticketed later than this
_SHARE: dict[PassengerKind, Decimal] = {"ADT": Decimal(1), "CHD": Decimal("0.75"), "INF": Decimal("0.10")}
_DISCOUNT: dict[PassengerKind, str] = {"ADT": "", "CHD": "CH", "INF": "IN"}
_STAY = timedelta(hours=24)  # a longer stop ends a fare component

# What a country takes from whoever begins an international component there, in US cents: (code, nature, amount).
_DEPARTURE: dict[str, tuple[tuple[str, str, int], ...]] = {
    "IN": (("IN", "AE", 1240), ("P2", "SE", 310)),
    "SA": (("SA", "AE", 2320), ("E3", "SE", 270)),
    "AE": (("AE", "AD", 2040), ("F6", "TO", 950), ("TP", "SE", 140)),
    "QA": (("QA", "AP", 1650), ("G4", "SE", 1650)),
    "KW": (("GZ", "SE", 1300), ("YX", "AE", 660)),
    "BH": (("BH", "AE", 2660),),
    "OM": (("OM", "AE", 2600),),
    "PK": (("SP", "AD", 2500), ("YD", "AE", 1000), ("RG", "SE", 360)),
    "BD": (("BD", "DP", 4200), ("UT", "AE", 500), ("OW", "SE", 830)),
    "LK": (("LK", "AE", 6000),),
    "NP": (("NQ", "AE", 1150),),
    "GB": (("GB", "AD", 11200), ("UB", "AS", 3400)),
    "DE": (("OY", "CB", 6900), ("RA", "EB", 2800), ("DE", "SE", 1100)),
    "FR": (("QX", "AP", 1900), ("FR", "SE", 2100), ("IZ", "EB", 300)),
    "NL": (("CJ", "SO", 1500), ("RN", "DP", 1700)),
    "TR": (("TR", "AE", 2000), ("M6", "AC", 300)),
    "EG": (("EG", "AE", 2500), ("QH", "SE", 400)),
    "JO": (("JO", "AE", 5600),),
    "SG": (("SG", "AE", 3500), ("OO", "SE", 800)),
    "MY": (("MY", "AE", 1650), ("H8", "SE", 20)),
    "TH": (("TS", "AE", 2100), ("E7", "AE", 100)),
    "US": (("US", "DP", 2230), ("XF", "AE", 450), ("AY", "SE", 560)),
    "CA": (("CA", "AE", 1800), ("SQ", "AC", 2500)),
}
_ELSEWHERE = 1800  # under the country's own code
_INLAND = 300


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a fare needs to know of a segment. `departs` and `arrives` carry the airports' zones."""

    carrier: str
    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    booking_class: str


def components(stretches: Sequence[Stretch]) -> list[Sequence[Stretch]]:
    """Stretches that one through fare covers: flown on without a stop of a day and without coming back."""
    found: list[list[Stretch]] = []
    for stretch in stretches:
        last = found[-1] if found else []
        onward = (
            last
            and last[-1].destination == stretch.origin
            and all(stretch.destination != each.origin for each in last)
            and stretch.departs - last[-1].arrives < _STAY
            and _farther(last[0].origin, stretch)
        )
        if onward:
            last.append(stretch)
        else:
            found.append([stretch])
    return list(found)


def _farther(start: str, stretch: Stretch) -> bool:
    return kilometres(start, stretch.destination) >= kilometres(start, stretch.origin) // 2


def component_cents(seed: int, component: Sequence[Stretch]) -> float:
    """The adult fare of one component, in US cents before rounding."""
    first, last = component[0], component[-1]
    flown = sum(kilometres(each.origin, each.destination) for each in component)
    level = sum(
        LADDER[each.booking_class].level * kilometres(each.origin, each.destination) / flown for each in component
    )
    through = 0.9 ** (len(component) - 1)  # a connection is cheaper than to fly straight
    return _common(seed, first.carrier, first.origin, last.destination, first.departs.date()) * level * through


@lru_cache(maxsize=65536)
def _common(seed: int, carrier: str, origin: str, destination: str, day: date) -> float:
    """The carrier's fare of this day between two places, on which the classes stand."""
    far = kilometres(origin, destination)
    common = 3500 + 8.5 * min(far, 1500) + 5.5 * max(0, min(far, 4500) - 1500) + 4.2 * max(0, far - 4500)
    season = 0.85 + drawn(seed, "fare", carrier, origin, destination, day.isoformat())[0] / 255 * 0.4
    return common * CARRIERS[carrier].level * season


def last_ticketing(stretches: Sequence[Stretch]) -> datetime:
    """The moment after which these classes are not ticketed any more, at the place of the first departure."""
    days = max(LADDER[each.booking_class].days for each in stretches)
    return stretches[0].departs - timedelta(days=days, hours=LAST_HOURS)


def fares(
    seed: int, stretches: Sequence[Stretch], kinds: Iterable[PassengerKind], code: str, factor: Decimal = Decimal(1)
) -> dict[PassengerKind, Fare]:
    """The fares of these passenger kinds for a whole itinerary, in currency `code`; `factor` moves the fares, not the
    taxes. Raises: KeyError for a currency or a class that is not known here."""
    currency = CURRENCIES[code]
    parts = components(stretches)
    adult = [_stepped(Decimal(round(component_cents(seed, part))) / 100 * currency.rate, currency) for part in parts]
    kept = [max(LADDER[each.booking_class].kept for each in part) for part in parts]
    levies = _levies(stretches, parts)
    rungs = [LADDER[each.booking_class] for each in stretches]
    refundable = all(rung.refundable for rung in rungs)
    until = last_ticketing(stretches)
    made: dict[PassengerKind, Fare] = {}
    for kind in kinds:
        amounts = [_stepped(amount * factor * _SHARE[kind], currency) for amount in adult]
        base = sum(amounts, Decimal(0))
        penalty = sum((amount * each / 100 for amount, each in zip(amounts, kept, strict=True)), Decimal(0))
        made[kind] = Fare(
            kind=kind,
            base=base.quantize(currency.unit),
            taxes=_taxes(stretches, levies, kind, base, code),
            currency=code,
            classes=tuple(each.booking_class for each in stretches),
            fare_bases=tuple(_fare_basis(seed, each, kind, len(parts) == 1) for each in stretches),
            cabin=rungs[0].cabin,
            baggage="10K" if kind == "INF" else CARRIERS[stretches[0].carrier].baggage,
            refundable=refundable,
            penalty=(min(_stepped(penalty, currency), base) if refundable else base).quantize(currency.unit),
            last_ticketing=until,
        )
    return made


def _stepped(amount: Decimal, currency: Currency) -> Decimal:
    return (amount / currency.step).to_integral_value(ROUND_UP) * currency.step


@lru_cache(maxsize=16384)
def _tax(code: str, nature: str, cents: int, currency_code: str) -> Tax:
    """Taxes are whole where fares are: India and Pakistan collect no paise."""
    currency = CURRENCIES[currency_code]
    whole = Decimal(1) if currency.step >= 5 else currency.unit
    amount = (Decimal(cents) / 100 * currency.rate).quantize(whole, ROUND_HALF_UP)
    return Tax(code, nature, amount.quantize(currency.unit))


@lru_cache(maxsize=4096)
def _letter(seed: int, carrier: str, origin: str) -> str:
    return "LHXP"[drawn(seed, "basis", carrier, origin)[0] % 4]


def _fare_basis(seed: int, stretch: Stretch, kind: PassengerKind, one_way: bool) -> str:
    letter, way = _letter(seed, stretch.carrier, stretch.origin), "O" if one_way else "R"
    return f"{stretch.booking_class}{letter}{way}{airport(stretch.origin).country}{_DISCOUNT[kind]}"


def _levies(stretches: Sequence[Stretch], parts: Sequence[Sequence[Stretch]]) -> dict[str, tuple[str, int]]:
    """By code: nature and US cents, for whoever has a seat. Infants pay no surcharge and no airport tax."""
    found: dict[str, tuple[str, int]] = {}

    def add(code: str, nature: str, cents: int) -> None:
        found[code] = (nature, found.get(code, (nature, 0))[1] + cents)

    for each in stretches:
        add("YQ", "AC", 400 + kilometres(each.origin, each.destination) * 6 // 5)
        if airport(each.origin).country != airport(each.destination).country:
            add("YR", "VB", 500)
    for part in parts:
        country = airport(part[0].origin).country
        if airport(part[-1].destination).country == country:
            add(country, "AE", _INLAND)
        else:
            for code, nature, cents in _DEPARTURE.get(country, ((country, "AE", _ELSEWHERE),)):
                add(code, nature, cents)
    return found


def _taxes(
    stretches: Sequence[Stretch], levies: dict[str, tuple[str, int]], kind: PassengerKind, base: Decimal, code: str
) -> tuple[Tax, ...]:
    due = {} if kind == "INF" else levies
    taxes = [_tax(each, nature, cents, code) for each, (nature, cents) in due.items()]
    if airport(stretches[0].origin).country == "IN":
        # India's goods and services tax on the fare and its surcharges: 5 % in economy, 18 % above it.
        per_cent = 5 if LADDER[stretches[0].booking_class].cabin == "M" else 18
        surcharges = due.get("YQ", ("", 0))[1] + due.get("YR", ("", 0))[1]
        taxed = base / CURRENCIES[code].rate * 100 + surcharges
        taxes.append(_tax("K3", "GS", round(taxed * per_cent / 100), code))
    return tuple(tax for tax in taxes if tax.amount)

"""What a person types where no supplier can be asked: `--supplier manual` with locators, flights, totals, tickets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

import click

from qafila.air import typed
from qafila.air.counter import typed as refusing
from qafila.air.gateways.manual.adapter import ManualSupplier
from qafila.air.gateways.manual.offers import offer_from
from qafila.air.gateways.manual.typed import Typed
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.values import Money, Offer, OfferSegment, OrderSnapshot
from qafila.kernel.errors import Invalid
from qafila.kernel.money import minor_units

_FLIGHT = re.compile(
    r"(?P<carrier>[A-Z0-9]{2}) ?(?P<number>\d{1,4}[A-Z]?) (?P<cls>[A-Z]) "
    r"(?P<origin>[A-Z]{3})[ -](?P<destination>[A-Z]{3}) "
    r"(?P<departs>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}) (?P<arrives>\d{4}-\d{2}-\d{2}T\d{2}:\d{2})"
)


@dataclass(frozen=True)
class Words:
    """What was typed for a supplier of typed orders; empty for every other."""

    locator: str = ""
    flights: tuple[str, ...] = ()
    total: str = ""
    time_limit: str = ""
    tickets: tuple[str, ...] = ()
    refund: str = ""
    penalty: str = ""
    used: str = ""
    reference: str = ""

    def given(self) -> str:
        """The first option that was typed."""
        names = {"flights": "flight", "tickets": "ticket", "time_limit": "time-limit"}
        return next((f"--{names.get(name, name)}" for name, value in vars(self).items() if value), "")


_OPTIONS = {
    "locator": click.option("--locator", default="", metavar="TEXT", help="Typed: the record locator."),
    "flights": click.option(
        "--flight", "flights", multiple=True, metavar="TEXT",
        help='Typed: "SV 110 V SXR-JED 2027-01-18T12:10 2027-01-18T14:40", local times; repeat.',
    ),
    "total": click.option("--total", default="", metavar="AMOUNT", help='Typed: what it costs in all, "INR 37350".'),
    "time_limit": click.option("--time-limit", default="", metavar="TIME", help="Typed: ticket by, 2026-11-25T18:00."),
    "tickets": click.option(
        "--ticket", "tickets", multiple=True, metavar="NUMBER", help="Typed: one a traveller, in order; or T2=NUMBER."
    ),
    "refund": click.option("--refund", default="", metavar="AMOUNT", help="Typed: what the airline gives back."),
    "penalty": click.option("--penalty", default="", metavar="AMOUNT", help="Typed: what it keeps."),
    "used": click.option("--used", default="", metavar="AMOUNT", help="Typed: what was flown of it."),
    "reference": click.option("--reference", default="", metavar="TEXT", help="Typed: the airline's refund reference."),
}  # fmt: skip


def words(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds these options to a command, which gets them together as `words`."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:
            return command(*args, words=Words(**{name: kwargs.pop(name) for name in names}), **kwargs)

        complete: Callable[..., Any] = run
        for name in reversed(names):
            complete = _OPTIONS[name](complete)
        return complete

    return decorate


def typing(supplier: Supplier, words: Words, snapshot: OrderSnapshot | None = None) -> Supplier:
    """The supplier with what was typed for it. Refuses: BadParameter (typed for one that nobody types for; none of
    its kind). `snapshot`: the order whose travellers the tickets are for.
    """
    if not isinstance(supplier, ManualSupplier):
        if option := words.given():
            raise click.BadParameter(f"{supplier.code} is asked, nobody types for it.", param_hint=option)
        return supplier
    with refusing("--time-limit"):
        limit = typed.moment(words.time_limit, "") if words.time_limit else None
    said = Typed(
        locator=words.locator,
        ticketing_limit=limit.replace(tzinfo=ZoneInfo(supplier.settings.zone)) if limit else None,
        total=amount(words.total, "--total"),
        tickets=_tickets(words.tickets, snapshot),
        refund=amount(words.refund, "--refund"),
        penalty=amount(words.penalty, "--penalty"),
        used=amount(words.used, "--used"),
        refund_reference=words.reference,
    )
    return supplier.typing(said)


def amount(text: str, option: str) -> Money | None:
    """`INR 37350.50`, `INR:37350` or `37,350 INR`; nothing for nothing. Refuses: BadParameter."""
    if not text:
        return None
    found = re.fullmatch(r"(?:([A-Z]{3})[ :]?)?([\d,]+(?:\.\d+)?)(?: ?([A-Z]{3}))?", text.strip().upper())
    currency = (found[1] or found[3] or "") if found else ""
    try:
        figure = Decimal(found[2].replace(",", "")) if found else Decimal("NaN")
    except InvalidOperation:
        figure = Decimal("NaN")
    if not found or not currency or not figure.is_finite():
        raise click.BadParameter(f'{text} is no amount: type the currency too, as "INR 37350".', param_hint=option)
    places = minor_units(currency)
    if figure != round(figure, places):
        raise click.BadParameter(f"{currency} has {places} decimals.", param_hint=option)
    return Money(figure, currency)


def offer(supplier: Supplier, words: Words, known: Offer | None) -> Offer:
    """The typed itinerary, or an offer of another supplier that was booked elsewhere, at the typed total."""
    if not isinstance(supplier, ManualSupplier):
        raise click.UsageError(f"{supplier.code} sells its own offers: search first, then hold one by its number.")
    total = amount(words.total, "--total")
    if known is not None:
        costs = total or known.total
        fares = known.fares if costs == known.total else ()
        return replace(
            known, supplier=supplier.code, token="", total=costs, fares=fares, simulated=False, time_limits=()
        )
    with refusing("--flight"):
        segments = [_flight(text, number) for number, text in enumerate(words.flights)]
    with refusing("--flight or --total"):
        return offer_from(supplier.settings, segments, total=total)


def _flight(text: str, number: int) -> OfferSegment:
    found = _FLIGHT.fullmatch(" ".join(text.upper().split()))
    if not found:
        raise Invalid(f'{text} is no flight: type it as "SV 110 V SXR-JED 2027-01-18T12:10 2027-01-18T14:40".')
    origin, destination = typed.place(found["origin"]), typed.place(found["destination"])
    return OfferSegment(
        slice=0, carrier=found["carrier"], number=found["number"], origin=origin, destination=destination,
        departs=typed.moment(found["departs"], origin), arrives=typed.moment(found["arrives"], destination),
        booking_class=found["cls"],
    )  # fmt: skip


def _tickets(numbers: Sequence[str], snapshot: OrderSnapshot | None) -> dict[str, str]:
    if not numbers or snapshot is None:
        return {}
    waiting = [traveller.id for traveller in snapshot.unticketed()]
    found: dict[str, str] = {}
    for place, text in enumerate(numbers):
        who, sign, number = text.partition("=")
        if not sign and place >= len(waiting):
            raise click.BadParameter(f"{len(waiting)} travellers wait for a ticket, no more.", param_hint="--ticket")
        found[who.upper() if sign else waiting[place]] = number if sign else text
    return found

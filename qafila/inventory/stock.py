"""What a block's seats are worth, and the checks on what a person says of a block before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from qafila.identity.queries import agency, branches
from qafila.inventory import rules
from qafila.inventory.errors import DeadlineInvalid, RateNeeded, RouteInvalid, UnknownReference
from qafila.inventory.models import Airline, AirlineBlock, BlockLeg
from qafila.inventory.postings import Worth
from qafila.inventory.queries import airport_facts
from qafila.inventory.rules import Leg
from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid
from qafila.kernel.money import minor_units, rounded
from qafila.kernel.search import index
from qafila.parties.models import Supplier

MOST = Decimal(10) ** 14
"""Above this no amount fits the books (numeric(18,3)), with room for the sums made of it."""


def worth(block: AirlineBlock, seats: int) -> Worth:
    """What so many of the block's seats are worth."""
    base = agency().base_currency
    return Worth(
        supplier_id=block.supplier_id,
        base=rules.seat_base_cost(block.price_per_seat, block.exchange_rate, base) * seats,
        amount=rounded(block.price_per_seat * seats, block.currency),
        currency=block.currency,
        rate=block.exchange_rate,
        base_currency=base,
    )


def rate_of(currency: str, given: Decimal | None) -> Decimal:
    """The contract's exchange rate: 1 in the agency's own currency, otherwise it must be said. Refuses: RateNeeded."""
    if given is not None:
        return given
    base = agency().base_currency
    if currency != base:
        raise RateNeeded(f"Say how many {base} one {currency} costs in this contract.", field="exchange_rate")
    return Decimal(1)


def check_money(block: AirlineBlock) -> None:
    """Price fits currency, rate fits currencies, the whole fits the books. Refuses: Invalid, RateNeeded."""
    base = agency().base_currency
    for field in ("price_per_seat", "deposit_amount"):
        amount = getattr(block, field)
        if amount is not None and amount != rounded(amount, block.currency):
            digits = minor_units(block.currency)
            raise Invalid(f"An amount in {block.currency} has at most {digits} digits after the point.", field=field)
    if block.currency == base and block.exchange_rate != 1:
        raise RateNeeded(f"{base} is the agency's own currency: the exchange rate is 1.", field="exchange_rate")
    if (block.deposit_amount or 0) > block.price_per_seat * block.total_seats:
        raise Invalid("The deposit is more than all the seats cost.", field="deposit_amount")
    if block.price_per_seat * block.exchange_rate * block.total_seats >= MOST:
        raise Invalid("The price of all seats together is more than the books hold.", field="price_per_seat")


def check_legs(block: AirlineBlock, legs: Sequence[Leg]) -> None:
    """The legs make a journey. Refuses: RouteInvalid with every error at its leg; warnings pass."""
    codes = {code for leg in legs for code in (leg.origin, leg.destination)}
    found = rules.analyse(block.trip_type, legs, airport_facts(codes))
    if errors := [p for p in found if p.severity == "error"]:
        raise RouteInvalid([(p.text, list(p.loc)) for p in errors])


def check_deadlines(block: AirlineBlock) -> None:
    """Names, tickets and expiry fall due before the flight leaves. Refuses: DeadlineInvalid naming the date."""
    for field, what in (("names_due", "Names"), ("ticketing_due", "Tickets"), ("expiry_date", "The block")):
        due: date | None = getattr(block, field)
        if due and due > block.departs_on:
            verb = "expires" if field == "expiry_date" else "fall due"
            raise DeadlineInvalid(
                f"{what} {verb} on {due}, after the flight leaves on {block.departs_on}.", field=field
            )


def check_known(block: AirlineBlock) -> None:
    """Supplier, airline and branch exist. Refuses: UnknownReference naming the field."""
    if not Supplier.objects.filter(pk=block.supplier_id, deleted_at=None).exists():
        raise UnknownReference("There is no such supplier.", field="supplier_id")
    if not Airline.objects.filter(pk=block.airline_id).exists():
        raise UnknownReference(f"There is no airline with the code {block.airline_id}.", field="airline")
    if block.branch_id is not None and block.branch_id not in {b.id for b in branches()}:
        raise UnknownReference("There is no such branch.", field="branch_id")


def fly(block: AirlineBlock, legs: Sequence[Leg]) -> None:
    """Take the block's route and dates from its legs."""
    out = [leg for leg in legs if leg.direction == rules.OUTBOUND]
    block.route = rules.chain_legs(legs)[:200]
    block.departs_on = out[0].departs_on if out else block.departs_on
    block.returns_on = max((leg.arrives_on for leg in legs), default=None) if block.trip_type != "one_way" else None


def write_legs(block: AirlineBlock, legs: Sequence[Leg]) -> None:
    """The block's legs, anew. Two statements."""
    BlockLeg.objects.filter(block=block).delete()
    BlockLeg.objects.bulk_create(
        BlockLeg(
            block=block,
            direction=leg.direction,
            n=leg.n,
            origin_id=leg.origin,
            destination_id=leg.destination,
            flight_no=leg.flight_no,
            departs_on=leg.departs_on,
            departs_at=leg.departs_at,
            arrives_on=leg.arrives_on,
            arrives_at=leg.arrives_at,
            terminal=leg.terminal,
            arrival_terminal=leg.arrival_terminal,
            pnr=leg.pnr,
        )
        for leg in legs
    )


def index_block(actor: Actor, block: AirlineBlock, legs: Sequence[Leg]) -> None:
    """Let the search find the block by its code, PNRs, flights and airports."""
    words = [block.code, block.pnr, block.return_pnr, block.route, block.airline_id]
    for leg in legs:
        words += [leg.pnr or "", leg.flight_no, leg.flight_no.replace(" ", ""), leg.origin, leg.destination]
    index(
        "block",
        block.pk,
        title=block.code,
        subtitle=f"{block.pnr} · {block.route} · {block.departs_on:%d %b %Y}",
        url=f"/inventory/quota/{block.code}",
        right="inventory.view",
        text=" ".join(words),
    )

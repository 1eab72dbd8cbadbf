"""What the verbs that change a booking share: its lock, its price, its place in the search, its trail."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qafila.groups.steps import give_back_seats, take_seats, tell
from qafila.kernel import search
from qafila.kernel.actor import Actor
from qafila.kernel.errors import StaleVersion
from qafila.kernel.facts import announce
from qafila.kernel.money import rounded
from qafila.kernel.transaction import step
from qafila.sales.errors import BookingIsClosed, BookingNotFound
from qafila.sales.facts import BookingTotalsChanged
from qafila.sales.models import Booking, PackageSale, Passenger, SaleRate, SaleTax
from qafila.sales.people import travellers_told
from qafila.sales.rules import price_sale
from qafila.sales.states import OPEN, PACKAGE
from qafila.sales.steps import locked
from qafila.tax.rules import Counts, Rate, TaxLine

SEEN = (
    "state",
    "payer_id",
    "agent_id",
    "notes",
    "external_ref",
    "net_total",
    "tax_total",
    "tcs_total",
    "gross_total",
)
SALE_SEEN = (
    "booking_type",
    "room_type",
    "payment_policy",
    "adults",
    "children",
    "infants",
    "adult_rate",
    "child_rate",
    "infant_rate",
    "agreed_total",
    "rates_from",
)


@step
def open_booking(actor: Actor, booking_id: int, version: int | None = None) -> tuple[Booking, PackageSale]:
    """The booking, locked, in a state in which it still changes.

    Refuses: BookingNotFound (another partner's too), StaleVersion, BookingIsClosed.
    """
    booking = own_booking(actor, booking_id)
    if version is not None and version != booking.version:
        raise StaleVersion(booking.version)
    if booking.state not in OPEN:
        label = PACKAGE.label(booking.state).lower()
        raise BookingIsClosed(f"{booking.number} is {label} and does not change any more.", state=booking.state)
    return booking, PackageSale.objects.select_related("group").get(pk=booking.pk)


@step
def own_booking(actor: Actor, booking_id: int) -> Booking:
    """The live booking, locked, if the actor may see it. Refuses: BookingNotFound."""
    booking = locked(booking_id)
    theirs = actor.party_id in (booking.agent_id, booking.customer_id, booking.payer_id)
    if not actor.is_staff and not theirs:
        raise BookingNotFound("There is no such booking.")
    return booking


def seen(booking: Booking, sale: PackageSale) -> dict[str, Any]:
    """What the trail compares before and after."""
    return {name: getattr(booking, name) for name in SEEN} | {name: getattr(sale, name) for name in SALE_SEEN}


def counts_of_sale(sale: PackageSale) -> Counts:
    return Counts(sale.adults, sale.children, sale.infants)


def agreed_for(sale: PackageSale, rates: Sequence[Rate], counts: Counts, currency: str) -> Decimal | None:
    """The agreed total when other people travel: in proportion to what the rates say of both parties."""
    if sale.agreed_total is None:
        return None
    before, after = (sum((_of(r, c) for r in rates), Decimal(0)) for c in (counts_of_sale(sale), counts))
    if not before:
        before, after = Decimal(counts_of_sale(sale).heads or 1), Decimal(counts.heads)
    return rounded(sale.agreed_total * after / before, currency)


def _of(rate: Rate, counts: Counts) -> Decimal:
    return rate.adult * counts.adult + rate.child * counts.child + rate.infant * counts.infant


@step
def reprice(
    actor: Actor,
    booking: Booking,
    sale: PackageSale,
    *,
    counts: Counts,
    rates: Sequence[Rate],
    taxes: Sequence[TaxLine],
    agreed: Decimal | None,
    **also: Any,
) -> None:
    """Write the price anew from these rates and taxes, and `also` on the sale; announces BookingTotalsChanged.

    Refuses: what rooms that billed the old price refuse.
    """
    priced = price_sale(rates, taxes, counts, booking.currency, agreed)
    SaleRate.objects.filter(sale=sale).delete()
    SaleRate.objects.bulk_create(
        SaleRate(sale=sale, item=r.item, adult=r.adult, child=r.child, infant=r.infant) for r in rates
    )
    SaleTax.objects.filter(sale=sale).delete()
    SaleTax.objects.bulk_create(
        SaleTax(
            sale=sale,
            n=n,
            name=t.line.name,
            kind=t.line.kind,
            rate=t.line.rate,
            mode=t.line.mode,
            applies_to=list(t.line.applies_to),
            base=t.base,
            amount=t.amount,
        )
        for n, t in enumerate(priced.taxes, 1)
    )
    columns = {
        "adults": counts.adult,
        "children": counts.child,
        "infants": counts.infant,
        "adult_rate": sum((r.adult for r in rates), Decimal(0)),
        "child_rate": sum((r.child for r in rates), Decimal(0)),
        "infant_rate": sum((r.infant for r in rates), Decimal(0)),
        "agreed_total": agreed,
        **also,
    }
    totals = {
        "net_total": priced.net,
        "tax_total": priced.tax_total,
        "tcs_total": priced.tcs_total,
        "gross_total": priced.gross,
    }
    moved = booking.gross_total != priced.gross
    put(sale, **columns)
    put(booking, **totals)
    if moved:
        announce(actor, BookingTotalsChanged(booking.pk, priced.gross, booking.paid, priced.gross - booking.paid))


def put(row: Booking | PackageSale, **values: Any) -> None:
    """Write these columns, and keep the row in hand equal to what is written."""
    if values:
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        for name, value in values.items():
            setattr(row, name, value)


@step
def move_seats(actor: Actor, booking: Booking, sale: PackageSale, before: Counts, after: Counts, reason: str) -> None:
    """Take or give back the seats between two parties: the last thing in a transaction. Refuses: SeatsExhausted."""
    delta = (after.adult + after.child) - (before.adult + before.child)
    if delta > 0:
        take_seats(actor, sale.group_id, delta, booking_id=booking.pk, reason=reason)
    elif delta < 0:
        give_back_seats(actor, sale.group_id, -delta, booking_id=booking.pk, reason=reason)


@step
def tell_group(actor: Actor, booking: Booking, sale: PackageSale, what: str, text: str) -> None:
    tell(actor, sale.group_id, what, f"{booking.number}: {text}", booking_id=booking.pk)


@step
def renew_search(booking_id: int) -> None:
    """Write the booking's search entry anew from what stands in the database. Three queries."""
    booking = Booking.objects.select_related("customer__party", "payer__party", "agent__party", "package__group").get(
        pk=booking_id
    )
    sale, group, party = booking.package, booking.package.group, booking.customer.party
    words = [booking.number, party.name, party.code, booking.customer.phone, group.code, booking.external_ref or ""]
    words += [row.party.name for row in (booking.payer, booking.agent) if row]
    people = Passenger.objects.filter(booking_id=booking_id).exclude(state="cancelled")
    words += [f"{p.first_name} {p.last_name} {p.passport_no} {p.pnr}" for p in people]
    told = f"{party.name}, {travellers_told(counts_of_sale(sale))} · {group.code}"
    search.index(
        "booking",
        booking_id,
        title=booking.number,
        subtitle=told if booking.state in OPEN else f"{told} · {PACKAGE.label(booking.state).lower()}",
        url=f"/sales/bookings/{booking.number}",
        right="bookings.view",
        agent_id=booking.agent_id,
        text=" ".join(words),
        rank=5 if booking.state in OPEN else 0,
    )

"""A booking as its invoice would read today: the same reading serves the preview and the issue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qafila.billing.errors import (
    BillDoesNotAddUp,
    ExchangeRateNeeded,
    InvoiceIsCancelled,
    InvoiceNotFound,
    NotBillable,
    NotTheirBooking,
    PayerUnclear,
)
from qafila.billing.lines import BillLine, gross_of, item_lines, tax_lines
from qafila.billing.models import Invoice, Payment
from qafila.billing.postings import Owner, Trip
from qafila.billing.states import CANCELLED
from qafila.identity.queries import AgencyInfo, agency
from qafila.kernel import clock
from qafila.kernel.money import text
from qafila.parties.models import Agent, Customer
from qafila.sales.errors import BookingNotFound
from qafila.sales.models import Booking, PackageSale
from qafila.tax.rules import Counts, Rate, TaxAmount, TaxLine

BILLABLE = ("draft", "on_hold", "confirmed", "completed")


@dataclass(frozen=True)
class Bill:
    """An invoice before it has a number; amounts in `currency`, `exchange_rate` to base currency."""

    booking_id: int
    booking_number: str
    trip: Trip
    group_code: str
    group_name: str
    departure_date: date
    return_date: date
    party: Owner
    branch_id: int | None
    issued_on: date
    due_on: date
    currency: str
    exchange_rate: Decimal
    net_total: Decimal
    tax_total: Decimal
    tcs_total: Decimal
    gross_total: Decimal
    buyer: dict[str, Any]
    seller: dict[str, Any]
    place_of_supply: str
    lines: tuple[BillLine, ...]

    def taxes_by_account(self) -> dict[str, Decimal]:
        owed: dict[str, Decimal] = {}
        for line in self.lines:
            if line.kind == "tax":
                owed[line.tax_account] = owed.get(line.tax_account, Decimal(0)) + line.amount
        return owed


def billed_party(booking: Booking) -> tuple[Owner, Customer | Agent]:
    """Who owes a booking: the partner who sold it, else the payer, else the customer."""
    if booking.agent is not None:
        return Owner(booking.agent.pk, "agent"), booking.agent
    customer = booking.payer or booking.customer
    return Owner(customer.pk, "customer"), customer


def concerned(booking: Booking | None) -> dict[int, str]:
    """Whose money may be used for a booking: its customer's, its payer's, its partner's."""
    if booking is None:
        return {}
    parties: dict[int | None, str] = {booking.customer_id: "customer", booking.payer_id: "customer"}
    if booking.agent_id is not None:
        parties[booking.agent_id] = "agent"
    return {pk: kind for pk, kind in parties.items() if pk is not None}


def need_concerned(booking: Booking, payment: Payment) -> None:
    """Refuses: NotTheirBooking."""
    if payment.party_id not in concerned(booking):
        raise NotTheirBooking(f"{booking.number} is not {payment.party.name}'s: their money is not used for it.")


def booking_meant(booking_id: int | None, invoice_id: int | None) -> int | None:
    """The booking named, or the one of the invoice named. Refuses: InvoiceIsCancelled,
    InvoiceNotFound, PayerUnclear when they differ."""
    if invoice_id is None:
        return booking_id
    found = Invoice.objects.filter(pk=invoice_id).first()
    if found is None:
        raise InvoiceNotFound("There is no such invoice.", field="invoice_id")
    if booking_id not in (None, found.booking_id):
        raise PayerUnclear("The invoice is of another booking.", field="invoice_id")
    if found.state == CANCELLED:
        raise InvoiceIsCancelled(f"{found.number} is taken back: nothing is owed on it.", field="invoice_id")
    return found.booking_id


def read_booking(booking_id: int) -> Booking:
    """The package booking with those who may be billed for it, in one query. Refuses: BookingNotFound."""
    booking = (
        Booking.objects.select_related("customer__party", "payer__party", "agent__party", "package__group")
        .filter(pk=booking_id, product="package", deleted_at__isnull=True)
        .first()
    )
    if booking is None:
        raise BookingNotFound("There is no such booking.", field="booking_id")
    return booking


def draw_up(booking: Booking, *, exchange_rate: Decimal | None = None) -> Bill:
    """What the booking's invoice says if it is issued today.

    Refuses: NotBillable (cancelled, sent back, worth nothing), BillDoesNotAddUp, ExchangeRateNeeded.
    """
    firm = agency()
    sale = booking.package
    if booking.state not in BILLABLE:
        stands = booking.state.replace("_", " ")
        raise NotBillable(f"{booking.number} is {stands}: it cannot be invoiced.", state=booking.state)
    if booking.gross_total <= 0:
        raise NotBillable(f"{booking.number} has no price yet: there is nothing to invoice.")
    owner, party = billed_party(booking)
    place = place_of_supply(party, firm.state_code)
    lines = (
        *item_lines(_rates(sale), _counts(sale), booking.net_total),
        *tax_lines(_taxes(sale), firm.country, firm.state_code, place, booking.currency),
    )
    if (total := gross_of(lines)) != booking.gross_total:
        raise BillDoesNotAddUp(
            f"The lines of {booking.number} give {text(total)}, its total is {text(booking.gross_total)}:"
            " save its rates anew."
        )
    today = clock.today()
    return Bill(
        booking_id=booking.pk,
        booking_number=booking.number,
        trip=Trip(booking.pk, sale.group_id),
        group_code=sale.group.code,
        group_name=sale.group.name,
        departure_date=sale.group.departure_date,
        return_date=sale.group.return_date,
        party=owner,
        branch_id=booking.branch_id,
        issued_on=today,
        due_on=today + timedelta(days=party.payment_terms_days),
        currency=booking.currency,
        exchange_rate=rate_of(booking.currency, firm.base_currency, exchange_rate),
        net_total=booking.net_total,
        tax_total=booking.tax_total,
        tcs_total=booking.tcs_total,
        gross_total=booking.gross_total,
        buyer=buyer(party),
        seller=seller(firm),
        place_of_supply=place,
        lines=lines,
    )


def rate_of(currency: str, base_currency: str, given: Decimal | None) -> Decimal:
    """The rate frozen with an invoice. Refuses: ExchangeRateNeeded (a foreign one without, the own with another)."""
    if currency == base_currency:
        if given not in (None, Decimal(1)):
            raise ExchangeRateNeeded(
                f"The booking is priced in {base_currency}: leave the exchange rate out.", field="exchange_rate"
            )
        return Decimal(1)
    if given is None:
        raise ExchangeRateNeeded(
            f"The booking is priced in {currency}: give the rate of one {currency} in {base_currency}.",
            field="exchange_rate",
        )
    return given


def preview(booking: Booking) -> Bill:
    """As `draw_up`; a booking in a foreign currency is shown without its rate, which is chosen at issue."""
    firm = agency()
    if booking.currency == firm.base_currency:
        return draw_up(booking)
    return replace(draw_up(booking, exchange_rate=Decimal(1)), exchange_rate=Decimal(0))


def place_of_supply(party: Customer | Agent, agency_state: str) -> str:
    """The state the buyer is in: by GSTIN, else by address, else the agency's own (IGST Act 2017, s. 12(2))."""
    return party.gstin[:2] or party.state_code or agency_state


def _counts(sale: PackageSale) -> Counts:
    return Counts(sale.adults, sale.children, sale.infants)


def _rates(sale: PackageSale) -> list[Rate]:
    """The component rates as sold; a sale that was agreed by the head has one rate for the whole package."""
    rates = [Rate(r.item, r.adult, r.child, r.infant) for r in sale.rates.order_by("id")]
    return rates or [Rate("package", sale.adult_rate, sale.child_rate, sale.infant_rate)]


def _taxes(sale: PackageSale) -> list[TaxAmount]:
    return [
        TaxAmount(TaxLine(t.name, t.kind, t.rate, t.mode, tuple(t.applies_to)), t.base, t.amount)  # type: ignore[arg-type]
        for t in sale.taxes.all()
    ]


def buyer(party: Customer | Agent) -> dict[str, Any]:
    """The buyer as the paper names them, kept with the invoice."""
    return {
        "code": party.party.code,
        "name": party.party.name,
        "address": party.address,
        "city": party.city,
        "state_code": party.state_code,
        "country": party.country,
        "phone": party.phone,
        "email": party.email,
        "gstin": party.gstin,
        "pan": party.pan,
    }


def seller(firm: AgencyInfo) -> dict[str, Any]:
    """The agency as the paper names it, kept with the invoice."""
    return {
        "name": firm.name,
        "address": firm.address,
        "state_code": firm.state_code,
        "country": firm.country,
        "phone": firm.phone,
        "email": firm.email,
        "gstin": firm.gstin,
        "pan": firm.pan,
    }

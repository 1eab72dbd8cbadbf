"""Every read of bookings, scoped by who asks: staff see all, a partner its own, a customer its own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from qafila.groups.models import TravelGroup
from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.kernel.search import matching
from qafila.parties.models import Contact
from qafila.sales.errors import BookingNotFound, PassengerNotFound
from qafila.sales.filters import BookingFilters, narrowed
from qafila.sales.models import Booking, PackageSale, Passenger
from qafila.sales.passengers import active_passengers
from qafila.sales.people import age_on, age_warning, issue_warning, passport_warning
from qafila.sales.rules import price_sale
from qafila.sales.states import CANCELLED, FINANCE, OPS, PACKAGE
from qafila.sales.types import BookingDetail, BookingRow, GroupRef, PartyRef, PassengerRow, RateRow, TaxRow
from qafila.tax.rules import Counts, Priced, Rate, TaxLine

SORTS = {
    "id": "pk",
    "number": "number",
    "customer": "customer__party__name",
    "departure": "package__group__departure_date",
    "gross": "gross_total",
    "balance": "balance",
    "created": "pk",
}
JOINED = ("customer__party", "payer__party", "agent__party", "package__group")


@dataclass(frozen=True)
class GroupSales:
    """What is sold on a departure, in its currency."""

    bookings: int
    passengers: int
    gross: Decimal
    paid: Decimal
    balance: Decimal


def scoped(actor: Actor) -> QuerySet[Booking]:
    """The package bookings this actor may see, deleted ones left out."""
    rows = Booking.objects.filter(product="package", deleted_at__isnull=True)
    if actor.kind == "agent":
        return rows.filter(agent_id=actor.party_id)
    if actor.kind == "customer":
        return rows.filter(Q(customer_id=actor.party_id) | Q(payer_id=actor.party_id))
    return rows


def bookings(actor: Actor, window: Window, filters: BookingFilters | None = None, /, **by: Any) -> Page[BookingRow]:
    """Bookings, newest first. Three queries: the count, the page's ids, their rows.

    The ids come first, bare: whatever the filter, the order or the page, only the rows shown are joined to the seven
    tables they tell of. Filters as `BookingFilters`, or the same by keyword.
    """
    wanted = filters or BookingFilters(**by)
    rows = narrowed(matching(scoped(actor), "booking", wanted.q), wanted)
    page = paginate(rows.order_by(*order(window.sort, SORTS, "-id")).only("pk"), window, lambda row: row.pk)
    found = Booking.objects.filter(pk__in=page.items).select_related(*JOINED).in_bulk() if page.items else {}
    return Page([_row(found[pk]) for pk in page.items if pk in found], page.page, page.page_size, page.total)


def _row(booking: Booking) -> BookingRow:
    sale = booking.package
    customer = booking.customer
    return BookingRow(
        id=booking.pk,
        number=booking.number,
        state=booking.state,
        state_label=PACKAGE.label(booking.state),
        state_tone=PACKAGE.tone(booking.state),
        customer_id=booking.customer_id,
        customer=customer.party.name,
        customer_phone=customer.phone,
        payer_id=booking.payer_id,
        payer=booking.payer.party.name if booking.payer else "",
        agent_id=booking.agent_id,
        agent=booking.agent.party.name if booking.agent else "",
        group_id=sale.group_id,
        group_code=sale.group.code,
        departure_date=sale.group.departure_date,
        booking_type=sale.booking_type,
        room_type=sale.room_type,
        payment_policy=sale.payment_policy,
        finance_approval=sale.finance_approval,
        finance_approval_label=_word(sale.finance_approval),
        finance_approval_tone=FINANCE.tone(sale.finance_approval),
        ops_approval=sale.ops_approval,
        ops_approval_label=_word(sale.ops_approval),
        ops_approval_tone=OPS.tone(sale.ops_approval),
        needs_attention=sale.needs_attention,
        passengers=sale.adults + sale.children + sale.infants,
        currency=booking.currency,
        gross_total=booking.gross_total,
        paid=booking.paid,
        balance=booking.balance,
        external_ref=booking.external_ref or "",
        created_at=booking.created_at,
    )


def _word(track: str) -> str:
    """A track's state where the column's head already says whose it is."""
    return track.replace("_", " ").capitalize()


def booking(actor: Actor, booking: int | str) -> BookingDetail:
    """One package booking whole, by id or number. Four queries. Refuses: BookingNotFound."""
    by = {"pk": booking} if isinstance(booking, int) else {"number": booking.upper()}
    row = scoped(actor).filter(**by).select_related(*JOINED).first()
    if row is None:
        raise BookingNotFound("There is no such booking.")
    sale, group = row.package, row.package.group
    return BookingDetail(
        id=row.pk,
        number=row.number,
        product=row.product,
        state=row.state,
        state_label=PACKAGE.label(row.state),
        state_tone=PACKAGE.tone(row.state),
        customer=_party(row.customer),
        payer=_party(row.payer) if row.payer else None,
        agent=_party(row.agent) if row.agent else None,
        group=GroupRef(group.pk, group.code, group.name, group.group_type, group.departure_date, group.return_date),
        branch_id=row.branch_id,
        currency=row.currency,
        net_total=row.net_total,
        tax_total=row.tax_total,
        tcs_total=row.tcs_total,
        gross_total=row.gross_total,
        paid=row.paid,
        balance=row.balance,
        external_ref=row.external_ref or "",
        notes=row.notes,
        version=row.version,
        deleted_at=row.deleted_at,
        created_at=row.created_at,
        booking_type=sale.booking_type,
        room_type=sale.room_type,
        payment_policy=sale.payment_policy,
        adults=sale.adults,
        children=sale.children,
        infants=sale.infants,
        adult_rate=sale.adult_rate,
        child_rate=sale.child_rate,
        infant_rate=sale.infant_rate,
        rates=tuple(RateRow(r.item, r.adult, r.child, r.infant) for r in sale.rates.order_by("id")),
        taxes=tuple(
            TaxRow(t.name, t.kind, t.rate, t.mode, tuple(t.applies_to), t.base, t.amount) for t in sale.taxes.all()
        ),
        rates_from=sale.rates_from,
        agreed_total=sale.agreed_total,
        sheet_version=sale.sheet_version,
        finance_approval=sale.finance_approval,
        ops_approval=sale.ops_approval,
        needs_attention=sale.needs_attention,
        passengers=tuple(passenger_row(p, group) for p in row.passengers.order_by("n")),
    )


def _party(contact: Contact) -> PartyRef:
    party = contact.party
    return PartyRef(party.pk, party.code, party.name, contact.phone, contact.email)


def passenger_row(person: Passenger, group: TravelGroup) -> PassengerRow:
    """A passenger with what is to be said of their age and passport on this departure."""
    warnings = (
        age_warning(person.tier, person.date_of_birth, group.departure_date),
        passport_warning(person.passport_expiry, group.return_date),
        issue_warning(person.date_of_birth, person.passport_issued),
    )
    return PassengerRow(
        id=person.pk,
        booking_id=person.booking_id,
        n=person.n,
        customer_id=person.customer_id,
        state=person.state,
        tier=person.tier,
        is_lead=person.is_lead,
        title=person.title,
        first_name=person.first_name,
        last_name=person.last_name,
        gender=person.gender,
        date_of_birth=person.date_of_birth,
        passport_no=person.passport_no,
        passport_issued=person.passport_issued,
        passport_expiry=person.passport_expiry,
        nationality=person.nationality,
        needs_visa=person.needs_visa,
        pnr=person.pnr,
        flight_id=person.flight_id,
        age=age_on(person.date_of_birth, group.departure_date) if person.date_of_birth else None,
        warning=" ".join(w for w in warnings if w),
    )


def passenger(actor: Actor, booking_id: int, passenger_id: int) -> PassengerRow:
    """One passenger of one booking. Two queries. Refuses: BookingNotFound, PassengerNotFound."""
    row = scoped(actor).filter(pk=booking_id).select_related("package__group").first()
    if row is None:
        raise BookingNotFound("There is no such booking.")
    person = row.passengers.filter(pk=passenger_id).first()
    if person is None:
        raise PassengerNotFound(f"{row.number} has no such passenger.")
    return passenger_row(person, row.package.group)


def passengers_of_group(actor: Actor, group_id: int) -> list[tuple[BookingRow, list[PassengerRow]]]:
    """Who travels on a departure, by booking. Two queries."""
    rows = scoped(actor).filter(package__group_id=group_id).exclude(state=CANCELLED)
    rows = rows.select_related(*JOINED).order_by("id")
    listed = list(rows)
    people: dict[int, list[PassengerRow]] = {row.pk: [] for row in listed}
    group = listed[0].package.group if listed else None
    if group is not None:
        for person in active_passengers(people):
            people[person.booking_id].append(passenger_row(person, group))
    return [(_row(row), people[row.pk]) for row in listed]


def sales_of_group(group_id: int) -> GroupSales:
    """What is sold on a departure: bookings, heads, charges, collected, due. One query."""
    sums = Booking.objects.filter(package__group_id=group_id, package__is_live=True).aggregate(
        bookings=Count("pk"),
        heads=Sum("package__adults") + Sum("package__children") + Sum("package__infants"),
        gross=Sum("gross_total"),
        paid=Sum("paid"),
        balance=Sum("balance"),
    )
    nothing = Decimal(0)
    return GroupSales(
        bookings=sums["bookings"],
        passengers=sums["heads"] or 0,
        gross=sums["gross"] or nothing,
        paid=sums["paid"] or nothing,
        balance=sums["balance"] or nothing,
    )


def package_price(booking_id: int) -> Priced:
    """A booking's price from its own snapshot of rates and taxes: what an invoice is made of. Three queries."""
    sale = PackageSale.objects.filter(pk=booking_id).select_related("booking").first()
    if sale is None:
        raise BookingNotFound("There is no such booking.")
    return price_sale(
        rates_of(sale),
        tax_lines_of(sale),
        Counts(sale.adults, sale.children, sale.infants),
        sale.booking.currency,
        sale.agreed_total,
    )


def rates_of(sale: PackageSale) -> list[Rate]:
    """The component rates as sold. One query."""
    return [Rate(r.item, r.adult, r.child, r.infant) for r in sale.rates.order_by("id")]


def tax_lines_of(sale: PackageSale) -> list[TaxLine]:
    """The tax lines as sold. One query."""
    return [
        TaxLine(
            t.name,
            "tcs" if t.kind == "tcs" else "gst",
            t.rate,
            "inclusive" if t.mode == "inclusive" else "exclusive",
            tuple(t.applies_to),
        )
        for t in sale.taxes.all()
    ]

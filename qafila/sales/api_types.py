"""What the bookings' routes answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.http import ClockTime, Out, dump
from qafila.kernel.money import Amount
from qafila.sales.flights import legs_of_booking
from qafila.sales.making import MadeBooking
from qafila.sales.parts import payments_of
from qafila.sales.queries import booking


class SalePartyOut(Out):
    id: int
    code: str
    name: str
    phone: str
    email: str


class GroupRefOut(Out):
    id: int
    code: str
    name: str
    group_type: str
    departure_date: date
    return_date: date


class SaleRateOut(Out):
    item: str
    adult: Amount
    child: Amount
    infant: Amount


class TaxOut(Out):
    name: str
    kind: str
    rate: Amount
    mode: str
    applies_to: list[str]
    base: Amount
    amount: Amount


class SaleLegOut(Out):
    flight_id: int
    block_code: str
    airline: str
    direction: str
    flight_no: str
    origin: str
    destination: str
    departs_on: date
    departs_at: ClockTime
    arrives_on: date
    arrives_at: ClockTime
    terminal: str
    arrival_terminal: str
    pnr: str
    pnr_source: str
    label: str


class PassengerOut(Out):
    id: int
    n: int
    customer_id: int | None
    state: str
    tier: str
    is_lead: bool
    title: str
    first_name: str
    last_name: str
    gender: str
    date_of_birth: date | None
    passport_no: str
    passport_issued: date | None
    passport_expiry: date | None
    nationality: str
    needs_visa: bool
    pnr: str
    flight_id: int | None
    age: int | None
    warning: str
    flights: list[SaleLegOut] = []


class PaymentPartOut(Out):
    payment_id: int
    number: str
    state: str
    method: str
    amount: Amount
    currency: str
    received_on: date


class BookingRowOut(Out):
    id: int
    number: str
    state: str
    customer_id: int
    customer: str
    customer_phone: str
    payer_id: int | None
    payer: str
    agent_id: int | None
    agent: str
    group_id: int
    group_code: str
    departure_date: date
    booking_type: str
    room_type: str
    payment_policy: str
    finance_approval: str
    ops_approval: str
    needs_attention: str
    passengers: int
    currency: str
    gross_total: Amount
    paid: Amount
    balance: Amount
    external_ref: str
    created_at: datetime


class BookingOut(Out):
    """One booking whole. `balance` = `gross_total` - `paid`, all in `currency`."""

    id: int
    number: str
    product: str
    state: str
    customer: SalePartyOut
    payer: SalePartyOut | None
    agent: SalePartyOut | None
    group: GroupRefOut
    branch_id: int | None
    currency: str
    net_total: Amount
    tax_total: Amount
    tcs_total: Amount
    gross_total: Amount
    paid: Amount
    balance: Amount
    external_ref: str
    notes: str
    version: int
    created_at: datetime
    booking_type: str
    room_type: str
    payment_policy: str
    adults: int
    children: int
    infants: int
    adult_rate: Amount
    child_rate: Amount
    infant_rate: Amount
    rates: list[SaleRateOut]
    taxes: list[TaxOut]
    rates_from: str
    agreed_total: Amount | None
    finance_approval: str
    ops_approval: str
    needs_attention: str
    passengers: list[PassengerOut]
    payments: list[PaymentPartOut] = []


class WarnedOut(Out):
    """Something to look at; `passenger` counts from 0."""

    passenger: int | None
    text: str


class MadeOut(Out):
    """A booking just made; GET it for the rest."""

    id: int
    number: str
    state: str
    group_id: int
    group_code: str
    customer_id: int
    currency: str
    net_total: Amount
    tax_total: Amount
    tcs_total: Amount
    gross_total: Amount
    paid: Amount
    balance: Amount
    adults: int
    children: int
    infants: int
    version: int
    passenger_ids: list[int]
    warnings: list[WarnedOut]


class EntryOut(Out):
    """A journal entry that is posted, in base currency."""

    class SaleLineOut(Out):
        account: str
        debit: Amount
        credit: Amount

    narration: str
    total: Amount
    lines: list[SaleLineOut]


class CancellationOut(Out):
    """What a cancellation brought with it, or with `preview` would bring: seats given back, money taken off the booking
    to its payer's account, entries posted."""

    preview: bool
    booking_id: int
    number: str
    state: str
    currency: str
    seats: int
    gross_before: Amount
    gross_after: Amount
    freed: Amount
    told: list[str]
    entries: list[EntryOut]


class RowErrorOut(Out):
    class ImportErrorAt(Out):
        loc: list[str | int]
        msg: str

    code: str
    detail: str
    errors: list[ImportErrorAt]


class RowOut(Out):
    """What became of one row; `already`: an earlier run had made it."""

    n: int
    ref: str
    ok: bool
    booking_id: int | None = None
    number: str | None = None
    already: bool = False
    error: RowErrorOut | None = None
    warnings: list[str] = []


class ImportOut(Out):
    dry_run: bool
    ok: int
    already: int
    failed: int
    results: list[RowOut]


def made_out(made: MadeBooking) -> dict[str, Any]:
    """A booking just made as JSON."""
    answer: dict[str, Any] = dump(MadeOut, made)
    return answer


def booking_out(actor: Actor, booking_id: int) -> dict[str, Any]:
    """One booking as JSON, with what its passengers fly and what was paid for it."""
    found = booking(actor, booking_id)
    legs = legs_of_booking(found)
    answer: dict[str, Any] = dump(BookingOut, found)
    for person in answer["passengers"]:
        person["flights"] = [dump(SaleLegOut, leg) for leg in legs.get(person["id"], ())]
    answer["payments"] = [dump(PaymentPartOut, part) for part in payments_of(actor, found.id)]
    return answer


def cancellation_out(answer: Any, *, preview: bool) -> dict[str, Any]:
    entries = [
        {
            "narration": e.narration,
            "total": e.total,
            "lines": [{"account": a, "debit": d, "credit": c} for a, d, c in e.lines],
        }
        for e in answer.entries
    ]
    plain = {name: getattr(answer, name) for name in CancellationOut.model_fields if hasattr(answer, name)}
    told: dict[str, Any] = dump(CancellationOut, {**plain, "entries": entries, "preview": preview})
    return told

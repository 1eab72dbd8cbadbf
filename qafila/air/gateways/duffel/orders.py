"""Duffel's orders as the contract's snapshot. Duffel tells no booking classes and no coupon states: a document's status
stays unknown until the order is cancelled, which voids or refunds all of them. Source: suppliers.md 4, trap 12.
"""

from __future__ import annotations

import re

from qafila.air.gateways.duffel.offers import baggage, conditions, fares, flown_as, passenger_type, time_limits, times
from qafila.air.gateways.duffel.wire import Part, day, flag, left_over, moment, money, part, parts, text, texts
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.settings import DuffelSettings
from qafila.air.gateways.values import (
    CouponStatus,
    Document,
    OrderRef,
    OrderSegment,
    OrderSnapshot,
    OrderTraveller,
    PassengerType,
    SegmentState,
)

KEY = "key"  # the name of our attempt's key in an order's metadata
ORDER = frozenset({
    "airline_initiated_changes", "available_actions", "base_amount", "base_currency", "booking_reference",
    "booking_references", "cancellation", "cancelled_at", "conditions", "content", "created_at", "documents", "id",
    "live_mode", "metadata", "owner", "passengers", "payment_status", "services", "slices", "synced_at", "tax_amount",
    "tax_currency", "total_amount", "total_currency",
})  # fmt: skip


def order(data: Part, settings: DuffelSettings) -> OrderSnapshot:
    """One order. Raises: Unreadable (no id, an amount that is none)."""
    reference = text(data, "id")
    if not reference:
        raise Unreadable("An order without its id.", supplier=settings.code)
    notes: list[str] = []
    problems: list[str] = []
    people = _travellers(data, notes)
    documents = _documents(data, people, notes)
    total, carrier = money(data, "total"), text(data, "owner", "iata_code")
    cancelled = bool(text(data, "cancelled_at") or text(data, "cancellation", "confirmed_at"))
    awaiting = flag(data, "payment_status", "awaiting_payment")
    refundable = flag(data, "conditions", "refund_before_departure", "allowed")
    passengers = parts(data, "passengers")
    return OrderSnapshot(
        ref=OrderRef(settings.code, reference),
        locator=text(data, "booking_reference"),
        version=text(data, "synced_at"),
        travellers=people,
        segments=_segments(data, people, cancelled=cancelled, notes=notes),
        documents=documents,
        # A payment that is not awaited has no limit any more.
        time_limits=() if awaiting is False else time_limits(part(data, "payment_status"), problems),
        fares=fares(data, total, passengers, notes, validating_carrier=carrier, refundable=refundable) if total else (),
        total=total,
        paid=_paid(data, cancelled=cancelled, documents=documents),
        cancelled=cancelled,
        key=text(data, "metadata", KEY),
        created_at=moment(data.get("created_at")),
        validating_carrier=carrier,
        notes=(*notes, *_notes(data)),
        problems=tuple(problems),
        simulated=settings.world == "simulated",
    )


def passenger_ids(snapshot: OrderSnapshot) -> frozenset[str]:
    """Who an order is for, by the supplier's references."""
    return frozenset(traveller.id for traveller in snapshot.travellers)


def number_of(written: str) -> str:
    """A document's number: 13 digits when it is a real one (a right check digit is cut off), else as it stands ("1" in
    the test mode). The check digit is the number modulo 7.
    """
    plain = re.sub(r"[\s-]", "", written)
    if re.fullmatch(r"[0-9]{14}", plain) and int(plain[:13]) % 7 == int(plain[13]):
        return plain[:13]
    return plain if re.fullmatch(r"[0-9]{13,14}", plain) else written


def _paid(data: Part, *, cancelled: bool, documents: tuple[Document, ...]) -> bool | None:
    awaiting = flag(data, "payment_status", "awaiting_payment")
    if text(data, "payment_status", "paid_at"):
        return True
    if awaiting is False and cancelled and not documents:
        return None  # nothing is awaited for a hold that was let go, either
    return None if awaiting is None else not awaiting


def _travellers(data: Part, notes: list[str]) -> tuple[OrderTraveller, ...]:
    people = parts(data, "passengers")
    ids = [text(person, "id") or f"#{number}" for number, person in enumerate(people, 1)]
    carried = {infant: ids[n] for n, person in enumerate(people) if (infant := text(person, "infant_passenger_id"))}
    for infant, adult in carried.items():
        if infant not in ids:
            notes.append(f"The infant {infant} of {adult} is not in the order.")
    return tuple(
        OrderTraveller(
            id=ids[n],
            # An infant may be told by nothing but the adult who carries it.
            type=PassengerType.INFANT if ids[n] in carried else passenger_type(person),
            first_name=text(person, "given_name"),
            last_name=text(person, "family_name"),
            birth_date=day(person.get("born_on")),
            infant_of=carried.get(ids[n]),
        )
        for n, person in enumerate(people)
    )


def _documents(data: Part, people: tuple[OrderTraveller, ...], notes: list[str]) -> tuple[Document, ...]:
    gone = text(data, "cancelled_at") or text(data, "cancellation", "confirmed_at")
    found = []
    for raw in parts(data, "documents"):
        written = text(raw, "unique_identifier")
        number, kind = number_of(written), text(raw, "type")
        owners = texts(raw, "passenger_ids")
        if not owners and len(people) == 1:
            owners = (people[0].id,)  # version 1 names nobody
        if not written:
            notes.append("A document without a number.")
            continue
        if not re.fullmatch(r"[0-9]{13}", number):
            notes.append(f"The document number {number} is none of an airline: Duffel's test mode numbers its own.")
        if not owners:
            notes.append(f"Nobody says whose the document {number} is.")
        found.append(
            Document(
                number=number,
                travellers=owners,
                status=CouponStatus.REFUNDED if gone else CouponStatus.UNKNOWN,
                kind="ticket" if kind in {"electronic_ticket", ""} else "emd",
                validating_carrier=text(data, "owner", "iata_code"),
                text=f"{kind} {written}".strip(),
            )
        )
    return tuple(found)


def _segments(
    data: Part, people: tuple[OrderTraveller, ...], *, cancelled: bool, notes: list[str]
) -> tuple[OrderSegment, ...]:
    airline = {
        text(each, "carrier", "iata_code"): text(each, "booking_reference")
        for each in parts(data, "booking_references")
    }
    seats = sum(traveller.type is not PassengerType.INFANT for traveller in people) or 1
    moved = _moved(data, notes)
    found: list[OrderSegment] = []
    for piece in parts(data, "slices"):
        for flight in parts(piece, "segments"):
            departs, arrives = times(flight, notes)
            carrier, number = flown_as(flight)
            name = text(flight, "id") or f"#{len(found) + 1}"
            state, status = moved.get(name, (SegmentState.CONFIRMED, ""))
            found.append(
                OrderSegment(
                    id=name,
                    carrier=carrier,
                    number=number,
                    origin=text(flight, "origin", "iata_code"),
                    destination=text(flight, "destination", "iata_code"),
                    departs=departs,
                    arrives=arrives,
                    booking_class="",
                    status="cancelled" if cancelled else status,
                    state=SegmentState.CANCELLED if cancelled else state,
                    seats=seats,
                    airline_locator=airline.get(carrier) or text(data, "booking_reference"),
                    equipment=text(flight, "aircraft", "iata_code"),
                )
            )
            if bags := baggage(parts(flight, "passengers")):
                notes.append(f"{carrier}{number}: {bags} checked.")
    return tuple(found)


def _moved(data: Part, notes: list[str]) -> dict[str, tuple[SegmentState, str]]:
    """The flights that the airline took away and nobody answered yet: changed when it offers others, else cancelled."""
    moved: dict[str, tuple[SegmentState, str]] = {}
    for change in parts(data, "airline_initiated_changes"):
        taken = text(change, "action_taken")
        offered = [
            f"{''.join(flown_as(flight))} {text(flight, 'departing_at')}"
            for piece in parts(change, "added")
            for flight in parts(piece, "segments")
        ]
        removed = [text(flight, "id") for piece in parts(change, "removed") for flight in parts(piece, "segments")]
        state = SegmentState.CHANGED if offered else SegmentState.CANCELLED
        told = f"instead {', '.join(offered)}" if offered else "nothing instead"
        notes.append(f"The airline's change {text(change, 'id')}: {told}; {taken or 'not answered'}.")
        if not taken:
            moved |= dict.fromkeys(removed, (state, "airline_initiated_change"))
    return moved


def _notes(data: Part) -> list[str]:
    notes = []
    if actions := texts(data, "available_actions"):
        notes.append(f"Duffel offers: {', '.join(actions)}.")
    if gone := text(data, "cancelled_at"):
        notes.append(f"Cancelled at {gone}.")
    for service in parts(data, "services"):
        cost = " ".join(filter(None, (text(service, "total_amount"), text(service, "total_currency"))))
        what = " ".join(filter(None, (text(service, "type"), text(service, "metadata", "designator"), cost)))
        notes.append(f"Service: {what}.")
    notes += conditions(data)
    unawaited = flag(data, "payment_status", "awaiting_payment") is False
    if unawaited and not gone and not parts(data, "documents"):
        notes.append("Paid, and no document is shown (yet): some carriers issue none.")
    if content := text(data, "content"):
        notes.append(f"Content: {content}.")
    return notes + list(left_over(data, ORDER))

"""Offers, orders, prices and quotes as a person at the counter reads them: tables of text, local times, plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from qafila.air.gateways.calllog import Exchange
from qafila.air.gateways.outcomes import Refused, Unknown
from qafila.air.gateways.values import (
    CouponStatus,
    Document,
    FareLine,
    Money,
    Offer,
    OfferSegment,
    OrderSnapshot,
    Priced,
    Refunded,
    RefundQuote,
    SearchQuery,
    TimeLimit,
)
from qafila.air.typed import counted
from qafila.kernel.clock import zone

SIMULATOR = "SIMULATOR"
HEAD = ("No", "Flight", "From", "To", "Stops", "Duration", "Class", "Fare basis", "Baggage", "Total", "Ticket by", "")
RIGHT = {"No", "Total", "Each", "Count", "Base", "Taxes", "Seats"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, indent: str = "") -> str:
    """Columns as wide as what is in them; amounts to the right."""
    all_rows = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(head))]
    lines = [
        "  ".join(
            text.rjust(width) if name in RIGHT else text.ljust(width)
            for text, width, name in zip(row, widths, head, strict=True)
        )
        for row in all_rows
    ]
    return "\n".join((indent + line).rstrip() for line in lines)


def day(moment: datetime) -> str:
    """`Mon 18 Jan 2027`."""
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def clock(moment: datetime | None, *, after: datetime | None = None) -> str:
    """`09:05`, with `+1` when it is the next day where it happens."""
    if moment is None:
        return "?"
    days = (moment.date() - after.date()).days if after else 0
    return f"{moment:%H:%M}{f'{days:+d}' if days else ''}"


def until(moment: datetime | None) -> str:
    """`22 Nov 2026 04:30 IST`: a time limit with its zone, and with the agency's clock beside another one:
    `21 Nov 2026 20:30 UTC (22 Nov 02:00 IST)`.
    """
    if moment is None:
        return ""
    told = f"{moment.day} {moment:%b %Y %H:%M} {moment.tzname() or ''}".rstrip()
    here = moment.astimezone(zone()) if moment.tzinfo else moment
    if here.utcoffset() == moment.utcoffset():
        return told
    date = f"{here.day} {here:%b} " if here.date() != moment.date() else ""
    return f"{told} ({date}{here:%H:%M %Z})"


def duration(length: timedelta) -> str:
    """`6h45`."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60}h{minutes % 60:02}"


# -- offers -----------------------------------------------------------------------------------------------------------


def offers(query: SearchQuery, found: Sequence[Offer], supplier: str) -> str:
    """The offers of a search, numbered as `hold` takes them."""
    way = ", ".join(
        f"{leg.origin} to {leg.destination} on {leg.date:%a} {leg.date.day} {leg.date:%b %Y}" for leg in query.slices
    )
    head = f"{way} for {counted(query.travellers())}: {len(found)} offer{'' if len(found) == 1 else 's'} of {supplier}"
    if not found:
        return f"{way} for {counted(query.travellers())}: {supplier} offers nothing."
    rows = [row for number, offer in enumerate(found, 1) for row in _offer(number, offer)]
    told = sorted({offer.total.currency for offer in found} - {query.currency})
    other = f"\n\nNote: {supplier} tells prices in {', '.join(told)} only." if query.currency and told else ""
    shown = [place for place, name in enumerate(HEAD) if name != "Baggage" or any(row[place] for row in rows)]
    told_rows = [[row[place] for place in shown] for row in rows]
    return f"{head}\n\n{table([HEAD[place] for place in shown], told_rows)}{other}"


def _offer(number: int, offer: Offer) -> Iterable[tuple[str, ...]]:
    by = min((limit.at for limit in offer.time_limits), default=offer.expires_at)
    marks = " ".join(([SIMULATOR] if offer.simulated else []) + ([] if offer.can_hold else ["pay at once"]))
    first = True
    for leg in sorted({segment.slice for segment in offer.segments}):
        segments = [segment for segment in offer.segments if segment.slice == leg]
        for place, segment in enumerate(segments):
            yield (
                str(number) if first else "",
                flight(segment),
                f"{segment.origin} {clock(segment.departs, after=segments[0].departs)}",
                f"{segment.destination} {clock(segment.arrives, after=segments[0].departs)}",
                stops(len(segments) - 1) if place == 0 else "",
                duration(segments[-1].arrives - segments[0].departs) if place == 0 else "",
                segment.booking_class or segment.cabin,
                segment.fare_basis,
                segment.baggage or next((fare.baggage for fare in offer.fares if fare.baggage), ""),
                str(offer.total) if first else "",
                until(by) if first else "",
                marks if first else "",
            )
            first = False


def flight(segment: OfferSegment) -> str:
    """`SV 805`, with who operates it when that is another."""
    other = segment.operated_by
    return f"{segment.carrier} {segment.number}{f' ({other})' if other and other != segment.carrier else ''}"


def stops(count: int) -> str:
    return "direct" if not count else f"{count} stop{'s' if count > 1 else ''}"


# -- orders -----------------------------------------------------------------------------------------------------------


def order(snapshot: OrderSnapshot) -> str:
    """The supplier's record: who flies where, with which documents, until when something must be done."""
    locator = f" ({snapshot.locator})" if snapshot.locator and snapshot.locator != snapshot.ref.id else ""
    marks = [text for text, is_so in ((SIMULATOR, snapshot.simulated), ("CANCELLED", snapshot.cancelled)) if is_so]
    parts = [f"Order {snapshot.ref}{locator}{''.join(f'  {mark}' for mark in marks)}"]
    parts += [f"  {number}. {_person(snapshot, traveller.id)}  {traveller.type.value}"
              + (f", with {_person(snapshot, traveller.infant_of)}" if traveller.infant_of else "")
              for number, traveller in enumerate(snapshot.travellers, 1)]  # fmt: skip
    if snapshot.segments:
        head = ("Flight", "Day", "From", "To", "Class", "Status", "Airline's locator")
        rows = [
            (f"{s.carrier} {s.number}", day(s.departs) if s.departs else "?", f"{s.origin} {clock(s.departs)}",
             f"{s.destination} {clock(s.arrives, after=s.departs)}", s.booking_class,
             " ".join(dict.fromkeys(word for word in (s.status, s.state.value) if word)), s.airline_locator)
            for s in snapshot.segments
        ]  # fmt: skip
        parts.append(table(head, rows, indent="  "))
    if snapshot.documents:
        parts.append(documents(snapshot.documents, snapshot))
    parts += [f"  {line}" for line in limits(snapshot.time_limits)]
    if snapshot.total:
        parts.append(f"  Total {snapshot.total}{paid(snapshot.paid)}")
    return "\n".join([*parts, *(f"  Note: {text}" for text in (*snapshot.problems, *snapshot.notes))])


def paid(is_paid: bool | None) -> str:
    return {True: ", paid", False: ", not paid yet", None: ""}[is_paid]


def documents(
    found: Iterable[Document], snapshot: OrderSnapshot | None = None, people: Mapping[str, str] | None = None
) -> str:
    """Ticket numbers, whose they are and how their coupons stand. `people`: names where there is no record to hand."""
    rows = []
    for document in found:
        names = [_person(snapshot, who) if snapshot else (people or {}).get(who, who) for who in document.travellers]
        coupons = ", ".join(f"{c.number} {c.code or c.status.value}" for c in document.coupons)
        state = document.status.value if document.status is not CouponStatus.UNKNOWN else "issued"
        issued = f"{document.issued_on:%d %b %Y}" if document.issued_on else ""
        rows.append(
            (document.number, document.kind, ", ".join(names), state, coupons, str(document.amount or ""), issued)
        )
    return table(("Document", "Kind", "Traveller", "Status", "Coupons", "Total", "Issued on"), rows, indent="  ")


def _person(snapshot: OrderSnapshot | None, ref: str | None) -> str:
    found = next((t for t in snapshot.travellers if t.id == ref), None) if snapshot else None
    return f"{found.last_name}/{found.first_name}" if found else ref or "?"


def limits(found: Iterable[TimeLimit]) -> list[str]:
    """Every time limit, the earliest first."""
    ordered = sorted(found, key=lambda limit: limit.at)
    return [
        f"{limit.kind.value.capitalize()} limit: {until(limit.at)}{f'  ({limit.text})' if limit.text else ''}"
        for limit in ordered
    ]


# -- money ------------------------------------------------------------------------------------------------------------


def priced(price: Priced) -> str:
    """What issuing would cost."""
    parts = [f"{price.ref} costs {price.total}", *([fares(price.fares)] if price.fares else [])]
    if price.guaranteed:
        parts.append(f"  The price is promised{f' until {until(price.valid_until)}' if price.valid_until else ''}.")
    elif price.valid_until:
        parts.append(f"  Valid until {until(price.valid_until)}, not promised.")
    parts += [f"  {line}" for line in limits(price.time_limits)]
    return "\n".join([*parts, *(f"  Note: {note}" for note in price.notes)])


def fares(lines: Iterable[FareLine]) -> str:
    head = ("Type", "Count", "Base", "Taxes", "Each", "Fare basis", "Baggage", "Validating carrier")
    return table(
        head,
        [
            (line.passenger_type.value, str(line.count), str(line.base), str(line.tax), str(line.total),
             " ".join(dict.fromkeys(line.fare_bases)), line.baggage, line.validating_carrier)
            for line in lines
        ],
        indent="  ",
    )  # fmt: skip


def quoted(quote: RefundQuote) -> str:
    """What a refund would give, so far as the supplier says."""
    amounts: list[tuple[str, Money | None]] = [
        ("paid", quote.paid), ("used", quote.used), ("penalty", quote.penalty), ("taxes back", quote.tax_refund),
        ("not given back", _kept(quote)),
    ]  # fmt: skip
    known = ", ".join(f"{name} {amount}" for name, amount in amounts if amount is not None)
    back = str(quote.refund) if quote.refund else "an amount that the supplier does not know yet"
    to = f" to {quote.refund_to}" if quote.refund_to else ""
    parts = [f"{quote.ref}: {back} back for {', '.join(quote.documents)}{to}"]
    parts += [f"  {known}"] if known else []
    parts += [f"  Valid until {until(quote.expires_at)}"] if quote.expires_at else []
    return "\n".join([*parts, *(f"  Note: {note}" for note in quote.notes)])


def _kept(quote: RefundQuote) -> Money | None:
    """What the airline keeps of what was paid, whatever it calls it."""
    if quote.paid is None or quote.refund is None or quote.paid.currency != quote.refund.currency:
        return None
    return quote.paid - quote.refund if quote.paid != quote.refund else None


def refunded(done: Refunded) -> str:
    back = f"{done.refund} back" if done.refund else "amount not told"
    return f"Refunded: {', '.join(done.documents)}; {back}{f'; reference {done.reference}' if done.reference else ''}."


# -- outcomes ---------------------------------------------------------------------------------------------------------


def refused(outcome: Refused, what: str) -> str:
    """Who refuses, in whose words; it did not happen."""
    who = "Not done" if outcome.by == "us" else "Refused by the supplier"
    words = f"{what}: {who}: {outcome.text} [{outcome.code}]"
    return words + (f"\nTry again after {until(outcome.retry_at)}." if outcome.retry_at else "") + _notes(outcome.notes)


def unknown(outcome: Unknown, what: str, people: Mapping[str, str] | None = None) -> str:
    """Never "failed": either nothing was sent, or the airline's record will tell. `people`: names by reference."""
    code = f" [{outcome.code}]" if outcome.code else ""
    if not outcome.sent:
        return f"{what}: nothing was sent, it may be tried again: {outcome.text}{code}{_notes(outcome.notes)}"
    parts = [f"{what}: not known yet, confirming with the airline: {outcome.text}{code}"]
    if outcome.seen:
        parts += ["Seen so far:", documents(outcome.seen, people=people)]
    name = outcome.ref or "ORDER"
    parts.append(f"Do not do it again; look at the airline's record: qafila air retrieve {name}")
    return "\n".join(parts) + _notes(outcome.notes)


def _notes(notes: Iterable[str]) -> str:
    return "".join(f"\nNote: {note}" for note in notes)


def exchange(told: Exchange) -> str:
    """One masked exchange: what was asked and answered, when, and how long it took."""
    status = f" {told.status}" if told.status is not None else ""
    head = f"{told.at:%Y-%m-%d %H:%M:%S}Z  {told.supplier}  {told.message}{status}  {told.milliseconds} ms"
    marks = [f"{name} {value}" for name, value in (("reference", told.reference), ("key", told.key)) if value]
    parts = [head + "".join(f"  {mark}" for mark in marks)]
    parts += [f"  went wrong: {told.error}"] if told.error else []
    return "\n".join([*parts, f"  > {told.request}" if told.request else "  >", f"  < {told.response}"])

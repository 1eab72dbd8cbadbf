"""Refund and cancel: both are a cancellation of the whole order, and confirming it makes the difference. The look is at
the cancellation for a refund, at the order for the rest. Source: suppliers.md 4.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from qafila.air.gateways.duffel.client import Reply
from qafila.air.gateways.duffel.judging import decide, step
from qafila.air.gateways.duffel.offers import NO_REFUND
from qafila.air.gateways.duffel.read import Cancellation
from qafila.air.gateways.duffel.records import Records, confirmation
from qafila.air.gateways.duffel.wire import text
from qafila.air.gateways.errors import SupplierError, SupplierRefused, Unsupported
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Unknown
from qafila.air.gateways.values import Document, Money, OrderRef, OrderSnapshot, Refunded, RefundQuote
from qafila.air.gateways.verdicts import Said, Seen, Settled, ours, settle


def refund_quote(records: Records, ref: OrderRef, documents: Sequence[Document]) -> RefundQuote:
    """What cancelling would give back. Raises: Unsupported (not the whole order), SupplierRefused (nothing was paid,
    cancelled already), SupplierError.
    """
    snapshot = records.order(ref)
    if snapshot.cancelled:
        raise SupplierRefused(f"The order {snapshot.locator} is cancelled.", supplier_code="ORDER_CANCELLED")
    if not snapshot.paid and not snapshot.documents:
        raise SupplierRefused(f"Nothing was paid for the order {snapshot.locator}.", supplier_code="NOT_PAID")
    asked = {document.number for document in documents}
    tickets = {document.number for document in snapshot.documents if document.kind == "ticket"}
    if not tickets <= asked or not asked <= {document.number for document in snapshot.documents}:
        raise Unsupported("Duffel refunds whole orders only: all their documents together.", supplier=records.code)
    quoted = records.quoted(ref)
    penalty = None
    if snapshot.total and quoted.refund and quoted.refund.currency == snapshot.total.currency:
        penalty = snapshot.total - quoted.refund
    return RefundQuote(
        ref=ref,
        documents=tuple(document.number for document in documents),
        refund=quoted.refund,
        token=json.dumps({"cancellation": quoted.id}),
        paid=snapshot.total,
        penalty=penalty,
        refund_to=quoted.refund_to,
        expires_at=quoted.expires_at,
        notes=(*_despite(snapshot, penalty), *quoted.notes),
    )


def _despite(snapshot: OrderSnapshot, penalty: Money | None) -> tuple[str, ...]:
    """Duffel has no void of its own: on the day of issue a cancellation may give back what the conditions deny. Then
    the quote stands beside conditions that say otherwise, and the note tells which of the two counts.
    """
    forbidden = any(note.startswith(NO_REFUND) for note in snapshot.notes)
    if not forbidden or penalty is None or penalty.amount:
        return ()
    return ("The fare's conditions allow no refund, yet this quote gives all of it back: it counts, until it expires.",)


def refund(records: Records, quote: RefundQuote, key: str) -> Outcome[Refunded]:
    """Raises: Settled (nothing is sent)."""
    ref, name = quote.ref, _cancellation_of(quote)
    found = step(lambda: records.cancellation(name, ref, key=key), ref)
    if found.confirmed:
        return Done(_refunded(found, quote), notes=("It was confirmed before.",))
    if found.refund != quote.refund:
        raise ours("QUOTE_CHANGED", f"The refund is {found.refund} now, no longer {quote.refund}.")

    def yes(reply: Reply) -> Done[Refunded] | None:
        made = records.cancellation_of(reply.data, ref)
        return _done(made, quote) if made.id == name and made.confirmed else None

    def look() -> Seen[Refunded]:
        seen = records.cancellation(name, ref, key=key)
        if not seen.confirmed:
            return Seen("none")
        done = _done(seen, quote)
        return Seen("all", done.value, notes=done.notes)

    said = decide(lambda: records.client.post(confirmation(name), None, key=key), yes, ref)
    return said.reply or settle(said, look, ref)


def cancel(records: Records, ref: OrderRef, key: str) -> Outcome[OrderSnapshot]:
    """Only for what was never paid. Raises: Settled (nothing is sent)."""
    snapshot = step(lambda: records.order(ref, key=key), ref)
    if snapshot.cancelled:
        return Done(snapshot, notes=("It was cancelled before.",))
    if snapshot.paid or snapshot.documents:
        raise ours("DOCUMENTS_LIVE", "The order is paid: it must be refunded.")
    if snapshot.paid is None:
        text = "The order does not say whether it is paid."
        raise Settled(Unknown(Doubt.UNDECIDED, text, sent=False, ref=ref))
    quoted = step(lambda: records.quoted(ref, key=key), ref)
    if quoted.refund is not None and quoted.refund.amount > 0:
        raise ours("DOCUMENTS_LIVE", "The order was paid meanwhile: it must be refunded.")

    def yes(reply: Reply) -> None:
        if not records.cancellation_of(reply.data, ref).confirmed:
            raise SupplierError("The cancellation is not confirmed.", supplier=records.code)

    def look() -> Seen[OrderSnapshot]:
        seen = records.order(ref, key=key)
        return Seen("all", seen) if seen.cancelled else Seen("none")

    said: Said[Done[OrderSnapshot]] = decide(
        lambda: records.client.post(confirmation(quoted.id), None, key=key), yes, ref
    )
    return settle(said, look, ref)


def _done(found: Cancellation, quote: RefundQuote) -> Done[Refunded]:
    changed = () if found.refund == quote.refund else (f"{found.refund} is refunded, where {quote.refund} was quoted.",)
    return Done(_refunded(found, quote), notes=changed)


def _refunded(found: Cancellation, quote: RefundQuote) -> Refunded:
    return Refunded(quote.documents, found.refund, reference=found.id, at=found.confirmed_at)


def _cancellation_of(quote: RefundQuote) -> str:
    try:
        name = text(json.loads(quote.token), "cancellation")
    except ValueError:
        name = ""
    if not name:
        raise ours("QUOTE_UNKNOWN", "This is no quote of Duffel's.")
    return name

"""Price and issue. An order's total is its price; POST /air/payments makes the difference; the look is at the order.

Paid without documents is unconfirmed: they may come later, and some carriers never issue any. An order with documents
is never paid again, whatever it says of its payment (trap 12).
"""

from __future__ import annotations

from qafila.air.gateways.duffel.client import Reply
from qafila.air.gateways.duffel.judging import decide, step
from qafila.air.gateways.duffel.read import payment
from qafila.air.gateways.duffel.records import Records
from qafila.air.gateways.duffel.requests import payment_body
from qafila.air.gateways.errors import NotOurs, SupplierError
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Unknown
from qafila.air.gateways.values import Issued, LimitKind, Money, OrderRef, OrderSnapshot, Priced, stored
from qafila.air.gateways.verdicts import Said, Seen, Settled, ours, settle

UNGUARANTEED = "The price is not guaranteed: it is read again before the order is paid."


def price(records: Records, ref: OrderRef) -> Outcome[Priced]:
    """The order's current total. Raises: Settled; nothing is ever sent."""
    snapshot = _open(step(lambda: records.order(ref), ref))
    if snapshot.total is None:
        raise Settled(Unknown(Doubt.UNDECIDED, "The order shows no price.", sent=False, ref=ref))
    promised = next((limit.at for limit in snapshot.time_limits if limit.kind is LimitKind.GUARANTEE), None)
    limit = snapshot.time_limit
    return Done(
        Priced(
            ref=ref,
            fares=snapshot.fares,
            total=snapshot.total,
            token=stored(snapshot.total),
            version=snapshot.version,
            guaranteed=promised is not None,
            valid_until=promised or (limit.at if limit else None),
            time_limits=snapshot.time_limits,
            notes=() if promised else (UNGUARANTEED,),
        )
    )


def issue(records: Records, ref: OrderRef, priced: Priced, key: str) -> Outcome[Issued]:
    """Raises: Settled (nothing is sent)."""
    snapshot = _open(step(lambda: records.order(ref, key=key), ref))
    if done := issued(snapshot):
        return Done(done, notes=("It was ticketed before.",))
    if snapshot.total is None or snapshot.paid is None:
        untold = "The order does not say what it costs, or whether it is paid."
        raise Settled(Unknown(Doubt.UNDECIDED, untold, sent=False, ref=ref))
    if priced.ref != ref:
        raise ours("OTHER_ORDER", f"The price is that of {priced.ref}, not of {ref}.")
    if snapshot.total != priced.total:
        raise ours("PRICE_CHANGED", f"The order costs {snapshot.total} now, no longer {priced.total}.")
    body, total = payment_body(ref.id, snapshot.total, records.settings), snapshot.total

    def yes(reply: Reply) -> None:
        check_payment(records, reply, ref, total)

    def look() -> Seen[Issued]:
        done = issued(records.order(ref, key=key))
        return Seen("all", done) if done else Seen("none")

    said: Said[Done[Issued]] = decide(lambda: records.client.post("/air/payments", body, key=key), yes, ref)
    return settle(said, look, ref)


def check_payment(records: Records, reply: Reply, ref: OrderRef, total: Money) -> None:
    """A yes to a payment is only one when it is ours, whole and carried out. Raises: NotOurs, SupplierError."""
    made = payment(reply.data, records.settings)
    if made.amount != total or made.order_id not in {"", ref.id}:
        raise NotOurs(f"{records.code} answered with another payment, {made.id}.", supplier=records.code)
    if made.status not in {"", "succeeded"}:
        raise SupplierError(f"The payment {made.id} is {made.status}.", supplier=records.code)


def issued(snapshot: OrderSnapshot) -> Issued | None:
    """Every traveller's documents; None when nothing was paid nor issued. Raises: Settled for what lies between."""
    missing = snapshot.unticketed()
    if snapshot.documents and snapshot.travellers and not missing:
        return Issued(snapshot.documents, snapshot)
    ref, seen = snapshot.ref, snapshot.documents
    if seen:
        names = ", ".join(f"{one.first_name} {one.last_name}" for one in missing) or "nobody we know"
        raise Settled(Unknown(Doubt.PARTIAL, f"Documents are missing for {names}.", ref=ref, seen=seen))
    if snapshot.paid:
        raise Settled(Unknown(Doubt.UNCONFIRMED, "The order is paid; its documents are not shown (yet).", ref=ref))
    return None


def _open(snapshot: OrderSnapshot) -> OrderSnapshot:
    if snapshot.cancelled:
        raise ours("ORDER_CANCELLED", f"The order {snapshot.locator} is cancelled.")
    return snapshot

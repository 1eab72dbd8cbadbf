"""Hold: POST /air/orders makes the difference; the look is through the newest orders for our key."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.air.gateways.duffel.client import Reply
from qafila.air.gateways.duffel.records import ORDERS, Records
from qafila.air.gateways.duffel.requests import KEY_FORM, hold_body
from qafila.air.gateways.duffel.settling import attempt, no, settled
from qafila.air.gateways.duffel.wire import Part, flag, money
from qafila.air.gateways.masking import personal
from qafila.air.gateways.outcomes import Done, Outcome
from qafila.air.gateways.values import Offer, OrderSnapshot, Traveller


def hold(records: Records, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
    """Raises: Over, SupplierError, both before anything was sent."""
    if offer.supplier != records.code:
        raise no("OTHER_SUPPLIER", f"The offer is {offer.supplier}'s, not {records.code}'s.")
    if not KEY_FORM.fullmatch(key):
        raise no("KEY_UNFIT", "The key of an attempt is 1 to 40 letters, digits and hyphens.")
    if not offer.can_hold:
        raise instant()
    body = hold_body(_fresh(records, offer, key), travellers, key, records.settings)

    def yes(reply: Reply) -> Done[OrderSnapshot]:
        return _held(records.made_with(reply.data, key), offer)

    def look() -> Done[OrderSnapshot] | None:
        found = records.find(key)
        return _held(found, offer) if found else None

    end = attempt(lambda: records.client.post(ORDERS, body, key=key, secrets=personal(travellers)))
    return settled(end, yes, look)


def _held(made: OrderSnapshot, offer: Offer) -> Done[OrderSnapshot]:
    """The seats are kept; a price that moved between the look and the hold is told, and nothing is paid yet."""
    moved = made.total is not None and made.total != offer.total
    return Done(made, notes=(f"The order costs {made.total}, not the offer's {offer.total}.",) if moved else ())


def _fresh(records: Records, offer: Offer, key: str) -> Part:
    """The offer as it stands. Raises: Over (another price, to be paid at once), SupplierError."""
    data = records.offer(offer.token, key=key)
    if flag(data, "payment_requirements", "requires_instant_payment") is not False or flag(data, "partial"):
        raise instant()
    if (now := money(data, "total")) != offer.total:
        raise no("PRICE_CHANGED", f"The offer costs {now} now, no longer {offer.total}.")
    return data


def instant() -> Exception:
    """Only an offer that says so can be paid later."""
    return no("INSTANT_PAYMENT", "The airline wants this offer to be paid at once: it cannot be held.")

"""Hold: POST /air/orders makes the difference; the look is through the newest orders for our key."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.air.gateways.duffel.client import Reply
from qafila.air.gateways.duffel.judging import decide, step
from qafila.air.gateways.duffel.records import ORDERS, Records
from qafila.air.gateways.duffel.requests import hold_body
from qafila.air.gateways.duffel.wire import Part, flag, money
from qafila.air.gateways.masking import personal
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Unknown
from qafila.air.gateways.values import Offer, OrderSnapshot, Traveller
from qafila.air.gateways.verdicts import Seen, Settled, check_hold, discreet, ours, settle


def hold(records: Records, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
    """Raises: Settled (nothing is sent)."""
    check_hold(records.code, offer, key)
    if not offer.can_hold:
        raise _instant()
    body = hold_body(_fresh(records, offer, key), travellers, key, records.settings)
    secrets = personal(travellers)

    def yes(reply: Reply) -> Done[OrderSnapshot]:
        return _held(records.made_with(reply.data, key), offer)

    def look() -> Seen[OrderSnapshot]:
        found = records.find(key)
        if found is None:
            return Seen("none")
        done = _held(found, offer)
        return Seen("all", done.value, notes=done.notes)

    said = decide(lambda: records.client.post(ORDERS, body, key=key, secrets=secrets), yes)
    return discreet(said.reply or settle(said, look), secrets)


def _held(made: OrderSnapshot, offer: Offer) -> Done[OrderSnapshot]:
    """The seats are kept; a price that moved between the look and the hold is told, and nothing is paid yet. Raises:
    Settled (it was made and is cancelled already: no seat is kept).
    """
    if made.cancelled:
        text = f"The order {made.locator} was made, and is cancelled already."
        raise Settled(Unknown(Doubt.UNDECIDED, text, ref=made.ref))
    moved = made.total is not None and made.total != offer.total
    return Done(made, notes=(f"The order costs {made.total}, not the offer's {offer.total}.",) if moved else ())


def _fresh(records: Records, offer: Offer, key: str) -> Part:
    """The offer as it stands. Raises: Settled (another price, to be paid at once, not to be read)."""
    data = step(lambda: records.offer(offer.token, key=key))
    if flag(data, "payment_requirements", "requires_instant_payment") is not False or flag(data, "partial"):
        raise _instant()
    if (now := step(lambda: money(data, "total"))) != offer.total:
        raise ours("PRICE_CHANGED", f"The offer costs {now} now, no longer {offer.total}.")
    return data


def _instant() -> Settled:
    """Only an offer that says so can be paid later."""
    return ours("INSTANT_PAYMENT", "The airline wants this offer to be paid at once: it cannot be held.")

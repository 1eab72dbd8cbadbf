"""Pricing an order and keeping the price: retrieve, price, make stored fares (TSTs), end the transaction. The end is
the one request that makes the difference: a fare that was made and not ended is gone with its conversation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from pydantic import TypeAdapter, ValidationError

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.ending import end
from qafila.air.gateways.amadeus.judging import complaint, refusal_before, require, step
from qafila.air.gateways.amadeus.looking import living, order, reader, stored_order, with_coupons
from qafila.air.gateways.amadeus.replies.pnr import PnrReply
from qafila.air.gateways.amadeus.replies.price import PricedTst, PriceReply, chosen, price_reply, total
from qafila.air.gateways.amadeus.replies.tst import TstReply, tst_reply
from qafila.air.gateways.amadeus.session import Conversation, Wire
from qafila.air.gateways.errors import SupplierError, SupplierRefused
from qafila.air.gateways.outcomes import Done, Outcome
from qafila.air.gateways.values import Money, OrderRef, OrderSnapshot, Priced
from qafila.air.gateways.verdicts import Said, Seen, ours, settle, unsent


@dataclass(frozen=True, slots=True)
class StoredFare:
    """One stored fare of a price: what each of its travellers pays."""

    number: str
    travellers: tuple[str, ...]
    total: Decimal
    currency: str

    @property
    def money(self) -> Money:
        return Money(self.total, self.currency)


@dataclass(frozen=True, slots=True)
class PriceToken:
    """What `issue` must find unchanged: the stored fares."""

    fares: tuple[StoredFare, ...]

    def written(self) -> str:
        return json.dumps(
            {
                "v": 1,
                "tsts": [
                    {
                        "number": fare.number,
                        "travellers": list(fare.travellers),
                        "total": str(fare.total),
                        "currency": fare.currency,
                    }
                    for fare in self.fares
                ],
            },
            separators=(",", ":"),
        )


_TSTS: TypeAdapter[tuple[StoredFare, ...]] = TypeAdapter(tuple[StoredFare, ...])


def token_of(priced: Priced) -> PriceToken | None:
    """The token of a price; None when it is none of ours."""
    try:
        told = json.loads(priced.token)
        fares = _TSTS.validate_python(told["tsts"])
        return PriceToken(fares) if fares else None
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError):
        return None


def price(wire: Wire, ref: OrderRef) -> Outcome[Priced]:
    """A fresh price, stored in the order. An order with living tickets is not priced anew, nor is one of ours whose
    tickets may be on their way: a new stored fare could be issued once more, and nothing at the supplier would stop it.
    Raises: Settled.
    """
    with Conversation(wire) as talk:
        before, snapshot = opened(wire, talk, ref)
        if living(snapshot) and living(with_coupons(wire, snapshot)):
            raise ours("ALREADY_TICKETED", "The order has tickets: it is not priced anew.")
        if on_their_way(before, snapshot):
            raise ours("TICKETS_ON_THEIR_WAY", "The order says that it is ticketed, and its tickets do not show yet.")
        fares, reply = _fares(wire, talk, ref, snapshot)
        wanted = _stored(wire, talk, ref, fares)
        said = _ended(wire, talk, ref, before, wanted)
    if said.word == "yes" and said.reply is not None and said.reply.snapshot is not None:
        return Done(_priced(ref, fares, reply, wanted, said.reply.snapshot))

    def look() -> Seen[Priced]:
        pnr, now = order(wire, ref)
        if not _kept(pnr, before, wanted):
            return Seen("none")
        return Seen("all", _priced(ref, fares, reply, wanted, now))

    return settle(said, look, ref)


def opened(wire: Wire, talk: Conversation, ref: OrderRef) -> tuple[PnrReply, OrderSnapshot]:
    """The order, brought into the conversation. Raises: Settled."""
    pnr = step(
        lambda: talk.ask("PNR_Retrieve", requests.retrieve(wire.settings, ref.id)),
        reader(wire),
        ref,
    )
    try:
        return pnr, stored_order(wire, ref, pnr)
    except SupplierRefused as error:
        raise refusal_before(pnr.problems, ref) from error
    except SupplierError as error:
        raise unsent(error, ref) from error


def on_their_way(pnr: PnrReply, snapshot: OrderSnapshot) -> bool:
    """The order is said to be ticketed and shows no ticket: a hold of ours writes XL, and an issue makes it OK before
    the lines of its tickets show.
    """
    return pnr.ticketing == "OK" and bool(snapshot.key) and not snapshot.documents


def _fares(
    wire: Wire, talk: Conversation, ref: OrderRef, snapshot: OrderSnapshot
) -> tuple[tuple[PricedTst, ...], PriceReply]:
    body = requests.price(wire.settings)
    read = partial(price_reply, settings=wire.settings)
    reply = step(lambda: talk.ask("Fare_PricePNRWithBookingClass", body), read, ref)
    if not reply.fares:
        raise refusal_before(reply.problems, ref) if reply.problems else ours("NO_FARE", "No fare was offered.")
    fares = chosen(reply, [traveller.id for traveller in snapshot.travellers])
    if not fares or total(fares) is None:
        raise ours("NO_FARE", "No fare was offered for every traveller in one currency.")
    return fares, reply


def _stored(wire: Wire, talk: Conversation, ref: OrderRef, fares: Sequence[PricedTst]) -> tuple[StoredFare, ...]:
    """The stored fares by the numbers they were given, each with the total of the price it was made of."""
    reply = step(
        lambda: talk.ask("Ticket_CreateTSTFromPricing", requests.store(wire.settings, [each.number for each in fares])),
        tst_reply,
        ref,
    )
    require(reply.problems, ref)
    stored = _numbered(reply, fares)
    if not stored:
        text = "The stored fares are not those that were priced."
        raise unsent(SupplierError(text, supplier=wire.settings.code), ref)
    return stored


def _numbered(reply: TstReply, fares: Sequence[PricedTst]) -> tuple[StoredFare, ...]:
    """Each made fare with the price of its travellers; empty when the two do not fit together."""
    found = []
    left = list(fares)
    for made in reply.tsts:
        price_of = [each for each in left if set(each.fare.travellers) == set(made.travellers)]
        if not made.travellers and len(reply.tsts) == len(fares):
            price_of = left[:1]  # in the order they were asked for
        if not price_of:
            return ()
        left.remove(price_of[0])
        fare = price_of[0].fare
        found.append(StoredFare(made.number, fare.travellers, fare.total.amount, fare.total.currency))
    return () if left else tuple(found)


def _ended(
    wire: Wire, talk: Conversation, ref: OrderRef, before: PnrReply, wanted: tuple[StoredFare, ...]
) -> Said[PnrReply]:
    def judged(reply: PnrReply) -> Said[PnrReply]:
        wrong = complaint(reply, reply.problems)
        if wrong is not None:
            return wrong
        if reply.locator.upper() == ref.id.upper() and _kept(reply, before, wanted):
            return Said("yes", reply)
        return Said("doubt", reply, text="; ".join(map(str, reply.problems)) or "The reply shows no stored fare.")

    return end(wire, talk, judged, lambda reply: bool(reply.version) and reply.version == before.version, ref)


def _kept(pnr: PnrReply, before: PnrReply, wanted: Sequence[StoredFare]) -> bool:
    """The order shows every wanted fare with its total, in a newer version than before."""
    if pnr.version and pnr.version == before.version:
        return False
    return not differences(pnr, wanted)


def differences(pnr: PnrReply, wanted: Sequence[StoredFare]) -> tuple[str, ...]:
    """What of these stored fares the order does not show as they were: sentences for a person."""
    told = []
    tsts = {tst.number: tst for tst in pnr.tsts}
    for each in wanted:
        tst = tsts.get(each.number)
        if tst is None:
            told.append(f"The stored fare {each.number} is gone.")
        elif tst.fare is None:
            told.append(f"The stored fare {each.number} shows no total.")
        elif tst.fare.total != each.money:
            told.append(f"The stored fare {each.number} is {tst.fare.total}, not {each.money}.")
        elif tst.travellers and each.travellers and set(tst.travellers) != set(each.travellers):
            told.append(f"The stored fare {each.number} is for other travellers.")
    return tuple(told)


def _priced(
    ref: OrderRef,
    fares: Sequence[PricedTst],
    reply: PriceReply,
    wanted: Sequence[StoredFare],
    snapshot: OrderSnapshot,
) -> Priced:
    limits = tuple(dict.fromkeys((*reply.time_limits, *(limit for each in fares for limit in each.time_limits))))
    whole = total(fares)
    assert whole is not None
    return Priced(
        ref=ref,
        fares=tuple(replace(each.fare, reference=kept.number) for each, kept in _paired(fares, wanted)),
        total=whole,
        token=PriceToken(tuple(wanted)).written(),
        version=snapshot.version,
        valid_until=min((limit.at for limit in limits), default=None),
        time_limits=limits,
        notes=tuple(dict.fromkeys((*reply.notes, *(note for each in fares for note in each.notes)))),
    )


def _paired(fares: Sequence[PricedTst], wanted: Sequence[StoredFare]) -> list[tuple[PricedTst, StoredFare]]:
    by_people = {frozenset(each.travellers): each for each in wanted}
    return [(each, by_people.get(frozenset(each.fare.travellers), wanted[0])) for each in fares]

"""Holding seats: sell, names and elements, form of payment, and the commit that makes the order.

The commit is the one request that makes the difference (`ending` says when it is said again). There is no way to find
an order by our key afterwards: what is lost in between lapses by its TK XL line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.ending import end
from qafila.air.gateways.amadeus.judging import complaint, refusal_before, require, step
from qafila.air.gateways.amadeus.looking import order, reader
from qafila.air.gateways.amadeus.names import name_of, phone_line, services_of
from qafila.air.gateways.amadeus.problems import simultaneous
from qafila.air.gateways.amadeus.replies.figures import office_zone
from qafila.air.gateways.amadeus.replies.fop import fop_reply
from qafila.air.gateways.amadeus.replies.pnr import PnrReply
from qafila.air.gateways.amadeus.replies.sell import SellReply, sell_reply
from qafila.air.gateways.amadeus.requests.order import Contents, Name, Service
from qafila.air.gateways.amadeus.session import Conversation, Wire
from qafila.air.gateways.masking import personal
from qafila.air.gateways.outcomes import Done, Outcome, Refused, Unknown
from qafila.air.gateways.values import LimitKind, Offer, OrderRef, OrderSnapshot, PassengerType, Traveller
from qafila.air.gateways.verdicts import Said, Seen, Settled, check_hold, discreet, ours, settle, verdict
from qafila.kernel import clock
from qafila.kernel.errors import Invalid

LONGEST = timedelta(hours=24)
"""How long an order may stand unticketed when the offer names no earlier limit."""
BEFORE_DEPARTURE = timedelta(hours=1)
SEATS = 9  # of one order; more are a group


def hold(wire: Wire, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
    """Keeps the offer's seats for these travellers until the order's TK XL line cancels it. What a refusal quotes of
    them is not told.
    """
    return discreet(_hold(wire, offer, travellers, key), personal(travellers))


@verdict
def _hold(wire: Wire, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
    contents = _contents(wire, offer, travellers, key)
    settings = wire.settings
    seats = sum(1 for traveller in travellers if traveller.type is not PassengerType.INFANT)
    secrets = [*personal(travellers), *(service.text for service in contents.services)]
    with Conversation(wire, key, secrets) as talk:
        ask = talk.ask
        sold = step(
            lambda: ask("Air_SellFromRecommendation", requests.sell(settings, offer, seats)),
            sell_reply,
        )
        if not sold.complete:
            raise _not_sold(sold)
        require(step(lambda: ask("PNR_AddMultiElements", requests.add(settings, contents)), reader(wire)).problems)
        paid = step(lambda: ask("FOP_CreateFormOfPayment", requests.form_of_payment(settings)), fop_reply)
        require(paid.problems)
        said = end(wire, talk, _judged, lambda reply: not reply.locator)
    return _outcome(wire, said, key)


def _not_sold(sold: SellReply) -> Settled:
    """The supplier's words; where it gives a code alone (288), which flights it did not sell."""
    flights = ", ".join(f"{one.carrier} {one.number} {one.status}".strip() for one in sold.segments if not one.sold)
    told = f"Not all seats could be had: {flights or 'no flight was sold'}."
    if not sold.problems:
        return ours("NOT_SOLD", told)
    settled = refusal_before(sold.problems)
    if isinstance(settled.outcome, Refused) and not any(problem.text for problem in sold.problems):
        return Settled(replace(settled.outcome, text=told))
    return settled


def _judged(reply: PnrReply) -> Said[PnrReply]:
    """A locator and no error is a yes. An error with a locator (31 FINISH OR IGNORE) is a doubt: the order may be
    there. So is 8111: somebody else's change says nothing of ours.
    """
    wrong = complaint(reply, reply.problems)
    if wrong is None:
        text = "; ".join(map(str, reply.problems)) or "The reply names no order."
        return Said("yes", reply) if reply.locator else Said("doubt", reply, text=text)
    if reply.locator or any(simultaneous(problem) for problem in reply.problems):
        return Said("doubt", reply, wrong.code, wrong.text)
    return wrong


def _outcome(wire: Wire, said: Said[PnrReply], key: str) -> Outcome[OrderSnapshot]:
    reply = said.reply
    if reply is None or not reply.locator:
        if said.word == "no":
            return Refused(said.code or "REFUSED", said.text or "Refused without a word.")
        return Unknown(said.doubt, said.text or "Nobody knows whether the seats are held.", code=said.code)
    ref = OrderRef(wire.settings.code, reply.locator)
    if said.word == "yes" and reply.snapshot is not None and reply.snapshot.travellers and reply.snapshot.segments:
        return Done(reply.snapshot, tuple(str(problem) for problem in reply.problems))

    def look() -> Seen[OrderSnapshot]:
        _, snapshot = order(wire, ref, key=key)
        if snapshot.key.upper() != key.upper():  # remarks may come back in capitals
            return Seen("none", notes=("The order of that locator does not carry our key.",))
        return Seen("all", snapshot)

    return settle(said, look, ref)


# -- what goes in -----------------------------------------------------------------------------------------------------


def _contents(wire: Wire, offer: Offer, travellers: Sequence[Traveller], key: str) -> Contents:
    """Raises: Settled (OTHER_SUPPLIER, KEY_UNFIT, INVALID_TRAVELLERS, OFFER_EXPIRED: nothing is asked)."""
    check_hold(wire.settings.code, offer, key)
    try:
        _check(offer, travellers)
        names, services = _people(travellers)
        phone = phone_line(wire.settings.agency_phone) if wire.settings.agency_phone else ""
    except Invalid as error:
        raise ours("INVALID_TRAVELLERS", error.detail) from error
    return Contents(names, services, phone, _cancel_at(wire, offer), f"QK/{key}")


def _check(offer: Offer, travellers: Sequence[Traveller]) -> None:
    """Refuses: Invalid."""
    if not offer.segments or not offer.can_hold:
        raise Invalid("This offer cannot be held.")
    asked = Counter(traveller.type for traveller in travellers)
    offered = Counter({fare.passenger_type: 0 for fare in offer.fares})
    for fare in offer.fares:
        offered[fare.passenger_type] += fare.count
    if offer.fares and +asked != +offered:
        raise Invalid("The travellers are not those the offer was made for.")
    adults = {traveller.ref for traveller in travellers if traveller.type is PassengerType.ADULT}
    carried = [traveller.infant_of for traveller in travellers if traveller.type is PassengerType.INFANT]
    if len({traveller.ref for traveller in travellers}) != len(travellers):
        raise Invalid("Two travellers have one reference.")
    if any(adult not in adults for adult in carried) or len(set(carried)) != len(carried):
        raise Invalid("Every infant needs an adult of his own.")
    if not adults or sum(asked.values()) - asked[PassengerType.INFANT] > SEATS:
        raise Invalid(f"An order is for at least one adult and at most {SEATS} seats.")
    for traveller in travellers:
        if traveller.type is not PassengerType.ADULT and traveller.birth_date is None:
            raise Invalid(f"The date of birth of traveller {traveller.ref} is missing.")


def _people(travellers: Sequence[Traveller]) -> tuple[list[Name], list[Service]]:
    lap = {traveller.infant_of: traveller for traveller in travellers if traveller.type is PassengerType.INFANT}
    seated = [traveller for traveller in travellers if traveller.type is not PassengerType.INFANT]
    names, services = [], []
    for number, traveller in enumerate(seated, start=1):
        infant = lap.get(traveller.ref) if traveller.type is PassengerType.ADULT else None
        names.append(name_of(traveller, number, infant))
        services += services_of(traveller, number)
        services += services_of(infant, number) if infant else []
    return names, services


def _cancel_at(wire: Wire, offer: Offer) -> datetime:
    """When an unticketed order lapses: the offer's earliest limit, a day from now, an hour before departure."""
    now = clock.now()
    ends = [limit.at for limit in offer.time_limits if limit.kind is not LimitKind.GUARANTEE]
    ends += [offer.expires_at] if offer.expires_at else []
    lapses = min([*ends, now + LONGEST, offer.segments[0].departs - BEFORE_DEPARTURE])
    if lapses <= now:
        raise ours("OFFER_EXPIRED", "The offer's time limit has passed.")
    return lapses.astimezone(office_zone(wire.settings))

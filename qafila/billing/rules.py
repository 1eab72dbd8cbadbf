"""Whose money it is, and what may be done with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from qafila.billing.errors import AmountTooFine, MakerIsChecker, NotReceivedYet, NotTheirBooking, PayerUnclear
from qafila.billing.postings import Owner
from qafila.kernel.actor import Actor
from qafila.kernel.money import minor_units, rounded

APPROVE_OWN = "finance.journals.approve_own"
REVERSE_OWN = "finance.journals.reverse_own"


def payer_of(
    customer_id: int | None, agent_id: int | None, billed: Owner | None, concerned: Mapping[int, str], booking: str = ""
) -> Owner:
    """Whose payment it is: the party named, else whoever is billed for the booking.

    `concerned` are the parties a booking names (customer, payer, partner): only their money is used for it.
    Refuses: PayerUnclear, NotTheirBooking.
    """
    if customer_id is not None and agent_id is not None:
        raise PayerUnclear("Name either a customer or a partner as the payer, not both.", field="agent_id")
    if customer_id is None and agent_id is None:
        if billed is None:
            raise PayerUnclear("Say whose money it is: a customer, a partner, or a booking.", field="customer_id")
        return billed
    owner = Owner(customer_id, "customer") if customer_id is not None else Owner(agent_id or 0, "agent")
    if billed is not None and concerned.get(owner.id) != owner.kind:
        field = "customer_id" if owner.kind == "customer" else "agent_id"
        raise NotTheirBooking(
            f"{booking} is not theirs: the payer is the booking's customer, payer or partner.", field=field
        )
    return owner


def check_amount(amount: Decimal, currency: str) -> None:
    """Refuses: AmountTooFine."""
    if rounded(amount, currency) != amount:
        digits = minor_units(currency)
        raise AmountTooFine(f"{currency} has {digits} digits after the point; {amount:f} has more.", field="amount")


def check_received(day: date, today: date) -> None:
    """Refuses: NotReceivedYet."""
    if day > today:
        raise NotReceivedYet(f"{day:%d %b %Y} is in the future: record money when it has arrived.", field="received_on")


def check_maker(actor: Actor, made_by_id: int | None, what: str, break_glass: str) -> bool:
    """Whether the maker does it themselves under break-glass. Refuses: MakerIsChecker without that right.

    Source: ledger.md, invariant 7; domain.md, "maker is never checker".
    """
    if actor.user_id is None or made_by_id != actor.user_id:
        return False
    if not actor.may(break_glass):
        raise MakerIsChecker(f"You recorded this payment; somebody else must {what} it.")
    return True

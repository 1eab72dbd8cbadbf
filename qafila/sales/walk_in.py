"""The customer of a booking: one on file, or one who walks in with the booking."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.errors import within
from qafila.kernel.transaction import step
from qafila.parties.steps import enter_customer
from qafila.sales.schemas import BookingIn


@step
def customer_of(actor: Actor, asked: BookingIn) -> int:
    """The booking's customer id; an inline customer is found by passport or put on file.

    Refuses: MissingRight (customers.create), and what the parties room refuses of a person.
    """
    if asked.customer is not None:
        with within("customer"):
            return enter_customer(actor, asked.customer)
    assert asked.customer_id is not None
    return asked.customer_id

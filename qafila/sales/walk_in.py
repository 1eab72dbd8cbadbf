"""The customer of a booking: one on file, or one who walks in with the booking."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import step
from qafila.parties.steps import save_by_passport
from qafila.parties.types import PersonIn
from qafila.sales.schemas import BookingIn


@step
def customer_of(actor: Actor, asked: BookingIn) -> int:
    """The booking's customer id; an inline customer is found by passport or put on file.

    Refuses: MissingRight (customers.create), and what the parties room refuses of a person.
    """
    if asked.customer is None:
        assert asked.customer_id is not None
        return asked.customer_id
    actor.need("customers.create")
    new = asked.customer
    return save_by_passport(
        actor,
        PersonIn(
            title=new.title,
            first_name=new.first_name,
            last_name=new.last_name,
            passport_no=new.passport_no,
            gender=new.gender if new.gender in ("M", "F") else "",
            date_of_birth=new.date_of_birth,
            nationality=new.nationality,
            phone=new.phone,
            email=new.email,
        ),
    )

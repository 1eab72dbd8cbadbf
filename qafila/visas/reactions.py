"""What the visas room does when sales announces something."""

from qafila.kernel.actor import Actor
from qafila.kernel.facts import on
from qafila.sales.facts import BookingCancelled, OpsApproved, PassengerRemoved
from qafila.visas.steps import close_cases, open_cases


@on(OpsApproved)
def open_the_cases(actor: Actor, fact: OpsApproved) -> None:
    """A visa case opens for each passenger who needs one."""
    open_cases(actor, fact.booking_id)


@on(BookingCancelled)
def let_cases_go(actor: Actor, fact: BookingCancelled) -> None:
    """The booking's open visa cases are let go."""
    close_cases(actor, booking_id=fact.booking_id)


@on(PassengerRemoved)
def let_a_case_go(actor: Actor, fact: PassengerRemoved) -> None:
    """The passenger's open visa case is let go."""
    close_cases(actor, booking_id=fact.booking_id, passenger_id=fact.passenger_id)

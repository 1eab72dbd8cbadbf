"""What the visas room does when sales announces something."""

from qafila.kernel.actor import Actor
from qafila.kernel.facts import on
from qafila.sales.effects import tell
from qafila.sales.facts import BookingCancelled, OpsApproved, PassengerRemoved, RosterChanged
from qafila.sales.models import PackageSale
from qafila.visas.steps import close_cases, open_cases


@on(OpsApproved)
def open_the_cases(actor: Actor, fact: OpsApproved) -> None:
    """A visa case opens for each passenger who needs one."""
    open_cases(actor, fact.booking_id)


@on(BookingCancelled)
def let_cases_go(actor: Actor, fact: BookingCancelled) -> None:
    """The booking's open visa cases are let go."""
    if closed := close_cases(actor, booking_id=fact.booking_id):
        tell(f"{closed} visa case{'s are' if closed > 1 else ' is'} let go.")


@on(RosterChanged)
def open_the_missing_cases(actor: Actor, fact: RosterChanged) -> None:
    """Somebody who joins a booking that operations approved already, or needs a visa after all, gets a case."""
    if PackageSale.objects.filter(pk=fact.booking_id, ops_approval="approved").exists():
        open_cases(actor, fact.booking_id)


@on(PassengerRemoved)
def let_a_case_go(actor: Actor, fact: PassengerRemoved) -> None:
    """The passenger's open visa case is let go."""
    if close_cases(actor, booking_id=fact.booking_id, passenger_id=fact.passenger_id):
        tell("Their visa case is let go.")

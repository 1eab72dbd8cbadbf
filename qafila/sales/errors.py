"""Everything sales may refuse."""

from __future__ import annotations

from qafila.kernel.errors import Conflict, Invalid, NotFound, Refusal, WrongState


class BookingNotFound(NotFound):
    """No such booking, or another partner's: the two are not told apart."""

    code = "BOOKING_NOT_FOUND"


class PassengerNotFound(NotFound):
    """This booking has no such passenger."""

    code = "PASSENGER_NOT_FOUND"


class DuplicateBooking(Conflict):
    """The customer has a live booking on this group already; the refusal names it."""

    code, title = "DUPLICATE_BOOKING", "Booked already"


class GroupNotSellable(WrongState):
    """The group takes no bookings: cancelled, departed or completed."""

    code, title = "GROUP_NOT_SELLABLE", "Not on sale"


class BookingTypeDoesNotFit(Invalid):
    """A Hajj booking on an Umrah group, and the like."""

    code = "BOOKING_TYPE_DOES_NOT_FIT"


class RatesMissing(Invalid):
    """The group's rate sheet does not price this tier and no rate was given."""

    code = "RATES_MISSING"


class RatesDisagree(Invalid):
    """The adult rate given is not the sum of the component rates given."""

    code = "RATES_DISAGREE"


class CountsDisagree(Invalid):
    """The counts given are not those of the passengers given."""

    code = "COUNTS_DISAGREE"


class InvalidPassenger(Invalid):
    """A passenger's data contradict each other or the passport lines; the refusal names person and field."""

    code = "INVALID_PASSENGER"


class UnknownParty(Invalid):
    """The customer, payer or agent named is not known, or not dealt with any more."""

    code = "UNKNOWN_PARTY"


class BookingIsClosed(WrongState):
    """The booking is cancelled or completed and does not change any more."""

    code, title = "BOOKING_CLOSED", "Closed"


class PolicyNotMet(Refusal):
    """Operations may approve only when the payment policy is met."""

    code, status, title = "PAYMENT_POLICY_NOT_MET", 409, "Payment policy not met"


class ReasonNeeded(Invalid):
    """Finance approval with a balance due, a rejection and a correction say why."""

    code = "REASON_NEEDED"


class TookBackTooMuch(Refusal):
    """More money was taken back from a booking than was paid on it."""

    code, status = "PAID_BELOW_ZERO", 409


class LastPassenger(Refusal):
    """The last passenger is not cancelled alone: the booking is."""

    code, status = "LAST_PASSENGER", 409


class FlightNotOfGroup(Invalid):
    """A passenger flies only on a flight that is linked to the booking's group."""

    code = "FLIGHT_NOT_OF_GROUP"


class NothingToImport(Invalid):
    """The file holds no booking, or one that is not understood at all."""

    code = "NOTHING_TO_IMPORT"


class PartyHasBookings(Conflict):
    """A customer, payer or agent of open bookings is not deleted."""

    code, title = "PARTY_HAS_BOOKINGS", "Still needed"


class FlightInUse(Conflict):
    """A flight that passengers are put on by name does not leave their group."""

    code, title = "FLIGHT_IN_USE", "Still needed"

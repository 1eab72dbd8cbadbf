"""What the ticketing room refuses."""

from qafila.kernel.errors import NotFound, Refusal


class TicketNotFound(NotFound):
    code = "TICKET_NOT_FOUND"


class NothingToSync(NotFound):
    """The booking or group to sync does not exist, or is somebody else's."""

    code = "NOTHING_TO_SYNC"


class PnrMissing(Refusal):
    """No source has a record locator: request, ticket, passenger, leg, block, group flight."""

    code, status, title = "PNR_MISSING", 400, "No PNR"


class TicketNumberMissing(Refusal):
    code, status, title = "TICKET_NUMBER_MISSING", 400, "No ticket number"


class TicketNumberTaken(Refusal):
    code, status, title = "TICKET_NUMBER_TAKEN", 409, "Ticket number used already"


class NoFlight(Refusal):
    """Nothing is linked that the passenger would fly on."""

    code, status, title = "NO_FLIGHT", 409, "No flight"


class TicketIsIssued(Refusal):
    """A booking or passenger with an issued ticket is not cancelled: void the ticket first."""

    code, status, title = "TICKET_IS_ISSUED", 409, "Ticket issued"


class AlreadyCleared(Refusal):
    code, status, title = "ALREADY_CLEARED", 409, "Cleared already"


class SamePerson(Refusal):
    """Who asked for an exception does not approve it."""

    code, status, title = "MAKER_IS_CHECKER", 403, "Somebody else must decide"

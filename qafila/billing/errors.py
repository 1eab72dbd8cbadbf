"""Everything billing may refuse."""

from __future__ import annotations

from qafila.kernel.errors import Conflict, Invalid, NotFound, Refusal, WrongState


class InvoiceNotFound(NotFound):
    code = "INVOICE_NOT_FOUND"


class PaymentNotFound(NotFound):
    code = "PAYMENT_NOT_FOUND"


class AllocationNotFound(NotFound):
    """The payment has no such allocation, or it was taken back already."""

    code = "ALLOCATION_NOT_FOUND"


class NotIssuedYet(NotFound):
    """The paper does not exist yet: the payment has no receipt number, the invoice no credit note."""

    code = "NOT_ISSUED_YET"


class NotBillable(WrongState):
    """The booking stands where nothing is invoiced: cancelled, deleted, sent back, or worth nothing."""

    code, title = "NOT_BILLABLE", "Not to be invoiced"


class BillDoesNotAddUp(Refusal):
    """The lines of a booking do not give its total; an invoice that contradicts itself is not issued."""

    code, status, title = "BILL_DOES_NOT_ADD_UP", 409, "The lines do not give the total"


class InvoicedAlready(Conflict):
    """What is invoiced does not change under its invoice: credit the invoice first."""

    code, title = "BOOKING_IS_INVOICED", "Invoiced already"


class InvoiceIsCancelled(WrongState):
    """The invoice has its credit note already."""

    code, title = "INVOICE_IS_CANCELLED", "Cancelled already"


class ExchangeRateNeeded(Invalid):
    """An invoice in a foreign currency is posted at a rate that is frozen with it."""

    code = "EXCHANGE_RATE_NEEDED"


class PayerUnclear(Invalid):
    """The request does not say whose money it is, or names two parties that do not go together."""

    code = "PAYER_UNCLEAR"


class CurrencyNotTaken(Invalid):
    """Payments are taken in the agency's own currency, for bookings priced in it."""

    code = "CURRENCY_NOT_TAKEN"


class AmountTooFine(Invalid):
    """The amount has more decimals than the currency has."""

    code = "AMOUNT_TOO_FINE"


class AccountUnclear(Invalid):
    """No account was named and the branch has not exactly one that would do."""

    code = "ACCOUNT_UNCLEAR"


class AccountDoesNotFit(Invalid):
    """The account named does not take this kind of money."""

    code = "ACCOUNT_DOES_NOT_FIT"


class NotReceivedYet(Invalid):
    """Money is not received in the future."""

    code = "RECEIVED_IN_FUTURE"


class MakerIsChecker(Refusal):
    """Whoever recorded a payment does not verify or reverse it."""

    code, status, title = "MAKER_IS_CHECKER", 403, "Somebody else must do this"


class PaymentNotVerified(WrongState):
    """Only verified money is used."""

    code, title = "PAYMENT_NOT_VERIFIED", "Not verified"


class NotEnoughLeft(Refusal):
    """The payment has less left than was asked to be used."""

    code, status, title = "NOT_ENOUGH_UNALLOCATED", 409, "Not enough left"


class MoreThanIsDue(Refusal):
    """The booking or invoice is owed less than was asked to be put on it."""

    code, status, title = "MORE_THAN_IS_DUE", 409, "More than is due"


class NotTheirBooking(Refusal):
    """Money of somebody who has nothing to do with the booking is not used for it."""

    code, status, title = "NOT_THEIR_BOOKING", 409, "Somebody else's booking"


class ChangedMeanwhile(Conflict):
    """Somebody used the same money a moment ago."""

    code, title = "CHANGED_MEANWHILE", "Changed meanwhile"

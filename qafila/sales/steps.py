"""What higher rooms may do to a booking inside their own transaction: money and the two approval tracks."""

from __future__ import annotations

from decimal import Decimal

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.facts import announce
from qafila.kernel.money import text
from qafila.kernel.states import move_row
from qafila.kernel.transaction import step
from qafila.sales.errors import BookingIsClosed, BookingNotFound, PolicyNotMet, ReasonNeeded, TookBackTooMuch
from qafila.sales.facts import OpsApproved, PaymentApplied
from qafila.sales.models import Booking, PackageSale
from qafila.sales.states import APPROVED, CANCELLED, FINANCE, NEEDS_CORRECTION, OPS, PACKAGE, PENDING
from qafila.sales.types import POLICIES, BookingMoney


def locked(booking_id: int) -> Booking:
    """The live booking, its row locked until the transaction ends. Refuses: BookingNotFound."""
    booking = (
        Booking.objects.select_for_update(no_key=True)
        .filter(pk=booking_id, product="package", deleted_at__isnull=True)
        .first()
    )
    if booking is None:
        raise BookingNotFound("There is no such booking.")
    return booking


def _sale(booking: Booking) -> PackageSale:
    return PackageSale.objects.get(pk=booking.pk)


def _need_reason(reason: str, why: str) -> None:
    if len(reason.strip()) < 3:
        raise ReasonNeeded(why, field="reason")


@step
def apply_money(actor: Actor, booking_id: int, amount: Decimal) -> BookingMoney:
    """Count money as paid on a booking, or (negative) take it back. `amount` in the booking's currency.

    Locks the booking and announces PaymentApplied. Refuses: BookingNotFound, BookingIsClosed (paying a cancelled
    booking), TookBackTooMuch. Source: domain.md, "Money of a booking".
    """
    booking = Booking.objects.select_for_update(no_key=True).filter(pk=booking_id).first()
    if booking is None or (booking.deleted_at and amount > 0):
        raise BookingNotFound("There is no such booking.")
    if booking.state == CANCELLED and amount > 0:
        raise BookingIsClosed(f"{booking.number} is cancelled: it takes no more money.")
    paid = booking.paid + amount
    if paid < 0:
        raise TookBackTooMuch(
            f"Only {text(booking.paid)} {booking.currency} is paid on {booking.number}; "
            f"{text(-amount)} cannot be taken back."
        )
    Booking.objects.filter(pk=booking_id).update(paid=paid)
    balance = booking.gross_total - paid
    announce(actor, PaymentApplied(booking_id, amount, paid, balance))
    return BookingMoney(booking.gross_total, paid, balance)


@step
def approve_finance(actor: Actor, booking_id: int, reason: str = "") -> bool:
    """Finance lets the booking go ahead; False when it had already. A balance due needs a reason.

    Refuses: BookingNotFound, BookingIsClosed, WrongState, MissingRight, ReasonNeeded. Source: domain.md, 2.2.
    """
    booking = locked(booking_id)
    sale = _sale(booking)
    _open_for_approval(booking)
    if sale.finance_approval == APPROVED:
        return False
    if booking.balance > 0:
        why = f"{text(booking.balance)} {booking.currency} is still due on {booking.number}: say why it may go ahead."
        _need_reason(reason, why)
    move_row(actor, FINANCE, sale, "approve", reason=reason)
    _bump(booking)
    _told(actor, booking, "booking.finance_approved", reason)
    return True


@step
def reject_finance(actor: Actor, booking_id: int, reason: str) -> None:
    """Finance refuses: the booking goes to the correction queue with the reason.

    Refuses: BookingNotFound, ReasonNeeded, WrongState, MissingRight.
    """
    booking = locked(booking_id)
    _need_reason(reason, "Say what is wrong, so that sales can correct it.")
    move_row(actor, PACKAGE, booking, "finance_reject", reason=reason)
    move_row(actor, FINANCE, _sale(booking), "reject", reason=reason, needs_attention=f"Finance: {reason}"[:1000])
    _bump(booking)
    _told(actor, booking, "booking.finance_rejected", reason)


@step
def withdraw_finance(actor: Actor, booking_id: int, reason: str) -> None:
    """Finance takes its approval back; the booking stays where it is.

    Refuses: BookingNotFound, ReasonNeeded, WrongState, MissingRight.
    """
    booking = locked(booking_id)
    _need_reason(reason, "Say why the approval is taken back.")
    move_row(actor, FINANCE, _sale(booking), "withdraw", reason=reason)
    _bump(booking)
    _told(actor, booking, "booking.finance_withdrawn", reason)


@step
def approve_ops(actor: Actor, booking_id: int) -> bool:
    """Operations approve: the booking is confirmed and OpsApproved announced; False when they had already.

    Refuses: BookingNotFound, BookingIsClosed, WrongState, MissingRight, PolicyNotMet (`full` and `partial` need
    finance approval, `advance` needs some money received). Source: domain.md, 2.2; alhuda, 7.1.
    """
    booking = locked(booking_id)
    sale = _sale(booking)
    _open_for_approval(booking)
    if sale.ops_approval == APPROVED:
        return False
    OPS.check(actor, sale.ops_approval, "approve")
    if sale.payment_policy == "advance":
        if booking.paid <= 0:
            raise PolicyNotMet(f"{booking.number} is sold on an advance, and nothing has been paid yet.")
    elif sale.finance_approval != APPROVED:
        policy = POLICIES[sale.payment_policy].lower()
        raise PolicyNotMet(f"{booking.number} is sold on {policy}: finance must approve it first.")
    move_row(actor, PACKAGE, booking, "confirm")
    move_row(actor, OPS, sale, "approve", needs_attention="")
    _bump(booking)
    _told(actor, booking, "booking.ops_approved")
    announce(actor, OpsApproved(booking_id, booking.number, sale.group_id))
    return True


@step
def send_back(actor: Actor, booking_id: int, reason: str) -> None:
    """Operations send the booking back to sales for correction.

    Refuses: BookingNotFound, ReasonNeeded, WrongState, MissingRight.
    """
    booking = locked(booking_id)
    _need_reason(reason, "Say what is to be corrected.")
    move_row(actor, PACKAGE, booking, "send_back", reason=reason)
    move_row(actor, OPS, _sale(booking), "send_back", reason=reason, needs_attention=f"Operations: {reason}"[:1000])
    _bump(booking)
    _told(actor, booking, "booking.sent_back", reason)


@step
def resubmit(actor: Actor, booking_id: int) -> None:
    """Sales have corrected the booking: both tracks are pending again.

    Refuses: BookingNotFound, WrongState, MissingRight.
    """
    booking = locked(booking_id)
    move_row(actor, PACKAGE, booking, "resubmit")
    sale = _sale(booking)
    if sale.finance_approval != PENDING:
        move_row(actor, FINANCE, sale, "resubmit")
    if sale.ops_approval != PENDING:
        move_row(actor, OPS, sale, "resubmit")
    PackageSale.objects.filter(pk=booking_id).update(needs_attention="")
    _bump(booking)
    _told(actor, booking, "booking.resubmitted")


@step
def touch(actor: Actor, booking_id: int) -> int:
    """The booking changed in a part that another room keeps: its version goes up; the new one is answered."""
    booking = locked(booking_id)
    _bump(booking)
    return booking.version


def _open_for_approval(booking: Booking) -> None:
    if booking.state in (CANCELLED, NEEDS_CORRECTION):
        label = PACKAGE.label(booking.state).lower()
        raise BookingIsClosed(f"{booking.number} is {label}: it cannot be approved.", state=booking.state)


def _bump(booking: Booking) -> None:
    booking.version += 1
    Booking.objects.filter(pk=booking.pk).update(version=booking.version)


def _told(actor: Actor, booking: Booking, what: str, reason: str = "") -> None:
    record(actor, what, "booking", booking.pk, note=reason)

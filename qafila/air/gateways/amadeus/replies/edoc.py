"""Ticket_ProcessEDocReply, and the older Ticket_ProcessETicketReply: the coupons of documents and how they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.replies.figures import day, money
from qafila.air.gateways.amadeus.xml import Element, every, expect, first, text
from qafila.air.gateways.values import Coupon, CouponStatus, Document, Money

_STATUSES = {
    **dict.fromkeys(("I", "O", "OK", "OPEN"), CouponStatus.OPEN),
    **dict.fromkeys(("A", "AL", "C", "CK", "BD", "L", "LB"), CouponStatus.AIRPORT),
    **dict.fromkeys(("B", "F", "FLWN"), CouponStatus.FLOWN),
    **dict.fromkeys(("V", "VD", "VOID"), CouponStatus.VOID),
    **dict.fromkeys(("R", "RF", "RFND"), CouponStatus.REFUNDED),
    **dict.fromkeys(("E", "EX", "PE", "X", "G"), CouponStatus.EXCHANGED),
    **dict.fromkeys(("S", "SU", "SUSP"), CouponStatus.SUSPENDED),
}
# What a document is as a whole when its coupons differ: the first of these that one of them is.
_STRONGEST = (
    CouponStatus.UNKNOWN,
    CouponStatus.OPEN,
    CouponStatus.AIRPORT,
    CouponStatus.SUSPENDED,
    CouponStatus.REFUNDED,
    CouponStatus.EXCHANGED,
    CouponStatus.VOID,
    CouponStatus.FLOWN,
)
_EMD = frozenset({"J", "Y", "EMD", "EMDA", "EMDS", "A", "S"})


@dataclass(frozen=True, slots=True)
class EdocReply:
    """The documents with their coupons; `status` of a document sums up its coupons, `text` is the passenger's name. An
    error 99999999 says nothing on whether a document exists; 401 says that it does not.
    """

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]

    def of(self, number: str) -> Document | None:
        """One document by its 13 digits, with or without a check digit."""
        wanted = re.sub(r"\D", "", number)[:13]
        return next((one for one in self.documents if wanted and wanted in (one.number, *one.conjunction)), None)


def coupon_status(code: str) -> CouponStatus:
    """What a coupon status code (PADIS 4405) means to us."""
    return _STATUSES.get(code.strip().upper(), CouponStatus.UNKNOWN)


def summed_up(coupons: Iterable[Coupon]) -> CouponStatus:
    """How a document stands as a whole: usable as long as one coupon is, dead by what killed the last."""
    present = {coupon.status for coupon in coupons}
    return next((status for status in _STRONGEST if status in present), CouponStatus.UNKNOWN)


def edoc_reply(el: Element) -> EdocReply:
    """The documents of the reply. Raises: Unreadable (another message)."""
    reply = expect(el, "Ticket_ProcessEDocReply", "Ticket_ProcessETicketReply", "Ticket_ProcessEDocCCConcealedReply")
    found: list[Document] = []
    for group in every(reply, "docGroup|documentGroup"):
        booklets = [_booklet(one, group) for one in every(group, "docDetailsGroup|ticketInfoGroup")]
        found += _joined([one for one in booklets if one.number])
    found += [one for one in (_booklet(group, group) for group in every(reply, "generalDocGroup")) if one.number]
    return EdocReply(tuple(found), problems(reply))


def _booklet(el: Element, group: Element) -> Document:
    details = first(el, "docInfo|ticketInfo/documentDetails")
    number = re.sub(r"\D", "", text(details, "number"))[:13]
    coupons = tuple(_coupon(one) for one in every(el, "//couponDetails") if text(one, "cpnNumber|cpnStatus"))
    names = (text(group, "//paxDetails/surname"), text(group, "//otherPaxDetails/givenName"))
    return Document(
        number=number,
        travellers=(),
        status=summed_up(coupons),
        coupons=coupons,
        kind="emd" if text(details, "type").upper() in _EMD else "ticket",
        amount=_total(group),
        issued_on=day(text(group, "productInfo|pricingInfo/productDateTimeDetails/departureDate")),
        iata_number=text(group, "originatorInfo/originIdentification/originatorId"),
        text="/".join(name for name in names if name),
    )


def _coupon(el: Element) -> Coupon:
    number, code = text(el, "cpnNumber"), text(el, "cpnStatus")
    return Coupon(int(number) if re.fullmatch(r"\d{1,2}", number, re.ASCII) else 0, coupon_status(code), code)


def _total(group: Element) -> Money | None:
    for one in every(group, "fareInfo/monetaryDetails|otherMonetaryDetails"):
        if text(one, "typeQualifier") in ("T", "712"):
            return money(text(one, "amount"), text(one, "currency"))
    return None


def _joined(booklets: list[Document]) -> list[Document]:
    """Booklets with consecutive numbers are one conjunction ticket; its coupons count on."""
    found: list[Document] = []
    for one in booklets:
        last = found[-1] if found else None
        newest = last.conjunction[-1] if last and last.conjunction else last.number if last else ""
        if last is None or not (newest.isdigit() and one.number.isdigit() and int(one.number) == int(newest) + 1):
            found.append(one)
            continue
        before = 4 * (len(last.conjunction) + 1)
        coupons = (*last.coupons, *(replace(coupon, number=coupon.number + before) for coupon in one.coupons))
        conjunction = (*last.conjunction, one.number)
        found[-1] = replace(last, coupons=coupons, conjunction=conjunction, status=summed_up(coupons))
    return found

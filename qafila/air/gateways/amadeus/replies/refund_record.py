"""The refund record itself: what was paid, used and kept, and what comes back. In the AMA_ family amounts are
integers with a number of decimal places of their own (11524 with 2, 1240 with 0, in one reply); the older family
writes decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qafila.air.gateways.amadeus.replies.figures import day, money, structured_day
from qafila.air.gateways.amadeus.xml import Element, every, first, text, value
from qafila.air.gateways.values import Money, TaxLine, total_of

_NOT_GIVEN_BACK = frozenset({"PT", "701", "NR", "P"})  # paid taxes, the sum XT, not refundable


@dataclass(frozen=True, slots=True)
class RefundFigures:
    """A refund record: refund = paid_fare - used - penalty + tax_refund, as the supplier worked it out. Several tickets
    of one record are added up.
    """

    documents: tuple[str, ...]  # 13 digits
    refund: Money | None
    paid_fare: Money | None = None
    fare_refund: Money | None = None
    used: Money | None = None
    penalty: Money | None = None
    tax_refund: Money | None = None
    tax_paid: Money | None = None
    taxes: tuple[TaxLine, ...] = ()  # those given back
    travellers: tuple[str, ...] = ()
    coupons: tuple[tuple[str, int, str], ...] = ()  # document, number, status after the refund
    form_of_payment: str = ""  # its kind (CA, CC), never a number
    refunded_on: date | None = None
    issued_on: date | None = None
    status: str = ""  # Refunded …
    reference: str = ""
    notes: tuple[str, ...] = ()


def ama_record(reply: Element) -> RefundFigures | None:
    """The record of an AMA_ reply; None when it has none."""
    details = every(reply, "FunctionalData/ContractBundle/RefundDetails")
    contracts = [one for detail in details for one in every(detail, "Contracts/Contract")]
    if not contracts:
        return None
    amounts = _sums(
        (one.get("Qualifier", ""), _ama_money(one))
        for one in (
            one for contract in contracts for one in every(contract, "MonetaryInformations/MonetaryInformation")
        )
    )
    whole = _sum(_ama_money(one) for detail in details for one in every(detail, "TotalAmounts/Refundable"))
    each = _sum(_ama_money(one) for contract in contracts for one in every(contract, "Refundable"))
    penalties = [one for contract in contracts for one in _penalties(contract)]
    percent = any(one.get("PercentOrAmount") == "P" for one in penalties)
    coupons = tuple(coupon for contract in contracts for coupon in _ama_coupons(contract))
    return RefundFigures(
        documents=tuple(
            dict.fromkeys(
                number
                for contract in contracts
                for one in every(contract, "DocumentAndCouponInformation/DocumentNumber")
                if (number := _number(one.get("Number") or value(one)))
            )
        ),
        refund=whole or amounts.get("RFT") or each,
        paid_fare=amounts.get("B"),
        fare_refund=amounts.get("FRF"),
        used=amounts.get("RFU"),
        penalty=amounts.get("CP") if percent or not penalties else _sum(_ama_money(one) for one in penalties),
        tax_refund=amounts.get("TXT"),
        tax_paid=amounts.get("TP"),
        taxes=tuple(line for contract in contracts for line in _ama_taxes(contract)),
        travellers=tuple(
            dict.fromkeys(
                one.get("Tattoo", "") for contract in contracts for one in every(contract, "Passengers/Passenger")
            )
        ),
        coupons=coupons,
        form_of_payment=", ".join(
            dict.fromkeys(
                one.get("Type", "") for detail in details for one in every(detail, "FormOfPayments/FormOfPayment")
            )
        ),
        # The day it shall be refunded, while the record is open; the day it was, when it is processed.
        refunded_on=_ama_day(details, "DR") or _ama_day(details, "TID"),
        issued_on=day(contracts[0].get("IssueDate")),
        status=contracts[0].get("Status", ""),
        reference=contracts[0].get("RCI_Reference", ""),
        notes=tuple(_ama_notes(contracts)),
    )


def doc_record(reply: Element) -> RefundFigures | None:
    """The record of a DocRefund_ reply; None when it has none."""
    records = every(reply, "refundableDocument")
    if not records:
        return None
    amounts = _sums(
        (text(one, "typeQualifier"), money(text(one, "amount"), text(one, "currency")))
        for record in records
        for one in every(record, "monetaryInformation/monetaryDetails|otherMonetaryDetails")
    )
    dates = {
        text(one, "businessSemantic"): structured_day(first(one, "dateTime"))
        for record in records
        for one in every(record, "dateTimeInformation")
    }
    return RefundFigures(
        documents=tuple(
            dict.fromkeys(
                _number(text(one, "number"))
                for record in records
                for one in every(record, "ticket/ticketInformation/documentDetails")
            )
        ),
        refund=amounts.get("RFT"),
        paid_fare=amounts.get("B"),
        fare_refund=amounts.get("FRF"),
        used=amounts.get("RFU"),
        penalty=amounts.get("CP") or _doc_penalty(records, amounts.get("RFT")),
        tax_refund=amounts.get("TXT"),
        tax_paid=amounts.get("TP"),
        taxes=tuple(line for record in records for line in _doc_taxes(record)),
        coupons=tuple(coupon for record in records for coupon in _doc_coupons(record)),
        form_of_payment=", ".join(
            dict.fromkeys(text(one, "type") for record in records for one in every(record, "//formOfPayment"))
        ),
        refunded_on=dates.get("DR"),
        issued_on=dates.get("710"),
    )


def _number(written: str) -> str:
    """13 digits: hyphens and the check digit are left out."""
    return re.sub(r"\D", "", written)[:13]


def _ama_money(el: Element) -> Money | None:
    return money(el.get("Amount"), el.get("CurrencyCode", ""), el.get("DecimalPlaces"))


def _sum(amounts: Iterable[Money | None]) -> Money | None:
    """Of amounts in one currency; None for none, or when one cannot be read."""
    known = list(amounts)
    readable = [one for one in known if one is not None]
    if not readable or len(readable) < len(known) or len({one.currency for one in readable}) > 1:
        return None
    return total_of(readable)


def _sums(amounts: Iterable[tuple[str, Money | None]]) -> dict[str, Money | None]:
    by_qualifier: dict[str, list[Money | None]] = {}
    for qualifier, amount in amounts:
        by_qualifier.setdefault(qualifier, []).append(amount)
    return {qualifier: _sum(listed) for qualifier, listed in by_qualifier.items()}


def _penalties(contract: Element) -> list[Element]:
    """A penalty that is told with its taxes and again without them is one penalty."""
    told = every(contract, "Penalties/Penalty")
    whole = [one for one in told if one.get("TaxInclusive", "").lower() != "false"]
    return whole or told


def _doc_penalty(records: Iterable[Element], refund: Money | None) -> Money | None:
    """The older family writes the cancellation penalty among the commissions, without a currency of its own."""
    if refund is None:
        return None
    return _sum(
        money(text(one, "amount"), text(one, "currency", refund.currency))
        for record in records
        for one in every(record, "commission/commissionDetails|otherComDetails")
        if text(one, "type") == "CP"
    )


def _doc_taxes(record: Element) -> Iterable[TaxLine]:
    for one in every(record, "taxDetailsInformation"):
        category = text(one, "taxCategory")
        for tax in every(one, "taxDetails"):
            amount = money(text(tax, "rate"), text(tax, "currencyCode"))
            if category not in _NOT_GIVEN_BACK and amount is not None:
                yield TaxLine(text(tax, "type"), amount, category)


def _ama_taxes(contract: Element) -> Iterable[TaxLine]:
    for one in every(contract, "Taxes/Tax"):
        category, amount = one.get("Category", ""), _ama_money(one)
        if category not in _NOT_GIVEN_BACK and amount is not None:
            yield TaxLine(one.get("ISO_Code", ""), amount, category)


def _ama_coupons(contract: Element) -> Iterable[tuple[str, int, str]]:
    for document in every(contract, "DocumentAndCouponInformation"):
        numbered = first(document, "DocumentNumber")
        number = _number(numbered.get("Number") or value(numbered)) if numbered is not None else ""
        for one in every(document, "CouponGroup/CouponInformationDetails"):
            yield number, _integer(text(one, "CouponNumber")), text(one, "CouponStatus")


def _doc_coupons(record: Element) -> Iterable[tuple[str, int, str]]:
    for ticket in every(record, "ticket"):
        number = _number(text(ticket, "ticketInformation/documentDetails/number"))
        for one in every(ticket, "ticketGroup/couponInformationDetails/couponDetails"):
            yield number, _integer(text(one, "cpnNumber")), text(one, "cpnStatus")


def _integer(written: str) -> int:
    return int(written) if re.fullmatch(r"\d{1,3}", written, re.ASCII) else 0


def _ama_day(details: Iterable[Element], meaning: str) -> date | None:
    for detail in details:
        for one in every(detail, "DateTime"):
            semantic = first(one, "BusinessSemantic")
            if semantic is not None and semantic.get("Code") == meaning:
                return structured_day(first(one, "StructuredDateTime"))
    return None


def _ama_notes(contracts: Iterable[Element]) -> Iterable[str]:
    for contract in contracts:
        for one in every(contract, "Fees/Fee"):
            fee = _ama_money(one)
            if fee is not None and fee.amount:
                yield f"fee {one.get('Category', '')} {fee}"

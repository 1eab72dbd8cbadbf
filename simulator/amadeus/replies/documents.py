"""Replies about documents: issue, coupon status, void, and the office's sales of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from simulator.amadeus.markup import leaf, leaves, message, node
from simulator.amadeus.office import Office
from simulator.model import Document, Order, Passenger

COUPON = {"OPEN": "I", "VOID": "V", "REFUNDED": "RF"}


def issued(schema: str, status: str, code: str, words: str) -> str:
    """O or X with an errorGroup in either case: `dummyDocIssuanceIssueTicketReplyOk.txt`. It never has a number."""
    group = node("errorOrWarningCodeDetails", node("errorDetails", leaf("errorCode", code)))
    subject = node("freeTextDetails", leaves(textSubjectQualifier=3, source="M", encoding=1))
    told = node("errorGroup", group, node("errorWarningDescription", subject, leaf("freeText", words)))
    state = node("processingStatus", leaf("statusCode", status))
    return message("DocIssuance_IssueTicketReply", schema, state, told)


def voided(schema: str, results: Sequence[tuple[str, str]]) -> str:
    """One result a document: (number, error code); an empty code is done. Source: supplier reference, 2.3."""
    told = []
    for number, code in results:
        details = leaves(responseType="X", statusCode="N" if code else "O")
        shown = node("ticketNumbers", node("documentDetails", leaf("number", number)))
        error = node("errorDetails", leaves(errorCode=code, errorCodeOwner="ZZZ"))
        group = node("errorGroup", node("errorOrWarningCodeDetails", error)) if code else ""
        told.append(node("transactionResults", node("responseDetails", details), shown, group))
    return message("Ticket_CancelDocumentReply", schema, *told)


def displayed(schema: str, shown: Sequence[tuple[Order, Document]]) -> str:
    """Ticket_ProcessEDocReply for function 131: coupons with status I open, V void, RF refunded."""
    groups = []
    for order, document in shown:
        passenger = _passenger(order, document)
        name = node("paxDetails", leaves(surname=passenger.last_name, type=passenger.kind))
        coupons = "".join(
            node(
                "couponGroup",
                node("couponInfo", node("couponDetails", leaves(cpnNumber=place, cpnStatus=COUPON[document.status]))),
            )
            for place, _ in enumerate(document.segments, 1)
        )
        number = node("documentDetails", leaves(number=document.number, type="T"))
        details = node("docDetailsGroup", node("docInfo", number), coupons)
        given = node("otherPaxDetails", leaf("givenName", passenger.first_name))
        groups.append(node("docGroup", node("paxInfo", name, given), details))
    return _edoc(schema, "3", *groups)


def not_displayed(schema: str, code: str, words: str) -> str:
    text = node("freeTextQualification", leaves(textSubjectQualifier=4, informationType=23)) + leaf("freeText", words)
    error = node("error", node("errorDetails", leaf("errorCode", code)))
    return _edoc(schema, "7", error, node("textInfo", text))


def _edoc(schema: str, response: str, *parts: str) -> str:
    function = node("messageFunctionDetails", leaf("messageFunction", 131)) + leaf("responseType", response)
    told = node("msgActionDetails", function) + "".join(parts)
    return message("Ticket_ProcessEDocReply", schema, told)


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of a report: what happened to the document on one day, TKTT sold, CANX void, RFND refunded."""

    order: Order
    document: Document
    code: str


def sales(schema: str, begin: date, end: date, office: Office, lines: Sequence[Sale]) -> str:
    """`SalesReportsDisplayQueryReportReply.txt`."""
    days = "".join(
        node(
            "dateDetails",
            leaf("businessSemantic", kind),
            node("dateTime", leaves(year=d.year, month=d.month, day=d.day)),
        )
        for kind, d in (("S", begin), ("C", end))
    )
    agency = node("sourceType", leaf("sourceQualifier1", "REP")) + node(
        "originatorDetails", leaves(originatorId=office.iata, inHouseIdentification1=office.id)
    )
    rows = (node("documentData", _sale(place, line)) for place, line in enumerate(lines, 1))
    told = (
        node("currencyInfo", node("currencyDetails", leaf("currencyQualifier", office.currency)))
        + days
        + node("queryReportDataOfficeGroup", node("requestorAgencyDetails", agency), *rows)
        + node("agentDetails", node("originIdentification", leaf("originatorId", "9999WS")))
    )
    return message("SalesReports_DisplayQueryReportReply", schema, node("queryReportDataDetails", told))


def no_sales(schema: str) -> str:
    """An empty report is told as an error without a category: 6466."""
    code = node("errorOrWarningCodeDetails", node("errorDetails", leaf("errorCode", "6466")))
    words = node("errorWarningDescription", leaf("freeText", "NO DATA FOUND"))
    return message("SalesReports_DisplayQueryReportReply", schema, node("errorGroup", code, words))


def _sale(place: int, line: Sale) -> str:
    document = line.document
    passenger = _passenger(line.order, document)
    total = document.refunded if line.code == "RFND" else document.amount
    name = f"{passenger.last_name}/{passenger.first_name}" + ("" if passenger.kind == "ADT" else f" ({passenger.kind})")
    amounts = (("TTX", document.amount - document.base), ("F", "0.00"), ("T", total))
    paid = node("monetaryDetails", leaves(typeQualifier="FP", amount=total))
    return (
        node("sequenceIdentification", node("itemNumberDetails", leaves(number=place, type="S")))
        + node(
            "documentNumber",
            node("documentDetails", leaves(number=document.number, numberOfBooklets=1)),
            leaf("status", "CS"),
        )
        + node(
            "monetaryInformation",
            node("monetaryDetails", leaves(typeQualifier="712", amount=document.base)),
            *(node("otherMonetaryDetails", leaves(typeQualifier=kind, amount=value)) for kind, value in amounts),
        )
        + node("bookingAgent", node("originIdentification", leaf("originatorId", "9999WS")))
        + node(
            "transactionDataDetails",
            node(
                "transactionDetails",
                leaves(code=line.code, type="REFUND" if line.code == "RFND" else "SALE", issueIndicator="C"),
            ),
        )
        + node(
            "fopDetails", node("fopDescription", node("formOfPayment", leaf("type", "CA"))), node("monetaryInfo", paid)
        )
        + node("passengerName", node("paxDetails", leaf("surname", name)))
        + node("reservationInformation", node("reservation", leaf("controlNumber", line.order.locator)))
    )


def _passenger(order: Order, document: Document) -> Passenger:
    return next(passenger for passenger in order.passengers if passenger.tattoo == document.passenger)

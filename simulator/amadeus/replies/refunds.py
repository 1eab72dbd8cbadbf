"""The AMA_Ticket…RefundRS family: amounts are whole numbers with their `DecimalPlaces`.

After `dummyTicketInitRefundResponse.txt`, `…UpdateRefundResponse`, `…ProcessRefundResponse` and the refusal
`dummyTicketInitRefundFailResponse.txt`. Qualifiers: B fare paid, RFU fare used, FRF fare given back, TXT taxes given
back, RFT all given back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from simulator.amadeus.markup import empty, escaped, leaf, leaves, marked, node
from simulator.amadeus.office import Office
from simulator.amadeus.replies.lines import shown_tattoo
from simulator.model import Document, Order, Passenger
from simulator.refunds import RefundLine, RefundQuote

Places = Callable[[str], int]
_SPACES = (
    'xmlns:ama="http://xml.amadeus.com/2010/06/Types_v2" xmlns:att="http://xml.amadeus.com/2010/06/TicketTypes_v2" '
    'xmlns:ota="http://www.opentravel.org/OTA/2003/05/OTA2010B"'
)


def record(
    name: str, schema: str, order: Order, quote: RefundQuote, office: Office, today: date, places: Places
) -> str:
    """Init and update: the refund record, one `Contract` a document."""
    digits = places(quote.currency)
    documents = {document.number: document for document in order.documents}
    contracts = (
        _contract(place, order, documents[line.number], line, quote.currency, digits)
        for place, line in enumerate(quote.lines, 1)
    )
    first = documents[quote.lines[0].number].issued_at.astimezone(office.zone).date()
    payment = {"ID": 1, "Type": "CA"} | _money(quote.total, quote.currency, digits)
    reporting = leaves(**{"att:AgentCode": office.iata, "att:OfficeID": office.id, "att:Originator": "9999WSSU"})
    flags = "".join(
        node("att:ReferenceDetail", leaf("att:Type", kind), leaf("att:Value", value))
        for kind, value in (("TKT", "Y"), ("DIS", "F"))
    )
    details = (
        node(
            "att:RuleID",
            node("att:ReferenceDetails", leaf("att:Type", "RID"), leaf("att:Value", 36)),
        )
        + node("att:Contracts", *contracts)
        + _day("DR", today)
        + _day("710", first)
        + node("att:FormOfPayments", marked("att:FormOfPayment", payment, leaf("att:FreeFlow", "CASH")))
        + node("att:ReportingOffice", reporting)
        + leaf("att:TransactionCode", "TKTT")
        + node("att:ReferenceDetails", flags)
    )
    return _bundle(name, schema, "<Success/>" + node("RefundDetails", details))


def processed(name: str, schema: str, order: Order, quote: RefundQuote, today: date, places: Places) -> str:
    """What was given back: the contracts are `Refunded`, in the message's own namespace as recorded."""
    digits = places(quote.currency)
    documents = {document.number: document for document in order.documents}
    contracts = []
    for place, line in enumerate(quote.lines, 1):
        document = documents[line.number]
        passenger = _passenger(order, document)
        attributes = {
            "ID": place,
            "IssueDate": document.issued_at.date().isoformat(),
            "Status": "Refunded",
            "Type": "006",
        }
        contracts.append(
            marked(
                "Contract",
                attributes,
                node("Segments", *(empty("Segment", Tattoo=tattoo) for tattoo in document.segments)),
                node("Passengers", _named(passenger, "")),
                node("Taxes", empty("Tax", **_money(line.tax, quote.currency, digits), Category="R")),
                node(
                    "Penalties",
                    empty(
                        "Penalty",
                        **_money(line.penalty, quote.currency, digits),
                        PenaltyType="CP",
                        PercentOrAmount="A",
                    ),
                ),
                node("MonetaryInformations", _sums("", document, line, quote.currency, digits)),
                _coupons("", document, "RF"),
                empty("Refundable", **_money(line.total, quote.currency, digits)),
            )
        )
    kept = sum((line.penalty for line in quote.lines), Decimal(0))
    totals = marked(
        "Refundable",
        _money(quote.total, quote.currency, digits),
        empty("Penalty", **_money(kept, quote.currency, digits)),
    ) + empty("NonRefundable", **_money(kept, quote.currency, digits))
    details = node("Contracts", *contracts) + node("TotalAmounts", totals)
    details += _day("TID", today, "")
    return _bundle(name, schema, "<Success/>" + node("RefundDetails", details))


def refused(name: str, schema: str, code: str, words: str) -> str:
    """The general reply is a success even here; the bundle holds the error."""
    error = marked("ama:Error", {"Type": "000", "Code": code, "RecordID": "1255118034973"}, escaped(words))
    return _bundle(name, schema, node("Errors", node("ama:Errors", error)))


def ignored(name: str, schema: str) -> str:
    return f'<{name} xmlns="{escaped(schema)}" Version="{schema[-1]}.000"><Success/></{name}>'


def not_ignored(name: str, schema: str, code: str, words: str) -> str:
    """A success and an error in one reply, as recorded."""
    error = marked("ama:Error", {"Type": "000", "Code": code, "RecordID": "1255118034973"}, escaped(words))
    content = f"<Success/>{node('Errors', node('ama:Errors', error))}"
    return f'<{name} xmlns="{escaped(schema)}" {_SPACES} Version="{schema[-1]}.000">{content}</{name}>'


def _bundle(name: str, schema: str, content: str) -> str:
    body = marked("ContractBundle", {"ID": 1}, content)
    return (
        f'<{name} xmlns="{escaped(schema)}" {_SPACES} Version="{schema[-1]}.000">'
        f"<GeneralReply><Success/></GeneralReply>{node('FunctionalData', body)}</{name}>"
    )


def _money(amount: Decimal, currency: str, digits: int) -> dict[str, object]:
    return {"Amount": int(amount.scaleb(digits)), "CurrencyCode": currency, "DecimalPlaces": digits}


def _day(code: str, day: date, prefix: str = "att:") -> str:
    told = leaves(**{f"{prefix}Year": day.year, f"{prefix}Month": f"{day.month:02}", f"{prefix}Day": f"{day.day:02}"})
    semantic = empty(f"{prefix}BusinessSemantic", Code=code)
    return node(f"{prefix}DateTime", semantic, node(f"{prefix}StructuredDateTime", told))


def _passenger(order: Order, document: Document) -> Passenger:
    return next(passenger for passenger in order.passengers if passenger.tattoo == document.passenger)


def _named(passenger: Passenger, prefix: str) -> str:
    names = leaves(
        **{
            f"{prefix}FirstName": passenger.first_name,
            f"{prefix}LastName": passenger.last_name,
            f"{prefix}FullName": f"{passenger.last_name}/{passenger.first_name}",
        }
    )
    return marked(f"{prefix}Passenger", {"Tattoo": shown_tattoo(passenger)}, names)


def _sums(prefix: str, document: Document, line: RefundLine, currency: str, digits: int) -> str:
    rows = (
        ("B", document.base),
        ("RFU", Decimal(0)),
        ("FRF", line.fare),
        ("TXT", line.tax),
        ("TP", line.tax),
        ("RFT", line.total),
    )
    return "".join(
        empty(f"{prefix}MonetaryInformation", **_money(amount, currency, digits), Qualifier=kind)
        for kind, amount in rows
    )


def _coupons(prefix: str, document: Document, status: str) -> str:
    groups = "".join(
        node(
            f"{prefix}CouponGroup",
            node(
                f"{prefix}CouponInformationDetails",
                leaves(**{f"{prefix}CouponNumber": place, f"{prefix}CouponStatus": status}),
            ),
        )
        for place, _ in enumerate(document.segments, 1)
    )
    # Thirteen digits and the check digit of the form, which is the remainder by seven.
    number = f"{document.number}{int(document.number) % 7}"
    return node(f"{prefix}DocumentAndCouponInformation", empty(f"{prefix}DocumentNumber", Number=number), groups)


def _contract(place: int, order: Order, document: Document, line: RefundLine, currency: str, digits: int) -> str:
    flights = [segment for segment in order.segments if segment.tattoo in document.segments]
    stations = [segment.origin for segment in flights[:1]] + [segment.destination for segment in flights]
    return marked(
        "att:Contract",
        {"ID": place, "IssueDate": document.issued_at.date().isoformat()},
        node("att:Passengers", _named(_passenger(order, document), "att:")),
        node("att:Taxes", empty("att:Tax", **_money(line.tax, currency, digits), Category="H", ISO_Code="XT")),
        node("att:MonetaryInformations", _sums("att:", document, line, currency, digits)),
        node("att:PricingDetails", node("att:PriceTicketDetails", leaf("att:Indicator", "I"))),
        _coupons("att:", document, "RF"),
        node("att:RefundedRoute", *(leaf("att:Station", station) for station in stations)),
        empty("att:Refundable", **_money(line.total, currency, digits)),
    )

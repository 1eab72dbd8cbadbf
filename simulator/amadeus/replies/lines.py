"""The numbered lines at the end of a PNR, from contacts to ticket numbers, and its stored fares (TSTs).

Ticket evidence: FA `PAX 065-2400000123/ETSV/INR52000.00/21NOV26/SXRQF2100/14312345`, tied to segments and passenger by
references; FB the result of the issuing command. Source: supplier reference, 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from simulator.amadeus.elements import AIRLINE_LIMIT, DOCUMENTS, TICKETING, Element, elements
from simulator.amadeus.markup import leaf, leaves, node
from simulator.amadeus.office import Office
from simulator.amadeus.reading import ddmmmyy, ddmmyy, hhmm
from simulator.model import Document, Order, Passenger, PricedFare

FREE_TEXT = {"AP": "7", "FP": "16", "FV": "P18", "FA": "P06", "FB": "P07", "FE": "10", "FM": "11", "OS": "28"}


def lines(order: Order, office: Office, now: datetime, line: int) -> Iterator[str]:
    """One `dataElementsIndiv` each; `line` is the first line's number."""
    shown = [document for document in order.documents if document.shown_from is None or document.shown_from <= now]
    kept = elements(order)
    contents = [_entered(each) for each in kept if each.kind == "AP"]
    contents.append(_ticketing(order, office, shown))
    contents += [_entered(each) for each in kept if each.kind == "SSR"]
    contents += [_airline_limit(order)] if order.time_limit and not order.documents and order.segments else []
    contents += [_entered(each) for each in kept if each.kind not in {"AP", "SSR", "FP"}]
    for number, document in enumerate(shown):
        contents += _evidence(order, document, office, DOCUMENTS + 2 * number)
    contents += [_entered(each) for each in kept if each.kind == "FP"]
    for offset, (number, name, content) in enumerate(contents):
        reference = node("reference", leaves(qualifier="OT", number=number))
        management = node("elementManagementData", reference, leaves(segmentName=name, lineNumber=line + offset))
        yield node("dataElementsIndiv", management, content)


_Line = tuple[int, str, str]


def _free(kind: str, text: str) -> str:
    return node(
        "otherDataFreetext",
        node("freetextDetail", leaves(subjectQualifier=3, type=kind)),
        leaf("longFreetext", text[:999]),
    )


def _references(passengers: list[int], segments: list[int]) -> str:
    told = [("PT", number) for number in passengers] + [("ST", number) for number in segments]
    if not told:
        return ""
    return node(
        "referenceForDataElement",
        *(node("reference", leaves(qualifier=kind, number=number)) for kind, number in told),
    )


def _entered(each: Element) -> _Line:
    tied = _references(each.passengers, each.segments)
    if each.kind == "SSR":
        request = leaves(
            type=each.subtype,
            status=each.status or "HK",
            quantity=1,
            companyId=each.company or "YY",
            freeText=each.text[:70] or None,
        )
        more = leaf("freeText", each.text[70:140]) if len(each.text) > 70 else ""
        return each.number, "SSR", node("serviceRequest", node("ssr", request, more)) + tied
    if each.kind in {"RM", "RC", "RI"}:
        text = each.text[:127]
        remark = node("remarks", leaves(type=each.kind, freetext=f"*{text}"[:127] if each.subtype == "*" else text))
        structured = leaves(type=each.kind, category=each.subtype[:1] or None, freetext=text)
        extended = node("extendedRemark", node("structuredRemark", structured))
        return each.number, each.kind, node("miscellaneousRemarks", remark) + extended + tied
    kind = each.subtype if each.kind == "AP" and each.subtype else FREE_TEXT.get(each.kind, "3")
    return each.number, each.kind, _free(kind, each.text) + tied


def _ticketing(order: Order, office: Office, shown: list[Document]) -> _Line:
    limit = order.time_limit
    if shown or order.documents or order.ticketing == "OK":
        day = shown[0].issued_at if shown else order.created
        told = leaves(indicator="OK", date=ddmmyy(day.astimezone(office.zone)), officeId=office.id)
    else:
        there = limit.astimezone(office.zone) if limit else None
        when = leaves(date=ddmmyy(there), time=hhmm(there)) if there else ""
        told = leaf("indicator", order.ticketing) + when + leaf("officeId", office.id)
    return TICKETING, "TK", node("ticketElement", leaf("passengerType", "PAX"), node("ticket", told))


def _airline_limit(order: Order) -> _Line:
    assert order.time_limit is not None
    limit = order.time_limit.astimezone(UTC)
    carrier = order.validating_carrier or order.segments[0].carrier
    words = f"TO {carrier} BY {ddmmmyy(limit)}/{hhmm(limit)}Z OTHERWISE WILL BE XXLD"
    told = leaves(type="ADTK", status="HK", companyId="1A", freeText=words)
    return AIRLINE_LIMIT, "SSR", node("serviceRequest", node("ssr", told))


def _evidence(order: Order, document: Document, office: Office, number: int) -> list[_Line]:
    passenger = next(each for each in order.passengers if each.tattoo == document.passenger)
    kind = "INF" if passenger.kind == "INF" else "PAX"
    code = "EV" if document.status == "VOID" else "ET"
    carrier = order.validating_carrier or order.segments[0].carrier
    day = ddmmmyy(document.issued_at.astimezone(office.zone))
    price = f"{document.currency}{document.amount}"
    said = f"{kind} {document.number[:3]}-{document.number[3:]}/{code}{carrier}/{price}/{day}/{office.id}/{office.iata}"
    tied = _references([shown_tattoo(passenger)], list(document.segments))
    command = f"{kind} 0000000000 TTP/RT OK ETICKET - {price}"
    return [
        (number, "FA", _free(FREE_TEXT["FA"], said) + tied),
        (number + 1, "FB", _free(FREE_TEXT["FB"], command) + tied),
    ]


def shown_tattoo(passenger: Passenger) -> int:
    """An infant is part of the adult's name element and has no number of its own in replies."""
    return passenger.infant_of or passenger.tattoo


def stored_fare(order: Order, stored: PricedFare) -> str:
    """One `tstData`. Amounts are for one passenger, however many share the fare."""
    fare = stored.fare
    flights = {segment.tattoo: segment for segment in order.segments}
    people = {passenger.tattoo: passenger for passenger in order.passengers}
    general = leaves(tstReferenceNumber=stored.number, tstCreationDate=ddmmyy(stored.created))
    whom = "INF" if fare.kind == "INF" else "PAX"
    bases = [
        leaves(
            primaryCode=basis[:3],
            connection="O",
            notValidBefore=ddmmyy(flights[tattoo].departs) if tattoo in flights else None,
            baggageAllowance=fare.baggage[:3],
            fareBasis=basis[3:9] or None,
        )
        for tattoo, basis in zip(stored.segments, fare.fare_bases, strict=False)
    ]
    money = [
        node("monetaryInfo", leaves(qualifier=which, amount=amount, currencyCode=fare.currency))
        for which, amount in (("F", fare.base), ("T", fare.total))
    ]
    taxes = [
        node(
            "taxFields",
            leaves(
                taxIndicator="X",
                taxCurrency=fare.currency,
                taxAmount=tax.amount,
                taxCountryCode=tax.code,
                taxNatureCode=tax.nature[:2] or None,
            ),
        )
        for tax in fare.taxes
    ]
    tied = [("PT", shown_tattoo(people[tattoo])) for tattoo in stored.passengers if tattoo in people]
    tied += [("ST", tattoo) for tattoo in stored.segments]
    return node(
        "tstData",
        node("tstGeneralInformation", node("generalInformation", general)),
        node("tstFreetext", node("freetextDetail", leaves(subjectQualifier=3, type=41)), leaf("longFreetext", whom)),
        node("fareBasisInfo", *(node("fareElement", basis) for basis in bases)),
        node("fareData", leaf("issueIdentifier", "F"), *money, *taxes),
        node(
            "referenceForTstData",
            *(node("reference", leaves(qualifier=kind, number=number)) for kind, number in tied),
        ),
    )

"""A complete walk: a family flies out and back, is ticketed, voided, refunded and cancelled, and everything is refused
once. What was told on the way is what the honesty of the simulator is judged by."""

from __future__ import annotations

from datetime import date

from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Client, Reply, series
from simulator.amadeus.tests.conftest import (
    BACK,
    LINES,
    OUT,
    Held,
    Stage,
    documents,
    hold,
    number_of,
    price,
    ticket,
)

FAMILY = (
    m.person(1, "KHAN", "IMRAN MR", "ADT", "02031980")
    + m.person(2, "KHAN", "AISHA MRS", "ADT", "05061984", infant=("KHAN", "ZARA MISS", "10012026"))
    + m.person(3, "DAR", "OMAR MR", "ADT", "07081990", infant=("LONE", "SARA MISS", "11022026"))
    + m.person(4, "KHAN", "BILAL MSTR", "CHD", "01022018")
)
SEATS, CHILDREN, INFANTS = 4, 1, 2
TRIP = [("SXR", "JED", OUT), ("JED", "SXR", BACK)]


def walk(stage: Stage) -> list[Reply]:
    """Everything there is to be told, in the order in which it was told."""
    orders(stage)
    refusals_of_orders(stage)
    refusals_of_documents(stage)
    turned_away(stage)
    return [reply for client in stage.clients for reply in client.replies]


def orders(stage: Stage) -> None:
    """Hold, price, issue, look, void, issue again, refund the day after, cancel."""
    client = stage.client()
    found = client.stateless(
        "Fare_MasterPricerTravelBoardSearch",
        m.search(TRIP, adults=3, children=1, infants=2),
    )
    client.start("Air_SellFromRecommendation", m.sell(m.flights(found), SEATS))
    client.go_on("PNR_AddMultiElements", m.option(0) + FAMILY + m.data(*LINES))
    held_reply = client.go_on("PNR_AddMultiElements", m.end(11))
    locator = held_reply.text("pnrHeader/reservationInfo/reservation/controlNumber")
    client.go_on("Fare_PricePNRWithBookingClass", m.price("RP"))
    client.go_on("Fare_PricePNRWithBookingClass", m.price("RP", "RLO", currency="USD"))
    price(Held(client, locator, held_reply))
    client.go_on("DocIssuance_IssueTicket", m.issue(indicator="TKT"))
    client.go_on("DocIssuance_IssueTicket", m.issue())
    client.go_on("DocIssuance_IssueTicket", m.issue())
    shown = client.go_on("PNR_Retrieve", m.retrieve(locator))
    numbers = [number_of(line) for line in documents(shown)]
    client.go_on("Ticket_ProcessEDoc", m.coupons(*numbers))
    client.go_on("Ticket_CancelDocument", m.void(numbers[0], "1231234567890"))
    client.go_on("Ticket_CancelDocument", m.void(numbers[0]))
    client.go_on("PNR_Retrieve", m.retrieve(locator))
    client.go_on("SalesReports_DisplayQueryReport", m.sales(date(2026, 11, 21)))
    client.go_on("DocIssuance_IssueTicket", m.issue())
    client.sign_out()
    stage.clock.advance(24 * 3600)
    client.start("PNR_Retrieve", m.retrieve(locator))
    client.go_on("Ticket_CancelDocument", m.void(numbers[1]))
    client.go_on("AMA_TicketInitRefundRQ", m.refund(*numbers[1:]))
    client.go_on("AMA_TicketUpdateRefundRQ", '<ContractBundle ID="1"><WaiverCode Code="W1"/></ContractBundle>')
    client.go_on("AMA_TicketIgnoreRefundRQ")
    client.go_on("AMA_TicketInitRefundRQ", m.refund(*numbers[1:]))
    client.go_on("AMA_TicketProcessRefundRQ")
    client.go_on("Ticket_ProcessEDoc", m.coupons(*numbers))
    client.go_on("SalesReports_DisplayQueryReport", m.sales(date(2026, 11, 22)))
    client.go_on("PNR_Retrieve", m.retrieve(locator))
    client.go_on("PNR_Cancel", m.cancel(0))
    client.go_on("PNR_AddMultiElements", m.end(11))
    client.sign_out()


def refusals_of_orders(stage: Stage) -> None:
    """Search, sell, names, commit, price, store: each refused in each of its shapes."""
    client = stage.client()
    lone = [("SXR", "JED", OUT)]
    client.stateless("Fare_MasterPricerTravelBoardSearch", m.search([("SXR", "JED", date(2020, 1, 1))]))
    client.stateless("Fare_MasterPricerTravelBoardSearch", m.search([("SXR", "QQQ", OUT)]))
    client.stateless("Fare_MasterPricerTravelBoardSearch", m.search([("HLE", "SXR", OUT)]))
    client.stateless("Fare_MasterPricerTravelBoardSearch", m.search(lone).replace("<ptc>ADT", "<ptc>XXX"))
    found = client.stateless("Fare_MasterPricerTravelBoardSearch", m.search(lone, adults=9))
    flown = m.flights(found)
    nowhere = [m.Flown(0, each.date, each.origin, each.destination, each.carrier, "9999", each.rbd) for each in flown]
    client.start("Air_SellFromRecommendation", m.sell([*nowhere[:1], *flown], 2))
    client.go_on("Air_SellFromRecommendation", m.sell([*nowhere[:1], *flown], 2, "M2"))
    client.go_on("Air_SellFromRecommendation", m.sell(flown, 2).replace("<departureDate>", "<departureDate>x"))
    client.go_on("Ticket_CreateTSTFromPricing", m.store("1"))
    client.go_on("Fare_PricePNRWithBookingClass", m.price())
    client.go_on("PNR_AddMultiElements", m.end(11))  # no name
    client.go_on("DocIssuance_IssueTicket", m.issue())  # 339
    client.go_on("PNR_AddMultiElements", m.option(0) + m.person(1, "KHAN", "R2D2"))
    client.go_on("PNR_AddMultiElements", m.option(0) + m.person(1, "KHAN", "IMRAN MR") + m.data(*LINES))
    client.go_on("PNR_AddMultiElements", m.end(11, received_from=False))
    client.go_on("PNR_AddMultiElements", m.end(11, received_from=False), code="PNRADD_14_1_1A")
    client.go_on("PNR_AddMultiElements", m.end(11))  # two seats, one name
    client.go_on("PNR_AddMultiElements", m.option(0) + m.person(1, "DAR", "OMAR MR"))
    client.go_on("PNR_AddMultiElements", m.end(10))
    client.go_on("PNR_AddMultiElements", m.option(20))
    client.go_on("Fare_PricePNRWithBookingClass", m.price())
    client.sign_out()
    _changed_by_two(stage)


def _changed_by_two(stage: Stage) -> None:
    held = hold(stage)
    other = stage.client()
    other.start("PNR_Retrieve", m.retrieve(held.locator))
    other.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("SOMEBODY ELSE")))
    held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("MINE")))
    held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))  # finish or ignore
    other.go_on("PNR_AddMultiElements", m.end(11))
    held.client.go_on("PNR_AddMultiElements", m.end(11))  # simultaneous changes
    held.client.go_on("PNR_AddMultiElements", m.option(21))
    held.client.go_on("PNR_Cancel", m.cancel(11, "<element><identifier>OT</identifier><number>77</number></element>"))
    held.client.go_on("PNR_AddMultiElements", m.option(20))
    held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))
    held.client.go_on("PNR_Cancel", m.cancel(11))
    held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))
    held.client.sign_out()
    other.sign_out()


def refusals_of_documents(stage: Stage) -> None:
    """Issue, coupon status, void and the refund family, refused."""
    held, shown = ticket(stage)
    number = number_of(documents(shown)[0])
    client = held.client
    client.go_on("Ticket_ProcessEDoc", m.coupons("1231234567890"))
    client.go_on("Ticket_ProcessEDoc", m.coupons())
    client.go_on("AMA_TicketUpdateRefundRQ")
    client.go_on("AMA_TicketProcessRefundRQ")
    client.go_on("AMA_TicketIgnoreRefundRQ")
    client.go_on("AMA_TicketInitRefundRQ", m.refund("1231234567890"))
    client.go_on("Ticket_CancelDocument", m.void(number))
    client.go_on("AMA_TicketInitRefundRQ", m.refund(number))
    client.go_on("SalesReports_DisplayQueryReport", m.sales(date(2026, 1, 1)))
    client.sign_out()
    client.stateless("DocIssuance_IssueTicket", m.issue())
    stage.fault("segment_cancelled", "amadeus.retrieve")
    client.stateless("PNR_Retrieve", m.retrieve(held.locator))
    client.start("PNR_Retrieve", m.retrieve(held.locator))
    stage.clock.advance(16 * 60)
    client.go_on("PNR_Retrieve", m.retrieve(held.locator))  # idle


def turned_away(stage: Stage) -> None:
    """The faults of the envelope."""
    client: Client = stage.client()
    content = m.retrieve("NOSUCH")
    client.stateless("PNR_Retrieve", content)
    client.send("PNR_Retrieve", content, client.security(password="wrong"))
    client.send("PNR_Retrieve", content, client.security(), message_id="")
    client.stateless("PNR_Retrieve", content, code="PNRADD_14_2_1A")
    client.send("PNR_Retrieve", content, series("NOBODY", "2", "TOKEN"))
    client.send("PNR_Retrieve", content, series("", "", ""))
    client.start("PNR_Retrieve", content)
    client.go_on("Security_SignOut")
    client.post("<not xml", "x")

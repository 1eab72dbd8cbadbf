"""What is spoken: each message with its request and reply codes and the versions the endpoint offers.

A version is checked in form only: a customer's endpoint speaks what was agreed, and the reply's namespace follows
the request (PNRADD_17_1_1A is answered in PNRACC_17_1_1A). Source: supplier reference, 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ACTIONS = "http://webservices.amadeus.com/"
SCHEMAS = "http://xml.amadeus.com/"
REFUND_SCHEMA = "http://xml.amadeus.com/2010/06/TicketGTP_v"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message. `operation` is the Body's first element; `version` the newest one in the WSDL."""

    operation: str
    reply: str
    asked: str  # PNRADD
    answered: str  # PNRACC
    version: str  # 21_1_1A
    step: str

    @property
    def action(self) -> str:
        return f"{ACTIONS}{self.asked}_{self.version}"


MESSAGES = (
    Spoken(
        "Fare_MasterPricerTravelBoardSearch",
        "Fare_MasterPricerTravelBoardSearchReply",
        "FMPTBQ",
        "FMPTBR",
        "18_1_1A",
        "amadeus.search",
    ),
    Spoken(
        "Air_SellFromRecommendation", "Air_SellFromRecommendationReply", "ITAREQ", "ITARES", "05_2_IA", "amadeus.sell"
    ),
    Spoken("PNR_AddMultiElements", "PNR_Reply", "PNRADD", "PNRACC", "17_1_1A", "amadeus.add"),
    Spoken("PNR_Retrieve", "PNR_Reply", "PNRRET", "PNRACC", "17_1_1A", "amadeus.retrieve"),
    Spoken("PNR_Cancel", "PNR_Reply", "PNRXCL", "PNRACC", "17_1_1A", "amadeus.cancel"),
    Spoken("FOP_CreateFormOfPayment", "FOP_CreateFormOfPaymentReply", "TFOPCQ", "TFOPCR", "15_4_1A", "amadeus.fop"),
    Spoken(
        "Fare_PricePNRWithBookingClass",
        "Fare_PricePNRWithBookingClassReply",
        "TPCBRQ",
        "TPCBRR",
        "18_1_1A",
        "amadeus.price",
    ),
    Spoken(
        "Ticket_CreateTSTFromPricing", "Ticket_CreateTSTFromPricingReply", "TAUTCQ", "TAUTCR", "04_1_1A", "amadeus.tst"
    ),
    Spoken("DocIssuance_IssueTicket", "DocIssuance_IssueTicketReply", "TTKTIQ", "TTKTIR", "15_1_1A", "amadeus.issue"),
    Spoken("Ticket_ProcessEDoc", "Ticket_ProcessEDocReply", "TATREQ", "TATRES", "15_2_1A", "amadeus.edoc"),
    Spoken("Ticket_CancelDocument", "Ticket_CancelDocumentReply", "TRCANQ", "TRCANR", "11_1_1A", "amadeus.void"),
    Spoken(
        "SalesReports_DisplayQueryReport",
        "SalesReports_DisplayQueryReportReply",
        "TSRQRQ",
        "TSRQRR",
        "10_1_1A",
        "amadeus.sales",
    ),
    Spoken("Security_SignOut", "Security_SignOutReply", "VLSSOQ", "VLSSOR", "04_1_1A", "amadeus.signout"),
    Spoken("AMA_TicketInitRefundRQ", "AMA_TicketInitRefundRS", "Ticket_InitRefund", "", "3.0", "amadeus.refund_init"),
    Spoken(
        "AMA_TicketUpdateRefundRQ",
        "AMA_TicketUpdateRefundRS",
        "Ticket_UpdateRefund",
        "",
        "3.0",
        "amadeus.refund_update",
    ),
    Spoken(
        "AMA_TicketProcessRefundRQ",
        "AMA_TicketProcessRefundRS",
        "Ticket_ProcessRefund",
        "",
        "3.0",
        "amadeus.refund_process",
    ),
    Spoken(
        "AMA_TicketIgnoreRefundRQ",
        "AMA_TicketIgnoreRefundRS",
        "Ticket_IgnoreRefund",
        "",
        "3.0",
        "amadeus.refund_ignore",
    ),
)

BY_OPERATION = {spoken.operation: spoken for spoken in MESSAGES}
_CODE = re.compile(r"([A-Za-z_]+)_(\d\d_\d_[0-9A-Z]{2}|\d\.\d)", re.ASCII)


def understood(action: str, operation: str) -> tuple[Spoken, str] | None:
    """The message and its version, when the action is one of ours and that of the Body's first element; else None."""
    spoken = BY_OPERATION.get(operation)
    match = _CODE.fullmatch(action.removeprefix(ACTIONS))
    if spoken is None or match is None or match[1] != spoken.asked or not action.startswith(ACTIONS):
        return None
    return spoken, match[2]


def namespace(spoken: Spoken, version: str) -> str:
    """The namespace of the reply to a request of that version."""
    return f"{SCHEMAS}{spoken.answered}_{version}" if spoken.answered else f"{REFUND_SCHEMA}{version.partition('.')[0]}"

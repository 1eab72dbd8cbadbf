"""Which version of each message is spoken: the defaults, and over them what a customer's WSDL says.
Source: suppliers.md 3; versions are part of the contract with each customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qafila.air.gateways.errors import Misconfigured
from qafila.air.gateways.moments import zone_named
from qafila.air.gateways.settings import AmadeusSettings, Version

ACTIONS = "http://webservices.amadeus.com/"
_SCHEMAS = "http://xml.amadeus.com/"
_REFUNDS = "http://xml.amadeus.com/2010/06/TicketGTP_v3"


def _coded(action: str) -> Version:
    return Version(action, _SCHEMAS + action)


def _refund(step: str) -> Version:
    return Version(f"Ticket_{step}Refund_3.0", _REFUNDS)


DEFAULTS: Mapping[str, Version] = MappingProxyType(
    {
        "Fare_MasterPricerTravelBoardSearch": _coded("FMPTBQ_18_1_1A"),
        "Air_SellFromRecommendation": _coded("ITAREQ_05_2_IA"),  # IA, not 1A
        "PNR_AddMultiElements": _coded("PNRADD_17_1_1A"),
        "PNR_Retrieve": _coded("PNRRET_17_1_1A"),
        "PNR_Cancel": _coded("PNRXCL_17_1_1A"),
        "FOP_CreateFormOfPayment": _coded("TFOPCQ_15_4_1A"),
        "Fare_PricePNRWithBookingClass": _coded("TPCBRQ_18_1_1A"),
        "Ticket_CreateTSTFromPricing": _coded("TAUTCQ_04_1_1A"),
        "DocIssuance_IssueTicket": _coded("TTKTIQ_15_1_1A"),
        "Ticket_ProcessEDoc": _coded("TATREQ_15_2_1A"),
        "Ticket_CancelDocument": _coded("TRCANQ_11_1_1A"),
        "Ticket_InitRefund": _refund("Init"),
        "Ticket_UpdateRefund": _refund("Update"),
        "Ticket_ProcessRefund": _refund("Process"),
        "Ticket_IgnoreRefund": _refund("Ignore"),
        "SalesReports_DisplayQueryReport": _coded("TSRQRQ_10_1_1A"),
        "Security_SignOut": _coded("VLSSOQ_04_1_1A"),
    }
)

# What must be there to sell at all; the others only take a verb away.
NEEDED = (
    "Fare_MasterPricerTravelBoardSearch",
    "Air_SellFromRecommendation",
    "PNR_AddMultiElements",
    "PNR_Retrieve",
    "PNR_Cancel",
    "Fare_PricePNRWithBookingClass",
    "Ticket_CreateTSTFromPricing",
    "DocIssuance_IssueTicket",
    "Security_SignOut",
)


def root_of(message: str) -> str:
    """The element a request of that message begins with: the refund family has names of its own there."""
    return f"AMA_{message.replace('_', '')}RQ" if message.endswith("Refund") else message


def version(settings: AmadeusSettings, message: str) -> Version:
    """The version to speak. Raises: Misconfigured (no such message)."""
    found = settings.versions.get(message) or DEFAULTS.get(message)
    if found is None:
        raise Misconfigured(f"No version is known for the message {message}.", supplier=settings.code)
    return found


def check(settings: AmadeusSettings) -> None:
    """Raises: Misconfigured (no endpoint, user, password or office; no time zone; a message nobody sends; half a
    version, or one that no header can name).
    """
    for setting in ("endpoint", "user", "password", "office"):
        if not getattr(settings, setting):
            raise Misconfigured(f"The setting {setting} of {settings.code} is empty.", supplier=settings.code)
    if not settings.endpoint.startswith(("http://", "https://")):
        raise Misconfigured(f"The endpoint of {settings.code} is no http(s) address.", supplier=settings.code)
    if settings.office_zone and zone_named(settings.office_zone) is None:
        raise Misconfigured(f"The office_zone of {settings.code} is no time zone.", supplier=settings.code)
    for message, given in settings.versions.items():
        if message not in DEFAULTS:
            raise Misconfigured(f"{settings.code}: {message} is no message that is sent.", supplier=settings.code)
        if not (given.action and given.namespace and given.action.isascii() and given.action.isprintable()):
            raise Misconfigured(f"{settings.code}: {message} needs an action and a namespace.", supplier=settings.code)

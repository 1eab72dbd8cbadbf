"""Any recorded reply of a supplier, recognised by what is in it and turned into its typed value: for people who look
at a recording (`qafila air read FILE`), and for tests. Nothing is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem, fault, problems
from qafila.air.gateways.amadeus.replies.edoc import edoc_reply
from qafila.air.gateways.amadeus.replies.fop import fop_reply
from qafila.air.gateways.amadeus.replies.issue import issue_reply
from qafila.air.gateways.amadeus.replies.pnr import pnr_reply
from qafila.air.gateways.amadeus.replies.price import price_reply
from qafila.air.gateways.amadeus.replies.refund import refund_reply
from qafila.air.gateways.amadeus.replies.sales import sales_reply
from qafila.air.gateways.amadeus.replies.search import search_reply
from qafila.air.gateways.amadeus.replies.sell import sell_reply
from qafila.air.gateways.amadeus.replies.signout import signout_reply
from qafila.air.gateways.amadeus.replies.tst import tst_reply
from qafila.air.gateways.amadeus.replies.void import void_reply
from qafila.air.gateways.amadeus.xml import Element, message, name, parse
from qafila.air.gateways.duffel.read import read as read_duffel
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.settings import AmadeusSettings

_NOBODY = AmadeusSettings(endpoint="", user="", password="", office="")


@dataclass(frozen=True, slots=True)
class OtherReply:
    """A reply that nothing here asks for: its name, and what it complains about."""

    name: str
    problems: tuple[Problem, ...]


def read(body: bytes, settings: AmadeusSettings | None = None) -> object:
    """The typed value of a reply: XML (a whole envelope or the bare message; a fault too) or Duffel's JSON.
    `settings` give the office whose clock counts where the reply names none. Raises: Unreadable (no reply of a known
    kind).
    """
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return read_duffel(body)
    root = parse(body)
    if (found := fault(root)) is not None:
        return found
    reply = message(root)
    local = name(reply)
    for beginning, reader in _readers(settings or _NOBODY).items():
        if local.startswith(beginning):
            return reader(reply)
    if local.endswith(("Reply", "RS")):
        return OtherReply(local, problems(reply))
    raise Unreadable(f"{local[:80]} is no reply.")


def _readers(settings: AmadeusSettings) -> dict[str, Callable[[Element], object]]:
    """Which reader takes the replies whose name begins so."""
    return {
        "PNR_Reply": lambda reply: pnr_reply(reply, settings),
        "Fare_PricePNRWith": lambda reply: price_reply(reply, settings),
        "Ticket_DisplayTSTReply": lambda reply: price_reply(reply, settings),
        "Fare_MasterPricer": lambda reply: search_reply(reply, None, settings),
        "Fare_Instant": lambda reply: search_reply(reply, None, settings),
        "Air_SellFromRecommendationReply": sell_reply,
        "FOP_CreateFormOfPaymentReply": fop_reply,
        "Ticket_CreateTS": tst_reply,
        "DocIssuance_Issue": issue_reply,
        "Ticket_ProcessE": edoc_reply,
        "Ticket_CancelDocumentReply": void_reply,
        "AMA_Ticket": refund_reply,
        "DocRefund_": refund_reply,
        "SalesReports_Display": sales_reply,
        "Security_SignOutReply": signout_reply,
    }

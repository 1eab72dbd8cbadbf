"""One builder for each message that is sent: from typed values to the element of its body, in the version of the
settings. Nothing here decides anything. Source: suppliers.md 3.
"""

from qafila.air.gateways.amadeus.requests.documents import coupons, issue, sales, void
from qafila.air.gateways.amadeus.requests.order import add, cancel, end, received_from, retrieve
from qafila.air.gateways.amadeus.requests.parts import sign_out
from qafila.air.gateways.amadeus.requests.payment import form_of_payment
from qafila.air.gateways.amadeus.requests.pricing import price, store
from qafila.air.gateways.amadeus.requests.refunds import refund_ignore, refund_init, refund_process, refund_update
from qafila.air.gateways.amadeus.requests.search import search
from qafila.air.gateways.amadeus.requests.sell import sell

__all__ = [
    "add",
    "cancel",
    "coupons",
    "end",
    "form_of_payment",
    "issue",
    "price",
    "received_from",
    "refund_ignore",
    "refund_init",
    "refund_process",
    "refund_update",
    "retrieve",
    "sales",
    "search",
    "sell",
    "sign_out",
    "store",
    "void",
]

"""A client with handmade envelopes over a real socket: what it sends is written here, not taken from an adapter."""

from __future__ import annotations

import base64
import http.client
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from simulator.access import AmadeusAccess
from simulator.amadeus.security import digest

ACTIONS = "http://webservices.amadeus.com/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-"
CODES = {
    "Fare_MasterPricerTravelBoardSearch": "FMPTBQ_18_1_1A",
    "Air_SellFromRecommendation": "ITAREQ_05_2_IA",
    "PNR_AddMultiElements": "PNRADD_14_2_1A",
    "PNR_Retrieve": "PNRRET_14_2_1A",
    "PNR_Cancel": "PNRXCL_14_2_1A",
    "FOP_CreateFormOfPayment": "TFOPCQ_15_4_1A",
    "Fare_PricePNRWithBookingClass": "TPCBRQ_14_1_1A",
    "Ticket_CreateTSTFromPricing": "TAUTCQ_04_1_1A",
    "DocIssuance_IssueTicket": "TTKTIQ_09_1_1A",
    "Ticket_ProcessEDoc": "TATREQ_15_2_1A",
    "Ticket_CancelDocument": "TRCANQ_11_1_1A",
    "SalesReports_DisplayQueryReport": "TSRQRQ_10_1_1A",
    "Security_SignOut": "VLSSOQ_04_1_1A",
    "AMA_TicketInitRefundRQ": "Ticket_InitRefund_3.0",
    "AMA_TicketUpdateRefundRQ": "Ticket_UpdateRefund_3.0",
    "AMA_TicketProcessRefundRQ": "Ticket_ProcessRefund_3.0",
    "AMA_TicketIgnoreRefundRQ": "Ticket_IgnoreRefund_3.0",
}


@dataclass(slots=True)
class Reply:
    """A reply's status, its envelope and the first element of its Body; texts by paths of local names below that."""

    status: int
    envelope: etree._Element
    sent_id: str

    @property
    def body(self) -> etree._Element:
        found = self.envelope.find("{*}Body")
        assert found is not None
        return found[0]

    @property
    def name(self) -> str:
        return etree.QName(self.body).localname

    @property
    def schema(self) -> str:
        return str(etree.QName(self.body).namespace)

    def texts(self, path: str) -> list[str]:
        found = self.body.findall("/".join(f"{{*}}{name}" for name in path.split("/")))
        return [(each.text or "") for each in found]

    def text(self, path: str) -> str:
        found = self.texts(path)
        assert found, f"{self.name} has no {path}"
        return found[0]

    def header(self, name: str) -> etree._Element | None:
        return self.envelope.find(f"{{*}}Header/{{*}}{name}")

    def relates_to(self) -> str:
        found = self.header("RelatesTo")
        assert found is not None
        return str(found.text)

    @property
    def fault(self) -> str:
        assert self.name == "Fault", self.name
        assert self.status == 500
        return self.text("faultstring")


@dataclass(slots=True)
class Client:
    """Keeps the conversation it is in. `replies` collects all it was told."""

    access: AmadeusAccess
    replies: list[Reply] = field(default_factory=list)
    session: tuple[str, int, str] | None = None
    connection: http.client.HTTPConnection | None = None
    encoding: str = "utf-8"

    def stateless(self, operation: str, content: str, **more: str) -> Reply:
        return self.send(operation, content, self.security(), **more)

    def start(self, operation: str, content: str, **more: str) -> Reply:
        self.session = None
        opened = '<s:Session xmlns:s="http://xml.amadeus.com/2010/06/Session_v3" TransactionStatusCode="Start"/>'
        return self.send(operation, content, self.security() + opened, **more)

    def go_on(self, operation: str, content: str = "", status: str = "InSeries", **more: str) -> Reply:
        assert self.session is not None
        id, sequence, token = self.session  # noqa: A001
        return self.send(operation, content, series(id, str(sequence + 1), token, status), **more)

    def sign_out(self) -> Reply:
        return self.go_on("Security_SignOut", status="End")

    def security(self, *, password: str = "", user: str = "", nonce: bytes = b"", office: str = "") -> str:
        nonce = nonce or secrets.token_bytes(16)
        created = "2026-11-21T10:00:00.123Z"
        given = digest(password or self.access.password, nonce, created)
        return (
            f'<w:Security xmlns:w="{WSSE}secext-1.0.xsd" xmlns:u="{WSSE}utility-1.0.xsd">'
            f'<w:UsernameToken u:Id="UsernameToken-1"><w:Username>{user or self.access.user}</w:Username>'
            f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce><w:Password>{given}</w:Password>"
            f"<u:Created>{created}</u:Created></w:UsernameToken></w:Security>"
            '<h:AMA_SecurityHostedUser xmlns:h="http://xml.amadeus.com/2010/06/Security_v1"><h:UserID POS_Type="1" '
            f'RequestorType="U" PseudoCityCode="{office or self.access.office}" AgentDutyCode="SU"/>'
            "</h:AMA_SecurityHostedUser>"
        )

    def send(
        self, operation: str, content: str, blocks: str, *, code: str = "", message_id: str | None = None
    ) -> Reply:
        """Wrap the content of an operation and send it; `code` is another version's."""
        code = code or CODES[operation]
        sent_id = secrets.token_hex(8).upper() if message_id is None else message_id
        space = (
            f"http://xml.amadeus.com/2010/06/TicketGTP_v{code[-3]}"
            if operation.startswith("AMA_")
            else f"http://xml.amadeus.com/{code}"
        )
        version = ' Version="3.000"' if operation.startswith("AMA_") else ""
        addressed = f"<a:MessageID>{sent_id}</a:MessageID>" if sent_id else ""
        return self.post(
            '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" '
            f'xmlns:a="http://www.w3.org/2005/08/addressing"><e:Header>{addressed}<a:Action>{ACTIONS}{code}</a:Action>'
            f"<a:To>{self.access.endpoint}</a:To>"
            '<l:TransactionFlowLink xmlns:l="http://wsdl.amadeus.com/2010/06/ws/Link_v1"><l:Consumer>'
            "<l:UniqueID>a-flow</l:UniqueID></l:Consumer></l:TransactionFlowLink>"
            f'{blocks}</e:Header><e:Body><{operation} xmlns="{space}"{version}>{content}</{operation}>'
            "</e:Body></e:Envelope>",
            f"{ACTIONS}{code}",
            sent_id,
        )

    def post(self, envelope: str, action: str, sent_id: str = "") -> Reply:
        address = urlsplit(self.access.endpoint)
        if self.connection is None:
            self.connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
        self.connection.request("POST", address.path, envelope.encode(self.encoding), headers)
        answer = self.connection.getresponse()
        reply = Reply(answer.status, etree.fromstring(answer.read()), sent_id)
        self.replies.append(reply)
        self._remember(reply)
        return reply

    def _remember(self, reply: Reply) -> None:
        told = reply.header("Session")
        if told is None:
            return
        if told.get("TransactionStatusCode") == "End":
            self.session = None
            return
        parts = {etree.QName(each).localname: each.text or "" for each in told}
        self.session = parts["SessionId"], int(parts["SequenceNumber"]), parts["SecurityToken"]


def series(id: str, sequence: str, token: str, status: str = "InSeries") -> str:  # noqa: A002
    return (
        f'<s:Session xmlns:s="http://xml.amadeus.com/2010/06/Session_v3" TransactionStatusCode="{status}">'
        f"<s:SessionId>{id}</s:SessionId><s:SequenceNumber>{sequence}</s:SequenceNumber>"
        f"<s:SecurityToken>{token}</s:SecurityToken></s:Session>"
    )

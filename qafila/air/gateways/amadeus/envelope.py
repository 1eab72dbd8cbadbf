"""The SOAP envelope with Amadeus' header 4: written for a request, read from a reply. Source: suppliers.md 3."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from qafila.air.gateways.amadeus.problems import Fault, fault
from qafila.air.gateways.amadeus.security import UsernameToken
from qafila.air.gateways.amadeus.versions import ACTIONS
from qafila.air.gateways.amadeus.xml import Element, every, first, name, parse, text
from qafila.air.gateways.errors import NotOurs, Unreadable
from qafila.air.gateways.settings import AmadeusSettings, Version

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
SESSION = "http://xml.amadeus.com/2010/06/Session_v3"
LINK = "http://wsdl.amadeus.com/2010/06/ws/Link_v1"
SECURITY = "http://xml.amadeus.com/2010/06/Security_v1"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = f"{_WSS}wssecurity-secext-1.0.xsd"
WSU = f"{_WSS}wssecurity-utility-1.0.xsd"
_BASE64 = f"{_WSS}soap-message-security-1.0#Base64Binary"
_DIGEST = f"{_WSS}username-token-profile-1.0#PasswordDigest"

Transaction = Literal["Start", "InSeries", "End"]


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """The Session block. A request that starts a conversation has nothing but its status."""

    status: str
    id: str = ""
    sequence: int = 0
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed reply on our own connection. `ours`: its RelatesTo names our message; only a fault may come without
    one, and such a fault settles nothing. `session` is None when the reply has no such block.
    """

    message: Element
    ours: bool
    session: SessionHeader | None
    fault: Fault | None
    status: int = 200


def new_message_id() -> str:
    """A fresh MessageID: a GUID, as the supplier's own examples have it."""
    return str(uuid.uuid4()).upper()


def _sub(parent: Element, tag: str, words: str = "", **attributes: str) -> Element:
    child = etree.SubElement(parent, tag, dict(attributes))
    if words:
        child.text = words
    return child


def written(
    settings: AmadeusSettings,
    version: Version,
    body: Element,
    *,
    message_id: str,
    session: SessionHeader | None = None,
    credentials: UsernameToken | None = None,
    flow: str = "",
) -> bytes:
    """A whole request. `session` None: a stateless call. `credentials` go with every request outside an open
    conversation. `flow`: the attempt's key, at most 64 characters, for the supplier's tracing only.
    """
    envelope = etree.Element(
        f"{{{SOAP}}}Envelope",
        nsmap={"soapenv": SOAP, "add": ADDRESSING, "link": LINK, "ses": SESSION},
    )
    header = _sub(envelope, f"{{{SOAP}}}Header")
    _sub(header, f"{{{ADDRESSING}}}MessageID", message_id)
    _sub(header, f"{{{ADDRESSING}}}Action", ACTIONS + version.action)
    _sub(header, f"{{{ADDRESSING}}}To", settings.endpoint)
    if flow:
        header.append(flow_link(flow))
    if credentials is not None:
        _credentials(header, settings, credentials)
    if session is not None:
        block = _sub(header, f"{{{SESSION}}}Session", TransactionStatusCode=session.status)
        if session.id:
            _sub(block, f"{{{SESSION}}}SessionId", session.id)
            _sub(block, f"{{{SESSION}}}SequenceNumber", str(session.sequence))
            _sub(block, f"{{{SESSION}}}SecurityToken", session.token)
    _sub(envelope, f"{{{SOAP}}}Body").append(body)
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    return written


def flow_link(flow: str) -> Element:
    """The TransactionFlowLink: a name of the whole business for tracing, never a key against doing it twice."""
    link = etree.Element(f"{{{LINK}}}TransactionFlowLink", nsmap={"link": LINK})
    _sub(_sub(link, f"{{{LINK}}}Consumer"), f"{{{LINK}}}UniqueID", re.sub(r"[^A-Za-z0-9._-]", "-", flow)[:64])
    return link


def _credentials(header: Element, settings: AmadeusSettings, token: UsernameToken) -> None:
    security = etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"oas": WSSE, "oas1": WSU})
    user = _sub(security, f"{{{WSSE}}}UsernameToken")
    user.set(f"{{{WSU}}}Id", "UsernameToken-1")
    _sub(user, f"{{{WSSE}}}Username", settings.user)
    _sub(user, f"{{{WSSE}}}Nonce", token.nonce, EncodingType=_BASE64)
    _sub(user, f"{{{WSSE}}}Password", token.digest, Type=_DIGEST)
    _sub(user, f"{{{WSU}}}Created", token.created)
    hosted = etree.SubElement(header, f"{{{SECURITY}}}AMA_SecurityHostedUser", nsmap={"sec": SECURITY})
    _sub(
        hosted,
        f"{{{SECURITY}}}UserID",
        AgentDutyCode=settings.duty_code,
        RequestorType=settings.requestor_type,
        PseudoCityCode=settings.office,
        POS_Type=settings.pos_type,
    )


def read(body: bytes, message_id: str, *, status: int = 200, supplier: str = "") -> Reply:
    """A reply to the message we sent. A fault comes with HTTP 500 and is read all the same; any other status that is no
    success only counts with a fault inside. Raises: Unreadable, NotOurs (RelatesTo is another's, or missing without a
    fault).
    """
    try:
        root = parse(body)
    except Unreadable as error:
        raise Unreadable(f"HTTP {status}: {error.detail}", supplier=supplier) from error
    found = fault(root)
    if name(root) != "Envelope" and found is None:
        raise Unreadable(f"HTTP {status}: a {name(root)[:60]} instead of an envelope.", supplier=supplier)
    if found is None and not 200 <= status < 300:
        raise Unreadable(f"HTTP {status} with a message that is no fault.", supplier=supplier)
    header = first(root, "Header") if name(root) == "Envelope" else None
    related = text(header, "RelatesTo")
    ours = _plain(related) == _plain(message_id)
    if related and not ours:
        raise NotOurs("The reply relates to another message than ours.", supplier=supplier)
    if found is None and not ours:
        raise NotOurs("The reply does not say which message it answers.", supplier=supplier)
    return Reply(_inside(root, found, status, supplier), ours, _session(header), found, status)


def _plain(id: str) -> str:  # noqa: A002 - what the header calls it
    return id.strip().lower().removeprefix("urn:uuid:")


def _inside(root: Element, found: Fault | None, status: int, supplier: str) -> Element:
    if found is not None:
        return root
    inside = every(root, "Body/*")
    if len(inside) != 1:
        raise Unreadable(f"HTTP {status}: {len(inside)} messages in one envelope.", supplier=supplier)
    return inside[0]


def _session(header: Element | None) -> SessionHeader | None:
    block = first(header, "Session")
    if block is None:
        return None
    sequence = text(block, "SequenceNumber")
    return SessionHeader(
        status=block.get("TransactionStatusCode", ""),
        id=text(block, "SessionId"),
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else 0,
        token=text(block, "SecurityToken"),
    )

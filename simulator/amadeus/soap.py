"""The envelope of a request (SOAP header 4) and the faults with which one is turned away (supplier reference, 3)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from simulator.amadeus.reading import attribute, children, first, local, text

LIMIT = 2_000_000  # bytes of a request; the largest real ones are some ten thousand
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True
)
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


class Turned(Exception):
    """A SOAP fault: `text` is `code|level|words`, as recorded. `ends` says that the session is gone with it."""

    def __init__(self, words: str, *, code: str = "soap:Client", actor: str = "SI:muxDZ1", ends: bool = False) -> None:
        super().__init__(words)
        self.words, self.code, self.actor, self.ends = words, code, actor, ends


class MissingHeader(Exception):
    """A WS-Addressing header is not there: told by a fault with no session header. `name` is the header's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Credentials:
    user: str
    nonce: str
    created: str
    digest: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The Session block: `status` is Start, InSeries or End."""

    status: str
    id: str = ""
    sequence: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `body` is the first element inside Body, `operation` its name, `flow` the TransactionFlowLink."""

    message_id: str
    action: str
    to: str
    flow: str
    claim: Claim | None
    credentials: Credentials | None
    office: str
    operation: str
    body: etree._Element


def read(raw: bytes) -> Asked:
    """Read a request. Raises: Turned when it is no envelope or declares a document type, MissingHeader."""
    if len(raw) > LIMIT:
        raise Turned(f"18|Presentation|Serializing/Deserializing error: [Error = more than {LIMIT} bytes]")
    try:
        envelope = etree.fromstring(raw, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        raise Turned("18|Presentation|Serializing/Deserializing error: [Error = not well-formed]") from None
    if envelope.getroottree().docinfo.internalDTD is not None:
        raise Turned("18|Presentation|Serializing/Deserializing error: [Error = document type not allowed]")
    if envelope.tag != f"{{{_SOAP}}}Envelope":
        raise Turned("18|Presentation|Serializing/Deserializing error: [Error = no envelope]")
    header, body = first(envelope, "Header"), first(envelope, "Body")
    content = next((child for child in body if local(child)), None) if body is not None else None
    if content is None:
        raise Turned(" 12|validation|soap message header incorrect")
    return _read(header, content)


def _read(header: etree._Element | None, content: etree._Element) -> Asked:
    found = {local(block): block for block in (header if header is not None else ())}
    addressing = {name: text(found.get(name)) for name in ("MessageID", "Action", "To")}
    for name, value in addressing.items():
        if not value:
            raise MissingHeader(name)
    user = next(children(found.get("AMA_SecurityHostedUser"), "UserID"), None)
    return Asked(
        message_id=addressing["MessageID"],
        action=addressing["Action"],
        to=addressing["To"],
        flow=text(found.get("TransactionFlowLink"), "Consumer/UniqueID"),
        claim=_claim(found.get("Session")),
        credentials=_credentials(found.get("Security")),
        office=attribute(user, "PseudoCityCode") if user is not None else "",
        operation=local(content),
        body=content,
    )


def _claim(block: etree._Element | None) -> Claim | None:
    if block is None:
        return None
    return Claim(
        attribute(block, "TransactionStatusCode"),
        text(block, "SessionId"),
        text(block, "SequenceNumber"),
        text(block, "SecurityToken"),
    )


def _credentials(block: etree._Element | None) -> Credentials | None:
    token = first(block, "UsernameToken")
    if token is None:
        return None
    return Credentials(text(token, "Username"), text(token, "Nonce"), text(token, "Created"), text(token, "Password"))

"""The envelope of a reply, as in `pnrResponseFullEnvelope.txt`, and the recorded shapes of its faults."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from simulator.amadeus.markup import escaped, leaf, leaves
from simulator.amadeus.soap import MissingHeader, Turned

_WSA = "http://www.w3.org/2005/08/addressing"
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
    f'xmlns:awsse="http://xml.amadeus.com/2010/06/Session_v3" xmlns:wsa="{_WSA}"><soap:Header>'
)
_CLOSE = "</soap:Body></soap:Envelope>"


@dataclass(frozen=True, slots=True)
class Standing:
    """The session as the reply tells it: `End` when it is over, which is also what a stateless call is told."""

    status: str
    id: str
    sequence: int
    token: str


def reply(body: str, *, endpoint: str, action: str, relates_to: str, standing: Standing | None) -> bytes:
    """A whole reply. `body` is the markup inside Body."""
    session = (
        f'<awsse:Session TransactionStatusCode="{standing.status}"><awsse:SessionId>{standing.id}</awsse:SessionId>'
        f"<awsse:SequenceNumber>{standing.sequence}</awsse:SequenceNumber>"
        f"<awsse:SecurityToken>{standing.token}</awsse:SecurityToken></awsse:Session>"
        if standing
        else ""
    )
    return (
        f"{_OPEN}<wsa:To>{_WSA}/anonymous</wsa:To><wsa:From><wsa:Address>{escaped(endpoint)}</wsa:Address></wsa:From>"
        f"<wsa:Action>{escaped(action)}</wsa:Action><wsa:MessageID>urn:uuid:{uuid4()}</wsa:MessageID>"
        f'<wsa:RelatesTo RelationshipType="{_WSA}/reply">{escaped(relates_to)}</wsa:RelatesTo>{session}'
        f"</soap:Header><soap:Body>{body}{_CLOSE}"
    ).encode()


def bare(body: str) -> bytes:
    """A reply with an empty header: for requests whose header could not be read."""
    return f"{_OPEN}</soap:Header><soap:Body>{body}{_CLOSE}".encode()


def fault(turned: Turned) -> str:
    """The Fault inside Body."""
    parts = leaves(faultcode=turned.code, faultstring=turned.words, faultactor=turned.actor)
    return f"<soap:Fault>{parts}</soap:Fault>"


def addressing_fault(missing: MissingHeader, message_id: str = "") -> bytes:
    """A WS-Addressing header is missing: no Session block, and RelatesTo only when there is something to relate to."""
    related = (
        f'<wsa:RelatesTo RelationshipType="{_WSA}/reply">{escaped(message_id)}</wsa:RelatesTo>' if message_id else ""
    )
    words = "A required header representing a Message Addressing Property is not present"
    parts = leaves(faultcode="wsa:MessageAddressingHeaderRequired", faultstring=words, faultactor="SI:muxDZ2")
    return (
        f"{_OPEN}{leaf('wsa:Action', f'{_WSA}/fault')}<wsa:MessageID>urn:uuid:{uuid4()}</wsa:MessageID>{related}"
        f"<wsa:FaultDetail><wsa:ProblemHeaderQName>wsa:{escaped(missing.name)}</wsa:ProblemHeaderQName></wsa:FaultDetail>"
        f"</soap:Header><soap:Body><soap:Fault>{parts}</soap:Fault>{_CLOSE}"
    ).encode()

"""What the parties room announces."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.ledger.types import PartyKind


@dataclass(frozen=True)
class PartyDeleted:
    """A customer, partner or supplier is being deleted; a room that still needs them refuses."""

    party_id: int
    kind: PartyKind
    code: str
    name: str

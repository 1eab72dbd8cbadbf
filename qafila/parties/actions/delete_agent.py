"""Delete a partner."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import locked, take_off
from qafila.parties.shelves import AGENTS


@action
def delete_agent(*, actor: Actor, agent_id: int, version: int | None = None) -> None:
    """Delete a partner softly. Refuses: NotFound, StaleVersion, PartyHasBalance, and what rooms above still need."""
    actor.need("agents.delete")
    take_off(actor, AGENTS, locked(AGENTS, agent_id, version))

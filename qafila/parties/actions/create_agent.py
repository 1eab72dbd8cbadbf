"""Enter a partner."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import put
from qafila.parties.schemas import AgentIn
from qafila.parties.shelves import AGENTS


@action
def create_agent(*, actor: Actor, details: AgentIn) -> int:
    """Enter a partner, by company name; answers the id. Refuses: Invalid with every field at fault."""
    actor.need("agents.create")
    return put(actor, AGENTS, [AGENTS.checked(details.model_dump())])[0]

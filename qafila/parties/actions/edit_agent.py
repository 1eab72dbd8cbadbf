"""Change a partner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import change, locked
from qafila.parties.shelves import AGENTS


@action
def edit_agent(*, actor: Actor, agent_id: int, changes: Mapping[str, Any], version: int | None = None) -> int:
    """Change what is said of a partner; `changes` holds only what changes. Answers the id.

    Refuses: NotFound, StaleVersion, Invalid with every field at fault.
    """
    actor.need("agents.edit")
    change(actor, AGENTS, locked(AGENTS, agent_id, version), changes)
    return agent_id

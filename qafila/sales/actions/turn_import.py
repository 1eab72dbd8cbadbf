"""Let a checked import run, or check again what was refused."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales.importing import RIGHTS
from qafila.sales.models import ImportRun


@action
def turn_import(*, actor: Actor, run_id: int, phase: str) -> None:
    """Turn a run to `run` or back to `check`, where what was refused is looked at anew. Refuses: MissingRight."""
    actor.need(*RIGHTS)
    run = ImportRun.objects.select_for_update().get(pk=run_id, user_id=actor.user_id or 0)
    if phase == "check":
        run.rows.filter(state="bad").update(state="new")
    run.phase = phase
    run.save(update_fields=["phase"])

"""Keep what is being typed into the booking wizard."""

from __future__ import annotations

from typing import Any

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import action
from qafila.sales.models import WizardDraft

MOST = 30  # drafts a person keeps; the oldest gives way


@action
def keep_draft(*, actor: Actor, key: str, step: str, said: dict[str, Any]) -> dict[str, Any]:
    """Keep one step of a draft as typed, right or wrong; answers all of it. Refuses: MissingRight, Invalid (no key)."""
    actor.need("bookings.create")
    if actor.user_id is None or not 8 <= len(key) <= 40 or not key.isascii():
        raise Invalid("This wizard's address is broken; start a new booking.", field="key")
    row, _made = WizardDraft.objects.select_for_update().get_or_create(
        user_id=actor.user_id, key=key, defaults={"step": step, "updated_at": clock.now()}
    )
    row.data = {**row.data, step: said}
    row.step, row.updated_at = step, clock.now()
    row.save()
    mine = WizardDraft.objects.filter(user_id=actor.user_id).order_by("-updated_at")
    if old := list(mine.values_list("pk", flat=True)[MOST:]):
        WizardDraft.objects.filter(pk__in=old).delete()
    kept: dict[str, Any] = row.data
    return kept

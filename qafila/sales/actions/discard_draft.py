"""Throw a half-entered booking away."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales.models import WizardDraft


@action
def discard_draft(*, actor: Actor, key: str) -> None:
    """Forget one's own draft; one that is gone already is no matter. Refuses: MissingRight."""
    actor.need("bookings.create")
    WizardDraft.objects.filter(user_id=actor.user_id or 0, key=key).delete()

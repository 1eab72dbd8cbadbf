from __future__ import annotations

from qafila.identity.models import ApiToken
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import NotFound
from qafila.kernel.transaction import action


@action
def revoke_token(*, actor: Actor, token_id: int) -> None:
    """End a bearer token at once; a second time changes nothing. Another person's needs `admin.tokens`.

    Refuses: NotFound, also for somebody else's without that right.
    """
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None or (token.user_id != actor.user_id and not actor.may("admin.tokens")):
        raise NotFound("There is no such token.")
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record(actor, "token.revoked", "token", token.pk, after={"name": token.name, "user_id": token.user_id})

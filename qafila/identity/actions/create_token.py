from __future__ import annotations

from datetime import timedelta

from qafila.identity import access, tokens
from qafila.identity.errors import TwoFactorRequired
from qafila.identity.models import ApiToken
from qafila.identity.queries import has_second_factor, second_factor_compulsory
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import Invalid, NotFound
from qafila.kernel.transaction import action

LONGEST_DAYS = 3650


@action
def create_token(*, actor: Actor, user_id: int, name: str, days: int = 90) -> str:
    """Make a bearer token with its person's rights and return it: the only time it is known. `days` until it expires.

    One's own needs no right, another person's `admin.tokens`. Where two factors are compulsory for the person, they
    must be set up first; the operator at the command line may make one regardless (a service has no phone).
    Refuses: MissingRight, NotFound, Invalid, TwoFactorRequired.
    """
    if actor.user_id != user_id:
        actor.need("admin.tokens")
    name = name.strip()
    if not 1 <= len(name) <= 100:
        raise Invalid("A token's name has 1 to 100 characters.", field="name")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A token lasts 1 to {LONGEST_DAYS} days.", field="days")
    person = access.by_id(user_id)
    if person is None:
        raise NotFound("Nobody logs in by this number, or no longer.", field="user_id")
    if actor.kind != "system" and second_factor_compulsory(person.rights) and not has_second_factor(user_id):
        raise TwoFactorRequired
    token = tokens.new()
    row = ApiToken.objects.create(
        user_id=user_id,
        name=name,
        prefix=token[: tokens.SHOWN],
        digest=tokens.digest(token),
        expires_at=clock.now() + timedelta(days=days),
    )
    record(actor, "token.created", "token", row.pk, after={"name": name, "user_id": user_id, "days": days})
    return token

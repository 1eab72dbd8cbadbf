from __future__ import annotations

from qafila.identity import access, second_factor
from qafila.identity.errors import FirstCodeWrong, TwoFactorAlreadySet, TwoFactorCompulsory, TwoFactorNotSet
from qafila.identity.people import end_sessions, locked
from qafila.identity.queries import has_second_factor, second_factor_compulsory
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action


@action
def enrol_two_factor(*, actor: Actor, offer: str, code: str, keep: int | None = None) -> list[str]:
    """Make the offered secret one's own, proved by its first code; the recovery codes, shown this once.

    Every browser but `keep` (a sign-in's id) is signed out: those came in with one factor.
    Refuses: EnrolmentExpired, TwoFactorAlreadySet, FirstCodeWrong.
    """
    user = locked(actor.user_id)
    secret = second_factor.unseal(user.pk, offer)
    if has_second_factor(user.pk):
        raise TwoFactorAlreadySet("Your second factor is set up already; remove it first to change the phone.")
    first_step = second_factor.matching_step(secret, code)
    if first_step is None:
        raise FirstCodeWrong(
            "This is not the code your phone shows for it now; check the phone's clock and type the next one.",
            field="code",
        )
    codes = second_factor.store(user.pk, secret, first_step)
    end_sessions(user.pk, but=keep or 0)
    record(actor, "user.two_factor_enrolled", "user", user.pk)
    return codes


@action
def remove_two_factor(*, actor: Actor) -> None:
    """Log in with the password alone again. Refuses: TwoFactorNotSet, TwoFactorCompulsory."""
    user = locked(actor.user_id)
    person = access.by_id(user.pk)
    if person is not None and second_factor_compulsory(person.rights):
        raise TwoFactorCompulsory("Your rights let you move money: your log-in keeps its second factor.")
    if not second_factor.remove(user.pk):
        raise TwoFactorNotSet("There is no second factor to remove.")
    record(actor, "user.two_factor_removed", "user", user.pk)


@action
def renew_recovery_codes(*, actor: Actor) -> list[str]:
    """Fresh recovery codes in place of the old ones. Refuses: TwoFactorNotSet."""
    user = locked(actor.user_id)
    if not has_second_factor(user.pk):
        raise TwoFactorNotSet("Recovery codes come with a second factor; set that up first.")
    codes = second_factor.renew_recovery_codes(user.pk)
    record(actor, "user.recovery_codes_renewed", "user", user.pk)
    return codes

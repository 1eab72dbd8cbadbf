"""Everything the ledger refuses."""

from __future__ import annotations

from qafila.kernel.errors import Conflict, Invalid, MissingRight, NotFound, Refusal


class EntryNotFound(NotFound):
    """No such journal entry."""


class AccountNotFound(NotFound):
    """No account of that code."""


class PartyNotFound(NotFound):
    """No customer, agent or supplier of that id in the books."""


class PeriodLocked(Refusal):
    """The day's accounting period takes no postings: closed, or soft-closed and the actor may not adjust."""

    code, status, title = "PERIOD_LOCKED", 409, "Period closed"


class NoPeriod(Refusal):
    """No accounting period covers the day."""

    code, status, title = "NO_PERIOD", 409, "No period"


class NotBalanced(Refusal):
    """Debits and credits differ, or there are fewer than two lines."""

    code, status, title = "ENTRY_NOT_BALANCED", 422, "Does not balance"


class NoSuchAccount(Refusal):
    """A line names an account that does not exist."""

    code, status, title = "NO_SUCH_ACCOUNT", 422, "No such account"


class AccountTakesNoPostings(Refusal):
    """A group, or an account no longer in use."""

    code, status, title = "ACCOUNT_TAKES_NO_POSTINGS", 409, "Not a posting account"


class WrongLineCurrency(Refusal):
    """The account is kept in another currency, or the amount is finer than the base currency's minor unit."""

    code, status, title = "WRONG_LINE_CURRENCY", 422, "Wrong currency"


class PartyNeeded(Refusal):
    """A control account without the right kind of party, or a party where none belongs."""

    code, status, title = "PARTY_NEEDED", 422, "Whose account?"


class NotReversible(Refusal):
    """A reversal of a reversal, of an entry that is not approved, or one that is no mirror."""

    code, status, title = "NOT_REVERSIBLE", 409, "Cannot be reversed"


class OperationEntry(Refusal):
    """An operation's entry is not reversed by hand: document and books would part."""

    code, status, title = "OPERATION_ENTRY", 409, "Undo the operation"


class AlreadyReversed(Conflict):
    """An entry is reversed once."""

    code = "ALREADY_REVERSED"


class OwnEntry(MissingRight):
    """Maker is not checker: the actor made this entry and does not hold the break-glass right."""

    code, title = "OWN_ENTRY", "Your own entry"

    def __init__(self, what: str, right: str) -> None:
        super().__init__(right)
        self.detail = f"You made this entry: somebody else {what} it (or use the right {right}, which is recorded)."
        self.args = (self.detail,)


class AlreadyDecided(Refusal):
    """Approved or rejected already: both are final."""

    code, status, title = "JOURNAL_ENTRY_NOT_IN_PENDING_STATE", 409, "Decided already"


class PostedDifferently(Conflict):
    """The same event was posted before with another amount."""

    code = "POSTED_DIFFERENTLY"


class EntryRefused(Refusal):
    """Any other rule of the books; the sentence says which."""

    code, status, title = "ENTRY_REFUSED", 409, "The books refuse"


class AccountExists(Conflict):
    """The code is taken."""

    code = "ACCOUNT_EXISTS"


class AccountRefused(Refusal):
    """The chart's rules: a used account keeps its meaning, an account hangs under a group of its kind."""

    code, status, title = "ACCOUNT_REFUSED", 409, "Not possible for this account"


class BadEntry(Invalid):
    """A journal that cannot be one, with the place of what is wrong."""


# The rules of migrations/sql, by the name the database gives when it refuses.
BY_RULE: dict[str, type[Refusal]] = {
    "period_is_open": PeriodLocked,
    "a_day_has_its_period": NoPeriod,
    "an_entry_balances": NotBalanced,
    "an_entry_has_two_sides": NotBalanced,
    "an_entry_has_lines": NotBalanced,
    "an_account_exists": NoSuchAccount,
    "an_account_takes_postings": AccountTakesNoPostings,
    "a_line_is_in_its_accounts_currency": WrongLineCurrency,
    "an_amount_has_its_currencys_digits": WrongLineCurrency,
    "a_control_account_names_its_party": PartyNeeded,
    "a_party_only_where_it_belongs": PartyNeeded,
    "a_reversal_is_the_mirror": NotReversible,
    "no_reversal_of_a_reversal": NotReversible,
    "only_approved_is_reversed": NotReversible,
    "only_pending_is_decided": AlreadyDecided,
    "one_entry_per_event": PostedDifferently,
    "a_used_account_keeps_its_meaning": AccountRefused,
    "a_parent_is_a_group": AccountRefused,
    "a_group_holds_its_kind": AccountRefused,
    "a_group_is_not_its_own": AccountRefused,
    "a_group_only_holds_accounts": AccountRefused,
}
# The input at fault, where there is one.
FIELDS = {
    "period_is_open": "date",
    "a_day_has_its_period": "date",
    "an_entry_balances": "lines",
    "an_entry_has_two_sides": "lines",
    "a_parent_is_a_group": "parent_code",
    "a_group_holds_its_kind": "parent_code",
    "a_group_is_not_its_own": "parent_code",
}
SENTENCES: dict[str, tuple[type[Refusal], str] | tuple[type[Refusal], str, str]] = {
    "journal_line_of_group": (BadEntry, "A line names a group that does not exist.", "group_id"),
    "line_of_a_booking": (BadEntry, "A line names a booking that does not exist.", "booking_id"),
    "one_reversal_per_entry": (AlreadyReversed, "This entry is reversed already."),
    "a_line_is_debit_or_credit": (NotBalanced, "Each line has either a debit or a credit, above zero."),
    "a_foreign_amount_is_whole": (
        WrongLineCurrency,
        "A foreign line carries its currency, its amount and its rate, all three.",
    ),
    "a_group_only_holds_accounts": (AccountRefused, "A group takes no party, no currency and is no cash or bank."),
}

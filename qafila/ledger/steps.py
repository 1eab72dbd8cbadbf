"""What higher rooms may do to the books inside their own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import step
from qafila.ledger import posting
from qafila.ledger.errors import EntryNotFound, NotReversible, OwnEntry, PartyNotFound
from qafila.ledger.models import Account, JournalEntry, Party
from qafila.ledger.refusing import the_books_refuse
from qafila.ledger.types import Entry, Line, PartyKind

PREFIX: dict[str, str] = {"customer": "CUS", "agent": "AGT", "supplier": "SUP"}
CHECKED = ("manual", "voucher")
REVERSE_OWN = "finance.journals.reverse_own"


@step
def post(actor: Actor, entry: Entry) -> int:
    """Post one balanced entry, in base currency; its id. The same (source, event, key) again answers the first id.

    Lines that would be zero must not be handed over. A voucher or manual entry above the agency's threshold is kept
    pending. Refuses: NotBalanced, PeriodLocked, NoPeriod, NoSuchAccount, AccountTakesNoPostings, PartyNeeded,
    WrongLineCurrency, PostedDifferently. Source: ledger.md, 1.
    """
    return post_many(actor, [entry])[0]


@step
def post_many(actor: Actor, entries: Sequence[Entry]) -> list[int]:
    """Post any number of entries in one statement; their ids in order. Refuses: as `post`, and then posts none."""
    return [posted.id for posted in posting.send(actor, entries)]


@step
def reverse(
    actor: Actor,
    entry_id: int,
    *,
    source: str,
    event: str,
    key: str,
    date: dt.date,
    narration: str,
    reason: str = "",
) -> int:
    """Post the mirror of an approved entry on `date`, linked to it; the new entry's id.

    Reversing one's own manual entry or voucher takes the break-glass right, which is recorded on the reversal.
    Refuses: EntryNotFound, NotReversible, AlreadyReversed, OwnEntry, PeriodLocked, NoPeriod. Source: ledger.md, 1.
    """
    original = JournalEntry.objects.filter(pk=entry_id).first()
    if original is None:
        raise EntryNotFound("There is no such journal entry.")
    if original.status != "approved":
        raise NotReversible(f"{original.number} is {original.status}; only an approved entry can be reversed.")
    own = original.origin in CHECKED and actor.user_id is not None and original.made_by_id == actor.user_id
    if own and not actor.may(REVERSE_OWN):
        raise OwnEntry("reverses", REVERSE_OWN)
    mirror = Entry(
        source=source,
        event=event,
        key=key,
        date=date,
        narration=narration,
        lines=_mirror(original.pk),
        branch_id=original.branch_id,
        source_id=original.source_id,
        origin="reversal",
    )
    return posting.send(actor, [mirror], reverses_id=original.pk, break_glass=own, reason=reason)[0].id


def _mirror(entry_id: int) -> tuple[Line, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, l.credit, l.debit, l.party_id, l.group_id, l.booking_id, l.currency, l.amount, l.rate,"
            " l.memo FROM ledger_journalline l JOIN ledger_account a ON a.id = l.account_id"
            " WHERE l.entry_id = %s ORDER BY l.n",
            [entry_id],
        )
        return tuple(Line(*row) for row in cursor.fetchall())


@step
def create_party(actor: Actor, *, kind: PartyKind, name: str) -> tuple[int, str]:
    """Enter a customer, agent or supplier into the books: its id and code (`CUS-000001`)."""
    return create_parties(actor, kind, [name])[0]


@step
def create_parties(actor: Actor, kind: PartyKind, names: Sequence[str]) -> list[tuple[int, str]]:
    """Enter many parties of one kind in one statement: their ids and codes, in the order of the names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_party (kind, code, name)"
            " SELECT %s, %s::text || '-' || lpad(one.number, greatest(6, length(one.number)), '0'), one.name FROM ("
            "   SELECT listed.name, nextval(('ledger_party_code_' || %s::text)::regclass)::text AS number"
            "   FROM unnest(%s::text[]) WITH ORDINALITY AS listed(name, n) ORDER BY listed.n) AS one"
            " RETURNING id, code",
            [kind, PREFIX[kind], kind, list(names)],
        )
        return sorted((int(party_id), str(code)) for party_id, code in cursor.fetchall())


@step
def rename_party(actor: Actor, party_id: int, name: str) -> None:
    """Call a party by its new name on statements from now on. Refuses: PartyNotFound."""
    if not Party.objects.filter(pk=party_id).update(name=name):
        raise PartyNotFound("There is no such customer, agent or supplier in the books.")


@step
def ensure_account(
    actor: Actor,
    *,
    code: str,
    name: str,
    kind: str,
    parent_code: str | None,
    cash_or_bank: str = "",
    branch_id: int | None = None,
    control: str = "",
    currency: str | None = None,
    is_group: bool = False,
) -> int:
    """The id of the account of this code, made when there is none; one that exists stays as it is.

    Refuses: NoSuchAccount (the parent), AccountRefused (the parent is no group of the same kind).
    """
    with the_books_refuse(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account"
            " (code, name, kind, parent_id, is_group, is_active, control, currency, cash_or_bank, branch_id, version)"
            " SELECT %s, %s, %s, CASE WHEN %s::text IS NOT NULL THEN coalesce("
            "   (SELECT id FROM ledger_account WHERE code = %s::text),"
            "   ledger_refuse('an_account_exists', 'There is no account ' || %s::text || '.')) END,"
            "   %s, true, %s, %s, %s, %s::bigint, 1"
            " ON CONFLICT (code) DO NOTHING",
            [
                code,
                name,
                kind,
                parent_code,
                parent_code,
                parent_code,
                is_group,
                control,
                currency,
                cash_or_bank,
                branch_id,
            ],
        )
    return Account.objects.values_list("pk", flat=True).get(code=code)

"""Enter a manual journal."""

from __future__ import annotations

import secrets
from decimal import Decimal

from qafila.identity.queries import branches
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.search import index
from qafila.kernel.states import begin
from qafila.kernel.transaction import action
from qafila.ledger import steps
from qafila.ledger.checks import check_lines
from qafila.ledger.errors import BadEntry
from qafila.ledger.models import JournalEntry
from qafila.ledger.schemas import JournalIn
from qafila.ledger.states import JOURNAL
from qafila.ledger.types import ZERO, Entry, Line


@action
def create_journal(*, actor: Actor, journal: JournalIn) -> int:
    """Enter a balanced manual journal, in base currency; its id. Above the agency's threshold it waits for a checker.

    Refuses: BadEntry naming each line at fault, and all that posting refuses. Source: ledger.md, 2.
    """
    actor.need("finance.journals.create")
    if journal.branch_id is not None and journal.branch_id not in {branch.id for branch in branches()}:
        raise BadEntry("There is no such branch.", field="branch_id")
    check_lines(journal.lines)
    entry = Entry(
        source="manual_journal",
        event="entered",
        key=secrets.token_hex(16),
        date=journal.date or clock.today(),
        narration=journal.narration,
        branch_id=journal.branch_id or actor.branch_id,
        origin="manual",
        lines=tuple(
            Line(
                account=line.account,
                debit=line.debit or ZERO,
                credit=line.credit or ZERO,
                party_id=line.party_id,
                group_id=line.group_id,
                booking_id=line.booking_id,
                currency=line.currency,
                amount=line.amount,
                rate=line.rate,
                memo=line.memo,
            )
            for line in journal.lines
        ),
    )
    entry_id = steps.post(actor, entry)
    made = JournalEntry.objects.values("number", "status", "total").get(pk=entry_id)
    begin(actor, JOURNAL, [entry_id], "submit" if made["status"] == "pending" else "post")
    total: Decimal = made["total"]
    record(actor, "journal.created", "journal_entry", entry_id, after={**made, "total": total})
    index(
        "journal_entry",
        entry_id,
        title=str(made["number"]),
        subtitle=journal.narration,
        url=f"/finance/journals/{made['number']}",
        right="finance.view",
        text=f"{made['number']} {journal.narration}",
    )
    return entry_id

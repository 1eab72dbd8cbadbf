"""The books prove themselves: what the triggers keep is recomputed from the lines and compared."""

from __future__ import annotations

from django.db import connection

CHECKS = {
    "entry {0} does not balance: debits {1}, credits {2}": (
        "SELECT e.number, sum(l.debit), sum(l.credit) FROM ledger_journalentry e"
        " JOIN ledger_journalline l ON l.entry_id = e.id GROUP BY e.id"
        " HAVING sum(l.debit) <> sum(l.credit) OR sum(l.debit) <> e.total OR count(*) < 2"
    ),
    "entry {0} has no lines": (
        "SELECT number FROM ledger_journalentry e"
        " WHERE NOT EXISTS (SELECT FROM ledger_journalline l WHERE l.entry_id = e.id)"
    ),
    "account {0}, branch {1}, {2}: the balance says {3}, its lines say {4}": (
        "SELECT a.code, branch, month, kept, summed FROM ("
        " SELECT account_id, branch, month, sum(kept) AS kept, sum(summed) AS summed FROM ("
        "  SELECT account_id, branch_id AS branch, month, debit - credit AS kept, 0 AS summed"
        "   FROM ledger_accountbalance"
        "  UNION ALL"
        "  SELECT l.account_id, coalesce(l.branch_id, 0), date_trunc('month', l.date)::date, 0, l.debit - l.credit"
        "   FROM ledger_journalline l"
        "   JOIN ledger_journalentry e ON e.id = l.entry_id AND e.status = 'approved') AS each"
        " GROUP BY account_id, branch, month HAVING sum(kept) <> sum(summed)) AS differ"
        " JOIN ledger_account a ON a.id = differ.account_id ORDER BY 1, 2, 3"
    ),
    "{0} on account {1}: the balance says {2}, its lines say {3}": (
        "SELECT p.code, a.code, kept, summed FROM ("
        " SELECT party_id, account_id, sum(kept) AS kept, sum(summed) AS summed FROM ("
        "  SELECT party_id, account_id, debit - credit AS kept, 0 AS summed FROM ledger_partybalance"
        "  UNION ALL"
        "  SELECT l.party_id, l.account_id, 0, l.debit - l.credit"
        "   FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id AND e.status = 'approved'"
        "   WHERE l.party_id IS NOT NULL) AS each"
        " GROUP BY party_id, account_id HAVING sum(kept) <> sum(summed)) AS differ"
        " JOIN ledger_party p ON p.id = differ.party_id JOIN ledger_account a ON a.id = differ.account_id ORDER BY 1, 2"
    ),
    "reversal {0} is not the mirror of {1} on account {2}": (
        "SELECT r.number, o.number, a.code FROM ledger_journalentry r"
        " JOIN ledger_journalentry o ON o.id = r.reverses_id"
        " JOIN ledger_journalline l ON l.entry_id IN (r.id, o.id)"
        " JOIN ledger_account a ON a.id = l.account_id"
        " GROUP BY r.number, o.number, a.code, l.party_id HAVING sum(l.debit) <> sum(l.credit)"
    ),
    "entry {0} reverses {1}, which is {2}": (
        "SELECT r.number, o.number, o.status FROM ledger_journalentry r"
        " JOIN ledger_journalentry o ON o.id = r.reverses_id"
        " WHERE o.status <> 'approved' OR o.reverses_id IS NOT NULL"
    ),
}


def verify() -> list[str]:
    """Every difference between the books and their own lines, one sentence each; empty when all agrees."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for sentence, sql in CHECKS.items():
            cursor.execute(sql)
            found += [sentence.format(*row) for row in cursor.fetchall()]
    return found

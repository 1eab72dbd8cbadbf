"""The proof that invoices, payments, bookings and the books say the same. Source: ledger.md, 1, invariant 10."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.billing.postings import ADVANCE, RECEIVABLE, SOURCES
from qafila.identity.models import Agency
from qafila.kernel.money import minor_units


@dataclass(frozen=True)
class Check:
    """One question to the database: each row it answers is a difference, told by `says`."""

    says: str
    sql: str


STANDING = "taken_back_at IS NULL"
PAPERS = """
    SELECT number FROM billing_invoice UNION ALL SELECT number FROM billing_creditnote
    UNION ALL SELECT number FROM billing_payment WHERE number IS NOT NULL
"""

CHECKS = (
    Check(
        "invoice {} asks for {}, its lines add up to {}",
        """
        SELECT i.number, i.gross_total, coalesce(sum(l.amount) FILTER (WHERE NOT l.included), 0)
          FROM billing_invoice i LEFT JOIN billing_invoiceline l ON l.invoice_id = i.id
         GROUP BY i.id HAVING i.gross_total <> coalesce(sum(l.amount) FILTER (WHERE NOT l.included), 0) ORDER BY i.id
        """,
    ),
    Check(
        "invoice {} is worth {} in the books' currency, its entry debits its party with {}",
        """
        SELECT i.number, round(i.gross_total * i.exchange_rate, %(digits)s), coalesce(sum(l.debit), 0)
          FROM billing_invoice i LEFT JOIN ledger_journalline l ON l.entry_id = i.entry_id AND l.party_id = i.party_id
         GROUP BY i.id HAVING round(i.gross_total * i.exchange_rate, %(digits)s) <> coalesce(sum(l.debit), 0)
         ORDER BY i.id
        """,
    ),
    Check(
        "invoice {} is {}, with {} credit notes that reverse its entry",
        """
        SELECT i.number, i.state, count(e.id)
          FROM billing_invoice i LEFT JOIN billing_creditnote c ON c.invoice_id = i.id
          LEFT JOIN ledger_journalentry e ON e.id = c.entry_id AND e.reverses_id = i.entry_id
         GROUP BY i.id HAVING count(e.id) <> (i.state = 'CANCELLED')::int ORDER BY i.id
        """,
    ),
    Check(
        "invoice {} is {} and counts {} received, its receipts add up to {}",
        f"""
        SELECT i.number, i.state, i.allocated, coalesce(sum(a.amount), 0)
          FROM billing_invoice i LEFT JOIN billing_allocation a ON a.invoice_id = i.id AND a.{STANDING}
         GROUP BY i.id HAVING i.allocated <> coalesce(sum(a.amount), 0)
            OR (i.state = 'PAID') <> (i.open_amount = 0 AND i.state <> 'CANCELLED') ORDER BY i.id
        """,
    ),
    Check(
        "payment {} is {} and counts {} used, its allocations add up to {}",
        f"""
        SELECT p.id, p.state, p.allocated, coalesce(sum(a.amount), 0)
          FROM billing_payment p LEFT JOIN billing_allocation a ON a.payment_id = p.id AND a.{STANDING}
         GROUP BY p.id HAVING p.allocated <> coalesce(sum(a.amount), 0)
            OR (p.state <> 'verified' AND p.allocated <> 0) ORDER BY p.id
        """,
    ),
    Check(
        "booking {} counts {} paid, what was put on it adds up to {}",
        f"""
        SELECT b.number, b.paid, coalesce(sum(a.amount), 0)
          FROM sales_booking b LEFT JOIN billing_allocation a ON a.booking_id = b.id AND a.{STANDING}
         GROUP BY b.id HAVING b.paid <> coalesce(sum(a.amount), 0) ORDER BY b.id
        """,
    ),
    Check(
        "allocation {} of {} on booking {} is not applied as its booking's invoice asks",
        f"""
        SELECT a.id, a.amount, a.booking_id
          FROM billing_allocation a
          LEFT JOIN billing_invoice i ON i.booking_id = a.booking_id AND i.state <> 'CANCELLED'
          LEFT JOIN ledger_journalentry e ON e.id = a.entry_id
          LEFT JOIN ledger_journalentry r ON r.reverses_id = a.entry_id
         WHERE (a.{STANDING} AND a.invoice_id IS DISTINCT FROM i.id) OR (a.invoice_id IS NULL) <> (a.entry_id IS NULL)
            OR (e.id IS NOT NULL AND e.total <> a.amount)
            OR (e.id IS NOT NULL AND (r.id IS NULL) <> (a.{STANDING})) ORDER BY a.id
        """,
    ),
    Check(
        "party {} owes {} on account {} by its papers, {} by the books",
        f"""
        WITH said AS (
            SELECT i.party_id AS party, CASE p.kind WHEN 'agent' THEN '{RECEIVABLE["agent"]}'
                   ELSE '{RECEIVABLE["customer"]}' END AS code, round(i.open_amount * i.exchange_rate, %(digits)s)
                   AS due
              FROM billing_invoice i JOIN ledger_party p ON p.id = i.party_id WHERE i.state <> 'CANCELLED'
            UNION ALL
            SELECT y.party_id, CASE p.kind WHEN 'agent' THEN '{ADVANCE["agent"]}' ELSE '{ADVANCE["customer"]}' END,
                   coalesce((SELECT sum(a.amount) FROM billing_allocation a
                              WHERE a.payment_id = y.id AND a.{STANDING} AND a.entry_id IS NOT NULL), 0) - y.amount
              FROM billing_payment y JOIN ledger_party p ON p.id = y.party_id WHERE y.state = 'verified'
        ), booked AS (
            SELECT l.party_id AS party, c.code, l.debit - l.credit AS due
              FROM ledger_journalentry e JOIN ledger_journalline l ON l.entry_id = e.id
              JOIN ledger_account c ON c.id = l.account_id
             WHERE e.source = ANY(%(sources)s::text[]) AND e.status = 'approved' AND l.party_id IS NOT NULL
        ), both_sides AS (
            SELECT party, code, due AS said, 0 AS booked FROM said
            UNION ALL SELECT party, code, 0, due FROM booked
        )
        SELECT p.code, sum(s.said), s.code, sum(s.booked)
          FROM both_sides s JOIN ledger_party p ON p.id = s.party
         GROUP BY p.code, s.code HAVING sum(s.said) <> sum(s.booked) ORDER BY 1, 3
        """,
    ),
    Check(
        "series {} has {} papers, its counter stands at {}",
        f"""
        WITH drawn AS (SELECT regexp_replace(number, '/[0-9]+$', '') AS series,
                              regexp_replace(number, '^.*/', '')::int AS n FROM ({PAPERS}) papers)
        SELECT d.series, count(*), coalesce(max(s.last), 0)
          FROM drawn d LEFT JOIN kernel_numberseries s ON s.series || s.branch || '/' || s.fiscal_year = d.series
         GROUP BY d.series HAVING count(*) <> coalesce(max(s.last), 0) OR max(n) <> count(*) OR min(n) <> 1
         ORDER BY d.series
        """,
    ),
)


def verify() -> list[str]:
    """Every difference between papers, bookings and books, one sentence each."""
    base = Agency.objects.values_list("base_currency", flat=True).first() or "INR"
    values: dict[str, Any] = {"digits": minor_units(base), "sources": list(SOURCES)}
    found: list[str] = []
    with connection.cursor() as cursor:
        for check in CHECKS:
            used = {name: value for name, value in values.items() if f"%({name})s" in check.sql}
            cursor.execute(check.sql, used or None)
            found += [check.says.format(*row) for row in cursor.fetchall()]
    return found

"""The proof that seats, stock and books agree, block by block."""

from __future__ import annotations

from django.db import connection

from qafila.identity.models import Agency
from qafila.inventory.postings import SOURCE, STOCK
from qafila.kernel.money import minor_units

SEATS = """
SELECT b.code, b.allocated_seats, coalesce(sum(m.seats), 0)
  FROM inventory_airlineblock b LEFT JOIN inventory_blockseatmovement m ON m.block_id = b.id
 GROUP BY b.id HAVING b.allocated_seats <> coalesce(sum(m.seats), 0) ORDER BY b.code
"""
# Every entry about a block carries its id: read by block, the stock account is the value of the seats nobody took.
VALUE = """
WITH booked AS (
    SELECT e.source_id AS block_id, sum(l.debit - l.credit) AS stock
      FROM ledger_journalentry e
      JOIN ledger_journalline l ON l.entry_id = e.id
      JOIN ledger_account a ON a.id = l.account_id AND a.code = %(stock)s
     WHERE e.source = %(source)s AND e.status = 'approved'
     GROUP BY e.source_id
), worth AS (
    SELECT id, code, CASE WHEN deleted_at IS NULL
           THEN (total_seats - allocated_seats) * round(price_per_seat * exchange_rate, %(digits)s) ELSE 0 END AS value
      FROM inventory_airlineblock
)
SELECT w.code, w.value, coalesce(b.stock, 0)
  FROM worth w LEFT JOIN booked b ON b.block_id = w.id
 WHERE w.value <> coalesce(b.stock, 0) ORDER BY w.code
"""


def verify() -> list[str]:
    """Every difference between counters and movements, and between free seats and the stock account, block by block."""
    base = Agency.objects.values_list("base_currency", flat=True).first() or "INR"
    with connection.cursor() as cursor:
        cursor.execute(SEATS)
        found = [
            f"block {code} counts {counted} seats taken, its movements add up to {moved}"
            for code, counted, moved in cursor.fetchall()
        ]
        cursor.execute(VALUE, {"stock": STOCK, "source": SOURCE, "digits": minor_units(base)})
        found += [
            f"block {code} has free seats worth {value:.2f} {base}, account {STOCK} holds {stock:.2f} for it"
            for code, value, stock in cursor.fetchall()
        ]
    return found

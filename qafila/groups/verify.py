"""The proof that a group's seats, links, sheet and costs agree."""

from __future__ import annotations

from django.db import connection

from qafila.groups.postings import DEFERRED_COST, FLIGHT_COST
from qafila.groups.sheets import ITEMS
from qafila.inventory.postings import SOURCE

SEATS = """
SELECT g.code, g.booked_count, coalesce(sum(m.seats), 0)
  FROM groups_travelgroup g LEFT JOIN groups_groupseatmovement m ON m.group_id = g.id
 GROUP BY g.id HAVING g.booked_count <> coalesce(sum(m.seats), 0) ORDER BY g.code
"""
LINKS = """
WITH moved AS (
    SELECT group_id, block_id, sum(seats) AS seats FROM inventory_blockseatmovement
     WHERE group_id IS NOT NULL GROUP BY group_id, block_id
)
SELECT g.code, b.code, coalesce(f.seats, 0), coalesce(m.seats, 0)
  FROM groups_groupflight f
  FULL JOIN moved m ON (m.group_id, m.block_id) = (f.group_id, f.block_id)
  JOIN groups_travelgroup g ON g.id = coalesce(f.group_id, m.group_id)
  JOIN inventory_airlineblock b ON b.id = coalesce(f.block_id, m.block_id)
 WHERE coalesce(f.seats, 0) <> coalesce(m.seats, 0) ORDER BY 1, 2
"""
COST = """
WITH booked AS (
    SELECT l.group_id, sum(l.debit - l.credit) AS cost
      FROM ledger_journalline l
      JOIN ledger_journalentry e ON e.id = l.entry_id AND e.source = %(source)s AND e.status = 'approved'
      JOIN ledger_account a ON a.id = l.account_id AND a.code IN (%(cost)s, %(deferred)s)
     WHERE l.group_id IS NOT NULL GROUP BY l.group_id
), linked AS (
    SELECT group_id, sum(cost) AS cost FROM groups_groupflight GROUP BY group_id
)
SELECT g.code, coalesce(f.cost, 0), coalesce(b.cost, 0)
  FROM groups_travelgroup g LEFT JOIN linked f ON f.group_id = g.id LEFT JOIN booked b ON b.group_id = g.id
 WHERE coalesce(f.cost, 0) <> coalesce(b.cost, 0) ORDER BY g.code
"""
FLAGS = """
SELECT g.code, g.is_linked, EXISTS (SELECT 1 FROM groups_groupflight f WHERE f.group_id = g.id), g.is_priced,
       (SELECT count(*) FILTER (WHERE item = ANY(%(items)s::text[])) = %(count)s AND bool_or(adult > 0)
          FROM groups_ratesheetline s WHERE s.group_id = g.id)
  FROM groups_travelgroup g WHERE g.deleted_at IS NULL ORDER BY g.code
"""


def verify() -> list[str]:
    """Every difference between counters and movements, links and seats taken, cost and books, flags and facts."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS)
        found = [
            f"group {code} counts {counted} places booked, its movements add up to {moved}"
            for code, counted, moved in cursor.fetchall()
        ]
        cursor.execute(LINKS)
        found += [
            f"group {code} has {linked} seats of {block} by its link and {moved} by the block's movements"
            for code, block, linked, moved in cursor.fetchall()
        ]
        cursor.execute(COST, {"source": SOURCE, "cost": FLIGHT_COST, "deferred": DEFERRED_COST})
        found += [
            f"group {code} has flights for {linked:.2f}, the books hold {booked:.2f} of cost for them"
            for code, linked, booked in cursor.fetchall()
        ]
        cursor.execute(FLAGS, {"items": list(ITEMS), "count": len(ITEMS)})
        for code, is_linked, has_links, is_priced, complete in cursor.fetchall():
            if is_linked != has_links:
                found.append(f"group {code} is marked {'linked' if is_linked else 'not linked'}, which it is not")
            if is_priced != bool(complete):
                found.append(f"group {code} is marked {'priced' if is_priced else 'not priced'}, which it is not")
    return found

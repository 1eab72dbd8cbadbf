"""The proof that seats, people and prices of the sales agree."""

from __future__ import annotations

from django.db import connection

from qafila.sales.passengers import ACTIVE_SQL

CHECKS = {
    "group {0} counts {1} seats booked, its active passengers take {2}": (
        "SELECT g.code, g.booked_count, count(p.id) FROM groups_travelgroup g"
        " LEFT JOIN (SELECT passenger.id, sale.group_id FROM sales_passenger passenger"
        "  JOIN sales_booking booking ON booking.id = passenger.booking_id"
        "  JOIN sales_packagesale sale ON sale.booking_id = booking.id"
        f"  WHERE {ACTIVE_SQL} AND passenger.tier <> 'infant') AS p ON p.group_id = g.id"
        " GROUP BY g.id HAVING g.booked_count <> count(p.id) ORDER BY g.code"
    ),
    "booking {0} was sold for {1} people, {2} travel": (
        "SELECT booking.number, sale.adults + sale.children + sale.infants, count(passenger.id)"
        " FROM sales_booking booking JOIN sales_packagesale sale ON sale.booking_id = booking.id"
        f" JOIN sales_passenger passenger ON passenger.booking_id = booking.id AND {ACTIVE_SQL}"
        " GROUP BY booking.id, sale.booking_id HAVING sale.adults + sale.children + sale.infants <> count(passenger.id)"
        " ORDER BY booking.number"
    ),
    "booking {0} says {1} in all, its rates and added taxes say {2}": (
        "SELECT b.number, b.gross_total, b.net_total + coalesce(added.amount, 0) FROM sales_booking b"
        " LEFT JOIN (SELECT sale_id, sum(amount) FILTER (WHERE mode = 'exclusive') AS amount FROM sales_saletax"
        "  GROUP BY sale_id) AS added ON added.sale_id = b.id"
        " WHERE b.product = 'package' AND b.gross_total <> b.net_total + coalesce(added.amount, 0) ORDER BY b.number"
    ),
    "booking {0}: whether its sale still stands in the way of another is wrong": (
        "SELECT b.number FROM sales_booking b JOIN sales_packagesale s ON s.booking_id = b.id"
        " WHERE s.is_live = (b.state = 'cancelled' OR b.deleted_at IS NOT NULL) ORDER BY b.number"
    ),
}


def verify() -> list[str]:
    """Every difference found, one sentence each; empty when all agrees."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for sentence, sql in CHECKS.items():
            cursor.execute(sql)
            found += [sentence.format(*row) for row in cursor.fetchall()]
    return found

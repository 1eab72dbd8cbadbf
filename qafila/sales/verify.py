"""The proof that a booking's seats, counts, passengers and money agree."""

from __future__ import annotations

from django.db import connection

from qafila.sales.passengers import ACTIVE_SQL

# What a live booking counts is what it took of its group; a booking let go holds nothing.
SEATS = """
WITH moved AS (
    SELECT booking_id, group_id, sum(seats) AS seats FROM groups_groupseatmovement
     WHERE booking_id IS NOT NULL GROUP BY booking_id, group_id
)
SELECT b.number, CASE WHEN s.is_live THEN s.adults + s.children ELSE 0 END AS held, coalesce(m.seats, 0)
  FROM sales_packagesale s JOIN sales_booking b ON b.id = s.booking_id
  LEFT JOIN moved m ON m.booking_id = s.booking_id AND m.group_id = s.group_id
 WHERE CASE WHEN s.is_live THEN s.adults + s.children ELSE 0 END <> coalesce(m.seats, 0) ORDER BY b.id
"""
# Once anybody is named, the counts are those of the active passengers.
COUNTS = f"""
SELECT booking.number, s.adults, s.children, s.infants,
       count(*) FILTER (WHERE passenger.tier = 'adult'), count(*) FILTER (WHERE passenger.tier = 'child'),
       count(*) FILTER (WHERE passenger.tier = 'infant')
  FROM sales_packagesale s JOIN sales_booking booking ON booking.id = s.booking_id
  JOIN sales_passenger passenger ON passenger.booking_id = booking.id AND {ACTIVE_SQL}
 GROUP BY booking.id, s.booking_id
HAVING (s.adults, s.children, s.infants) IS DISTINCT FROM (
       count(*) FILTER (WHERE passenger.tier = 'adult'), count(*) FILTER (WHERE passenger.tier = 'child'),
       count(*) FILTER (WHERE passenger.tier = 'infant')) ORDER BY booking.id
"""
# Net from the snapshot of rates (or as agreed); gross from net and the taxes added to it.
MONEY = """
WITH rates AS (
    SELECT r.sale_id, sum(r.adult * s.adults + r.child * s.children + r.infant * s.infants) AS net
      FROM sales_salerate r JOIN sales_packagesale s ON s.booking_id = r.sale_id GROUP BY r.sale_id
), taxes AS (
    SELECT sale_id, sum(amount) FILTER (WHERE mode = 'exclusive') AS added,
           sum(amount) FILTER (WHERE kind = 'gst') AS tax, sum(amount) FILTER (WHERE kind = 'tcs') AS tcs
      FROM sales_saletax GROUP BY sale_id
)
SELECT b.number, b.net_total, coalesce(s.agreed_total, r.net, 0), b.gross_total, b.net_total + coalesce(t.added, 0),
       b.tax_total + b.tcs_total, coalesce(t.tax, 0) + coalesce(t.tcs, 0)
  FROM sales_booking b JOIN sales_packagesale s ON s.booking_id = b.id
  LEFT JOIN rates r ON r.sale_id = b.id LEFT JOIN taxes t ON t.sale_id = b.id
 WHERE b.net_total <> coalesce(s.agreed_total, r.net, 0) OR b.gross_total <> b.net_total + coalesce(t.added, 0)
    OR b.tax_total <> coalesce(t.tax, 0) OR b.tcs_total <> coalesce(t.tcs, 0) ORDER BY b.id
"""
# The lifecycle's history ends where the booking stands.
HISTORY = """
SELECT b.number, b.state, last.to_state
  FROM sales_booking b
  LEFT JOIN LATERAL (SELECT to_state FROM kernel_statechange c
                      WHERE c.machine = 'package_booking' AND c.object_id = b.id
                      ORDER BY c.id DESC LIMIT 1) last ON true
 WHERE b.product = 'package' AND b.state IS DISTINCT FROM last.to_state ORDER BY b.id
"""
LIVE = """
SELECT b.number, b.state, s.is_live FROM sales_booking b JOIN sales_packagesale s ON s.booking_id = b.id
 WHERE s.is_live <> (b.state <> 'cancelled' AND b.deleted_at IS NULL) ORDER BY b.id
"""


def verify() -> list[str]:
    """Every difference between bookings, their passengers, their seats and their price."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS)
        found = [f"{no} holds {held} seats, its movements add up to {moved}" for no, held, moved in cursor.fetchall()]
        cursor.execute(COUNTS)
        found += [
            f"{no} counts {a} adults, {c} children, {i} infants; named are {na}, {nc}, {ni}"
            for no, a, c, i, na, nc, ni in cursor.fetchall()
        ]
        cursor.execute(MONEY)
        found += [
            f"{no}: net {net:.2f} should be {right:.2f}, gross {gross:.2f} should be {whole:.2f},"
            f" taxes {tax:.2f} should be {owed:.2f}"
            for no, net, right, gross, whole, tax, owed in cursor.fetchall()
        ]
        cursor.execute(HISTORY)
        found += [f"{no} is {state}, its history ends with {last}" for no, state, last in cursor.fetchall()]
        cursor.execute(LIVE)
        found += [
            f"{no} is {state} and marked {'live' if live else 'not live'}" for no, state, live in cursor.fetchall()
        ]
    return found

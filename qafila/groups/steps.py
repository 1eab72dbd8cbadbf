"""What higher rooms may do with a group inside their own transaction: take seats, give them back, tell its history."""

from __future__ import annotations

from django.db import connection

from qafila.groups.errors import GroupNotOpen, MoreThanBooked, SeatsExhausted
from qafila.groups.models import GroupEvent
from qafila.groups.states import GROUP
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.transaction import step

# One statement: whoever comes second waits for the row, then sees what is left. The movement is written in the same
# breath, so the counter can never differ from the sum of the movements.
TAKE = """
WITH taken AS (
    UPDATE groups_travelgroup SET booked_count = booked_count + %(seats)s
     WHERE id = %(group)s AND deleted_at IS NULL AND booked_count + %(seats)s <= total_capacity
       AND qafila_group_state(cancelled_at, status_override, departure_date, return_date, is_linked, is_priced,
                              booked_count, total_capacity, %(day)s) IN ('planning', 'open')
    RETURNING id, total_capacity - booked_count AS left_over
), moved AS (
    INSERT INTO groups_groupseatmovement (group_id, seats, reason, booking_id, user_id, user_name)
    SELECT id, %(seats)s, %(reason)s, %(booking)s::bigint, %(user)s::bigint, %(name)s FROM taken
)
SELECT left_over FROM taken
"""
GIVE_BACK = """
WITH given AS (
    UPDATE groups_travelgroup SET booked_count = booked_count - %(seats)s
     WHERE id = %(group)s AND booked_count >= %(seats)s
    RETURNING id, total_capacity - booked_count AS left_over
), moved AS (
    INSERT INTO groups_groupseatmovement (group_id, seats, reason, booking_id, user_id, user_name)
    SELECT id, -%(seats)s, %(reason)s, %(booking)s::bigint, %(user)s::bigint, %(name)s FROM given
)
SELECT left_over FROM given
"""
STANDING = """
SELECT code, total_capacity - booked_count, booked_count, deleted_at IS NOT NULL, status_override = 'full',
       qafila_group_state(cancelled_at, status_override, departure_date, return_date, is_linked, is_priced,
                          booked_count, total_capacity, %s)
  FROM groups_travelgroup WHERE id = %s
"""


@step
def take_seats(actor: Actor, group_id: int, seats: int, *, booking_id: int | None, reason: str) -> int:
    """Take places on a group for a booking; answers how many are left. No seats asked (infants only): nothing moves.

    Refuses: NotFound, GroupNotOpen (cancelled, departed, completed, pinned full), SeatsExhausted naming what is left.
    Source: domain 3 "Seats".
    """
    left = _move(TAKE, actor, group_id, seats, booking_id, reason)
    if left is not None:
        return left
    code, free, _, deleted, pinned_full, state = _standing(group_id)
    if deleted:
        raise NotFound(f"The group {code} was deleted.", field="group_id")
    if pinned_full or state not in ("planning", "open", "full"):
        closed = "closed by hand" if pinned_full else GROUP.label(state).lower()
        raise GroupNotOpen(f"Group {code} is {closed}; no places can be taken.", field="group_id", state=state)
    raise SeatsExhausted(f"Group {code} has {_seats(free)} left, {seats} were asked for.", field="group_id", left=free)


@step
def give_back_seats(actor: Actor, group_id: int, seats: int, *, booking_id: int | None, reason: str) -> int:
    """Give places back, whatever the state; answers how many are free. Refuses: NotFound, MoreThanBooked."""
    left = _move(GIVE_BACK, actor, group_id, seats, booking_id, reason)
    if left is not None:
        return left
    code, _, booked, *_ = _standing(group_id)
    raise MoreThanBooked(f"Group {code} has {_seats(booked)} booked; {seats} cannot come back.")


@step
def tell(actor: Actor, group_id: int, what: str, text: str, booking_id: int | None = None) -> None:
    """Add a line to the group's history as its page tells it."""
    GroupEvent.objects.create(
        group_id=group_id,
        what=what,
        text=text[:500],
        booking_id=booking_id,
        user_id=actor.user_id,
        user_name=actor.name,
    )


def _move(statement: str, actor: Actor, group_id: int, seats: int, booking_id: int | None, reason: str) -> int | None:
    if seats < 0:
        raise ValueError("seats are counted from none")
    if seats == 0:
        return _standing(group_id)[1]
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "seats": seats,
                "group": group_id,
                "day": clock.today(),
                "reason": reason[:40],
                "booking": booking_id,
                "user": actor.user_id,
                "name": actor.name,
            },
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _standing(group_id: int) -> tuple[str, int, int, bool, bool, str]:
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [clock.today(), group_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such group.", field="group_id")
    code, free, booked, deleted, pinned_full, state = row
    return code, free, booked, deleted, pinned_full, state


def _seats(count: int) -> str:
    return "1 seat" if count == 1 else f"{count} seats"

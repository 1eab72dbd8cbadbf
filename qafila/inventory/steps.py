"""What higher rooms may do with a block inside their own transaction: take its seats and give them back."""

from __future__ import annotations

from django.db import connection

from qafila.inventory.errors import BlockNotActive, MoreThanTaken, SeatsExhausted
from qafila.inventory.states import BLOCK
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.transaction import step

# One statement: whoever comes second waits for the row, then sees what is left. The movement is written in the same
# breath, so the counter can never differ from the sum of the movements.
TAKE = """
WITH taken AS (
    UPDATE inventory_airlineblock b SET allocated_seats = allocated_seats + %(seats)s
     WHERE id = %(block)s AND deleted_at IS NULL AND allocated_seats + %(seats)s <= total_seats
       AND qafila_block_state(state, allocated_seats, total_seats, expiry_date, departs_on, %(day)s) = 'active'
    RETURNING id, total_seats - allocated_seats AS left_over
), moved AS (
    INSERT INTO inventory_blockseatmovement (block_id, seats, reason, group_id, note, user_id, user_name)
    SELECT id, %(seats)s, %(reason)s, %(group)s::bigint, %(note)s, %(user)s::bigint, %(name)s FROM taken
)
SELECT left_over FROM taken
"""
GIVE_BACK = """
WITH given AS (
    UPDATE inventory_airlineblock SET allocated_seats = allocated_seats - %(seats)s
     WHERE id = %(block)s AND allocated_seats >= %(seats)s
    RETURNING id, total_seats - allocated_seats AS left_over
), moved AS (
    INSERT INTO inventory_blockseatmovement (block_id, seats, reason, group_id, note, user_id, user_name)
    SELECT id, -%(seats)s, %(reason)s, %(group)s::bigint, %(note)s, %(user)s::bigint, %(name)s FROM given
)
SELECT left_over FROM given
"""
STANDING = """
SELECT code, total_seats - allocated_seats, allocated_seats,
       qafila_block_state(state, allocated_seats, total_seats, expiry_date, departs_on, %s), deleted_at IS NOT NULL
  FROM inventory_airlineblock WHERE id = %s
"""


@step
def take_block_seats(
    actor: Actor, block_id: int, seats: int, *, reason: str, group_id: int | None = None, note: str = ""
) -> int:
    """Take seats of a block for a group or a partner; answers how many are left.

    Refuses: NotFound, BlockNotActive (expired, departed, cancelled), SeatsExhausted naming how many are left.
    Source: domain 3 "Seats".
    """
    left = _move(TAKE, actor, block_id, seats, reason, group_id, note)
    if left is not None:
        return left
    code, free, _, state, deleted = _standing(block_id)
    if deleted:
        raise NotFound(f"The block {code} was deleted.", field="block_id")
    if state not in ("active", "exhausted"):
        raise BlockNotActive(f"Block {code} is {BLOCK.label(state).lower()}; its seats cannot be taken.", state=state)
    raise SeatsExhausted(f"Block {code} has {_seats(free)} left, {seats} were asked for.", field="seats", left=free)


@step
def give_back_block_seats(
    actor: Actor, block_id: int, seats: int, *, reason: str, group_id: int | None = None, note: str = ""
) -> int:
    """Give seats back to a block, whatever its state; answers how many are left. Refuses: NotFound, MoreThanTaken."""
    left = _move(GIVE_BACK, actor, block_id, seats, reason, group_id, note)
    if left is not None:
        return left
    code, _, taken, _, _ = _standing(block_id)
    raise MoreThanTaken(f"Block {code} has {_seats(taken)} taken; {seats} cannot come back.")


def _move(
    statement: str, actor: Actor, block_id: int, seats: int, reason: str, group_id: int | None, note: str
) -> int | None:
    if seats < 1:
        raise ValueError("seats are moved one or more at a time")
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "seats": seats,
                "block": block_id,
                "day": clock.today(),
                "reason": reason[:40],
                "group": group_id,
                "note": note[:300],
                "user": actor.user_id,
                "name": actor.name,
            },
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _standing(block_id: int) -> tuple[str, int, int, str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [clock.today(), block_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such block.", field="block_id")
    code, free, taken, state, deleted = row
    return code, free, taken, state, deleted


def _seats(count: int) -> str:
    return "1 seat" if count == 1 else f"{count} seats"

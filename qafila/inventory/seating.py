"""The seats of a block as a drawing: one square a seat, taken ones first. Pure."""

from __future__ import annotations

from dataclasses import dataclass

ACROSS = 25
MOST = 500  # beyond this the squares would be too small to tell apart: the bar says it all
SIZE, STEP = 10, 13


@dataclass(frozen=True)
class Seat:
    x: int
    y: int
    taken: bool


@dataclass(frozen=True)
class Grid:
    """A drawing `width` by `height` units with a square for each seat."""

    seats: tuple[Seat, ...]
    width: int
    height: int


def grid(total: int, taken: int) -> Grid | None:
    """The drawing of so many seats of which so many are taken; None where there are too many to draw."""
    if not 0 < total <= MOST:
        return None
    seats = tuple(Seat(n % ACROSS * STEP, n // ACROSS * STEP, n < taken) for n in range(total))
    return Grid(seats, min(total, ACROSS) * STEP - (STEP - SIZE), -(-total // ACROSS) * STEP - (STEP - SIZE))

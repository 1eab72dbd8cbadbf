"""What the groups room refuses."""

from __future__ import annotations

from qafila.kernel.errors import Refusal


class SeatsExhausted(Refusal):
    """Fewer seats are left on the group than asked for; the sentence says how many."""

    code, status, title = "SEATS_EXHAUSTED", 409, "Not enough seats"


class GroupNotOpen(Refusal):
    """The group is cancelled, departed, completed, or closed by hand: no seat of it can be taken."""

    code, status, title = "GROUP_NOT_OPEN", 409, "Group not open"


class MoreThanBooked(Refusal):
    """Giving back more seats than are booked."""

    code, status, title = "MORE_THAN_BOOKED", 409, "Nothing to give back"


class GroupHasBookings(Refusal):
    """Live bookings hold places on this group."""

    code, status, title = "GROUP_HAS_BOOKINGS", 409, "Group has bookings"


class CapacityTooSmall(Refusal):
    """The capacity would fall below the seats booked."""

    code, status, title = "CAPACITY_TOO_SMALL", 409, "Too small"


class OutsideWindow(Refusal):
    """A flight falls outside the group's dates."""

    code, status, title = "OUTSIDE_WINDOW", 409, "Outside the group's dates"


class BlockTaken(Refusal):
    """A block belongs to one group company-wide, and this one has its group."""

    code, status, title = "BLOCK_ALREADY_LINKED", 409, "Block belongs to a group"


class NoSeatsToLink(Refusal):
    """The group's capacity is covered by linked seats, or the block has none left."""

    code, status, title = "NO_SEATS_TO_LINK", 409, "No seats to link"


class GroupHasInventory(Refusal):
    """Something is linked to the group that must be given back first."""

    code, status, title = "GROUP_HAS_INVENTORY", 409, "Inventory is linked"


class CurrencyIsFixed(Refusal):
    """The group is priced or booked in its currency."""

    code, status, title = "CURRENCY_IS_FIXED", 409, "Currency is fixed"


class UnknownBranch(Refusal):
    code, status, title = "UNKNOWN_BRANCH", 422, "Not known"


class DatesReversed(Refusal):
    """A group returns on or after the day it departs."""

    code, status, title = "DATES_REVERSED", 422, "Check the dates"

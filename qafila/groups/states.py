"""The life of a departure. Dates, seats and the sheet move it (`qafila_group_state` in SQL); people only cancel it."""

from __future__ import annotations

from qafila.kernel.states import Machine, Move

GROUP = Machine(
    "group",
    {
        "planning": ("Planning", "grey"),
        "open": ("Open", "blue"),
        "full": ("Full", "green"),
        "departed": ("Departed", "grey"),
        "completed": ("Completed", "grey"),
        "cancelled": ("Cancelled", "red"),
    },
    [
        Move("", "create", "planning", "groups.create"),
        Move("planning", "be_ready", "open", None, "inventory is linked and the rate sheet complete"),
        Move("open", "be_unready", "planning", None, "the last link or a sheet line was taken away"),
        Move("open", "fill", "full", None, "booked = capacity"),
        Move("planning", "fill", "full", None, "booked = capacity"),
        Move("full", "free", "open", None, "capacity raised, or seats given back"),
        Move("planning", "depart", "departed", None, "the departure date is over"),
        Move("open", "depart", "departed", None, "the departure date is over; deferred cost is recognised"),
        Move("full", "depart", "departed", None, "the departure date is over; deferred cost is recognised"),
        Move("departed", "complete", "completed", None, "the return date is over"),
        Move("planning", "cancel", "cancelled", "groups.edit", "inventory given back; refused with live bookings"),
        Move("open", "cancel", "cancelled", "groups.edit", "inventory given back; refused with live bookings"),
        Move("full", "cancel", "cancelled", "groups.edit", "inventory given back; refused with live bookings"),
    ],
)
PINS = ("auto", "planning", "open", "full", "departed", "completed")
"""What `status_override` may say: `auto` lets dates and seats decide."""

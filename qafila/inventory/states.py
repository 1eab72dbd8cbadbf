"""The life of an airline block. Nobody moves it: seats, dates and a deletion do (`qafila_block_state` in SQL)."""

from __future__ import annotations

from qafila.kernel.states import Machine, Move

BLOCK = Machine(
    "block",
    {
        "active": ("Active", "blue"),
        "exhausted": ("All taken", "green"),
        "expired": ("Expired", "red"),
        "departed": ("Departed", "grey"),
        "cancelled": ("Cancelled", "red"),
    },
    [
        Move("", "create", "active", "inventory.create", "stock entry posted"),
        Move("active", "take_last_seat", "exhausted", None, "every seat belongs to a group or a partner"),
        Move("exhausted", "give_back", "active", None, "seats came back"),
        Move("active", "pass_expiry", "expired", None, "unsold seats go back to the airline"),
        Move("exhausted", "give_back_late", "expired", None, "seats came back after the expiry date"),
        Move("active", "depart", "departed", None, "the first leg's day is over"),
        Move("exhausted", "depart", "departed", None, "the first leg's day is over"),
        Move("expired", "depart", "departed", None, "the first leg's day is over"),
        Move("active", "delete", "cancelled", "inventory.delete", "stock entry reversed; only with no seat taken"),
        Move("expired", "delete", "cancelled", "inventory.delete", "stock entry reversed; only with no seat taken"),
        Move("departed", "delete", "cancelled", "inventory.delete", "stock entry reversed; only with no seat taken"),
    ],
)

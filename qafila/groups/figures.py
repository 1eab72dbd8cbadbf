"""What higher rooms know of a group's money, for the list of groups: they register who tells it, we only ask.

Charges, collected and balance are sums over bookings, which live above this room: `sales` calls `provide` once, in its
urls.py, with a function that reads them for a page of groups in one query (or tells nothing to those who may not see).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qafila.groups.types import GroupRow
from qafila.kernel.actor import Actor


@dataclass(frozen=True)
class Figures:
    """A group's money, in `currency`: what its bookings were charged, have paid and still owe."""

    charges: Decimal
    collected: Decimal
    balance: Decimal


Provider = Callable[[Actor, Sequence[int]], dict[int, Figures]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Tell the list of groups whom to ask."""
    if provider not in _providers:
        _providers.append(provider)


def told() -> bool:
    """Whether anybody tells figures: without, the list has no columns for them."""
    return bool(_providers)


def of_groups(actor: Actor, group_ids: Sequence[int]) -> dict[int, Figures]:
    """The figures of a page of groups, as far as anybody tells them."""
    found: dict[int, Figures] = {}
    for provider in _providers:
        found.update(provider(actor, group_ids))
    return found


@dataclass(frozen=True)
class GroupLine(GroupRow):
    """A group of the list with its figures; None where nobody told them."""

    charges: Decimal | None = None
    collected: Decimal | None = None
    balance: Decimal | None = None


def with_figures(row: GroupRow, figures: Figures | None) -> GroupLine:
    if figures is None:
        return GroupLine(**vars(row))
    return GroupLine(**vars(row), charges=figures.charges, collected=figures.collected, balance=figures.balance)

"""What the inventory announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BlockChanged:
    """A block's flights, PNRs, dates or deadlines changed: who uses it checks that it still fits, or refuses."""

    block_id: int
    code: str


@dataclass(frozen=True)
class BlockDeleted:
    """A block that nobody had taken seats of was deleted."""

    block_id: int
    code: str

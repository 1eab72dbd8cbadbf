"""The table that `make bench` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEADS = ("work", "product", "pgbench", "ratio", "target", "met")


@dataclass(frozen=True)
class Row:
    """One line: figures with their units as people read them; `met` None where there is nothing to compare."""

    work: str
    product: str
    limit: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return (self.work, self.product, self.limit, ratio, self.target, met)


def table(rows: Sequence[Row]) -> str:
    """All rows under one heading, then what there is to say about them."""
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADS))]
    drawn = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    drawn.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{row.work}: {row.note}" for row in rows if row.note]
    return "\n".join([*drawn, "", *notes] if notes else drawn)

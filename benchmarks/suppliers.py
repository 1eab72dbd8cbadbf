"""The supplier side of retail air: the simulator by itself, and the product's adapters with it. Needs no database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks import adapters, simulated
from benchmarks.table import Row
from tests.harness.supplier import running


def side(reads: int, searches: int, orders: int) -> Iterator[Row]:
    """All rows, with a simulator of their own in a temporary directory."""
    with (
        tempfile.TemporaryDirectory(prefix="qafila-bench-suppliers-") as home,
        running(Path(home) / "simulator") as simulator,
        closing(adapters.Desk(simulator)) as desk,
    ):
        pnr, order = desk.held("amadeus"), desk.held("duffel")
        yield from simulated.rows(simulator, pnr.locator, order.ref.id, reads, searches)
        yield from adapters.rows(desk, max(3, searches // 5), orders)

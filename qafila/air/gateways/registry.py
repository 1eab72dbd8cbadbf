"""Which suppliers there are: those of the agency's file, the simulator's in a demo, and always the manual one."""

from __future__ import annotations

import os
from pathlib import Path

from qafila.air.gateways.amadeus.adapter import AmadeusSupplier
from qafila.air.gateways.calllog import CallLog, discard
from qafila.air.gateways.configuration import Settings, file_of, settings_of, simulated, simulator_runs, tables
from qafila.air.gateways.duffel.adapter import DuffelSupplier
from qafila.air.gateways.errors import Unsupported
from qafila.air.gateways.manual.adapter import ManualSupplier
from qafila.air.gateways.manual.records import FileRecords
from qafila.air.gateways.manual.typed import Typed
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.settings import AmadeusSettings, DuffelSettings, ManualSettings

MANUAL = "manual"


def suppliers(data_dir: Path, *, demo: bool | None = None, log: CallLog = discard) -> dict[str, Supplier]:
    """Every supplier by its code: the simulator's first, then the file's in its order, the manual one last. `demo`
    None: QAFILA_DEMO says, else whether a simulator runs in this data directory. Raises: Misconfigured.
    """
    made = _settings(data_dir, _demo(data_dir, demo))
    return {code: _made(settings, data_dir, log) for code, settings in made.items()}


def supplier(
    code: str, data_dir: Path, *, demo: bool | None = None, log: CallLog = discard, typed: Typed | None = None
) -> Supplier:
    """One of them; what is wrong with another one does not matter. `typed` is for a manual one. Raises: Misconfigured,
    Unsupported (there is none of that code).
    """
    made = _settings(data_dir, _demo(data_dir, demo), only=code)
    if code not in made:
        known = ", ".join(made) or "none"
        raise Unsupported(f"There is no supplier {code}; there are: {known}.", supplier=code)
    found = _made(made[code], data_dir, log)
    return found.typing(typed) if typed and isinstance(found, ManualSupplier) else found


def _settings(data_dir: Path, demo: bool, *, only: str = "") -> dict[str, Settings]:
    """By code. With `only`, no other table's settings are read."""
    found = {each.code: each for each in (simulated(data_dir) if demo else ())}
    file = file_of(data_dir)
    for name, table in (tables(file) if file else {}).items():
        if name in found:
            raise table.wrong("name", "the simulator's supplier bears it: choose another.")
        if only in {"", name}:
            found[name] = settings_of(table, demo=demo)
    found.setdefault(MANUAL, ManualSettings())
    return found


def _made(settings: Settings, data_dir: Path, log: CallLog) -> Supplier:
    if isinstance(settings, AmadeusSettings):
        return AmadeusSupplier(settings, log=log)
    if isinstance(settings, DuffelSettings):
        return DuffelSupplier(settings, log=log)
    return ManualSupplier(settings, FileRecords(data_dir / "air" / "manual" / settings.code))


def _demo(data_dir: Path, told: bool | None) -> bool:
    if told is not None:
        return told
    said = os.environ.get("QAFILA_DEMO", "").strip().lower()
    # A house that serves customers starts no simulator: beside one that runs, this is a demo.
    return said in {"1", "true", "yes", "on"} if said else simulator_runs(data_dir)

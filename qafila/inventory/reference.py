"""Airports and airlines of the world, from real data sets (data/NOTICE.md), loaded in two statements."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Protocol

import airportsdata

DATA = Path(__file__).parent / "data"


class Cursor(Protocol):
    def execute(self, sql: str, params: Any = ...) -> Any: ...


def airlines() -> list[tuple[str, str, str, str]]:
    """(code, ICAO code, name, country) of each airline, our corrections on top of the vendored file."""
    rows: dict[str, tuple[str, str, str, str]] = {}
    for name in ("airlines.csv", "airlines_local.csv"):
        with (DATA / name).open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                rows[row["code"]] = (row["code"], row["icao"], row["name"], row["country"])
    return sorted(rows.values())


def airports() -> list[tuple[str, str, str, str, str]]:
    """(IATA code, name, city, country, time zone) of each airport."""
    found = airportsdata.load("IATA")
    return sorted((code, a["name"], a["city"], a["country"], a["tz"]) for code, a in found.items())


def load(cursor: Cursor) -> None:
    """Put every airline and airport in the tables; those already there get today's facts."""
    cursor.execute(
        "INSERT INTO inventory_airline (code, icao, name, country)"
        " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])"
        " ON CONFLICT (code) DO UPDATE SET icao = EXCLUDED.icao, name = EXCLUDED.name, country = EXCLUDED.country",
        [list(column) for column in zip(*airlines(), strict=True)],
    )
    cursor.execute(
        "INSERT INTO inventory_airport (code, name, city, country, time_zone)"
        " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
        " ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, city = EXCLUDED.city, country = EXCLUDED.country,"
        " time_zone = EXCLUDED.time_zone",
        [list(column) for column in zip(*airports(), strict=True)],
    )

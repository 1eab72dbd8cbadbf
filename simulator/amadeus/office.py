"""Our travel agency's office at the GDS: what its id, zone and numbers look like in replies."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Office:
    """`id` is nine characters, the first three its city; `iata` the agency's number, eight digits."""

    id: str
    iata: str
    country: str
    zone: ZoneInfo
    currency: str

    @property
    def city(self) -> str:
        return self.id[:3]

"""Plausible people for trying things out: the same ones each time, old enough for what they are booked as."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qafila.air.gateways.values import PassengerType
from qafila.air.typed import Typed

_ADULTS = [
    ("MR", "Ahmad", "Dar"), ("MRS", "Haleema", "Dar"), ("MR", "Bilal", "Wani"), ("MS", "Rukhsana", "Bhat"),
    ("MR", "Farooq", "Lone"), ("MRS", "Shaista", "Lone"), ("MR", "Imran", "Mir"), ("MS", "Nusrat", "Shah"),
    ("MR", "Yusuf", "Rather"),
]  # fmt: skip
_CHILDREN = [("MSTR", "Adil", "Dar"), ("MISS", "Zoya", "Dar"), ("MSTR", "Hamza", "Lone"), ("MISS", "Iqra", "Mir")]
_INFANTS = [("MISS", "Sara", "Dar"), ("MSTR", "Musa", "Lone"), ("MISS", "Hafsa", "Mir"), ("MSTR", "Isa", "Shah")]


def travellers(types: Iterable[PassengerType], flies: date) -> tuple[Typed, ...]:
    """One person for each type. Their passports and contacts are made up; the domain is one that can never exist."""
    people = {
        PassengerType.ADULT: (_ADULTS, 38), PassengerType.CHILD: (_CHILDREN, 7), PassengerType.INFANT: (_INFANTS, 1),
    }  # fmt: skip
    counts = dict.fromkeys(people, 0)
    found = []
    for number, kind in enumerate(types, 1):
        names, age = people[kind]
        turn = counts[kind]
        counts[kind] += 1
        title, first, last = names[turn % len(names)]
        # A second round of the same names would be refused as a duplicate.
        first += "" if turn < len(names) else f" {'ABCDEFGHI'[turn // len(names) - 1]}"
        words = {
            "type": kind.value, "title": title, "first_name": first, "last_name": last,
            "birth_date": date(flies.year - age - turn % 5 * (age > 20), 1, 1 + turn % 28).isoformat(),
            "passport": f"Z{4100000 + number:07}/IN/{flies.year + 6}-06-30", "nationality": "IN",
        }  # fmt: skip
        if kind is PassengerType.ADULT:
            words |= {
                "email": f"{first.split()[0].lower()}.{last.lower()}@example.com",
                "phone": f"+9194190000{number:02}",
            }
        found.append(Typed(f"demo traveller {number}", words))
    return tuple(found)

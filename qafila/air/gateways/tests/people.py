"""Invented people who travel in tests."""

from __future__ import annotations

from datetime import date

from qafila.air.gateways.values import PassengerType, Passport, Traveller


def travellers() -> tuple[Traveller, ...]:
    """A couple with passports and contacts."""
    return (
        Traveller(
            "T1",
            PassengerType.ADULT,
            "Ayesha",
            "Wani",
            "MRS",
            "F",
            date(1985, 4, 2),
            Passport("Z1234567", "IND", "IND", date(2032, 1, 1)),
            "ayesha.wani_sxr@example.com",
            "+919876543210",
        ),
        Traveller(
            "T2",
            PassengerType.ADULT,
            "Bashir",
            "Wani",
            "MR",
            "M",
            date(1980, 5, 3),
            Passport("Y7654321", "IND", "IND", date(2031, 6, 1)),
        ),
    )


def family() -> tuple[Traveller, ...]:
    """The couple with a child and an infant on its mother's lap."""
    return (
        *travellers(),
        Traveller("T3", PassengerType.CHILD, "Zoya", "Wani", "MISS", "F", date(2019, 4, 2)),
        Traveller("T4", PassengerType.INFANT, "Omar", "Wani", "MSTR", "M", date(2026, 6, 2), infant_of="T1"),
    )

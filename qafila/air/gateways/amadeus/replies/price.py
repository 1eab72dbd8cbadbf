"""Fare_PricePNRWithBookingClassReply and its sisters: what each passenger would pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import FareLine, Money, TimeLimit


@dataclass(frozen=True, slots=True)
class PricedTst:
    """One fare of the reply: the number that stores it, and one passenger's fare (`fare.travellers` says whose)."""

    number: str
    fare: FareLine
    time_limits: tuple[TimeLimit, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceReply:
    """All fares offered. They are alternatives where one passenger occurs twice: never add them all up."""

    fares: tuple[PricedTst, ...]
    problems: tuple[Problem, ...]
    time_limits: tuple[TimeLimit, ...] = ()
    notes: tuple[str, ...] = ()


def price_reply(el: Element, settings: AmadeusSettings) -> PriceReply:
    """The fares. Raises: Unreadable (another message)."""
    raise NotImplementedError


def chosen(reply: PriceReply, travellers: Sequence[str] = (), numbers: Sequence[str] = ()) -> tuple[PricedTst, ...]:
    """One fare for each traveller: the first offered for him, unless `numbers` names others. Empty when a traveller of
    `travellers` would be left without.
    """
    raise NotImplementedError


def total(fares: Sequence[PricedTst]) -> Money | None:
    """What all their passengers pay together; None for no fares, or fares of two currencies."""
    raise NotImplementedError

"""The geometry of small charts. Only SVG attributes, because the content policy allows no inline style."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

TONES = ("brand", "sand", "blue", "green", "violet", "amber", "grey", "red")


@dataclass(frozen=True)
class Bar:
    """One bar of a chart in a 0-100 box: its place, its height, what it says."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str
    tone: str


@dataclass(frozen=True)
class Slice:
    """One part of a ring: length and offset along its circumference."""

    length: float
    offset: float
    label: str
    value: str
    tone: str


def number(value: Any) -> float:
    """A chart is drawn, not summed: its heights may be floats."""
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0


def share(part: Any, whole: Any) -> float:
    """Part of whole in percent, between 0 and 100."""
    total = number(whole)
    return max(0.0, min(100.0, round(100 * number(part) / total, 2))) if total > 0 else 0.0


def filled(booked: Any, total: Any) -> dict[str, Any]:
    """What a capacity bar shows: sand when full, red when oversold."""
    part = share(booked, total)
    tone = "red" if number(booked) > number(total) else "sand" if part >= 100 else "brand"
    return {"booked": booked, "total": total, "share": part, "tone": tone}


def _entry(item: Any) -> tuple[str, Any, str]:
    """A chart's item: (label, value), (label, value, tone), or a mapping with these names."""
    if isinstance(item, Mapping):
        return str(item.get("label", "")), item.get("value", 0), str(item.get("tone", ""))
    parts = [*item, ""]
    return str(parts[0]), parts[1], str(parts[2])


def bars(items: Iterable[Any], tone: str = "brand") -> list[Bar]:
    """Bars standing on the ground line of a 100 x 100 box, the highest reaching 96."""
    entries = [_entry(item) for item in items]
    top = max((number(v) for _, v, _ in entries), default=0.0) or 1.0
    pitch = 100 / max(1, len(entries))
    drawn = []
    for n, (label, value, own) in enumerate(entries):
        height = round(96 * max(0.0, number(value)) / top, 2)
        gap = pitch * 0.22
        bar = Bar(
            round(n * pitch + gap / 2, 2), round(100 - height, 2), round(pitch - gap, 2), height, label, str(value), ""
        )
        drawn.append(Bar(bar.x, bar.y, bar.width, bar.height, label, str(value), own or tone))
    return drawn


def spark(values: Sequence[Any]) -> str:
    """The points of a small line in a 96 x 24 box."""
    numbers = [number(v) for v in values]
    if len(numbers) < 2:
        return ""
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1.0
    step = 96 / (len(numbers) - 1)
    return " ".join(f"{n * step:.1f},{22 - 20 * (value - low) / span:.1f}" for n, value in enumerate(numbers))


def donut(items: Iterable[Any], radius: float = 49) -> list[Slice]:
    """Slices of a ring, clockwise from the top."""
    entries = [_entry(item) for item in items]
    total = sum(number(v) for _, v, _ in entries) or 1.0
    around = 2 * pi * radius
    slices, before = [], 0.0
    for n, (label, value, tone) in enumerate(entries):
        length = around * number(value) / total
        slices.append(Slice(round(length, 2), round(-before, 2), label, str(value), tone or TONES[n % len(TONES)]))
        before += length
    return slices

"""What goes wrong on purpose: the book of faults that the control port fills and the server and dialects ask.

Counting is exact: a fault looks at every request of its step (`seen`), leaves the first `skip` alone, then hits with
its probability, drawn from its own seed, until it has hit `times` times. A restart ends all faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from random import Random
from typing import Any, Literal, get_args

When = Literal["before", "after"]

TRANSPORT = frozenset(
    {
        "connect_refused",
        "connect_timeout",
        "read_timeout",
        "reset",
        "half_body",
        "html_502",
        "slow_drip",
        "wrong_relates_to",
        "duplicate",
        "garbled",
        "fault_500",
    }
)
BUSINESS = frozenset(
    {
        "session_expired",
        "simultaneous_change",
        "price_changed",
        "time_limit_passed",
        "segment_cancelled",
        "partial_issue",
        "late_documents",
        "void_refused",
        "rate_limited",
        "accepted_202",
        "issue_refused",
        "webhook_twice",
        "webhook_late",
        "webhook_out_of_order",
        "webhook_forged",
    }
)
NOW = "now"  # the step of a closed listener that waits for no request
_KNOWN = frozenset({"name", "step", "when", "times", "probability", "seed", "skip", "params"})
# The parameters that are numbers, with their least and most, and those that are words of an answer.
_NUMBERS = {"seconds": (0, 3600), "byte_seconds": (0, 3600), "percent": (-90, 1000), "tattoo": (1, 9999)}
_WORDS = frozenset({"code", "text", "airline"})


class BadFault(ValueError):
    """The specification of a fault makes no sense; the text says why in one sentence."""


@dataclass(slots=True)
class Fault:
    """`step` is a step's name or a pattern of them (`amadeus.*`, `*`). `times` None: every time."""

    id: str
    name: str
    step: str
    when: When
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    skip: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    hits: int = 0
    _draw: Random = field(default_factory=Random, repr=False, compare=False)

    def hit(self) -> bool:
        """Look at one request of this step and say whether it goes wrong. Counts."""
        self.seen += 1
        # Drawn for every request looked at, so that what the seed hits does not depend on skip and times.
        drawn = self._draw.random() < self.probability
        if self.seen <= self.skip or (self.times is not None and self.hits >= self.times) or not drawn:
            return False
        self.hits += 1
        return True

    def number(self, name: str, default: float) -> float:
        """A parameter that is a number. It was checked when the fault was added."""
        return float(self.params.get(name, default))

    def percent(self, default: int) -> Decimal:
        """By how much a price moves."""
        return Decimal(str(self.params.get("percent", default)))

    def told(self) -> dict[str, Any]:
        """As the control port shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "step": self.step,
            "when": self.when,
            "times": self.times,
            "probability": self.probability,
            "seed": self.seed,
            "skip": self.skip,
            "params": self.params,
            "seen": self.seen,
            "hits": self.hits,
        }


class FaultBook:
    """The faults in force, in the order in which they were added: the first one that hits is the one shown. `steps` are
    all that there are; where none are told, any is taken.
    """

    def __init__(self, steps: frozenset[str] = frozenset()) -> None:
        self.steps = steps
        self._faults: dict[str, Fault] = {}
        self._count = 0

    def add(self, asked: Mapping[str, Any]) -> Fault:
        """Put a fault in force. Raises: BadFault."""
        fault = _read(asked, f"f{self._count + 1}")
        if self.steps and fault.step != NOW and not any(fnmatchcase(step, fault.step) for step in self.steps):
            raise BadFault(f"there is no step {fault.step!r}; there are {', '.join(sorted(self.steps))}, and {NOW}")
        self._count += 1
        self._faults[fault.id] = fault
        return fault

    def remove(self, id: str) -> bool:  # noqa: A002
        """Whether there was one."""
        return self._faults.pop(id, None) is not None

    def clear(self) -> None:
        self._faults.clear()

    def listed(self) -> list[Fault]:
        return list(self._faults.values())

    def armed(self, step: str, name: str) -> Fault | None:
        """The fault of this name that hits this request, if any. Ask once a request: each call is counted."""
        for fault in self._faults.values():
            if fault.name == name and fnmatchcase(step, fault.step) and fault.hit():
                return fault
        return None

    def transport(self, step: str) -> Fault | None:
        """The transport fault that hits this request, if any: what the server asks, once a request."""
        if not self._faults:
            return None
        for fault in self._faults.values():
            if fault.name in TRANSPORT and fnmatchcase(step, fault.step) and fault.hit():
                return fault
        return None


def _read(asked: Mapping[str, Any], id: str) -> Fault:  # noqa: A002
    unknown = sorted(set(asked) - _KNOWN)
    if unknown:
        raise BadFault(f"a fault has no {unknown[0]!r}; it has {', '.join(sorted(_KNOWN))}")
    name, step, when = asked.get("name"), asked.get("step"), asked.get("when", "before")
    if not isinstance(name, str) or name not in TRANSPORT | BUSINESS:
        raise BadFault(f"there is no fault {name!r}; there are {', '.join(sorted(TRANSPORT | BUSINESS))}")
    if not isinstance(step, str) or not step:
        raise BadFault("a fault needs a step, such as amadeus.issue, amadeus.* or *")
    if step == NOW and name not in {"connect_refused", "connect_timeout"}:
        raise BadFault("only connect_refused and connect_timeout can come now, without a request")
    if when not in get_args(When):
        raise BadFault("a fault comes 'before' or 'after' its step takes effect")
    times = asked.get("times", 1)
    if times is not None and (not _whole(times) or times < 1):
        raise BadFault("times is a whole number from 1, or null for always")
    probability = asked.get("probability", 1.0)
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise BadFault("probability is a number from 0 to 1")
    seed, skip = asked.get("seed", 0), asked.get("skip", 0)
    if not _whole(seed) or not _whole(skip) or skip < 0:
        raise BadFault("seed and skip are whole numbers, skip from 0")
    params = _params({} if asked.get("params") is None else asked["params"])
    return Fault(id, name, step, when, times, float(probability), seed, skip, params, _draw=Random(seed))  # noqa: S311 - a fault must be repeatable


def _params(asked: object) -> dict[str, Any]:
    if not isinstance(asked, dict):
        raise BadFault("params is an object")
    for name, value in asked.items():
        if name in _WORDS and isinstance(value, str):
            continue
        if name in _WORDS:
            raise BadFault(f"{name} is a text")
        if name not in _NUMBERS:
            raise BadFault(f"there is no parameter {name!r}; there are {', '.join(sorted({*_NUMBERS, *_WORDS}))}")
        least, most = _NUMBERS[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise BadFault(f"{name} is a number from {least} to {most}")
    return dict(asked)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

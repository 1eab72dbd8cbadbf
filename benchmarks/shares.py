"""Whose processor time it was: some functions of the product, watched from outside while the bench runs."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.cpu import TICKS

Functions: TypeAlias = Mapping[str, tuple[Callable[..., Any], ...]]


@dataclass
class Shares:
    """Since the block began, by name: `cpu` and `wall` in seconds, `calls`. A watched function that is called by a
    watched one counts as part of that. `process` is all processor time of this process, `other` that of another one.
    """

    cpu: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    wall: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: Counter[str] = field(default_factory=Counter)
    process: float = 0.0
    other: float = 0.0

    def rest(self) -> float:
        """Processor seconds of ours that belong to none of them."""
        return self.process - sum(self.cpu.values())


@contextmanager
def watched(functions: Functions, other: int) -> Iterator[Shares]:
    """Watches functions and methods, by the name of their share, in all threads; `other` is the other process' id.
    Modules of `qafila.air.gateways` that have imported a function by name are watched too.
    """
    shares, inside, lock = Shares(), threading.local(), threading.Lock()
    places = [
        (place, attribute, name, function)
        for name, those in functions.items()
        for function in those
        for place, attribute in _places(function)
    ]
    for place, attribute, name, function in places:
        setattr(place, attribute, _watching(function, name, shares, inside, lock))
    process, others = time.process_time(), spent(other)
    try:
        yield shares
    finally:
        shares.process, shares.other = time.process_time() - process, spent(other) - others
        for place, attribute, _, function in places:
            setattr(place, attribute, function)


def spent(pid: int) -> float:
    """Processor seconds of a process until now."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, told[11:13])) / TICKS


def _watching(
    function: Callable[..., Any], name: str, shares: Shares, inside: threading.local, lock: threading.Lock
) -> Callable[..., Any]:
    @wraps(function)
    def watching(*args: Any, **kwargs: Any) -> Any:
        if getattr(inside, "one", False):
            return function(*args, **kwargs)
        inside.one, cpu, wall = True, time.thread_time(), time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            cpu, wall, inside.one = time.thread_time() - cpu, time.perf_counter() - wall, False
            with lock:
                shares.cpu[name] += cpu
                shares.wall[name] += wall
                shares.calls[name] += 1

    return watching


def _places(function: Callable[..., Any]) -> list[tuple[Any, str]]:
    owner, _, method = function.__qualname__.rpartition(".")
    if owner:
        return [(getattr(sys.modules[function.__module__], owner), method)]
    return [
        (module, attribute)
        for name, module in list(sys.modules.items())
        if name.startswith("qafila.air.gateways.")
        for attribute, value in list(vars(module).items())
        if value is function
    ]

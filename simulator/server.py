"""HTTP over sockets that are ours alone: asyncio and httptools, so that every way a network fails can be shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.faults import FaultBook
from simulator.http import Dialect, HttpAnswer, HttpRequest
from simulator.store import Store

__all__ = ["Dialect", "HttpAnswer", "HttpRequest", "HttpServer", "Latency"]


@dataclass(slots=True)
class Latency:
    """How long an answer is held back, in milliseconds: for all steps, and for some of them instead."""

    ms: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)

    def seconds(self, step: str) -> float:
        return self.steps.get(step, self.ms) / 1000


class HttpServer:
    """One port and its handler. With `faults`, `store` and `latency` it is a supplier; without, a side door."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        faults: FaultBook | None = None,
        store: Store | None = None,
        latency: Latency | None = None,
    ) -> None:
        raise NotImplementedError

    def bind(self) -> int:
        """Take the port (0: any free one) and say which. Raises: OSError when it is taken."""
        raise NotImplementedError

    async def serve(self, dialect: Dialect) -> None:
        """Answer with this handler from now on."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

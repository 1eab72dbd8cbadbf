"""Who does it: passed to every action and query, never looked up from the surroundings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from qafila.kernel.errors import MissingRight

Kind = Literal["staff", "agent", "customer", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system) with their rights at this moment.

    `party_id` is the partner or customer a portal log-in belongs to; staff have none. `ip` and `request_id` go to the
    audit trail.
    """

    user_id: int | None
    name: str
    kind: Kind
    rights: frozenset[str] = field(default=frozenset(), repr=False)
    party_id: int | None = None
    branch_id: int | None = None
    ip: str | None = None
    request_id: str = ""

    def may(self, *rights: str) -> bool:
        """Whether the actor holds every one of these rights."""
        return self.kind == "system" or all(right in self.rights for right in rights)

    def need(self, *rights: str) -> None:
        """Refuses: MissingRight, naming those that are missing."""
        missing = [right for right in rights if not self.may(right)]
        if missing:
            raise MissingRight(*missing)

    @property
    def is_staff(self) -> bool:
        return self.kind in ("staff", "system")

    def at(self, *, ip: str | None, request_id: str) -> Actor:
        return replace(self, ip=ip, request_id=request_id)


SYSTEM = Actor(user_id=None, name="Qafila", kind="system")

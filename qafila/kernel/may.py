"""What a route or page declares of who may: rights, or one of four words. A test fails where nothing is declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.errors import MissingRight, NotSignedIn


@dataclass(frozen=True)
class May:
    """A declaration: the rights needed (all of them), or `word` for signed_in, portal, public, network.

    `agent_own`: a partner's portal log-in may enter too; the query scopes what it sees to its own rows.
    """

    rights: tuple[str, ...] = ()
    word: str = ""
    agent_own: bool = False

    def describe(self) -> str:
        own = " | agent:own" if self.agent_own else ""
        return (self.word or " + ".join(self.rights)) + own

    def admit(self, actor: Actor | None) -> None:
        """Refuses: NotSignedIn, MissingRight naming the rights."""
        if self.word in ("public", "network"):
            return
        if actor is None:
            raise NotSignedIn("Sign in, or send a bearer token.")
        if self.word == "signed_in":
            return
        if self.word == "portal":
            if actor.party_id is None:
                raise MissingRight("portal")
            return
        if self.agent_own and actor.kind == "agent" and actor.party_id is not None:
            return
        actor.need(*self.rights)

    def lets(self, actor: Actor | None) -> bool:
        """Whether `admit` would pass: what screens ask before they show a link."""
        try:
            self.admit(actor)
        except (NotSignedIn, MissingRight):
            return False
        return True


PUBLIC = May(word="public")
SIGNED_IN = May(word="signed_in")
PORTAL = May(word="portal")
NETWORK = May(word="network")

declared: dict[str, May] = {}
"""Every declaration of a page or route by its name, for the tests that walk them."""


def needs(*rights: str, agent_own: bool = False) -> May:
    return May(rights=rights, agent_own=agent_own)


def as_may(value: May | str) -> May:
    return needs(value) if isinstance(value, str) else value


def of_view(view: Any) -> May | None:
    return getattr(view, "may", None)

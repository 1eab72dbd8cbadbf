"""The command line's side of the counter: which suppliers there are, what the desk remembers, how a verb ended."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from qafila.air import shown
from qafila.air.desk import Desk
from qafila.air.gateways.calllog import FileLog
from qafila.air.gateways.outcomes import Done, Outcome, Refused
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.values import OrderRef, stored
from qafila.kernel import clock
from qafila.kernel.errors import Invalid

T = TypeVar("T")
REFUSED, UNKNOWN = 1, 3  # exit codes; 2 is for what was typed wrong
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are mistaken for each other on the telephone


class Counter:
    """What one command works with. Suppliers are made when they are first asked for, and closed with the command."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.desk = Desk(data_dir / "air" / "desk")
        self.log = FileLog(data_dir / "air" / "exchanges")

    @cached_property
    def suppliers(self) -> Mapping[str, Supplier]:
        from qafila.air.gateways.registry import suppliers

        return suppliers(self.data_dir, log=self.log)

    def supplier(self, code: str | None) -> Supplier:
        """The one named, or the first that can search. Refuses: UsageError (there is none of that name)."""
        if code is None:
            searching = [s for s in self.suppliers.values() if s.capabilities.search]
            if not searching:
                raise NotYet(
                    "No supplier that can be searched is set up: `qafila up --demo` runs simulated ones, "
                    "QAFILA_AIR_SUPPLIERS names a file of real ones."
                )
            return searching[0]
        if code not in self.suppliers:
            known = ", ".join(self.suppliers) or "none"
            raise click.BadParameter(f"{code} is no supplier here; there are: {known}.", param_hint="--supplier")
        return self.suppliers[code]

    def order(self, text: str | None, supplier: str | None) -> tuple[Supplier, OrderRef]:
        """The order a person named, and where it is."""
        if supplier:
            self.supplier(supplier)
        with typed("ORDER"):
            ref = self.desk.ref(text, tuple(self.suppliers), supplier)
        return self.of(ref.supplier), ref

    def of(self, code: str) -> Supplier:
        """The supplier of something that is remembered. Refuses: NotYet (it is not set up any more)."""
        if code not in self.suppliers:
            raise NotYet(f"{code} cannot be reached now: it is not set up, or its simulator does not run (make run).")
        return self.suppliers[code]

    def settled(self, ref: OrderRef, none_issued: bool) -> None:
        """Nothing of this order waits for an answer. Refuses: NotYet (tickets may have been issued: a ticket that
        shows late is the costliest mistake there is), unless a person knows that there are none.
        """
        if none_issued:
            self.desk.undecided(ref, "")
        elif key := self.desk.order_of(ref).undecided:
            raise NotYet(
                f"Whether {key} issued tickets is not known yet. Look again: qafila air retrieve {ref}. When the "
                "airline says that there are none: --none-issued."
            )

    def close(self) -> None:
        if "suppliers" in self.__dict__:
            for supplier in self.suppliers.values():
                supplier.close()

    # -- doing --------------------------------------------------------------------------------------------------

    def attempt(self, verb: str, supplier: Supplier, *, sure: bool = True, what: str = "") -> str:
        """A fresh name for one attempt, said before anything is sent. Asks first where it is about real money."""
        if supplier.capabilities.world == "live" and not supplier.capabilities.typed and not sure:
            click.confirm(f"{supplier.code} is live: {what}. Go on?", abort=True, err=True)
        key = f"{verb}-{clock.now():%y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(8))}"
        click.echo(f"Attempt {key}", err=True)
        return key

    def tell(self, outcome: Outcome[T], what: str, show: Callable[[T], str], *, key: str, as_json: bool) -> int:
        """Prints how it ended; the exit code for it."""
        status = 0 if isinstance(outcome, Done) else REFUSED if isinstance(outcome, Refused) else UNKNOWN
        if as_json:
            click.echo(
                json.dumps({"outcome": type(outcome).__name__.lower(), "key": key, **as_data(outcome)}, indent=2)
            )
        elif isinstance(outcome, Done):
            click.echo(show(outcome.value))
            for note in outcome.notes:
                click.echo(f"Note: {note}")
        elif isinstance(outcome, Refused):
            click.echo(shown.refused(outcome, what), err=True)
        else:
            people = self.desk.order_of(outcome.ref).people if outcome.ref else {}
            click.echo(shown.unknown(outcome, what, people), err=True)
        return status


class NotYet(click.ClickException):
    """The verb comes too early: something else must be done first."""

    exit_code = 2


class typed:  # noqa: N801 - reads as a sentence: with typed("--adults")
    """Turns what a person typed wrong into click's refusal, which names the option."""

    def __init__(self, option: str) -> None:
        self.option = option

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Invalid):
            raise click.BadParameter(str(error), param_hint=self.option) from None


def as_data(value: Any) -> Any:
    """A value of the contract as plain data for JSON."""
    if isinstance(value, Done):  # generic: its value tells its own type
        return {"value": as_data(value.value), "notes": list(value.notes)}
    return json.loads(stored(value))


def as_json(value: Any) -> str:
    return json.dumps(as_data(value), indent=2, ensure_ascii=False)

"""Lifecycles as data: a table of moves, one engine that enforces it, and pictures drawn from it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.db import connection, models

from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound, WrongState
from qafila.kernel.transaction import step

Tone = Literal["grey", "blue", "amber", "green", "red", "violet"]
START = ""


@dataclass(frozen=True)
class Move:
    """One allowed move. `right` is what the actor must hold; None: only the system's own steps make it."""

    source: str
    event: str
    target: str
    right: str | None
    effect: str = ""


@dataclass(frozen=True)
class Machine:
    """A lifecycle: its states (with a label and a tone each) and its moves.

    `name` names it in histories and error codes. Tones carry one meaning everywhere: grey draft, blue held or open,
    amber waiting for somebody, green issued or paid, red cancelled or overdue, violet unknown.
    """

    name: str
    states: dict[str, tuple[str, Tone]]
    moves: Sequence[Move]
    column: str = "state"
    _index: dict[tuple[str, str], Move] = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        for move in self.moves:
            for state in (move.source, move.target):
                if state not in self.states and state != START:
                    raise ValueError(f"{self.name}: {state} is not a declared state")
            if (move.source, move.event) in self._index:
                raise ValueError(f"{self.name}: two moves for {move.event} from {move.source}")
            self._index[(move.source, move.event)] = move
        MACHINES[self.name] = self

    def label(self, state: str) -> str:
        return self.states[state][0]

    def tone(self, state: str) -> Tone:
        return self.states[state][1]

    def choices(self) -> list[tuple[str, str]]:
        return [(state, label) for state, (label, _) in self.states.items()]

    def find(self, state: str, event: str) -> Move:
        """The move, or WrongState naming the state and the event."""
        move = self._index.get((state, event))
        if move is None:
            raise self._refusal(state, event)
        return move

    def check(self, actor: Actor, state: str, event: str) -> Move:
        """The move if the table has it and the actor may make it. Refuses: WrongState, MissingRight."""
        move = self.find(state, event)
        if move.right is not None:
            actor.need(move.right)
        return move

    def open_to(self, actor: Actor, state: str) -> list[Move]:
        """The moves this actor may make from here: what the screen shows buttons for."""
        return [m for m in self.moves if m.source == state and m.right is not None and actor.may(m.right)]

    def sources(self, event: str) -> list[str]:
        return [m.source for m in self.moves if m.event == event]

    def _refusal(self, state: str, event: str) -> WrongState:
        able = [self.states[s][0] for s in self.sources(event) if s != START]
        stands = self.states[state][0] if state in self.states else state
        refusal = WrongState(
            f"This {self.name.replace('_', ' ')} is {stands.lower()}: {event.replace('_', ' ')} is not possible"
            + (f", only from {', '.join(s.lower() for s in able)}." if able else "."),
            state=state,
            event=event,
        )
        if len(able) == 1:
            source = next(m.source for m in self.moves if m.event == event)
            refusal.code = f"{self.name}_not_in_{source}_state".upper()  # type: ignore[misc]
        return refusal

    def diagram(self) -> str:
        """The lifecycle as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        for move in self.moves:
            source = move.source or "[*]"
            lines.append(f"  {source} --> {move.target}: {move.event}")
        return "\n".join(lines)


MACHINES: dict[str, Machine] = {}


@step
def begin(actor: Actor, machine: Machine, object_ids: Iterable[int], event: str = "create", reason: str = "") -> None:
    """Write the first history row of things just made in the target state of their START move."""
    move = machine.check(actor, START, event)
    _remember(actor, machine, [(pk, START) for pk in object_ids], move.event, move.target, reason)


@step
def move_row(actor: Actor, machine: Machine, row: models.Model, event: str, *, reason: str = "", **also: Any) -> None:
    """Lock the row, check the move against the table, write the state (and `also`), and the history row.

    The caller's `row` is refreshed to what the lock read, then changed. Refuses: NotFound, WrongState, MissingRight.
    """
    model = type(row)
    locked = model._base_manager.select_for_update().filter(pk=row.pk).values_list(machine.column, flat=True).first()
    if locked is None:
        raise NotFound(f"This {machine.name.replace('_', ' ')} does not exist any more.")
    move = machine.check(actor, locked, event)
    values = {machine.column: move.target, **also}
    model._base_manager.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)
    _remember(actor, machine, [(row.pk, locked)], event, move.target, reason)


@step
def move_many(
    actor: Actor,
    machine: Machine,
    model: type[models.Model],
    object_ids: Sequence[int],
    event: str,
    *,
    reason: str = "",
    **also: Any,
) -> list[int]:
    """The same for several rows in four statements, locked in id order. Refuses if any of them has no such move."""
    if not object_ids:
        return []
    rows = list(
        model._base_manager.select_for_update()
        .filter(pk__in=object_ids)
        .order_by("pk")
        .values_list("pk", machine.column)
    )
    moves = {state: machine.check(actor, state, event) for state in {state for _, state in rows}}
    targets = {move.target for move in moves.values()}
    for target in targets:
        pks = [pk for pk, state in rows if moves[state].target == target]
        model._base_manager.filter(pk__in=pks).update(**{machine.column: target, **also})
        _remember(actor, machine, [(pk, s) for pk, s in rows if moves[s].target == target], event, target, reason)
    return [pk for pk, _ in rows]


@step
def remember(
    actor: Actor, machine: Machine, object_ids: Sequence[int], source: str, event: str, *, reason: str = ""
) -> None:
    """Check a move of things whose state is computed, not kept, and write its history row: all there is to write.

    Refuses: WrongState, MissingRight.
    """
    move = machine.check(actor, source, event)
    _remember(actor, machine, [(pk, source) for pk in object_ids], event, move.target, reason)


def _remember(
    actor: Actor, machine: Machine, moved: list[tuple[int, str]], event: str, target: str, reason: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_statechange"
            " (machine, object_id, from_state, event, to_state, user_id, user_name, reason)"
            " SELECT %s, o, f, %s, %s, %s, %s, %s FROM unnest(%s::bigint[], %s::text[]) AS moved(o, f)",
            [
                machine.name,
                event,
                target,
                actor.user_id,
                actor.name,
                reason,
                [pk for pk, _ in moved],
                [state for _, state in moved],
            ],
        )


def document() -> str:
    """docs/lifecycles.md: every lifecycle's table and diagram, from the declarations."""
    for room in settings.ROOMS:
        try:
            importlib.import_module(f"qafila.{room}.states")
        except ModuleNotFoundError as missing:
            if missing.name != f"qafila.{room}.states":
                raise
    lines = ["# Lifecycles", "", "Generated by `qafila states export`; a test compares it with the code.", ""]
    for machine in sorted(MACHINES.values(), key=lambda m: m.name):
        lines += [f"## {machine.name}", "", "| From | Event | To | Who | Effect |", "|---|---|---|---|---|"]
        for m in machine.moves:
            lines.append(f"| {m.source or '-'} | {m.event} | {m.target} | {m.right or 'system'} | {m.effect} |")
        lines += ["", "```mermaid", machine.diagram(), "```", ""]
    return "\n".join(lines)

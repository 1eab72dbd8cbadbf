"""The house's habits as rules over its source: each takes one file and says in plain words what is wrong in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.harness.server import ROOT

HOUSE = ROOT / "qafila"
ENTRANCES = ("web", "api.py", "admin_api.py", "jobs.py", "cli.py")


@dataclass(frozen=True)
class File:
    """One source file: its path below qafila/, and what it says."""

    path: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.path.split("/")[0]

    @property
    def part(self) -> str:
        """`actions`, `web`, `api.py` …"""
        return self.path.split("/")[1] if "/" in self.path else ""

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with its name as written: `transaction.atomic`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, ast.unparse(node.func)


Rule = Callable[[File], Iterator[str]]


def parsed(path: str, text: str) -> File:
    return File(path, ast.parse(text))


def files() -> list[File]:
    """The house's source, without tests and migrations."""
    found = []
    for path in sorted(HOUSE.rglob("*.py")):
        below = path.relative_to(HOUSE)
        if not {"tests", "migrations"} & set(below.parts):
            found.append(parsed(below.as_posix(), path.read_text()))
    return found


def one_transaction_an_event(file: File) -> Iterator[str]:
    """An action is the whole business event, and the kernel opens its transaction: nobody else opens one."""
    if file.room != "kernel":
        for node, name in file.calls():
            if name.endswith("atomic"):
                yield f"line {node.lineno} opens a transaction; use @action, @step or rehearse of kernel.transaction"


def one_clock(file: File) -> Iterator[str]:
    """The clock can be set, so that tests and rehearsals stand on the day they tell of; so nobody asks another."""
    asked = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time")
    for node, name in file.calls():
        if file.path != "kernel/clock.py" and name.endswith(asked):
            yield f"line {node.lineno} asks {name}(); ask kernel.clock"


def no_floats(file: File) -> Iterator[str]:
    """Money is Decimal: a float has no cents."""
    for node, name in file.calls():
        if name == "float":
            yield f"line {node.lineno} makes a float; money and rates are Decimal"


def doors_do_not_read_tables(file: File) -> Iterator[str]:
    """A page or route parses, calls one action or query, and shows: what it reads is scoped in queries.py."""
    if file.part in ("web", "api.py", "admin_api.py"):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Attribute) and node.attr == "objects":
                yield f"line {node.lineno} reads {ast.unparse(node)} itself; ask the room's queries"


def actions_name_their_actor(file: File) -> Iterator[str]:
    """An action is keyword-only, its actor first, and says what right it needs."""
    for node in file.tree.body:
        if not isinstance(node, ast.FunctionDef) or "action" not in {ast.unparse(d) for d in node.decorator_list}:
            continue
        arguments = node.args
        if arguments.args or arguments.posonlyargs or arguments.vararg:
            yield f"{node.name} takes positional arguments; an action's are keyword-only"
        if not arguments.kwonlyargs or arguments.kwonlyargs[0].arg != "actor":
            yield f"{node.name} does not take `actor` first"
        if not any(ast.unparse(n.func) == "actor.need" for n in ast.walk(node) if isinstance(n, ast.Call)):
            yield f"{node.name} needs no right: call actor.need first, or list it with the reason"
        if not ast.get_docstring(node):
            yield f"{node.name} does not say what it does and what it refuses"


def actions_are_entered_by_the_doors(file: File) -> Iterator[str]:
    """A room calls another's steps; actions are entered from pages, routes, jobs and the command line."""
    if file.room == "config" or file.part in ENTRANCES:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("qafila."):
            room, _, rest = node.module.removeprefix("qafila.").partition(".")
            if room != file.room and rest.startswith("actions"):
                yield f"line {node.lineno} calls an action of {room}; ask it for a step"


RULES: tuple[Rule, ...] = (
    one_transaction_an_event,
    one_clock,
    no_floats,
    doors_do_not_read_tables,
    actions_name_their_actor,
    actions_are_entered_by_the_doors,
)


def read_me(room: Path) -> str:
    """What is missing of a room's README; empty when nothing is."""
    readme = room / "README.md"
    if not readme.exists():
        return f"{room.name} has no README.md: what it owns, its words, its invariants, its verbs, who may"
    lines = len(readme.read_text().splitlines())
    return "" if 5 <= lines <= 90 else f"{room.name}/README.md has {lines} lines; a room's README is one screen"

"""A file of bookings, one by one: each its own transaction, each with its own answer, a bad one in nobody's way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydantic
from django.db import DatabaseError, transaction

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Refusal
from qafila.kernel.http import as_refusal, from_pydantic
from qafila.kernel.transaction import action, body_of, rehearse
from qafila.sales.actions.import_booking import Imported, import_booking, import_together
from qafila.sales.schemas import ImportBookingIn

RIGHTS = ("bookings.create", "customers.create")
Make = Callable[..., Imported]
TOGETHER = 20


@dataclass(frozen=True)
class RowError:
    """Why a row was not imported: a stable code, a sentence, and the fields at fault inside the row."""

    code: str
    detail: str
    errors: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class RowResult:
    """What became of one row."""

    n: int
    ref: str
    ok: bool
    booking_id: int | None = None
    number: str | None = None
    already: bool = False
    error: RowError | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportResult:
    """What became of an import."""

    dry_run: bool
    results: tuple[RowResult, ...] = field(default=())

    @property
    def ok(self) -> int:
        return sum(row.ok for row in self.results)

    @property
    def already(self) -> int:
        return sum(row.already for row in self.results)

    @property
    def failed(self) -> int:
        return len(self.results) - self.ok


def import_bookings(actor: Actor, rows: Sequence[Any], group_id: int | None, *, dry_run: bool = False) -> ImportResult:
    """Import these bookings; with `dry_run` all of it is done and taken back.

    A booking that an earlier run made (same ref, same group) is answered with its id and `already`. Refuses, before the
    first row: MissingRight. Source: document 000, POST /sales/bookings/import.
    """
    actor.need(*RIGHTS)
    if dry_run:
        # The rows of a rehearsal see one another, so that the seats they take together are counted together.
        return rehearse(_rehearsed, actor=actor, rows=rows, group_id=group_id)
    results: list[RowResult] = []
    for start in range(0, len(rows), TOGETHER):
        results += _some(actor, rows[start : start + TOGETHER], group_id, start)
    return ImportResult(False, tuple(results))


def _some(actor: Actor, rows: Sequence[Any], group_id: int | None, start: int) -> list[RowResult]:
    """A handful of rows: written together when nothing is wrong with any of them, else each in its own transaction.

    Together they cost a fraction, because their people are put on file set by set; and what is refused together is
    asked again one by one, so that a bad row stands in nobody's way.
    """
    checked = [_checked(n, raw) for n, raw in enumerate(rows, start)]
    good = [row for row in checked if isinstance(row, ImportBookingIn)]
    if len(good) == len(rows) and len({row.booking_ref for row in good}) == len(good):
        try:
            made = import_together(actor=actor, rows=good, group_id=group_id)
        except (Refusal, DatabaseError):
            pass
        else:
            return [_made(n, row, one) for n, (row, one) in enumerate(zip(good, made, strict=True), start)]
    return [_one(n, row, actor, group_id, import_booking) for n, row in enumerate(checked, start)]


@action
def _rehearsed(*, actor: Actor, rows: Sequence[Any], group_id: int | None) -> ImportResult:
    """The whole import in one transaction, each row in a savepoint of its own; only ever rehearsed."""
    inner = body_of(import_booking)

    def in_savepoint(**asked: Any) -> Imported:
        with transaction.atomic():
            return inner(**asked)

    checked = (_checked(n, raw) for n, raw in enumerate(rows))
    return ImportResult(True, tuple(_one(n, row, actor, group_id, in_savepoint) for n, row in enumerate(checked)))


def _checked(n: int, raw: Any) -> ImportBookingIn | RowResult:
    try:
        return ImportBookingIn.model_validate(raw)
    except pydantic.ValidationError as invalid:
        ref = str(raw.get("booking_ref") or raw.get("bookingRef") or "")[:60] if isinstance(raw, dict) else ""
        return _failed(n, ref, from_pydantic(invalid.errors()))


def _one(n: int, row: ImportBookingIn | RowResult, actor: Actor, group_id: int | None, make: Make) -> RowResult:
    if isinstance(row, RowResult):
        return row
    try:
        return _made(n, row, make(actor=actor, row=row, group_id=group_id))
    except (Refusal, DatabaseError) as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        return _failed(n, row.booking_ref, refusal)


def _made(n: int, row: ImportBookingIn, made: Imported) -> RowResult:
    told = tuple(warned.text for warned in made.warnings)
    return RowResult(n, row.booking_ref, True, made.booking_id, made.number, made.already, warnings=told)


def _failed(n: int, ref: str, refusal: Refusal) -> RowResult:
    return RowResult(n, ref, False, error=RowError(refusal.code, refusal.detail, tuple(refusal.errors)))

"""A file of bookings, one by one: each its own transaction, each with its own answer, a bad one in nobody's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydantic
from django.db import DatabaseError, transaction

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Refusal
from qafila.kernel.http import as_refusal, from_pydantic
from qafila.kernel.transaction import action, body_of, rehearse
from qafila.sales.actions.import_booking import Imported, import_booking
from qafila.sales.schemas import ImportBookingIn

RIGHTS = ("bookings.create", "customers.create")
Make = Callable[..., Imported]


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
    return ImportResult(False, tuple(_each(actor, rows, group_id, import_booking)))


@action
def _rehearsed(*, actor: Actor, rows: Sequence[Any], group_id: int | None) -> ImportResult:
    """The whole import in one transaction, each row in a savepoint of its own; only ever rehearsed."""
    inner = body_of(import_booking)

    def in_savepoint(**asked: Any) -> Imported:
        with transaction.atomic():
            return inner(**asked)

    return ImportResult(True, tuple(_each(actor, rows, group_id, in_savepoint)))


def _each(actor: Actor, rows: Sequence[Any], group_id: int | None, make: Make) -> Iterator[RowResult]:
    for n, raw in enumerate(rows):
        ref = _ref(raw)
        try:
            row = ImportBookingIn.model_validate(raw)
            made = make(actor=actor, row=row, group_id=group_id)
        except pydantic.ValidationError as invalid:
            yield _failed(n, ref, from_pydantic(invalid.errors()))
        except (Refusal, DatabaseError) as error:
            refusal = as_refusal(error)
            if refusal is None:
                raise
            yield _failed(n, ref, refusal)
        else:
            told = tuple(w.text for w in made.warnings)
            yield RowResult(n, ref, True, made.booking_id, made.number, made.already, warnings=told)


def _ref(raw: Any) -> str:
    if not isinstance(raw, dict):
        return ""
    return str(raw.get("booking_ref") or raw.get("bookingRef") or "")[:60]


def _failed(n: int, ref: str, refusal: Refusal) -> RowResult:
    return RowResult(n, ref, False, error=RowError(refusal.code, refusal.detail, tuple(refusal.errors)))

"""Write down what became of some rows of an import."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales.importing import RIGHTS, RowResult
from qafila.sales.models import ImportRow, ImportRun

NEXT = {"check": "checked", "run": "done"}
WAITING = {"check": ("new",), "run": ("good",)}


@action
def note_import(*, actor: Actor, run_id: int, results: Sequence[tuple[int, RowResult]]) -> None:
    """Write what the check or the import said of these rows, by row id; with none left the phase is over.

    Refuses: MissingRight.
    """
    actor.need(*RIGHTS)
    run = ImportRun.objects.select_for_update().get(pk=run_id, user_id=actor.user_id or 0)
    rows = ImportRow.objects.in_bulk([pk for pk, _result in results])
    for pk, result in results:
        row = rows[pk]
        if result.ok:
            row.state = "good" if run.phase == "check" else "made"
            row.booking_id = result.booking_id if run.phase == "run" or result.already else None
            row.error, row.errors = "", []
        else:
            assert result.error is not None
            row.state, row.error, row.errors = "bad", result.error.detail[:500], list(result.error.errors)
        if result.already:
            row.state = "made"
        row.warnings = list(result.warnings)
    ImportRow.objects.bulk_update(rows.values(), ["state", "error", "errors", "warnings", "booking"])
    if run.phase in NEXT and not run.rows.filter(state__in=WAITING[run.phase]).exists():
        run.phase = NEXT[run.phase]
        run.save(update_fields=["phase"])

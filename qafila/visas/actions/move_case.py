"""Move a visa case along its lifecycle, or write down its references."""

from __future__ import annotations

from datetime import date

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import StaleVersion
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action
from qafila.visas.errors import VisaCaseClosed, VisaCaseNotFound, VisaNumberMissing
from qafila.visas.models import VisaCase
from qafila.visas.states import VISA


@action
def move_case(
    *,
    actor: Actor,
    case_id: int,
    event: str | None = None,
    version: int | None = None,
    reference: str | None = None,
    visa_no: str | None = None,
    valid_until: date | None = None,
    notes: str | None = None,
    reason: str = "",
) -> int:
    """Record what is known of a visa and, with `event`, make the move. What is not given stays.

    Refuses: VisaCaseNotFound, VisaCaseClosed, StaleVersion, WrongState, VisaNumberMissing.
    """
    actor.need("visas.edit")
    case = VisaCase.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise VisaCaseNotFound("There is no such visa case.")
    if case.closed_at:
        raise VisaCaseClosed("This case was let go: the passenger does not travel.")
    if version is not None and version != case.version:
        raise StaleVersion(case.version)
    given = {"reference": reference, "visa_no": visa_no, "valid_until": valid_until, "notes": notes}
    after = {name: value for name, value in given.items() if value is not None}
    before = {name: getattr(case, name) for name in after}
    if event == "issue" and not (after.get("visa_no") or case.visa_no):
        raise VisaNumberMissing("A visa is issued with its number.", field="visa_no")
    VisaCase.objects.filter(pk=case_id).update(**after, version=case.version + 1)
    if event:
        before["state"] = case.state
        move_row(actor, VISA, case, event, reason=reason)
        after["state"] = case.state
    record(actor, "visa.moved" if event else "visa.edited", "visa_case", case_id, before=before, after=after)
    return case_id

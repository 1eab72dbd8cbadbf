"""Importing a file on the screen: template, upload, the check with its errors row by row, then the run, resumable."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.groups import queries as groups
from qafila.kernel.errors import Invalid, NotFound
from qafila.kernel.http import PayloadTooLarge, Request
from qafila.kernel.may import needs
from qafila.kernel.pagination import Window
from qafila.kernel.web import done, page, render
from qafila.sales.actions.begin_import import begin_import
from qafila.sales.actions.note_import import WAITING, note_import
from qafila.sales.actions.turn_import import turn_import
from qafila.sales.files import COLUMNS, EXAMPLE, read
from qafila.sales.importing import RIGHTS, RowResult, import_bookings
from qafila.sales.models import ImportRow, ImportRun
from qafila.sales.web.bookings import LIST

HOME = f"{LIST}/import"
MAY = needs(*RIGHTS)
LARGEST = 5 * 1024 * 1024
AT_ONCE = 60
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Progress:
    """Where a run stands: bookings by state, and how far its phase is."""

    total: int
    new: int
    good: int
    bad: int
    made: int
    people: int
    good_people: int

    def done_of(self, phase: str) -> int:
        return self.total - (self.new if phase == "check" else self.good)


@page(MAY, methods=("GET", "POST"))
def upload(request: Request) -> HttpResponse:
    """GET, POST /sales/bookings/import: choose a departure and a file."""
    if request.method == "POST":
        group_id = request.POST.get("group_id", "")
        if not group_id.isdecimal():
            raise Invalid(_("Choose the departure."), field="group_id")
        sent = request.FILES.get("file")
        if sent is None:
            raise Invalid(_("Choose a file."), field="file")
        if (sent.size or 0) > LARGEST:
            raise PayloadTooLarge(_("The file is larger than 5 MB: split it."), field="file")
        bookings = read(str(sent.name), sent.read())
        run_id = begin_import(
            actor=request.actor, group_id=int(group_id[:18]), file_name=str(sent.name), bookings=bookings
        )
        return done(request, _("%(n)s bookings read.") % {"n": len(bookings)}, to=f"{HOME}/{run_id}")
    rows = [row for row in groups.groups(request.actor, Window(1, 100)).items if row.status in ("planning", "open")]
    return render(
        request,
        "sales/import/upload.html",
        title=_("Import bookings"),
        departures=[(row.id, f"{row.code} · {row.departure_date:%d %b %Y} · {row.free} free") for row in rows],
        chosen=request.GET.get("group", ""),
        runs=ImportRun.objects.filter(user_id=request.actor.user_id or 0).select_related("group").order_by("-id")[:8],
    )


@page(MAY)
def template(request: Request, kind: str) -> HttpResponse:
    """GET /sales/bookings/import/template.csv, .xlsx: the columns, with one family to look at."""
    rows: Sequence[Sequence[str]] = (COLUMNS, *EXAMPLE)
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        content, content_type = ("﻿" + text.getvalue()).encode(), "text/csv; charset=utf-8"
    else:
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet("Passengers")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
        sheet.set_column(0, len(COLUMNS), 16)
        sheet.freeze_panes(1, 0)
        book.close()
        content, content_type = target.getvalue(), XLSX
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="bookings-template.{kind}"'
    return response


@page(MAY)
def run(request: Request, run_id: int) -> HttpResponse:
    """GET /sales/bookings/import/<id>: one file, wherever it stands; an unfinished phase goes on by itself."""
    found = _run(request, run_id)
    title = f"{found.file_name} · {_('Import')}"
    return render(request, "sales/import/run.html", title=title, crumbs=[(_("Import"), HOME)], **_standing(found))


@page(MAY, methods=("POST",))
def forward(request: Request, run_id: int) -> HttpResponse:
    """POST /sales/bookings/import/<id>/next: the next handful of rows, as a fragment with the progress."""
    found = _run(request, run_id)
    if found.phase in WAITING:
        rows = list(found.rows.filter(state__in=WAITING[found.phase]).order_by("n")[:AT_ONCE])
        results: list[tuple[int, RowResult]] = []
        if rows:
            asked = [row.data for row in rows]
            answer = import_bookings(request.actor, asked, found.group_id, dry_run=found.phase == "check")
            results = [(row.pk, result) for row, result in zip(rows, answer.results, strict=True)]
        note_import(actor=request.actor, run_id=found.pk, results=results)
        found.refresh_from_db()
    return render(request, "sales/import/rows.html", **_standing(found))


@page(MAY, methods=("POST",))
def go(request: Request, run_id: int) -> HttpResponse:
    """POST /sales/bookings/import/<id>/go: import what is in order."""
    found = _run(request, run_id)
    if found.phase == "checked":
        turn_import(actor=request.actor, run_id=found.pk, phase="run")
        found.refresh_from_db()
    return render(request, "sales/import/rows.html", **_standing(found))


@page(MAY, methods=("POST",))
def again(request: Request, run_id: int) -> HttpResponse:
    """POST /sales/bookings/import/<id>/again: check again what was refused."""
    found = _run(request, run_id)
    if found.phase in ("checked", "done"):
        turn_import(actor=request.actor, run_id=found.pk, phase="check")
        found.refresh_from_db()
    return render(request, "sales/import/rows.html", **_standing(found))


def _run(request: Request, run_id: int) -> ImportRun:
    found = ImportRun.objects.select_related("group").filter(pk=run_id, user_id=request.actor.user_id or 0).first()
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


def _standing(found: ImportRun) -> dict[str, Any]:
    listed = found.rows.values("state").annotate(n=Count("id"), heads=Sum("people")).order_by()
    by_state = {row["state"]: (row["n"], row["heads"] or 0) for row in listed}
    counts = {state: by_state.get(state, (0, 0))[0] for state in ("new", "good", "bad", "made")}
    progress = Progress(
        total=sum(counts.values()),
        people=sum(heads for _n, heads in by_state.values()),
        good_people=by_state.get("good", (0, 0))[1],
        **counts,
    )
    order = found.rows.select_related("booking").order_by("n")
    wrong: list[ImportRow] = list(order.filter(state="bad")[:SHOWN])
    fine: list[ImportRow] = list(order.exclude(state__in=("bad", "new"))[:SHOWN])
    return {
        "run": found,
        "progress": progress,
        "done_now": progress.done_of(found.phase),
        "wrong": [(row, [(_where(e.get("loc", [])), e.get("msg", "")) for e in row.errors]) for row in wrong],
        "fine": fine,
        "home": HOME,
        "here": f"{HOME}/{found.pk}",
    }


def _where(loc: Sequence[Any]) -> str:
    """`passengers, 1, passport_no` as a person says it: passenger 2, passport no."""
    words = []
    for n, part in enumerate(loc):
        if isinstance(part, int):
            words.append(str(part + 1))
        elif part == "passengers" and n + 1 < len(loc):
            words.append(_("passenger"))
        else:
            words.append(("· " if words else "") + str(part).replace("_", " "))
    return " ".join(words)

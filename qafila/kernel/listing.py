"""Lists: columns declared once serve the table, the sort links and the exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, Literal, TypeVar

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render as django_render

from qafila.kernel.errors import Invalid
from qafila.kernel.http import Paging, Request
from qafila.kernel.money import text
from qafila.kernel.pagination import Page, Window, every

T = TypeVar("T")
ColumnKind = Literal["text", "code", "money", "number", "date", "datetime", "pill", "capacity"]
EXPORT_RIGHT = "reports.export"
MAX_EXPORT = 100_000


@dataclass(frozen=True)
class Column:
    """One column: `key` is the row's attribute; `sort` the query's sort key; `link` makes the cell a link,
    for those who hold the right `needs` when one is named.

    A `money` column names the attribute of its currency, or "=INR" when it is all in one and need not repeat it; a
    `pill` column the attribute of its tone (default `<key>_tone`) and shows `<key>_label` when the row has it; a
    `capacity` column shows `<key>` of `<key>_total`.
    """

    key: str
    label: str
    kind: ColumnKind = "text"
    sort: str = ""
    link: Callable[[Any], str] | None = None
    needs: str = ""
    currency: str = "currency"
    primary: bool = False
    hide_on_phone: bool = False

    def value(self, row: Any) -> Any:
        return getattr(row, self.key)

    def exported(self, row: Any) -> Any:
        if self.kind == "pill":
            return getattr(row, f"{self.key}_label", self.value(row))
        return self.value(row)


@dataclass(frozen=True)
class Filter:
    """One filter of a list: a select of choices (value, label), or a date."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]] = ()
    kind: Literal["select", "date"] = "select"


@dataclass(frozen=True)
class Listing:
    """A list page: title, columns, filters, what it says when empty, and its one primary action."""

    title: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    empty: str = "Nothing here yet."
    action: tuple[str, str, str] | None = None  # label, url, right
    file_name: str = "list"
    row_link: Callable[[Any], str] | None = None
    tabs: Sequence[tuple[str, str, str]] = field(default=())  # label, url, key


def respond(
    request: Request,
    listing: Listing,
    fetch: Callable[[Window], Page[T]],
    paging: Paging,
    *,
    template: str = "ui/list.html",
    body: str = "ui/list_table.html",
    **context: Any,
) -> HttpResponseBase:
    """The list as a page, or with `?format=xlsx` or `csv` as a file of everything it shows (needs reports.export).

    `body` draws the rows: the table, unless a list shows cards.
    """
    wanted = request.GET.get("format", "")
    if wanted:
        request.actor.need(EXPORT_RIGHT)
        rows = every(fetch, paging.sort, size=1000)
        if wanted == "xlsx":
            return to_xlsx(listing, rows)
        if wanted == "csv":
            return to_csv(listing, rows)
        raise Invalid(f"There is no {wanted} export; use xlsx or csv.", field=("query", "format"))
    result = fetch(paging.window())
    partial = bool(request.htmx) and request.htmx.target == "list"
    return django_render(
        request,
        body if partial else template,
        {"body": body, "listing": listing, "page": result, "paging": paging, "query": request.GET, **context},
    )


def to_csv(listing: Listing, rows: Iterator[Any]) -> StreamingHttpResponse:
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def lines() -> Iterator[str]:
        yield "﻿"  # so that Excel reads it as UTF-8
        writer.writerow([c.label for c in listing.columns])
        for row in rows:
            writer.writerow([safe(c.exported(row)) for c in listing.columns])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
        yield buffer.getvalue()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{listing.file_name}.csv"'
    return response


def to_xlsx(listing: Listing, rows: Iterator[Any]) -> FileResponse:
    target = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(listing.title[:31].translate(str.maketrans("", "", r"[]:*?/\\")))
    head = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00"})
    for n, column in enumerate(listing.columns):
        sheet.set_column(n, n, 18)
        sheet.write(0, n, column.label, head)
    for r, row in enumerate(rows, 1):
        for n, column in enumerate(listing.columns):
            value = column.exported(row)
            if isinstance(value, datetime):
                sheet.write_datetime(r, n, value.replace(tzinfo=None), day)
            elif isinstance(value, date):
                sheet.write_datetime(r, n, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif isinstance(value, Decimal):
                sheet.write_number(r, n, float(value), money)
            elif isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(r, n, value)
            elif value is not None:
                sheet.write_string(r, n, str(value))
    sheet.freeze_panes(1, 0)
    book.close()
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{listing.file_name}.xlsx")


def safe(value: Any) -> Any:
    """A cell that a spreadsheet will not run as a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    if isinstance(value, Decimal):
        return text(value)
    return "" if value is None else value

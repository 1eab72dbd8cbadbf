"""Files of bookings as offices keep them: JSON as the API takes it, or a sheet with one passenger a row. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from qafila.sales.errors import NothingToImport
from qafila.sales.schemas import CAMEL, ImportBookingIn, ImportPassengerIn

MOST = 10_000  # bookings in one file
COLUMNS = (
    "booking_ref",
    "lead",
    "phone",
    "title",
    "first_name",
    "last_name",
    "gender",
    "date_of_birth",
    "passport_no",
    "passport_issued",
    "passport_expiry",
    "nationality",
    "tier",
    "needs_visa",
    "mrz_line1",
    "mrz_line2",
    "room_type",
    "payment_policy",
    "booking_type",
)
"""The template's columns; every field of a booking or passenger may be a column of its own."""

ALIASES = {
    "ref": "booking_ref",
    "booking": "booking_ref",
    "phone": "customer_phone",
    "mobile": "customer_phone",
    "lead": "is_lead",
    "passport": "passport_no",
    "passport_number": "passport_no",
    "dob": "date_of_birth",
    "born": "date_of_birth",
    "given_names": "first_name",
    "surname": "last_name",
    "sex": "gender",
    "visa": "needs_visa",
    "issue_date": "passport_issued",
    "expiry_date": "passport_expiry",
    "room": "room_type",
    "policy": "payment_policy",
    "type": "booking_type",
}
OF_BOOKING = frozenset(ImportBookingIn.model_fields) - {"passengers"}
OF_PASSENGER = frozenset(ImportPassengerIn.model_fields) - {"mrz"}
DATES = ("date_of_birth", "passport_issued", "passport_expiry")
LINES = ("mrz_line1", "mrz_line2")
EXAMPLE = tuple(
    tuple(line.split(","))
    for line in (
        "A-1,yes,+919906039378,Mr,Abdul,Wani,M,1969-03-09,U1022552,2021-10-03,2031-10-03,IND,adult,yes,,,quad,full,umrah",
        "A-1,,,Mrs,Hafiza,Wani,F,1984-10-12,Y1361715,2022-06-12,2032-06-12,IND,adult,yes,,,,,",
    )
)


def read(name: str, content: bytes) -> list[dict[str, Any]]:
    """The bookings of a file, as the import takes them; what they hold is checked later, one by one.

    Refuses: NothingToImport, for a file that is no JSON, CSV or workbook of bookings.
    """
    kind = name.lower().rpartition(".")[2]
    if kind == "json":
        bookings = _json(content)
    elif kind in ("xlsx", "xls", "ods"):
        bookings = _from_rows(_workbook(content))
    elif kind in ("csv", "txt", "tsv"):
        bookings = _from_rows(_csv(content))
    else:
        raise _refused(f"{name} is no file of bookings: use JSON, CSV or an Excel workbook.")
    if not bookings:
        raise _refused("The file holds no bookings.")
    if len(bookings) > MOST:
        raise _refused(f"The file holds {len(bookings)} bookings; at most {MOST} are taken at once.")
    return bookings


def _refused(sentence: str) -> NothingToImport:
    return NothingToImport(sentence, field="file")


def _json(content: bytes) -> list[dict[str, Any]]:
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise _refused(f"The file is no JSON: {error}.") from None
    listed = said.get("bookings") if isinstance(said, dict) else said
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise _refused('The file has no list of bookings: {"bookings": [{…}]} is wanted.')
    return listed


def _csv(content: bytes) -> Iterable[Sequence[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what Excel writes in the West
    head = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=head.count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def _workbook(content: bytes) -> Iterable[Sequence[Any]]:
    try:
        rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except CalamineError:
        raise _refused("The workbook cannot be read: is it whole, and without a password?") from None
    return rows


def _from_rows(rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """One row a passenger; a booking is the rows of one reference. An empty reference is the row above's."""
    table = [row for row in rows if any(str(cell).strip() for cell in row)]
    if not table:
        return []
    names = [_column(cell) for cell in table[0]]
    if not {"first_name", "last_name", "mrz_line1"} & set(names):
        raise _refused("The first row names no columns we know: first_name, last_name, passport_no and so on.")
    unknown = [str(cell) for cell, name in zip(table[0], names, strict=True) if name and not _known(name)]
    if unknown:
        raise _refused(f"The columns {', '.join(unknown)} are not known; see the template.")
    bookings: dict[str, dict[str, Any]] = {}
    standing = ""
    for n, row in enumerate(table[1:], 1):
        cells = {name: _cell(name, cell) for name, cell in zip(names, row, strict=False) if name}
        standing = cells.get("booking_ref") or standing or f"row {n}"
        booking = bookings.setdefault(standing, {"booking_ref": standing, "passengers": []})
        for name in OF_BOOKING & set(cells):
            if cells[name] != "" and name not in booking:
                booking[name] = cells[name]
        booking["passengers"].append(_passenger(cells))
    return list(bookings.values())


def _passenger(cells: dict[str, Any]) -> dict[str, Any]:
    person = {name: cells[name] for name in OF_PASSENGER & set(cells) if cells[name] != ""}
    lines = [cells[name] for name in LINES if cells.get(name)]
    return {**person, "mrz": lines} if lines else person


def _column(cell: Any) -> str:
    word = CAMEL.sub(r"_\1", str(cell).strip()).lower()
    word = re.sub(r"[^a-z0-9]+", "_", word).strip("_")
    return ALIASES.get(word, word)


def _known(name: str) -> bool:
    return name in OF_BOOKING or name in OF_PASSENGER or name in LINES


def _cell(name: str, cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if name in DATES:
        return _iso(text)
    if name in LINES:
        return text.replace(" ", "")
    return text


def _iso(text: str) -> str:
    """Offices write the day first; an ISO date passes as it is, and what is neither is refused at its field later."""
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y"):
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text

"""Reading requests by local names: a client may bind any prefix, and every version has a namespace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from lxml import etree


def local(element: etree._Element) -> str:
    """The name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The direct children of that local name."""
    if element is not None:
        for child in element:
            if local(child) == name:
                yield child


def every(element: etree._Element | None, path: str) -> list[etree._Element]:
    """All elements at a path of local names below the element: `itineraryDetails/segmentInformation`."""
    found = [element] if element is not None else []
    for name in path.split("/"):
        found = [child for parent in found for child in children(parent, name)]
    return found


def first(element: etree._Element | None, path: str) -> etree._Element | None:
    """The first element at a path, or None."""
    for name in path.split("/"):
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def text(element: etree._Element | None, path: str = "", default: str = "") -> str:
    """The text at a path, stripped; the default when it is not there."""
    found = first(element, path) if path else element
    return (found.text or "").strip() or default if found is not None else default


def texts(element: etree._Element | None, path: str) -> list[str]:
    """The texts at a path that are not empty."""
    return [value for found in every(element, path) if (value := (found.text or "").strip())]


def deep(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """All descendants of that local name, wherever they are."""
    if element is not None:
        for found in element.iter(f"{{*}}{name}", name):
            if found is not element:
                yield found


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value).strip()
    return ""


def whole(value: str) -> int | None:
    """A number as messages write it, at most nine digits; None for anything else, digits of other scripts too."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else None


def day_of(value: str) -> date:
    """ddmmyy or ddmmyyyy as a date; two digits are of this century. Raises: ValueError."""
    if whole(value) is None or len(value) not in {6, 8}:
        raise ValueError(value)
    year = int(value[4:])
    return date(year + 2000 if len(value) == 6 else year, int(value[2:4]), int(value[:2]))


def ddmmyy(moment: date | datetime) -> str:
    return moment.strftime("%d%m%y")


def hhmm(moment: datetime) -> str:
    return moment.strftime("%H%M")


def ddmmmyy(moment: date | datetime) -> str:
    """21NOV26, as the terminal writes it."""
    return f"{moment:%d}{MONTHS[moment.month - 1]}{moment:%y}"


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

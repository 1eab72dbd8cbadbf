"""Which element paths a recorded reply shows, and which a told one uses: local names, no attributes. A reply is honest
that uses no other, and whose PNR_Reply 14.2 fits the real schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

from lxml import etree

FIXTURES = Path(__file__).parents[3] / "tests" / "fixtures" / "suppliers" / "amadeus"
FURTHER = Path(__file__).parent / "further_paths.json"
HEADER = "Header"
SCHEMA_14_2 = "http://xml.amadeus.com/PNRACC_14_2_1A"


class Further(TypedDict):
    source: str
    paths: list[str]


def parts(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """(message, element): the header and the body's content of an envelope, or the message itself."""
    if etree.QName(root).localname != "Envelope":
        yield etree.QName(root).localname, root
        return
    for part in root:
        if etree.QName(part).localname == HEADER:
            yield HEADER, part
        else:
            yield etree.QName(part[0]).localname, part[0]


def paths(element: etree._Element, above: str = "") -> set[str]:
    """All paths from this element down, without its own name: `fareList/fareReference`."""
    found = set()
    for child in element:
        if isinstance(child.tag, str):
            here = f"{above}{etree.QName(child).localname}"
            found |= {here, *paths(child, f"{here}/")}
    return found


@cache
def recorded() -> dict[str, set[str]]:
    """The paths of all fixtures, by message."""
    found: dict[str, set[str]] = {}
    for file in sorted(FIXTURES.glob("*.txt")):
        for message, element in parts(etree.fromstring(file.read_bytes().strip())):
            found.setdefault(message, set()).update(paths(element))
    return found


@cache
def further() -> dict[str, Further]:
    """The paths that no fixture shows, with where they are documented."""
    told: dict[str, Further] = json.loads(FURTHER.read_text(encoding="utf-8"))
    return told


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FIXTURES / "PNR_Reply_14_2_1A.xsd"))


def dishonest(envelope: etree._Element) -> list[str]:
    """What a reply has that no recording or documentation of its message has, and what its schema does not allow."""
    found = []
    for message, element in parts(envelope):
        documented = further().get(message, {"paths": []})["paths"]
        strange = sorted(paths(element) - recorded().get(message, set()) - set(documented))
        found += [f"{message}: {path}" for path in strange]
        if element.tag == f"{{{SCHEMA_14_2}}}PNR_Reply" and not schema().validate(element):
            found += [f"{message}: {error.message}" for error in schema().error_log]
    return found

"""Reading a supplier's XML safely and by meaning: local names whatever the namespace or the version of a message."""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from qafila.air.gateways.errors import Unreadable

Element = etree._Element

LARGEST = 24 * 1024 * 1024
"""The most bytes of a reply that are looked at; the largest recorded search is 0.6 MB."""

# Atomic throughout: a hostile prolog must not make it try again and again.
_PROLOG = re.compile(rb"\A(?:\xef\xbb\xbf)?(?>\s++|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_UNDECLARED = etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,  # also bounds depth (256) and the length of one text
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def parse(body: bytes) -> Element:
    """The root of a reply. Prefixes that nobody declared are forgiven, since Amadeus sends such faults and refund
    replies; local names are all that is read. Raises: Unreadable (no XML, cut off, over 24 MB, a document type).
    """
    if len(body) > LARGEST:
        raise Unreadable(f"The reply is larger than {LARGEST} bytes.")
    if _PROLOG.match(body):
        raise Unreadable("The reply declares a document type; none of the supplier's messages has one.")
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        root = _undeclared(body)
        if root is None:
            raise Unreadable(f"The reply is no readable XML ({type(error).__name__}).") from error
    if getattr(root.getroottree().docinfo, "doctype", ""):  # one in an encoding that hid it above
        raise Unreadable("The reply declares a document type; none of the supplier's messages has one.")
    return root


def _undeclared(body: bytes) -> Element | None:
    """A document that is whole but for prefixes without a declaration; None for everything else that is broken."""
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or any(entry.type != _UNDECLARED for entry in parser.error_log):
        return None
    for element in root.iter(etree.Element):
        if ":" in (local := name(element)):
            element.tag = local.rpartition(":")[2]
    return root


def name(el: Element) -> str:
    """The local name, without namespace."""
    return str(el.tag).rpartition("}")[2]


@cache
def _steps(path: str) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    steps, below = [], False
    for step in path.split("/"):
        if step:
            steps.append((below, tuple("{*}" + choice for choice in step.split("|"))))
        below = not step
    return tuple(steps)


def every(el: Element | None, path: str) -> list[Element]:
    """All elements at a path of local names, in document order: `a/b|c` (b or c in a), `a//b` (b anywhere below a)."""
    if el is None:
        return []
    nodes = [el]
    for below, tags in _steps(path):
        if below:
            nodes = list(dict.fromkeys(found for node in nodes for found in node.iterdescendants(*tags)))
        else:
            nodes = [found for node in nodes for found in node.iterchildren(*tags)]
    return nodes


def first(el: Element | None, path: str) -> Element | None:
    """The first element at such a path, or None."""
    found = every(el, path)
    return found[0] if found else None


def value(el: Element | None) -> str:
    """The element's own text, stripped; the text of its children is not its own."""
    return (el.text or "").strip() if el is not None else ""


def text(el: Element | None, path: str, default: str = "") -> str:
    """The stripped text of the first element at a path; `default` when there is none or it is blank."""
    return value(first(el, path)) or default


def texts(el: Element | None, path: str) -> tuple[str, ...]:
    """The stripped texts of all elements at a path, blank ones left out."""
    return tuple(found for found in map(value, every(el, path)) if found)


def message(el: Element) -> Element:
    """The message itself: the first thing in the body when `el` is a SOAP envelope, else `el`.
    Raises: Unreadable (an envelope with an empty body).
    """
    if name(el) != "Envelope":
        return el
    found = first(el, "Body/*")
    if found is None:
        raise Unreadable("The envelope has an empty body.")
    return found


def expect(el: Element, *names: str) -> Element:
    """The message when it is one of those named. Raises: Unreadable (another says nothing about what we asked)."""
    found = message(el)
    if name(found) not in names:
        raise Unreadable(f"A {names[0]} was expected, a {name(found)[:80]} came.")
    return found

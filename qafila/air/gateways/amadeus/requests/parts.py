"""What every builder needs: a maker of elements in the namespace of a message's version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from lxml import etree

from qafila.air.gateways.amadeus.versions import root_of, version
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings


class Maker:
    """`new.segRef("1")` is an element of that name: elements inside it, a text as its text, attributes by keyword."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def __getattr__(self, tag: str) -> Callable[..., Element]:
        def made(*contents: Element | str, **attributes: str) -> Element:
            return self.make(tag, *contents, **attributes)

        return made

    def make(self, tag: str, *contents: Element | str, **attributes: str) -> Element:
        """One element; raises ValueError for text that XML cannot hold."""
        # The default namespace (None) is what lxml wants here; its stubs know only text.
        element = etree.Element(f"{{{self._namespace}}}{tag}", attributes, nsmap={None: self._namespace})  # type: ignore[dict-item]
        for content in contents:
            if isinstance(content, str):
                element.text = content
            else:
                element.append(content)
        return element


def maker(settings: AmadeusSettings, message: str) -> Maker:
    """Makes elements of that message. Raises: Misconfigured (a message without a version)."""
    return Maker(version(settings, message).namespace)


def root(settings: AmadeusSettings, message: str, *children: Element, **attributes: str) -> Element:
    """The body's one element."""
    return maker(settings, message).make(root_of(message), *children, **attributes)


def ddmmyy(day: date) -> str:
    """180127: how most messages write a date."""
    return day.strftime("%d%m%y")


def sign_out(settings: AmadeusSettings) -> Element:
    """Ends the conversation."""
    return root(settings, "Security_SignOut")

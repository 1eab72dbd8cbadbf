"""Small pieces of HTML that tags and templates share: attributes, icons, pills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from qafila.kernel.states import MACHINES
from qafila.kernel.ui.formats import NONE, words

TONES = frozenset({"grey", "blue", "amber", "green", "red", "violet"})
# These point along the line of reading, so they turn round under right-to-left.
FLIPPED = frozenset(
    {
        "arrow-left", "arrow-right", "arrow-back-up", "arrow-up-right", "chevron-left", "chevron-right",
        "chevrons-left", "chevrons-right", "external-link", "login", "logout", "door-exit", "send", "sidebar",
        "list", "list-details",
    }
)  # fmt: skip


def attributes(given: Mapping[str, Any]) -> SafeString:
    """HTML attributes from keyword arguments: hx_get="/x" is hx-get, True is bare, False and None are left out."""
    pairs = []
    for name, value in given.items():
        if value is None or value is False or value == "":
            continue
        key = name.rstrip("_").replace("__", ":").replace("_", "-")
        pairs.append(format_html(" {}", key) if value is True else format_html(' {}="{}"', key, value))
    return mark_safe("".join(pairs))  # noqa: S308 - each piece is escaped by format_html


def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; with a label it is an image that says so, without it is decoration."""
    kind = "icon" + (" icon-flip" if name in FLIPPED else "") + (f" {extra}" if extra else "")
    told = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>', kind, told, static("qafila/vendor/icons.svg"), name
    )


def state_of(state: str, machine: str = "") -> tuple[str, str]:
    """The label and tone of a state: of the machine named, else of the only meaning all machines give it."""
    known = [MACHINES[machine]] if machine in MACHINES else list(MACHINES.values())
    found = {m.states[state] for m in known if state in m.states}
    tones = {tone for _, tone in found}
    labels = {label for label, _ in found}
    return (labels.pop() if len(labels) == 1 else words(state)), (tones.pop() if len(tones) == 1 else "grey")


def pill(state: Any, label: str = "", *, tone: str = "", machine: str = "", large: bool = False) -> SafeString | str:
    """A state as a coloured pill."""
    if state in (None, ""):
        return NONE
    found, colour = state_of(str(state), machine)
    colour = tone if tone in TONES else colour
    size = " pill-lg" if large else ""
    return format_html('<span class="pill pill-{}{}">{}</span>', colour, size, label or found)


def joined(pieces: list[Any], separator: str = "") -> SafeString:
    return format_html_join(separator, "{}", ((conditional_escape(p),) for p in pieces))

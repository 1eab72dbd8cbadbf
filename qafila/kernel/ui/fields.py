"""Form fields: label, input, help and the place where its error appears, wired together for readers and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qafila.kernel.ui.markup import attributes, icon


def _state(context: Context, name: str, value: Any, error: str) -> tuple[Any, str]:
    """What was typed before and what was wrong with it, when a form comes back without a script."""
    values, errors = context.get("values"), context.get("errors")
    if value is None and isinstance(values, Mapping):
        value = values.get(name)
    if not error and isinstance(errors, Mapping):
        error = errors.get(name, "")
    return ("" if value is None else value), error


def _base(context: Context, name: str, label: str, value: Any, given: dict[str, Any]) -> dict[str, Any]:
    shown, error = _state(context, name, value, str(given.pop("error", "")))
    ident = str(given.pop("id", "")) or "f-" + "".join(c if c.isalnum() else "-" for c in name)
    notes = " ".join(filter(None, [f"{ident}-help" if given.get("help") else "", f"{ident}-error"]))
    return {
        "name": name,
        "label": label,
        "value": shown,
        "error": error,
        "id": ident,
        "help": given.pop("help", ""),
        "required": given.pop("required", False),
        "wide": given.pop("wide", False),
        "css": given.pop("css", ""),
        "described": notes,
        "optional": given.pop("optional", False),
    }


def field(register: template.Library) -> None:
    """{% field "name" "Label" type="text" value=… required=True help=… upper=True mono=True … %}"""

    @register.inclusion_tag("ui/field.html", takes_context=True, name="field")
    def tag(context: Context, name: str, label: str, value: Any = None, **given: Any) -> dict[str, Any]:
        kind = str(given.pop("type", "text"))
        base = _base(context, name, label, value, given)
        upper, mono = given.pop("upper", False), given.pop("mono", False)
        given.setdefault("autocomplete", "off")
        if kind == "number":
            given.setdefault("inputmode", "decimal")
        if upper:
            given.setdefault("autocapitalize", "characters")
            given.setdefault("spellcheck", "false")
        faces = [
            base["css"],
            "upper" if upper else "",
            "mono" if mono or upper else "",
            "num" if kind == "number" else "",
        ]
        if hasattr(base["value"], "isoformat"):
            base["value"] = base["value"].isoformat()
        return {**base, "type": kind, "css": " ".join(filter(None, faces)), "attrs": attributes(given)}


def _options(options: Iterable[Any], chosen: Any) -> list[dict[str, Any]]:
    listed = []
    for option in options:
        if isinstance(option, Mapping):
            value, label = option.get("value", option.get("id")), option.get("label")
        elif isinstance(option, (list, tuple)):
            value, label = option[0], option[1]
        else:
            value, label = option, option
        listed.append({"value": value, "label": label, "chosen": str(value) == str(chosen)})
    return listed


def select(register: template.Library) -> None:
    """{% select "name" "Label" options value=… empty="Choose…" %}: options are values, (value, label) or mappings."""

    @register.inclusion_tag("ui/select.html", takes_context=True, name="select")
    def tag(
        context: Context, name: str, label: str, options: Iterable[Any], value: Any = None, **given: Any
    ) -> dict[str, Any]:
        base = _base(context, name, label, value, given)
        blank = given.pop("empty", None)
        return {**base, "options": _options(options, base["value"]), "empty": blank, "attrs": attributes(given)}


def typeahead(register: template.Library) -> None:
    """{% typeahead "customer_id" "Customer" "/sales/customers/find?q=" value=… text=… %}: a choice found by typing."""

    @register.inclusion_tag("ui/typeahead.html", takes_context=True, name="typeahead")
    def tag(
        context: Context, name: str, label: str, url: str, value: Any = None, text: str = "", **given: Any
    ) -> dict[str, Any]:
        base = _base(context, name, label, value, given)
        if not text and isinstance(context.get("values"), Mapping):
            text = str(context["values"].get(f"{name}_text", ""))
        return {**base, "url": url, "text": text, "attrs": attributes(given)}


def money_field(register: template.Library) -> None:
    """{% money_field "amount" "Amount" currency="INR" %}; with currencies=… the currency is a choice of its own."""

    @register.inclusion_tag("ui/money_field.html", takes_context=True, name="money_field")
    def tag(
        context: Context, name: str, label: str, value: Any = None, currency: str = "", **given: Any
    ) -> dict[str, Any]:
        base = _base(context, name, label, value, given)
        choices = _options(given.pop("currencies", ()), currency)
        named = given.pop("currency_name", "currency")
        return {
            **base,
            "currency": currency,
            "currencies": choices,
            "currency_name": named,
            "attrs": attributes(given),
        }


def check(register: template.Library) -> None:
    """{% check "needs_visa" "Needs a visa" value=True help=… %}; switch=True draws a switch."""

    @register.inclusion_tag("ui/check.html", takes_context=True, name="check")
    def tag(context: Context, name: str, label: str, value: Any = None, **given: Any) -> dict[str, Any]:
        base = _base(context, name, label, value, given)
        on = base["value"] not in ("", "false", "False", False, None, "0", 0)
        return {**base, "on": on, "switch": given.pop("switch", False), "attrs": attributes(given)}


def button(register: template.Library) -> None:
    """{% button "Save" icon="check" tone="primary" %}; with href it is a link, else it submits unless type="button"."""

    @register.simple_tag(name="button")
    def tag(label: str, icon_name: str = "", **given: Any) -> SafeString:
        sign = str(given.pop("icon", icon_name))
        tone, small, css = given.pop("tone", ""), given.pop("small", False), given.pop("css", "")
        bare = given.pop("bare", False)
        kinds = ["btn", f"btn-{tone}" if tone else "", "btn-sm" if small else "", "btn-icon" if bare else "", css]
        name = " ".join(filter(None, kinds))
        drawn = icon(sign) if sign else ""
        if bare:
            given.setdefault("aria_label", label)
            given.setdefault("title", label)
        text = "" if bare else label
        if href := given.pop("href", ""):
            return format_html('<a class="{}" href="{}"{}>{}{}</a>', name, href, attributes(given), drawn, text)
        kind = given.pop("type", "submit")
        return format_html('<button class="{}" type="{}"{}>{}{}</button>', name, kind, attributes(given), drawn, text)

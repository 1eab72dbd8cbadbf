"""Fields of a request body, read or refused with Duffel's validation errors. `pointer` is where they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from simulator.duffel.errors import ApiError, blank, invalid


def many(data: dict[str, Any], name: str, pointer: str, most: int) -> list[Any]:
    raw = data.get(name)
    if not raw:
        raise blank(pointer)
    if not isinstance(raw, list) or len(raw) > most:
        raise wrong(pointer, f"must be a list of at most {most}")
    return raw


def text(raw: dict[str, Any], name: str, pointer: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise blank(f"{pointer}/{name}")
    return value


def day(raw: dict[str, Any], name: str, pointer: str) -> date:
    value = text(raw, name, pointer)
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise invalid(
            f"{pointer}/{name}", "validation_format", "Invalid format", f"Field '{name}' must be a date, YYYY-MM-DD"
        ) from None


def wrong(pointer: str, what: str) -> ApiError:
    field_name = next((part for part in reversed(pointer.split("/")) if part and not part.isdigit()), "")
    return invalid(pointer, "validation_format", "Invalid format", f"Field '{field_name}' {what}")


def not_one_of(pointer: str, choices: object) -> ApiError:
    told = ", ".join(sorted(str(choice) for choice in choices))  # type: ignore[attr-defined]
    field_name = pointer.rsplit("/", 1)[-1]
    return invalid(pointer, "validation_inclusion", "Invalid value", f"Field '{field_name}' must be one of: {told}")

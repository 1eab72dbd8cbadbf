"""Forms are parsed by the same schemas as the API: one set of rules, the same errors beside the same fields."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import pydantic
from django.http import HttpRequest, QueryDict
from pydantic import BaseModel

from qafila.kernel.errors import Invalid
from qafila.kernel.http import from_pydantic
from qafila.kernel.idempotency import Key

M = TypeVar("M", bound=BaseModel)

OURS = ("csrfmiddlewaretoken", "idempotency_key")
PART = re.compile(r"[^.\[\]]+|\[\d+\]")
MAX_ITEMS = 500


def nested(data: QueryDict) -> dict[str, Any]:
    """Form fields as nested data: `passengers[0].first_name` → {"passengers": [{"first_name": …}]}; no blanks.

    A name ending in `[]` collects all its values into a list. Refuses: Invalid for a list index beyond 500.
    """
    tree: dict[Any, Any] = {}
    for name in data:
        if name in OURS:
            continue
        values = [v.strip() for v in data.getlist(name)]
        value: Any = [v for v in values if v] if name.endswith("[]") else values[-1]
        if value == "":
            continue
        parts = [int(p[1:-1]) if p.startswith("[") else p for p in PART.findall(name.removesuffix("[]"))]
        if any(isinstance(p, int) and p >= MAX_ITEMS for p in parts):
            raise Invalid(f"{name}: at most {MAX_ITEMS} rows.", field=name)
        here = tree
        for part in parts[:-1]:
            step = here.setdefault(part, {})
            if not isinstance(step, dict):
                raise Invalid(f"{name}: does not fit the rest of the form.", field=name)
            here = step
        if parts:
            here[parts[-1]] = value
    return _listed(tree)  # type: ignore[no-any-return]


def _listed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(k, int) for k in node):
        return [_listed(node[k]) for k in sorted(node)]
    return {str(k): _listed(v) for k, v in node.items()}


def parse(request: HttpRequest, schema: type[M], **also: Any) -> M:
    """The posted form as a schema. Refuses: Invalid with every field at fault."""
    return parse_data({**nested(request.POST), **also}, schema)


def parse_query(request: HttpRequest, schema: type[M]) -> M:
    """The query string as a schema; names it does not know are dropped, so that old links keep working."""
    known = {k: v for k, v in nested(request.GET).items() if k in schema.model_fields}
    return parse_data(known, schema)


def parse_data(data: Any, schema: type[M]) -> M:
    try:
        return schema.model_validate(data)
    except pydantic.ValidationError as error:
        raise from_pydantic(error.errors()) from error


def form_key(request: HttpRequest) -> Key | None:
    """The key that was made when the form opened; the form's own fields are what it asked."""
    value = request.POST.get("idempotency_key", "")
    if not value:
        return None
    asked = repr(sorted((k, request.POST.getlist(k)) for k in request.POST if k not in OURS))
    return Key.of(value[:120], f"{request.method} {request.path}", asked.encode())

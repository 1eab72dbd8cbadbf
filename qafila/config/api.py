"""The one API object: every room's `api.py` with a `router` is part of it."""

from __future__ import annotations

from importlib import import_module, metadata
from importlib.util import find_spec

from django.conf import settings

from qafila.kernel.http import Api, install

DESCRIPTION = """
The same verbs as the screens. Sign in with `Authorization: Bearer …` (`qafila token create`) or the session cookie with
its CSRF token. Every operation says who may (`x-may`). Every refusal is `application/problem+json` with a stable
`code`; a POST takes an `Idempotency-Key`; lists answer `{items, page, page_size, total, pages}`; amounts are decimal
strings.
"""

api = Api(
    title="Qafila",
    version=metadata.version("qafila"),
    description=DESCRIPTION.strip(),
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url="/docs",
)
install(api)

for room in settings.ROOMS:
    if find_spec(f"qafila.{room}.api") is not None:
        module = import_module(f"qafila.{room}.api")
        if hasattr(module, "router"):
            api.add_router("", module.router)

"""The OpenAPI document says what each operation takes: no two schemas share a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ninja import Schema


def schemas(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for schema in of.__subclasses__():
        yield schema
        yield from schemas(schema)


def test_no_two_rooms_give_a_schema_the_same_name() -> None:
    from qafila.config.api import api

    document = api.get_openapi_schema()
    homes: dict[str, set[str]] = defaultdict(set)
    for schema in schemas():
        if schema.__module__.startswith("qafila.") and schema.__name__ in document["components"]["schemas"]:
            homes[schema.__name__].add(schema.__module__)
    twice = {name: sorted(modules) for name, modules in homes.items() if len(modules) > 1}
    assert twice == {}, "the document keeps one of them and shows it for both"

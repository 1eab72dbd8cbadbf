"""The database's refusals in the house's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError

from qafila.kernel.errors import Refusal
from qafila.ledger.errors import BY_RULE, FIELDS, SENTENCES, EntryRefused


@contextmanager
def the_books_refuse() -> Iterator[None]:
    """Inside: what a guard of the database refuses is raised as the refusal of its rule."""
    try:
        yield
    except IntegrityError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(error: IntegrityError) -> Refusal | None:
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None)
    if rule in SENTENCES:
        kind, sentence, *field = SENTENCES[rule]
        return kind(sentence, field=field[0] if field else None)
    if rule in BY_RULE:
        return BY_RULE[rule](diagnosis.message_primary, field=FIELDS.get(rule))
    if rule and getattr(diagnosis, "sqlstate", "") == "23514" and getattr(diagnosis, "table_name", None) is None:
        return EntryRefused(diagnosis.message_primary)  # a rule of ours: its sentence is meant for people
    return None

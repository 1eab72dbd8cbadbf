"""Putting parties on their shelves, changing and taking them off: what the actions of all three kinds share.

Set-based: putting or changing N of a kind costs a handful of statements, however many N is (the import of a departure
puts thousands).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from qafila.kernel import search
from qafila.kernel.actor import Actor
from qafila.kernel.audit import plain, record, record_many
from qafila.kernel.errors import NotFound, StaleVersion
from qafila.kernel.facts import announce
from qafila.kernel.transaction import step
from qafila.ledger.models import PartyBalance
from qafila.ledger.steps import create_parties, rename_party
from qafila.parties.checking import Values
from qafila.parties.errors import PartyHasBalance
from qafila.parties.facts import PartyDeleted
from qafila.parties.models import Agent, Customer, Supplier
from qafila.parties.shelves import Shelf

Row = Customer | Agent | Supplier


@step
def put(actor: Actor, shelf: Shelf, people: Sequence[Values]) -> list[int]:
    """Enter checked values, all in four statements; answers the ids in their order."""
    parties = create_parties(actor, shelf.kind, [shelf.name_of(values) for values in people])
    rows = [
        {
            **{column: plain(values[column]) for column in shelf.columns},
            "party_id": party_id,
            "created_by_id": actor.user_id,
            "version": 1,
        }
        for (party_id, _), values in zip(parties, people, strict=True)
    ]
    columns = ", ".join(f'"{name}"' for name in rows[0])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {shelf.table} ({columns})"
            f" SELECT {columns} FROM jsonb_populate_recordset(NULL::{shelf.table}, %s::jsonb)",
            [json.dumps(rows)],
        )
    pairs = list(zip(parties, people, strict=True))
    record_many(actor, f"{shelf.entity}.created", shelf.entity, [(pid, None, said(v)) for (pid, _), v in pairs])
    search.index_many(shelf.entity, f"{shelf.area}.view", [shelf.entry(pid, code, v) for (pid, code), v in pairs])
    return [party_id for party_id, _ in parties]


def said(values: Mapping[str, Any]) -> Values:
    """What a new row says beyond nothing at all."""
    return {key: value for key, value in values.items() if value not in (None, "", 0, False)}


def locked(shelf: Shelf, party_id: int, version: int | None) -> Row:
    """The live row, locked. Refuses: NotFound, StaleVersion."""
    rows: Any = shelf.model._default_manager
    row: Row | None = (
        rows.select_related("party").select_for_update(of=("self",)).filter(pk=party_id, deleted_at=None).first()
    )
    if row is None:
        raise NotFound(f"There is no such {shelf.word}.")
    if version is not None and version != row.version:
        raise StaleVersion(row.version)
    return row


def values_of(shelf: Shelf, row: Row) -> Values:
    """A row as the values it was made of."""
    values = {column: getattr(row, column) for column in shelf.columns}
    return values if shelf.kind == "customer" else {"name": row.party.name, **values}


@step
def change(actor: Actor, shelf: Shelf, row: Row, changes: Mapping[str, Any], *, event: str = "changed") -> None:
    """Write what differs, one version up, and revive the row if it was deleted. Refuses: Invalid."""
    change_many(actor, shelf, [(row, shelf.checked({**values_of(shelf, row), **changes}))], event=event)


@step
def change_many(actor: Actor, shelf: Shelf, pairs: Sequence[tuple[Row, Values]], *, event: str) -> None:
    """The same for many locked rows with their checked values, in three statements; those that say nothing new are
    left alone."""
    news = [(row, values_of(shelf, row), after) for row, after in pairs]
    news = [(row, old, new) for row, old, new in news if row.deleted_at or any(new[key] != old[key] for key in old)]
    if not news:
        return
    rows = [{"party_id": row.pk} | {c: plain(after[c]) for c in shelf.columns} for row, _, after in news]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {shelf.table} t SET version = t.version + 1, deleted_at = NULL,"
            + ", ".join(f' "{c}" = r."{c}"' for c in shelf.columns)
            + f" FROM jsonb_populate_recordset(NULL::{shelf.table}, %s::jsonb) AS r WHERE t.party_id = r.party_id",
            [json.dumps(rows)],
        )
    for row, _, after in news:
        if shelf.name_of(after) != row.party.name:
            rename_party(actor, row.pk, shelf.name_of(after))
    record_many(actor, f"{shelf.entity}.{event}", shelf.entity, [(row.pk, old, new) for row, old, new in news])
    entries = [shelf.entry(row.pk, row.party.code, after) for row, _, after in news]
    search.index_many(shelf.entity, f"{shelf.area}.view", entries)


@step
def take_off(actor: Actor, shelf: Shelf, row: Row) -> None:
    """Delete softly: the row stays for the books and the history, and is found nowhere.

    Refuses: PartyHasBalance while any of its accounts is open; what the rooms above refuse (live bookings, contracts).
    """
    code, name = row.party.code, row.party.name
    open_accounts = PartyBalance.objects.filter(party_id=row.pk).exclude(debit=F("credit")).select_related("account")
    if amounts := [f"{b.debit - b.credit:,.2f} on {b.account.code} {b.account.name}" for b in open_accounts]:
        raise PartyHasBalance(f"{name} ({code}) has money open: {', '.join(amounts)}. Settle it first.")
    announce(actor, PartyDeleted(row.pk, shelf.kind, code, name))
    rows: Any = shelf.model._default_manager
    rows.filter(pk=row.pk).update(deleted_at=Now(), version=row.version + 1)
    record(actor, f"{shelf.entity}.deleted", shelf.entity, row.pk, before={"name": name}, note=code)
    search.forget(shelf.entity, row.pk)

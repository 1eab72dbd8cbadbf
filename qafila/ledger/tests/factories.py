"""Books for tests, opened by the room's own actions. Any room's tests may use these."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from django.db import transaction

from qafila.identity.tests.factories import make_agency
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM, Actor
from qafila.ledger import steps
from qafila.ledger.actions.setup_books import setup_books
from qafila.ledger.models import Account, JournalEntry
from qafila.ledger.types import Entry, Line, PartyKind, credit, debit

_keys = itertools.count(1)


def books(**agency: Any) -> None:
    """An agency with its branches, the travel chart and open periods; what is there already stays."""
    make_agency(**agency)
    if not Account.objects.exists():
        setup_books(actor=SYSTEM)


def party(kind: PartyKind = "customer", name: str = "Yusuf Wani") -> int:
    """A party of the books alone; a customer as the agency knows them is the parties room's to make."""
    with transaction.atomic():
        return steps.create_party(SYSTEM, kind=kind, name=name)[0]


def lines(amount: Decimal | int | str = 100, dr: str = "5106", cr: str = "1010-01") -> tuple[Line, ...]:
    """Two lines: `dr` against `cr`."""
    return (debit(dr, Decimal(amount)), credit(cr, Decimal(amount)))


def an_entry(amount: Decimal | int | str = 100, *, actor: Actor = SYSTEM, **given: Any) -> JournalEntry:
    """A posted entry: `amount` of group expense paid from the bank, unless `lines` or `dr` and `cr` say otherwise."""
    given.setdefault("lines", lines(amount, given.pop("dr", "5106"), given.pop("cr", "1010-01")))
    values: dict[str, Any] = {
        "source": "test",
        "event": "posted",
        "key": f"k{next(_keys)}",
        "date": clock.today(),
        "narration": "Porters at Srinagar airport",
    }
    with transaction.atomic():
        return JournalEntry.objects.get(pk=steps.post(actor, Entry(**{**values, **given})))


def in_days(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)

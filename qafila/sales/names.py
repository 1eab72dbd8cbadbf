"""Names for fields that hold an id: what a typeahead shows when a half-filled form is opened again."""

from __future__ import annotations

from typing import Any

from qafila.ledger.models import Party


def _name(kind: str, party_id: Any) -> str:
    if not str(party_id or "").isdecimal():
        return ""
    found = Party.objects.filter(pk=int(str(party_id)[:18]), kind=kind).values_list("name", "code").first()
    return f"{found[0]} · {found[1]}" if found else ""


def customer_name(party_id: Any) -> str:
    """`Abdul Rashid Wani · CUS-000007`, or nothing. One query."""
    return _name("customer", party_id)


def agent_name(party_id: Any) -> str:
    """The same of a partner."""
    return _name("agent", party_id)

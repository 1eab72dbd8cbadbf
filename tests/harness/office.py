"""An agency at work: the running product, and its people at the API with bearer tokens, each with one role."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from pypdf import PdfReader

from qafila.identity.types import Role
from qafila.kernel import clock
from tests.harness.live import Live

DATA = Path(__file__).resolve().parent.parent.parent / "qafila" / "config" / "demo" / "data"
TODAY = date(2026, 11, 21)
"""The day on which the stories of the demo's departure happen: two months before it leaves."""
AT_WORK = {"QAFILA_CLOCK": f"{TODAY}T06:00:00Z", "QAFILA_API_RATE": "0"}
"""The environment of the processes: on that day, and no rate limit in the way of a crowd."""
PROBLEM = "application/problem+json"


def data(name: str) -> Any:
    """A file of the demo's data."""
    return json.loads((DATA / name).read_text())


@dataclass
class Office:
    """Everybody of the agency, at the API of a running product."""

    live: Live
    clients: dict[Role, httpx.Client] = field(default_factory=dict)

    @contextmanager
    def at_desk(self) -> Iterator[None]:
        """Inside the block this process's own Django works on the same database, on the same day."""
        with self.live.database(), clock.standing_at(TODAY):
            yield

    def token(self, role: Role) -> str:
        from qafila.identity.tests.factories import make_user, token_for

        with self.at_desk():
            return token_for(make_user(role, branch_code="SXR"))

    def client(self, role: Role) -> httpx.Client:
        """The one person with this role."""
        if role not in self.clients:
            self.clients[role] = self.live.client(self.token(role))
        return self.clients[role]

    def ask(
        self, role: Role, method: str, path: str, body: Any = None, /, *, key: str = "", **params: Any
    ) -> httpx.Response:
        """One request to the API; `path` without /api/v1."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.client(role).request(method, f"/api/v1{path}", json=body, params=params, headers=headers)

    def does(
        self, role: Role, method: str, path: str, body: Any = None, /, *, key: str = "", status: int = 0, **params: Any
    ) -> Any:
        """A request that succeeds (with `status` where one is named); its JSON."""
        answer = self.ask(role, method, path, body, key=key, **params)
        assert answer.is_success, f"{role} {method} {path}: {answer.status_code} {answer.text[:2000]}"
        assert not status or answer.status_code == status, f"{method} {path} answered {answer.status_code}"
        return answer.json() if answer.content else None

    def reads(self, role: Role, path: str, /, **params: Any) -> Any:
        return self.does(role, "GET", path, **params)

    def refused(
        self, role: Role, method: str, path: str, body: Any = None, *, status: int, field: str = "", code: str = ""
    ) -> dict[str, Any]:
        """A request that is refused as the house refuses: problem+json with a code, naming the field at fault.

        `field` is the dotted path of the field inside the body, e.g. `legs.0.origin`.
        """
        answer = self.ask(role, method, path, body)
        what = f"{role} {method} {path} answered {answer.status_code}: {answer.text[:1500]}"
        assert answer.status_code == status, what
        assert answer.headers["Content-Type"] == PROBLEM, what
        told: dict[str, Any] = answer.json()
        assert told["status"] == status, what
        assert told["detail"], what
        assert told["title"], what
        assert told["code"] == code if code else told["code"].isupper(), what
        if field:
            named = [".".join(str(p) for p in e["loc"] if p not in ("body", "query", "path")) for e in told["errors"]]
            assert field in named, f"{what}\nnames {named}, not {field}"
        return told

    def paper(self, role: Role, path: str) -> str:
        """The words of a PDF."""
        answer = self.ask(role, "GET", path)
        assert answer.status_code == 200, answer.text[:500]
        assert answer.headers["Content-Type"] == "application/pdf"
        return words_of(answer.content)

    # ---- the books

    def entries(self, **filters: Any) -> list[dict[str, Any]]:
        """Journal entries with their lines, as the accountant reads them, oldest first."""
        found = self.reads(Role.ACCOUNTANT, "/finance/journals", page_size=200, **filters)["items"]
        return [self.reads(Role.ACCOUNTANT, f"/finance/journals/{row['id']}") for row in reversed(found)]

    def trial_balance(self) -> dict[str, Decimal]:
        """Debit less credit of every account that moved; the two sides are equal, or this fails."""
        told = self.reads(Role.ACCOUNTANT, "/finance/trial-balance")
        assert told["debit"] == told["credit"], f"{told['debit']} debit, {told['credit']} credit"
        rows = [row for row in told["rows"] if not row["is_group"]]
        assert sum(Decimal(row["debit"]) for row in rows) == Decimal(told["debit"])
        return {
            row["code"]: balance for row in rows if (balance := Decimal(row["debit"]) - Decimal(row["credit"])) != 0
        }

    def verify(self) -> list[str]:
        """What `qafila verify` says of the database."""
        from qafila.reports.verify import verify_all

        with self.at_desk():
            return verify_all()


def lines_of(entry: dict[str, Any]) -> dict[str, Decimal]:
    """Debit less credit by account; a journal entry balances, or this fails."""
    sums: dict[str, Decimal] = {}
    for line in entry["lines"]:
        amount = Decimal(line["debit"]) - Decimal(line["credit"])
        sums[line["account"]] = sums.get(line["account"], Decimal(0)) + amount
    assert sum(sums.values()) == 0, f"{entry['number']} does not balance: {sums}"
    return sums


def words_of(pdf: bytes) -> str:
    """The text of a PDF, on one line."""
    assert pdf.startswith(b"%PDF-"), pdf[:40]
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def opened(live: Live) -> Office:
    """The demo's agency with its books, on the first morning: no party, no block, no booking."""
    from qafila.ledger.tests.factories import books

    office = Office(live)
    agency = data("departure.json")["agency"]
    month, day = (int(part) for part in agency["fiscal_year_start"].split("-"))
    with office.at_desk():
        books(
            **{key: agency[key] for key in ("name", "base_currency", "country", "state_code", "gstin", "pan")},
            fiscal_year=(month, day),
            branches=[{**branch, "state_code": agency["state_code"]} for branch in agency["branches"]],
        )
    return office

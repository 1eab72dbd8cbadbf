"""The API as schemathesis sees it: the OpenAPI document, the application in this process, and ids that exist."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, CheckFunction

from qafila.config.api import api
from qafila.identity.types import Role

# What is left out, and why:
# - positive_data_acceptance: well-formed input is refused for what the agency's data say (409 sold out, 404 no such
#   group, 422 a passport that has expired). The document cannot say that, and the refusals have tests of their own.
# - use_after_free, ensure_resource_availability: need chains of calls that one generated request does not make;
#   tests/journeys reads back what it makes and misses what it deletes.
LEFT_OUT = ("positive_data_acceptance", "use_after_free", "ensure_resource_availability")
LEAVES_ALONE = ("user_id", "session_id", "token_id", "code", "right")
"""Path parameters that stay generated: real ones would switch off the log-in that is asking."""


@dataclass(frozen=True)
class Agency:
    """Who asks: one bearer token a role."""

    tokens: dict[Role, str]

    def headers(self, role: Role) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"}


def checks() -> list[CheckFunction]:
    """Every check that schemathesis has, but those left out above."""
    return [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]


def effort(examples: int) -> settings:
    """The same examples in every run, so that a failure is there again tomorrow."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def schema(*, boundaries: bool) -> Any:
    """The document with the application behind it; `boundaries`: also what lies just inside and outside each limit."""
    document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    made = schemathesis.openapi.from_dict(document)
    made.app = get_wsgi_application()
    made.config.phases.coverage.enabled = boundaries
    made.hook(map_path_parameters)
    made.hook(map_body)
    return made


def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Two of three generated ids become ids of the demo: what does not exist is refused before anything interesting."""
    if not isinstance(path_parameters, dict):
        return path_parameters
    return {name: real(name, value) for name, value in path_parameters.items()}


def map_body(context: Any, body: Any) -> Any:
    """The same for ids inside a body."""
    if not isinstance(body, dict):
        return body
    return {name: real(name, value) if name.endswith("_id") else value for name, value in body.items()}


def real(name: str, value: Any) -> Any:
    if name in LEAVES_ALONE or not isinstance(value, int) or isinstance(value, bool) or value < 1 or value % 3 == 0:
        return value
    known = existing().get(name)
    return known[value % len(known)] if known else value


@cache
def existing() -> dict[str, list[int]]:
    """Ids of the demo by the name the API gives them. The demo is loaded the same way every time."""
    from qafila.billing.models import Invoice, Payment
    from qafila.groups.models import GroupFlight, TravelGroup
    from qafila.inventory.models import AirlineBlock
    from qafila.ledger.models import Account, JournalEntry
    from qafila.parties.models import Customer, Supplier
    from qafila.sales.models import Booking, Passenger
    from qafila.ticketing.models import TicketRecord
    from qafila.visas.models import VisaCase

    kinds: dict[str, Any] = {
        "booking_id": Booking,
        "passenger_id": Passenger,
        "group_id": TravelGroup,
        "flight_id": GroupFlight,
        "block_id": AirlineBlock,
        "customer_id": Customer,
        "payer_id": Customer,
        "supplier_id": Supplier,
        "invoice_id": Invoice,
        "payment_id": Payment,
        "ticket_id": TicketRecord,
        "case_id": VisaCase,
        "entry_id": JournalEntry,
        "account_id": Account,
    }
    return {name: list(kind.objects.order_by("pk").values_list("pk", flat=True)[:20]) for name, kind in kinds.items()}

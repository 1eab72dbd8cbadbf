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
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test

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


@cache
def labels() -> list[str]:
    """Every operation of the document: `POST /api/v1/payments`."""
    paths = api.get_openapi_schema()["paths"]
    return [f"{method.upper()} {path}" for path, operations in paths.items() for method in operations]


@cache
def schema() -> Any:
    """The document with the application of this process behind it."""
    document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    made = schemathesis.openapi.from_dict(document)
    made.app = get_wsgi_application()
    made.hook(map_path_parameters)
    made.hook(map_body)
    return made


def asks_of(label: str, agency: Agency, role: Role, *, examples: int, boundaries: bool = False) -> int:
    """Sends generated requests to one operation, well-formed and malformed, and checks each answer; how many it sent.

    `boundaries` adds what lies just inside and just outside of every limit. The tests are built here, one for each
    operation, because schemathesis' own `parametrize` gives all operations one name, of which xdist runs the last.
    """
    method, path = label.split(" ")
    sent = 0

    def ask(case: Any) -> None:
        nonlocal sent
        sent += 1
        case.call_and_validate(checks=checks(), headers=agency.headers(role))

    modes = [HypothesisTestMode.FUZZING, *([HypothesisTestMode.COVERAGE] if boundaries else [])]
    config = HypothesisTestConfig(project=schema().config, modes=modes, explicit_settings=effort(examples))
    create_test(operation=schema()[path][method], test_func=ask, config=config)()
    return sent


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

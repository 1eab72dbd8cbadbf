"""Generated requests against the whole OpenAPI document: no crash, no answer that the document does not know.

`make slow` runs the long form.
"""

from __future__ import annotations

from typing import Any

import pytest

from qafila.identity.types import Role
from tests.fuzz.the_api import LEFT_OUT, Agency, checks, effort, schema

# The transport of schemathesis leaves the file of an answer to be closed by whoever collects it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
SHORT, LONG = schema(boundaries=False), schema(boundaries=True)


def asks(case: Any, agency: Agency, role: Role) -> None:
    case.call_and_validate(checks=checks(), headers=agency.headers(role))


@SHORT.parametrize()
@effort(5)
def test_whoever_may_everything_breaks_nothing(case: Any, agency: Agency) -> None:
    asks(case, agency, Role.CEO)


@SHORT.parametrize()
@effort(1)
def test_a_seller_breaks_nothing(case: Any, agency: Agency) -> None:
    asks(case, agency, Role.SALES_EXECUTIVE)


@SHORT.parametrize()
@effort(1)
def test_the_ticket_desk_breaks_nothing(case: Any, agency: Agency) -> None:
    asks(case, agency, Role.TICKET_MANAGER)


@pytest.mark.slow
@LONG.parametrize()
@effort(100)
def test_a_long_evening_breaks_nothing(case: Any, agency: Agency) -> None:
    asks(case, agency, Role.CEO)


def test_no_check_is_left_out_by_mistake() -> None:
    from schemathesis.checks import CHECKS

    names = {check.__name__ for check in CHECKS.get_all()}
    assert set(LEFT_OUT) <= names
    assert {check.__name__ for check in checks()} == names - set(LEFT_OUT)
    assert {"not_a_server_error", "status_code_conformance", "ignored_auth", "unsupported_method"} <= names

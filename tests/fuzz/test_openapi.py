"""Generated requests against the whole OpenAPI document: no crash, no answer that the document does not know.

`make slow` runs the long form.
"""

from __future__ import annotations

import pytest

from qafila.identity.types import Role
from tests.fuzz.the_api import LEFT_OUT, Agency, asks_of, checks, labels

# The transport of schemathesis leaves the file of an answer to be closed by whoever collects it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("operation", labels())
def test_whoever_may_everything_breaks_nothing(operation: str, agency: Agency) -> None:
    assert asks_of(operation, agency, Role.CEO, examples=5) >= 1


@pytest.mark.parametrize("operation", labels())
def test_a_seller_breaks_nothing(operation: str, agency: Agency) -> None:
    assert asks_of(operation, agency, Role.SALES_EXECUTIVE, examples=1) >= 1


@pytest.mark.parametrize("operation", labels())
def test_the_ticket_desk_breaks_nothing(operation: str, agency: Agency) -> None:
    assert asks_of(operation, agency, Role.TICKET_MANAGER, examples=1) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("operation", labels())
def test_a_long_evening_breaks_nothing(operation: str, agency: Agency) -> None:
    assert asks_of(operation, agency, Role.CEO, examples=100, boundaries=True) >= 1


def test_every_operation_is_asked() -> None:
    assert len(labels()) == len(set(labels())) > 100, "each has a test of its own, or the runner takes them for one"


def test_no_check_is_left_out_by_mistake() -> None:
    from schemathesis.checks import CHECKS

    names = {check.__name__ for check in CHECKS.get_all()}
    assert set(LEFT_OUT) <= names
    assert {check.__name__ for check in checks()} == names - set(LEFT_OUT)
    assert {"not_a_server_error", "status_code_conformance", "ignored_auth", "unsupported_method"} <= names

"""The agency whose people sit in front of a browser: its books are open and empty, its staff have passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from qafila.identity.tests.factories import PASSWORD, make_user
from qafila.identity.types import Role
from tests.browser.desk import Desk, album, desk
from tests.harness import chromium
from tests.harness.live import Live
from tests.harness.office import opened

STAFF = {
    Role.OPS_MANAGER: "Yusuf Rather",
    Role.SALES_MANAGER: "Imran Qureshi",
    Role.ACCOUNTANT: "Irfan Parray",
    Role.CASHIER: "Mehwish Lone",
    Role.TICKET_MANAGER: "Aslam Wani",
}
Desks = Callable[[Role], Desk]


def email(role: Role) -> str:
    return f"{role.value.lower().replace('_', '.')}@noorqafila.example"


@pytest.fixture
def desks(live: Live) -> Iterator[Desks]:
    """Signs somebody in, in a window of their own, at their first call; the same window afterwards.

    Chromium starts when the agency is there and ends with the test: while it runs, Django's database is not to be had
    in this thread. At the end no window may have complained: no error in a console, no breach of the content policy, no
    request to another host, no answer that is an error and was not expected.
    """
    office = opened(live)
    with office.at_desk():
        for role, name in STAFF.items():
            make_user(role, email=email(role), name=name, password=PASSWORD, branch_code="SXR")
    sitting: dict[Role, Desk] = {}
    with ExitStack() as stack:
        browser = stack.enter_context(chromium.launched())

        def at(role: Role) -> Desk:
            if role not in sitting:
                sitting[role] = desk(browser, live.url, role.value, email(role), PASSWORD)
            return sitting[role]

        yield at
        complaints = [f"{made.role}: {complaint}" for made in sitting.values() for complaint in made.complaints]
    print(f"Screenshots: {album()}")
    assert not complaints, "\n".join(complaints)

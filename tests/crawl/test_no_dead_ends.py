"""Every role walks the screens of the demo agency from the home page on, link by link.

What it sees opens; no link, button or form of a page leads nowhere, or where its role may not go; no page asks the
database more often than its kind may.
"""

from __future__ import annotations

import zlib
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from pytest_django import DjangoDbBlocker

from qafila.identity.types import PORTAL_ROLES, Role
from qafila.kernel.actor import Actor
from qafila.kernel.may import May, declared, of_view
from tests.crawl.page import FOLLOWED, Lead, Page
from tests.harness.demo import Demo

WHOLE_WALK = (
    Role.CEO,
    Role.SALES_MANAGER,
    Role.SALES_EXECUTIVE,
    Role.OPS_MANAGER,
    Role.TICKET_MANAGER,
    Role.ACCOUNTANT,
    Role.CASHIER,
    Role.AUDITOR,
)
SHORT_WALK = tuple(role for role in Role if role not in (*WHOLE_WALK, *PORTAL_ROLES))
MOST_PAGES, MOST_OF_A_KIND = 120, 2
FEW_PAGES = 15
# Queries a page may make, whatever its rows: who asks, the shell's figures, and its own.
MOST_QUERIES = {"list": 20, "detail": 30, "part": 25, "rehearsal": 80}
# What a cancellation would bring is found by doing it and taking it back.
REHEARSALS = ("/cancel", "/delete")
MOST_BYTES = 60_000  # compressed; with the style sheets a first visit stays under the 220 KB of screens.md
LEFT_ALONE = ("/logout", "/static/", "/api/v1/docs", "/api/v1/openapi.json")


@pytest.fixture(scope="module", autouse=True)
def _demo(demo: Demo, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), demo.database(), override_settings(REQUIRE_2FA=False, DEMO=True):
        yield


@dataclass
class Walk:
    """One role's walk."""

    role: Role
    client: Client
    actor: Actor
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    of_kind: Counter[str] = field(default_factory=Counter)
    waiting: deque[tuple[Lead, str]] = field(default_factory=deque)

    def go(self, most: int) -> None:
        self.waiting.append((Lead("href", "/app"), "the start"))
        while self.waiting and len(self.seen) < most:
            lead, found_on = self.waiting.popleft()
            self.open(lead, found_on)

    def open(self, lead: Lead, found_on: str) -> None:
        headers = {"HX-Request": "true"} if lead.by == "hx-get" else {}
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.get(lead.address, headers=headers)
            content = answer.getvalue()
        if answer.status_code == 302:
            self.consider(Lead("href", answer.headers["Location"]), lead.address)
            return
        if answer.status_code == 409 and lead.by == "hx-get" and answer.json()["detail"]:
            return  # a dialog that says in a toast why this cannot be done now
        if answer.status_code != 200:
            self.wrong.append(f"{lead.address} (on {found_on}) answered {answer.status_code}")
            return
        if not answer.headers["Content-Type"].startswith("text/html"):
            return
        page = Page.read(lead.address, content.decode())
        self.judge(page, len(content), len(zlib.compress(content)), len(asked))
        for next_lead in sorted(page.leads, key=lambda one: one.address):
            self.consider(next_lead, lead.address)

    def judge(self, page: Page, size: int, compressed: int, queries: int) -> None:
        self.wrong += [f"{page.address} holds {what}" for what in page.wrong]
        if page.is_whole and not page.title.endswith("Qafila"):
            self.wrong.append(f"{page.address} is titled {page.title!r}")
        if compressed > MOST_BYTES:
            self.wrong.append(f"{page.address} weighs {size} bytes, {compressed} compressed")
        kind = "part" if not page.is_whole else "detail" if any(c.isdigit() for c in page.address) else "list"
        kind = "rehearsal" if urlsplit(page.address).path.endswith(REHEARSALS) else kind
        if queries > MOST_QUERIES[kind]:
            self.wrong.append(f"{page.address} made {queries} queries; a {kind} may make {MOST_QUERIES[kind]}")

    def consider(self, lead: Lead, found_on: str) -> None:
        """Whether the lead leads somewhere this role may go; what can be fetched is queued."""
        if lead.path.startswith(LEFT_ALONE):
            return
        try:
            match = resolve(lead.path)
        except Resolver404:
            self.wrong.append(f'{found_on} has a dead {lead.by}="{lead.address}"')
            return
        may = declaration(lead, match)
        if may is None:
            self.wrong.append(f'{found_on}: {lead.by}="{lead.address}" declares nothing')
        elif not may.lets(self.actor):
            self.wrong.append(f'{found_on} shows {lead.by}="{lead.address}", which needs {may.describe()}')
        elif lead.by in FOLLOWED:
            self.queue(lead, match.route, found_on)

    def queue(self, lead: Lead, route: str, found_on: str) -> None:
        names = ",".join(sorted(f"{name}" for name, _ in parse_qsl(urlsplit(lead.address).query)))
        kind = f"{lead.by} {route}?{names}"
        key = f"{lead.by} {lead.path}?{names}"
        if key in self.seen or self.of_kind[kind] >= MOST_OF_A_KIND:
            return
        self.seen.add(key)
        self.of_kind[kind] += 1
        self.waiting.append((lead, found_on))


def declaration(lead: Lead, match: Any) -> May | None:
    """What the view behind an address declares; an API route by its method and path."""
    if found := of_view(match.func):
        return found
    path = "/" + match.route.removeprefix("api/v1/").replace("<", "{").replace(">", "}")
    return declared.get(f"{lead.method} {path.replace('{int:', '{').replace('{str:', '{')}")


def walker(role: Role) -> Walk:
    from qafila.identity.models import User
    from qafila.identity.queries import actor_of
    from qafila.identity.tests.factories import signed_in

    person = User.objects.get(roles__code=role)
    return Walk(role, signed_in(person), actor_of(person.pk))


@pytest.mark.parametrize("role", WHOLE_WALK)
def test_a_role_walks_every_kind_of_page_and_meets_no_dead_end(role: Role) -> None:
    walk = walker(role)
    walk.go(MOST_PAGES)
    assert not walk.wrong, "\n".join(walk.wrong)
    assert len(walk.seen) > 8, f"{role} found only {walk.seen}"


@pytest.mark.parametrize("role", SHORT_WALK)
def test_the_first_pages_of_every_other_role_have_no_dead_end(role: Role) -> None:
    walk = walker(role)
    walk.go(FEW_PAGES)
    assert not walk.wrong, "\n".join(walk.wrong)


def test_the_crawler_sees_what_is_wrong() -> None:
    walk = walker(Role.CASHIER)
    page = Page.read(
        "/app",
        '<html><title>Home</title><a href="/nowhere">x</a><a href="https://elsewhere.example/">x</a>'
        '<button hx-post="/groups/new" style="color: red" onclick="x()">x</button><script>x()</script></html>',
    )
    walk.judge(page, 100, 90_000, 31)
    for lead in page.leads:
        walk.consider(lead, "/app")
    told = "\n".join(walk.wrong)
    for word in (
        "a dead href",
        "leaves the house",
        "groups.create",
        "attribute style",
        "attribute onclick",
        "an inline script",
        "is titled",
        "31 queries",
        "compressed",
    ):
        assert word in told, f"{word} went unnoticed:\n{told}"

"""Pages of the parties room."""

from __future__ import annotations

from types import ModuleType

from django.urls import URLPattern, path

from qafila.kernel.web import Nav, Tab, add_nav, add_tab
from qafila.parties.queries import LEDGER_RIGHT
from qafila.parties.shelves import SHELVES, Shelf
from qafila.parties.web import agents, customers, passport, suppliers, typeahead

PAGES: dict[str, ModuleType] = {"customer": customers, "agent": agents, "supplier": suppliers}
LOOKS = {
    "customer": ("Customers", "users", 40),
    "agent": ("Partners", "building-store", 50),
    "supplier": ("Suppliers", "building-warehouse", 60),
}


def pages_of(shelf: Shelf, web: ModuleType) -> list[URLPattern]:
    base = shelf.path.removeprefix("/")
    return [
        path(base, web.listed),
        path(f"{base}/new", web.new),
        path(f"{base}/<int:party_id>", web.one),
        path(f"{base}/<int:party_id>/edit", web.change),
        path(f"{base}/<int:party_id>/delete", web.drop),
        path(f"{base}/<int:party_id>/tab/profile", web.profile),
        path(f"{base}/<int:party_id>/tab/ledger", web.ledger),
        path(f"{base}/<int:party_id>/tab/history", web.history),
    ]


urlpatterns = [
    path("sales/passport/read", passport.read),
    path("typeahead/customers", typeahead.customers),
    path("typeahead/agents", typeahead.agents),
    path("typeahead/suppliers", typeahead.suppliers),
]
for one in SHELVES:
    urlpatterns += pages_of(one, PAGES[one.entity])
    label, icon, order = LOOKS[one.entity]
    view = f"{one.area}.view"
    add_nav(Nav("Sales", label, one.path, icon, view, order=order))
    add_tab(
        one.entity,
        Tab("profile", "Profile", f"{one.path}/{{id}}/tab/profile", view, 10),
        Tab("ledger", "Statement", f"{one.path}/{{id}}/tab/ledger", LEDGER_RIGHT[one.area], 80),
        Tab("history", "History", f"{one.path}/{{id}}/tab/history", view, 90),
    )

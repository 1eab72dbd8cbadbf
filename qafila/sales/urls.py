"""The addresses of sales, its place in the navigation, and its tabs on the pages of bookings and groups."""

from __future__ import annotations

from django.urls import path

from qafila.groups import figures
from qafila.kernel.may import needs
from qafila.kernel.web import Nav, Tab, add_nav, add_tab
from qafila.sales import group_figures
from qafila.sales.web import bookings, changing, history, imports, passengers, wizard

OWN = needs("bookings.view", agent_own=True)

urlpatterns = [
    path("sales/bookings", bookings.bookings),
    path("sales/bookings/new", wizard.start),
    path("sales/bookings/new/<str:key>/person", wizard.person),
    path("sales/bookings/new/<str:key>/price", wizard.price),
    path("sales/bookings/new/<str:key>/sync", wizard.sync),
    path("sales/bookings/new/<str:key>/discard", wizard.discard),
    path("sales/bookings/new/<str:key>/<str:name>", wizard.step),
    path("sales/bookings/new/<str:key>/<str:name>/keep", wizard.keep),
    path("sales/bookings/import", imports.upload),
    path("sales/bookings/import/template.csv", imports.template, {"kind": "csv"}),
    path("sales/bookings/import/template.xlsx", imports.template, {"kind": "xlsx"}),
    path("sales/bookings/import/<int:run_id>", imports.run),
    path("sales/bookings/import/<int:run_id>/next", imports.forward),
    path("sales/bookings/import/<int:run_id>/go", imports.go),
    path("sales/bookings/import/<int:run_id>/again", imports.again),
    path("sales/bookings/<str:number>", bookings.booking),
    path("sales/bookings/<str:number>/edit", changing.edit),
    path("sales/bookings/<str:number>/hold", changing.hold),
    path("sales/bookings/<str:number>/sync", changing.sync),
    path("sales/bookings/<str:number>/cancel", changing.cancel),
    path("sales/bookings/<str:number>/delete", changing.delete),
    path("sales/bookings/<str:number>/tab/passengers", passengers.tab),
    path("sales/bookings/<str:number>/tab/flights", passengers.flights),
    path("sales/bookings/<str:number>/tab/history", history.tab),
    path("sales/bookings/<str:number>/passengers/add", passengers.add),
    path("sales/bookings/<str:number>/passengers/<int:passenger_id>", passengers.edit),
    path("sales/bookings/<str:number>/passengers/<int:passenger_id>/pnr", passengers.pnr),
    path("sales/bookings/<str:number>/passengers/<int:passenger_id>/cancel", changing.cancel_one),
    path("groups/<str:code>/tab/passengers", passengers.of_group),
]

add_nav(Nav("Sales", "Bookings", "/sales/bookings", "clipboard-list", OWN, 10))
add_tab(
    "booking",
    Tab("passengers", "Passengers", "/sales/bookings/{number}/tab/passengers", OWN, 10),
    Tab("flights", "Flights", "/sales/bookings/{number}/tab/flights", OWN, 20),
    Tab("history", "History", "/sales/bookings/{number}/tab/history", "bookings.view", 90),
)
add_tab("group", Tab("passengers", "Passengers", "/groups/{code}/tab/passengers", "bookings.view", 40))
figures.provide(group_figures.of_groups)

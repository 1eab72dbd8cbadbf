"""The groups' addresses, their place in the navigation, and their own tabs on a group's page."""

from django.urls import path

from qafila.groups.web import flights, groups, pricing, tabs, typeahead
from qafila.kernel.web import Nav, Tab, add_nav, add_tab

urlpatterns = [
    path("groups", groups.groups),
    path("groups/new", groups.new),
    path("groups/new/code", groups.code),
    path("groups/<str:code>", groups.group),
    path("groups/<str:code>/edit", groups.edit),
    path("groups/<str:code>/cancel", groups.cancel),
    path("groups/<str:code>/delete", groups.delete),
    path("groups/<str:code>/history", tabs.history),
    path("groups/<str:code>/tab/overview", tabs.overview),
    path("groups/<str:code>/tab/operations", flights.operations),
    path("groups/<str:code>/tab/itinerary", tabs.journey),
    path("groups/<str:code>/tab/pricing", pricing.pricing),
    path("groups/<str:code>/tab/pricing/totals", pricing.totals),
    path("groups/<str:code>/tab/pricing/refresh", pricing.refresh),
    path("groups/<str:code>/tab/pricing/keep", pricing.keep),
    path("groups/<str:code>/flights", flights.link),
    path("groups/<str:code>/flights/available", flights.available),
    path("groups/<str:code>/flights/<int:flight_id>", flights.save),
    path("groups/<str:code>/flights/<int:flight_id>/unlink", flights.unlink),
    path("typeahead/groups", typeahead.groups),
]
add_nav(Nav("Groups", "Groups", "/groups", "plane-departure", "groups.view", 10))
add_tab(
    "group",
    Tab("overview", "Overview", "/groups/{code}/tab/overview", "groups.view", 10),
    Tab("operations", "Operations", "/groups/{code}/tab/operations", "groups.view", 20),
    Tab("itinerary", "Itinerary", "/groups/{code}/tab/itinerary", "groups.view", 30),
    Tab("pricing", "Pricing", "/groups/{code}/tab/pricing", "groups.view", 50),
)

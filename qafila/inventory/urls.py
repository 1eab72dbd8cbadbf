"""The inventory's addresses and its place in the navigation."""

from django.urls import path

from qafila.inventory.web import blocks, typeaheads
from qafila.kernel.web import Nav, add_nav

urlpatterns = [
    path("inventory/quota", blocks.blocks),
    path("inventory/quota/new", blocks.new),
    path("inventory/quota/<str:code>", blocks.block),
    path("inventory/quota/<str:code>/edit", blocks.edit),
    path("inventory/quota/<str:code>/delete", blocks.delete),
    path("inventory/quota/<str:code>/movements", blocks.movements),
    path("typeahead/airlines", typeaheads.airlines),
    path("typeahead/airports", typeaheads.airports),
    path("typeahead/blocks", typeaheads.blocks),
]
add_nav(Nav("Inventory", "Airline blocks", "/inventory/quota", "plane-tilt", "inventory.view", 10))

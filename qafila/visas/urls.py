"""The visa desk's addresses and its place in the navigation."""

from django.urls import path

from qafila.kernel.web import Nav, add_nav
from qafila.visas.web import cases as pages

urlpatterns = [
    path("operations/visas", pages.cases),
    path("operations/visas/<int:case_id>", pages.case),
    path("operations/visas/<int:case_id>/move", pages.move),
]
add_nav(Nav("Operations", "Visas", "/operations/visas", "id-badge", "visas.view", 30))

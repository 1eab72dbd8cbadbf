"""Home, search and the report pages' addresses."""

from django.urls import path

from qafila.kernel.may import SIGNED_IN, needs
from qafila.kernel.web import Nav, Tab, add_nav, add_tab
from qafila.reports.web import financials
from qafila.reports.web import home as pages

urlpatterns = [
    path("", pages.door),
    path("app", pages.home),
    path("search", pages.search),
    path("groups/<str:code>/tab/financials", financials.of_group),
    path("groups/<str:code>/readiness", financials.readiness),
]
add_nav(Nav("", "Home", "/app", "home", SIGNED_IN, 0))
add_tab(
    "group",
    Tab(
        "financials",
        "Financials",
        "/groups/{code}/tab/financials",
        "finance.reports.group_profit_loss.view",
        70,
    ),
)
add_tab(
    "group_overview",
    Tab("readiness", "Readiness", "/groups/{code}/readiness", needs("groups.view", "bookings.view"), 10),
)

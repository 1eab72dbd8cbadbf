"""The ticket desk's addresses, its place in the navigation, its tab on a booking."""

from django.urls import path

from qafila.kernel.web import Nav, Tab, add_nav, add_tab
from qafila.ticketing.web import tickets as pages

urlpatterns = [
    path("tickets", pages.tickets),
    path("tickets/sync", pages.sync),
    path("tickets/<int:ticket_id>", pages.ticket),
    path("tickets/<int:ticket_id>/name", pages.rename),
    path("tickets/<int:ticket_id>/issue", pages.issue),
    path("tickets/<int:ticket_id>/finance-clear", pages.clear),
    path("tickets/<int:ticket_id>/documents", pages.upload),
    path("sales/bookings/<str:number>/tab/tickets", pages.of_booking),
]
add_nav(Nav("Tickets", "Ticket desk", "/tickets", "ticket", "tickets.view", 10))
add_tab("booking", Tab("tickets", "Tickets", "/sales/bookings/{number}/tab/tickets", "tickets.view", 50))

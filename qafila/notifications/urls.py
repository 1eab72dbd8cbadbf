"""Pages of the notifications room."""

from __future__ import annotations

from django.urls import path

from qafila.kernel.web import Nav, add_nav
from qafila.notifications.web import outbox

urlpatterns = [
    path("admin-desk/outbox", outbox.outbox),
    path("admin-desk/outbox/<int:message_id>", outbox.message),
    path("admin-desk/outbox/<int:message_id>/again", outbox.again),
]
add_nav(Nav("Admin", "Outbox", "/admin-desk/outbox", "mail", "admin.outbox.view", order=60))

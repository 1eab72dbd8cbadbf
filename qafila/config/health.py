"""What a supervisor or load balancer asks: is this process alive, and may it be sent requests."""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from qafila.kernel.may import PUBLIC
from qafila.kernel.web import page

_up_to_date = False


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """The migrations that this code was written for."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


@page(PUBLIC)
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "live"})


@page(PUBLIC)
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and has every migration of this code; else 503 with the reason."""
    global _up_to_date  # noqa: PLW0603 - once the migrations are there they stay
    try:
        with connection.cursor() as cursor:
            if _up_to_date:
                cursor.execute("SELECT 1")
                return JsonResponse({"status": "ready"})
            cursor.execute("SELECT app, name FROM django_migrations")
            missing = expected_migrations() - set(cursor.fetchall())
    except DatabaseError:
        connection.close()  # the next question tries anew
        return JsonResponse({"status": "waiting", "reason": "the database does not answer"}, status=503)
    if missing:
        return JsonResponse({"status": "waiting", "reason": f"{len(missing)} migrations are missing"}, status=503)
    _up_to_date = True
    return JsonResponse({"status": "ready"})

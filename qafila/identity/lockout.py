"""Ten wrong passwords or codes for one person lock their log-in for 15 minutes, counted in the database by django-axes.

Guesses for one person are taken one at a time, so that many at once are counted like many in a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from math import ceil

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from psycopg import errors as pg

from qafila.identity.errors import LockedOut
from qafila.kernel.errors import TooManyRequests

PATIENCE = "3s"


@contextmanager
def turn(email: str) -> Iterator[None]:
    """A transaction in which nobody else tries this person's log-in. Refuses: TooManyRequests when many are waiting."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7201104))", [email])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable):
            raise TooManyRequests("Too many log-ins for this person at once; try again.", retry_after=3) from error
        raise


def failed(request: HttpRequest, email: str) -> None:
    """Count one failure that no authentication backend saw (a wrong one-time code)."""
    user_login_failed.send(sender=__name__, credentials={"email": email}, request=request)


def is_locked(request: HttpRequest, email: str) -> bool:
    return bool(AxesProxyHandler.is_locked(request, {"email": email}))


def unlock(email: str) -> None:
    """Forget the failures: their mailbox or an administrator vouched for the person."""
    AxesProxyHandler.reset_attempts(username=email)


def refusal(email: str) -> LockedOut:
    """Says until when."""
    wait = max(1, ceil((_ends(email) - timezone.now()).total_seconds()))
    minutes = max(1, ceil(wait / 60))
    return LockedOut(
        f"Too many wrong passwords or codes: this log-in is locked for {minutes} more minute{'s' * (minutes > 1)}.",
        retry_after=wait,
    )


def _ends(email: str) -> datetime:
    """When so many failures will be older than 15 minutes that fewer than ten are left."""
    lasts = get_cool_off()
    rows = list(
        AccessAttempt.objects.filter(username=email, attempt_time__gte=timezone.now() - lasts)
        .order_by("attempt_time")
        .values_list("attempt_time", "failures_since_start")
    )
    left = sum(count for _, count in rows)
    for at, count in rows:
        left -= count
        if left < settings.AXES_FAILURE_LIMIT:
            return at + lasts  # type: ignore[no-any-return]
    return timezone.now()

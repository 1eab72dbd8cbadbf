"""House-keeping of log-ins."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt
from django.utils import timezone
from procrastinate.contrib.django import app

from qafila.identity.models import SignIn
from qafila.identity.queries import session_age
from qafila.kernel import clock


@app.periodic(cron="23 2 * * *")
@app.task(queue="house", name="identity.sweep", queueing_lock="identity.sweep")
def sweep(timestamp: int) -> None:
    """Nightly: sign-ins whose session ended by itself, and failures that lock nobody any more."""
    SignIn.objects.filter(created_at__lt=clock.now() - session_age() - timedelta(hours=1)).delete()
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - timedelta(days=1)).delete()

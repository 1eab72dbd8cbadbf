"""House-keeping that belongs to no room. The rooms' own jobs (`qafila.<room>.jobs`) are found by procrastinate.

A room adds a job with `@app.task(queue="…")` and a periodic one with `@app.periodic(cron="…")` on top, where
`from procrastinate.contrib.django import app`.
"""

from __future__ import annotations

from datetime import timedelta

from procrastinate import App, JobContext


def on_app_ready(app: App) -> None:
    """Adds the house's own periodic jobs."""
    app.periodic(cron="* * * * *")(
        app.task(queue="house", name="house.retry_stalled", queueing_lock="house.retry_stalled", pass_context=True)(
            retry_stalled
        )
    )
    app.periodic(cron="17 2 * * *")(app.task(queue="house", name="house.sweep", queueing_lock="house.sweep")(sweep))


async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker was killed in the middle start again; every job is written to bear that."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.retry_job(job)


def sweep(timestamp: int) -> None:
    """Nightly: sessions that ended, keys and counters nobody asks for any more, jobs done a week ago."""
    from django.core.management import call_command
    from procrastinate.contrib.django import app

    from qafila.kernel import clock
    from qafila.kernel.models import IdempotencyKey, RateBucket

    call_command("clearsessions")
    IdempotencyKey.objects.filter(created_at__lt=clock.now() - timedelta(days=3)).delete()
    RateBucket.objects.filter(window__lt=clock.now() - timedelta(days=1)).delete()
    app.configure_task("builtin:procrastinate.builtin_tasks.remove_old_jobs", queue="house").defer(max_hours=7 * 24)

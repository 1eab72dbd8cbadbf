"""Nightly: contents in the store that no row names, left by transactions that rolled back."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from qafila.documents import store
from qafila.documents.models import StoredFile
from qafila.kernel import clock

BATCH = 500


def sweep_orphans() -> int:
    """Drop contents that nobody put there within a day and that no row names; how many."""
    dropped = 0
    batch: list[str] = []

    def settle() -> int:
        named = set(StoredFile.objects.filter(path__in=batch).values_list("path", flat=True))
        orphans = [path for path in batch if path not in named]
        for path in orphans:
            store.drop(path)
        batch.clear()
        return len(orphans)

    for path in store.kept_before(clock.now() - timedelta(days=1)):
        batch.append(path)
        if len(batch) >= BATCH:
            dropped += settle()
    return dropped + settle()


@app.periodic(cron="41 2 * * *")
@app.task(queue="house", name="documents.sweep_orphans", queueing_lock="documents.sweep_orphans")
def sweep(timestamp: int) -> None:
    sweep_orphans()

"""Tables of the kernel: audit trail, histories of lifecycles, idempotency keys, number series, search, rate limits."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

MONEY_DIGITS = {"max_digits": 18, "decimal_places": 3}


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """numeric(18,3): holds every currency's minor unit exactly."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 3)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class AuditEntry(models.Model):
    """Who did what to what, from where, and what changed. Append-only: the database refuses anything else."""

    at = models.DateTimeField(db_default=Now())
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True, db_default="")
    action = models.CharField(max_length=100)
    entity = models.CharField(max_length=60)
    entity_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.TextField(blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["entity", "entity_id", "-id"], name="audit_of_one_thing"),
            models.Index(fields=["user_id", "-id"], name="audit_of_one_person"),
        ]


class StateChange(models.Model):
    """One move of one thing through its lifecycle. Append-only."""

    at = models.DateTimeField(db_default=Now())
    machine = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    from_state = models.CharField(max_length=40, blank=True)
    event = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["machine", "object_id", "id"], name="history_of_one_thing")]


class IdempotencyKey(models.Model):
    """A request's key, what it asked (hash) and what it was answered. Kept at least 24 hours."""

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    route = models.CharField(max_length=120)
    body_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="one_effect_per_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]


class NumberSeries(models.Model):
    """A gapless series (invoices, credit notes, receipts): drawn last in the transaction, under the row's lock."""

    series = models.CharField(max_length=20)
    branch = models.CharField(max_length=10, blank=True)
    fiscal_year = models.CharField(max_length=9)
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "branch", "fiscal_year"], name="one_row_per_series"),
            models.CheckConstraint(condition=models.Q(last__gte=0), name="series_counts_up"),
        ]


class SearchEntry(models.Model):
    """What the one search box finds: fed by the rooms in their own transactions.

    `right` is what a person must hold to see the hit; `party_id` and `agent_id` name the portal party it belongs to.
    """

    entity = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=200)
    right = models.CharField(max_length=60)
    agent_id = models.BigIntegerField(null=True)
    words = SearchVectorField()
    rank = models.SmallIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "object_id"], name="one_search_entry_per_thing")]
        indexes = [GinIndex(fields=["words"], name="search_words", fastupdate=False)]


class RateBucket(models.Model):
    """Requests counted per key and window, shared by all processes."""

    key = models.CharField(max_length=150)
    window = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_bucket_per_window")]

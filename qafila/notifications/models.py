"""The outbox: messages written in the business transaction, sent by a job after it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Message(models.Model):
    """One e-mail to send: queued with the business event, sent once it has committed, at least once."""

    channel = models.CharField(max_length=10, choices=[("email", "E-mail")], default="email")
    to = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    entity = models.CharField(max_length=40, blank=True)
    entity_id = models.BigIntegerField(null=True)
    attachment_ids = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="queued")
    attempts = models.SmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

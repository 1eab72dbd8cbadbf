"""The outbox: messages written in the business transaction, sent by a job after it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Message(models.Model):
    """One e-mail to send: queued with the business event, sent once it has committed, at least once.

    A secret body (a link to set a password) is shown to nobody and forgotten once it is sent.
    """

    channel = models.CharField(max_length=10, choices=[("email", "E-mail")], default="email")
    to = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    entity = models.CharField(max_length=40, blank=True)
    entity_id = models.BigIntegerField(null=True)
    attachment_ids = models.JSONField(default=list)
    is_secret = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="queued")
    attempts = models.SmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed"]), name="message_state_is_known"
            ),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="message_attempts_not_negative"),
        ]
        indexes = [models.Index(fields=["entity", "entity_id"], name="messages_of_one_thing")]

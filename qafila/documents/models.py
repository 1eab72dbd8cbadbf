"""Stored files: who put them there, what they belong to, and every opening of a private one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class StoredFile(models.Model):
    """A file kept outside the database, checked by content, size and name when it came."""

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    is_private = models.BooleanField(default=True)
    entity = models.CharField(max_length=40)
    entity_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    right = models.CharField(max_length=60)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="a_stored_file_is_not_empty"),
            models.UniqueConstraint(
                fields=["entity", "entity_id", "kind", "sha256"], name="one_content_once_with_a_thing"
            ),
        ]
        indexes = [models.Index(fields=["path"], name="file_by_path")]


class FileOpening(models.Model):
    """Somebody opened a private file. Append-only."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="openings")
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    ip = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_default=Now())

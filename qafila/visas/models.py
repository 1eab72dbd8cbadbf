"""Visa cases: one for each passenger who needs one, opened when operations approve the booking."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from qafila.sales.models import Booking, Passenger


class VisaCase(models.Model):
    """One passenger's visa: where it stands and its references."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="visa_cases")
    passenger = models.OneToOneField(Passenger, on_delete=models.PROTECT, related_name="visa_case")
    state = models.CharField(max_length=20, default="NOT_STARTED")
    country = models.CharField(max_length=2, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    visa_no = models.CharField(max_length=40, blank=True)
    valid_until = models.DateField(null=True)
    notes = models.TextField(blank=True)
    version = models.IntegerField(default=1)
    closed_at = models.DateTimeField(null=True)  # let go: the passenger does not travel
    created_at = models.DateTimeField(db_default=Now())

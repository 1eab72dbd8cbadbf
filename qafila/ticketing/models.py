"""Tickets: one airline document per passenger, its clearance, its coupons and its papers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper

from qafila.documents.models import StoredFile
from qafila.inventory.models import BlockLeg
from qafila.sales.models import Booking, Passenger


class TicketRecord(models.Model):
    """One passenger's ticket on one booking. `pnr` is what was written on it at issue."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="tickets")
    passenger = models.ForeignKey(Passenger, on_delete=models.PROTECT, related_name="tickets")
    state = models.CharField(max_length=16, default="NOT_READY")
    passenger_name = models.CharField(max_length=120)
    pnr = models.CharField(max_length=8, blank=True)
    ticket_number = models.CharField(max_length=20, null=True)
    name_update_pending = models.BooleanField(default=True)
    name_update_deadline = models.DateField(null=True)
    clearance = models.CharField(
        max_length=10,
        choices=[("pending", "Pending"), ("cleared", "Cleared"), ("exception", "Exception")],
        default="pending",
    )
    clearance_cause = models.CharField(max_length=10, blank=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["passenger"], condition=~Q(state="VOID"), name="one_live_ticket_per_passenger"
            ),
            models.UniqueConstraint(
                fields=["ticket_number"], condition=Q(ticket_number__isnull=False), name="a_ticket_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="ISSUED")
                | (Q(ticket_number__isnull=False) & ~Q(pnr="") & Q(issued_at__isnull=False)),
                name="an_issued_ticket_has_number_and_pnr",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["FINANCE_CLEARED", "ISSUED"]) | ~Q(clearance="pending"),
                name="no_ticket_issued_uncleared",
            ),
            models.CheckConstraint(condition=Q(pnr=Upper("pnr")), name="ticket_pnr_upper_case"),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="tickets_by_state"),
            models.Index(fields=["name_update_deadline"], condition=Q(name_update_pending=True), name="names_due"),
        ]


class Coupon(models.Model):
    """One flight segment of an issued ticket. The segment itself is read from the leg, never copied."""

    ticket = models.ForeignKey(TicketRecord, on_delete=models.PROTECT, related_name="coupons")
    n = models.SmallIntegerField()
    leg = models.ForeignKey(BlockLeg, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="OPEN")

    class Meta:
        ordering = ["ticket_id", "n"]
        constraints = [models.UniqueConstraint(fields=["ticket", "n"], name="coupons_are_numbered")]


class Clearance(models.Model):
    """Finance let a ticket be issued, or took that back: an event with a cause. Append-only."""

    ticket = models.ForeignKey(TicketRecord, on_delete=models.PROTECT, related_name="clearances")
    granted = models.BooleanField()
    cause = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, blank=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())


class TicketDocument(models.Model):
    """A paper of a ticket: the e-ticket we made, or a scan somebody put there."""

    ticket = models.ForeignKey(TicketRecord, on_delete=models.PROTECT, related_name="documents")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    created_at = models.DateTimeField(db_default=Now())

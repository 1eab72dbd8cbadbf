"""Billing: invoices with their lines, credit notes, payments and what they were allocated to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from qafila.identity.models import Branch
from qafila.kernel.models import MoneyField
from qafila.ledger.models import Account, JournalEntry, Party
from qafila.sales.models import Booking


class Invoice(models.Model):
    """A numbered invoice, posted when it was issued. What it says is a snapshot that later edits do not reach."""

    kind = models.CharField(max_length=10, choices=[("booking", "Booking")], default="booking")
    number = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=10, default="ISSUED")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="invoices")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invoices")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=8, default=1)
    net_total = MoneyField()
    tax_total = MoneyField()
    tcs_total = MoneyField(default=0)
    gross_total = MoneyField()
    allocated = MoneyField(default=0)
    open_amount = models.GeneratedField(
        expression=F("gross_total") - F("allocated"), output_field=MoneyField(), db_persist=True
    )
    buyer = models.JSONField()
    seller = models.JSONField()
    place_of_supply = models.CharField(max_length=2, blank=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=~Q(state="CANCELLED"), name="a_booking_is_billed_once"
            ),
            models.CheckConstraint(
                condition=Q(allocated__gte=0) & Q(allocated__lte=F("gross_total")), name="an_invoice_is_not_overpaid"
            ),
        ]
        indexes = [models.Index(fields=["party", "-id"], name="invoices_of_party")]


class InvoiceLine(models.Model):
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    n = models.SmallIntegerField()
    kind = models.CharField(max_length=5, choices=[("item", "Item"), ("tax", "Tax")])
    description = models.CharField(max_length=200)
    sac = models.CharField(max_length=8, blank=True)
    quantity = models.IntegerField(default=1)
    rate = MoneyField()
    amount = MoneyField()
    tax_account = models.CharField(max_length=20, blank=True)
    percent = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    base = MoneyField(null=True)
    included = models.BooleanField(default=False)  # a tax that is inside the items' amounts already

    class Meta:
        ordering = ["invoice_id", "n"]
        constraints = [models.UniqueConstraint(fields=["invoice", "n"], name="invoice_lines_are_numbered")]


class CreditNote(models.Model):
    """Takes an invoice back, with the mirror of its own entry."""

    number = models.CharField(max_length=16, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    issued_on = models.DateField()
    amount = MoneyField()
    reason = models.CharField(max_length=1000)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="+")
    made_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())


class Payment(models.Model):
    """Money received from a customer or an agent. Until verified it posts nothing and counts as nothing."""

    number = models.CharField(max_length=16, unique=True, null=True)
    state = models.CharField(max_length=22, default="pending_verification")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="payments")
    booking = models.ForeignKey(Booking, null=True, on_delete=models.PROTECT, related_name="payments")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(
        max_length=8,
        choices=[("cash", "Cash"), ("bank", "Bank transfer"), ("upi", "UPI"), ("card", "Card"), ("cheque", "Cheque")],
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    allocated = MoneyField(default=0)
    unallocated = models.GeneratedField(
        expression=F("amount") - F("allocated"), output_field=MoneyField(), db_persist=True
    )
    received_on = models.DateField()
    reference = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=200)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_positive"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0) & Q(allocated__lte=F("amount")), name="no_more_allocated_than_received"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | (Q(entry__isnull=False) & Q(number__isnull=False)),
                name="a_verified_payment_is_posted",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="payments_by_state"),
            models.Index(fields=["party", "-id"], name="payments_of_party"),
        ]


class Allocation(models.Model):
    """A part of a payment used for a booking, and for its invoice once there is one. Taken back, it stays as history.

    `entry` applies the advance to the receivable; null while the booking has no invoice (it waits as an advance).
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="allocations")
    amount = MoneyField()
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="an_allocation_is_positive")]
        indexes = [models.Index(fields=["booking"], condition=Q(taken_back_at__isnull=True), name="live_allocations")]

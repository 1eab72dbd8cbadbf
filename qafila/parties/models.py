"""Customers, agents and suppliers: what the agency knows of them beyond their place in the books.

Each shares its key with its ledger party: a customer's id is its party's id.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from qafila.kernel.models import MoneyField
from qafila.ledger.models import Party


class Contact(models.Model):
    """What all three have: where to reach them, their tax numbers, and whether they are still dealt with."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, primary_key=True, related_name="%(class)s")
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=200, blank=True)
    address = models.TextField(blank=True)
    city = models.CharField(max_length=100, blank=True)
    state_code = models.CharField(max_length=2, blank=True)
    country = models.CharField(max_length=2, default="IN")
    pan = models.CharField(max_length=10, blank=True)
    gstin = models.CharField(max_length=15, blank=True)
    notes = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    deleted_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class Customer(Contact):
    """Who buys and is billed. A passport names one customer for good: a deleted one is revived, not doubled."""

    kind = models.CharField(
        max_length=12,
        choices=[("walk_in", "Walk-in"), ("corporate", "Corporate"), ("family_head", "Family head")],
        default="walk_in",
    )
    title = models.CharField(max_length=10, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True)
    father_name = models.CharField(max_length=100, blank=True)
    gender = models.CharField(max_length=1, blank=True)
    date_of_birth = models.DateField(null=True)
    passport_no = models.CharField(max_length=20, null=True)
    passport_issued = models.DateField(null=True)
    passport_expiry = models.DateField(null=True)
    nationality = models.CharField(max_length=3, blank=True)
    credit_limit = MoneyField(default=0)
    payment_terms_days = models.SmallIntegerField(default=0)
    credit_hold = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passport_no"], name="one_customer_per_passport"),
            models.CheckConstraint(condition=Q(credit_limit__gte=0), name="customer_credit_limit_not_negative"),
            models.CheckConstraint(
                condition=Q(passport_no__isnull=True) | Q(passport_no__regex=r"^[A-Z0-9]{5,20}$"),
                name="customer_passport_shape",
            ),
        ]
        indexes = [models.Index(fields=["phone"], name="customer_by_phone")]


class Agent(Contact):
    """A partner that resells: has commission, a credit limit, a ledger and a portal log-in."""

    contact_person = models.CharField(max_length=100, blank=True)
    commission_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    credit_limit = MoneyField(default=0)
    payment_terms_days = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(credit_limit__gte=0), name="agent_credit_limit_not_negative"),
            models.CheckConstraint(
                condition=Q(commission_rate__range=(0, 100)), name="agent_commission_is_a_percentage"
            ),
        ]


class Supplier(Contact):
    """Whom the agency buys from."""

    category = models.CharField(
        max_length=10,
        choices=[
            ("ticketing", "Ticketing"),
            ("hotel", "Hotel"),
            ("transport", "Transport"),
            ("food", "Food"),
            ("visa", "Visa"),
            ("general", "General"),
        ],
    )
    currency = models.CharField(max_length=3, default="INR")
    airline_code = models.CharField(max_length=3, blank=True)
    contact_person = models.CharField(max_length=100, blank=True)

"""Sales: one booking table carries what every sale has; the package sale and its passengers hang off it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper

from qafila.groups.models import GroupFlight, TravelGroup
from qafila.identity.models import Branch
from qafila.kernel.models import MoneyField
from qafila.parties.models import Agent, Customer


class Booking(models.Model):
    """One sale to one customer. `balance` = `gross_total` - `paid`, kept by the database: the only balance anywhere."""

    number = models.CharField(max_length=24, unique=True)
    product = models.CharField(max_length=8, choices=[("package", "Package"), ("air", "Air")])
    state = models.CharField(max_length=24)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bookings")
    payer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="paid_bookings")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="bookings")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    net_total = MoneyField()
    tax_total = MoneyField(default=0)
    tcs_total = MoneyField(default=0)
    gross_total = MoneyField()
    paid = MoneyField(default=0)
    balance = models.GeneratedField(expression=F("gross_total") - F("paid"), output_field=MoneyField(), db_persist=True)
    external_ref = models.CharField(max_length=60, null=True)
    notes = models.TextField(blank=True)
    version = models.IntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(net_total__gte=0) & Q(tax_total__gte=0) & Q(tcs_total__gte=0) & Q(gross_total__gte=0),
                name="booking_totals_not_negative",
            ),
            models.CheckConstraint(condition=Q(paid__gte=0), name="booking_paid_not_negative"),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(deleted_at__isnull=True), name="live_bookings"),
            models.Index(fields=["state", "-id"], name="bookings_by_state"),
            models.Index(fields=["agent", "-id"], condition=Q(agent__isnull=False), name="bookings_of_agent"),
            models.Index(fields=["external_ref"], condition=Q(external_ref__isnull=False), name="booking_by_ref"),
        ]


class PackageSale(models.Model):
    """The package side of a booking: its group, what was sold, at which rates, and the two approval tracks."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, primary_key=True, related_name="package")
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="sales")
    customer_id = models.BigIntegerField()  # the booking's, repeated so that the database refuses the same sale twice
    is_live = models.BooleanField(default=True)  # false once cancelled or deleted
    booking_type = models.CharField(max_length=24)
    room_type = models.CharField(max_length=10, blank=True)
    payment_policy = models.CharField(
        max_length=8, choices=[("full", "Full payment"), ("partial", "Part payment"), ("advance", "Advance")]
    )
    adults = models.SmallIntegerField(default=0)
    children = models.SmallIntegerField(default=0)
    infants = models.SmallIntegerField(default=0)
    adult_rate = MoneyField(default=0)
    child_rate = MoneyField(default=0)
    infant_rate = MoneyField(default=0)
    rates_from = models.CharField(max_length=8, choices=[("sheet", "Rate sheet"), ("given", "Agreed")], default="sheet")
    agreed_total = MoneyField(null=True)
    sheet_version = models.IntegerField(null=True)
    finance_approval = models.CharField(max_length=10, default="pending")
    ops_approval = models.CharField(max_length=10, default="pending")
    needs_attention = models.CharField(max_length=1000, blank=True)  # why it was sent back or rejected

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "group"], condition=Q(is_live=True), name="one_booking_per_customer_and_group"
            ),
            models.CheckConstraint(
                condition=Q(adults__gte=0) & Q(children__gte=0) & Q(infants__gte=0), name="sale_counts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(finance_approval__in=["pending", "approved", "rejected"]), name="finance_track_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ops_approval__in=["pending", "approved", "sent_back"]), name="ops_track_is_known"
            ),
        ]


class SaleRate(models.Model):
    """One component's rate per person and tier, as sold: the snapshot the invoice is priced from."""

    sale = models.ForeignKey(PackageSale, on_delete=models.CASCADE, related_name="rates")
    item = models.CharField(max_length=16)
    adult = MoneyField()
    child = MoneyField()
    infant = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sale", "item"], name="one_rate_per_component"),
            models.CheckConstraint(
                condition=Q(item__in=["flight", "hotel", "meals", "visa", "ground_services"]), name="component_is_known"
            ),
        ]


class SaleTax(models.Model):
    """One tax of a sale as computed: base and amount in the booking's currency."""

    sale = models.ForeignKey(PackageSale, on_delete=models.CASCADE, related_name="taxes")
    n = models.SmallIntegerField()
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=4)
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    mode = models.CharField(max_length=10)
    applies_to = ArrayField(models.CharField(max_length=16))
    base = MoneyField()
    amount = MoneyField()

    class Meta:
        ordering = ["sale_id", "n"]
        constraints = [models.UniqueConstraint(fields=["sale", "n"], name="sale_taxes_are_numbered")]


class Passenger(models.Model):
    """Who travels on one booking. Infants take no seat; only the active travel."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="passengers")
    n = models.SmallIntegerField()
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="travels")
    state = models.CharField(
        max_length=10,
        choices=[("active", "Active"), ("waitlisted", "Waitlisted"), ("cancelled", "Cancelled")],
        default="active",
    )
    tier = models.CharField(max_length=6, choices=[("adult", "Adult"), ("child", "Child"), ("infant", "Infant")])
    is_lead = models.BooleanField(default=False)
    title = models.CharField(max_length=10, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True)
    gender = models.CharField(max_length=1, blank=True)
    date_of_birth = models.DateField(null=True)
    passport_no = models.CharField(max_length=20, blank=True)
    passport_issued = models.DateField(null=True)
    passport_expiry = models.DateField(null=True)
    nationality = models.CharField(max_length=3, blank=True)
    needs_visa = models.BooleanField(default=False)
    pnr = models.CharField(max_length=8, blank=True)
    flight = models.ForeignKey(GroupFlight, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["booking_id", "n"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "n"], name="passengers_are_numbered"),
            models.UniqueConstraint(
                fields=["booking", "passport_no"],
                condition=~Q(passport_no="") & ~Q(state="cancelled"),
                name="a_passport_travels_once_per_booking",
            ),
            models.CheckConstraint(condition=Q(pnr=Upper("pnr")), name="passenger_pnr_upper_case"),
        ]
        indexes = [models.Index(fields=["passport_no"], name="passengers_by_passport")]


class WizardDraft(models.Model):
    """A booking half entered in the wizard, as typed, step by step: nothing is lost on reload."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    step = models.CharField(max_length=12)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_key")]
        indexes = [models.Index(fields=["user", "-updated_at"], name="drafts_of_one_person")]


class ImportRun(models.Model):
    """A file of bookings on its way in: first checked, then run; it goes on where it stopped."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    phase = models.CharField(
        max_length=8,
        choices=[("check", "Checking"), ("checked", "Checked"), ("run", "Importing"), ("done", "Imported")],
        default="check",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="imports_of_one_person")]


class ImportRow(models.Model):
    """One booking of a file: as it was read, what the check or the import said of it, and the booking it became."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    n = models.IntegerField()
    ref = models.CharField(max_length=60, blank=True)
    data = models.JSONField()
    people = models.SmallIntegerField(default=0)
    state = models.CharField(
        max_length=8,
        choices=[("new", "Not looked at"), ("good", "In order"), ("bad", "Refused"), ("made", "Booked")],
        default="new",
    )
    error = models.CharField(max_length=500, blank=True)
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    booking = models.ForeignKey(Booking, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["run_id", "n"]
        constraints = [models.UniqueConstraint(fields=["run", "n"], name="import_rows_are_numbered")]
        indexes = [models.Index(fields=["run", "state", "n"], name="import_rows_by_state")]

"""Departures: dates, capacity, the rate sheet, the inventory linked to them, and every seat that moved."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper

from qafila.identity.models import Branch
from qafila.inventory.models import AirlineBlock
from qafila.kernel.models import MoneyField


class TravelGroup(models.Model):
    """One departure that many bookings share. `code` and `name` are minted by a trigger and never change."""

    class GroupType(models.TextChoices):
        HAJ = "HAJ", "Hajj"
        HAJ_ZIYARAT = "HAJ_ZIYARAT", "Hajj and Ziyarat"
        UMRAH = "UMRAH", "Umrah"
        UMRAH_ZIYARAT = "UMRAH_ZIYARAT", "Umrah and Ziyarat"
        ZIYARAT = "ZIYARAT", "Ziyarat"
        GENERAL_DOMESTIC = "GENERAL_DOMESTIC", "Domestic tour"
        GENERAL_INTERNATIONAL = "GENERAL_INTERNATIONAL", "International tour"

    code = models.CharField(max_length=24, unique=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    group_type = models.CharField(max_length=24, choices=GroupType.choices)
    departure_date = models.DateField()
    return_date = models.DateField()
    total_capacity = models.IntegerField()
    booked_count = models.IntegerField(default=0)
    currency = models.CharField(max_length=3, default="INR")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    status_override = models.CharField(max_length=12, default="auto")
    is_priced = models.BooleanField(default=False)
    is_linked = models.BooleanField(default=False)
    cancelled_at = models.DateTimeField(null=True)
    leader_id = models.BigIntegerField(null=True)
    geography = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    sheet_version = models.IntegerField(default=1)
    version = models.IntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_capacity__gt=0), name="a_group_has_capacity"),
            models.CheckConstraint(
                condition=Q(booked_count__gte=0) & Q(booked_count__lte=F("total_capacity")),
                name="no_group_seat_sold_twice",
            ),
            models.CheckConstraint(
                condition=Q(return_date__gte=F("departure_date")), name="a_group_returns_after_it_departs"
            ),
        ]
        indexes = [models.Index(fields=["departure_date", "id"], name="groups_by_departure")]


class GroupFlight(models.Model):
    """A block linked to a group: `seats` of it are the group's. A block belongs to one group company-wide."""

    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="flights")
    block = models.OneToOneField(AirlineBlock, on_delete=models.PROTECT, related_name="group_flight")
    seats = models.IntegerField()
    cost = MoneyField()
    pnr = models.CharField(max_length=8, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seats__gt=0), name="a_link_takes_seats"),
            models.CheckConstraint(condition=Q(pnr=Upper("pnr")), name="link_pnr_upper_case"),
        ]


class RateSheetLine(models.Model):
    """One line of a group's rate sheet, per person and tier, in the group's currency. `hotel` includes meals."""

    group = models.ForeignKey(TravelGroup, on_delete=models.CASCADE, related_name="sheet_lines")
    item = models.CharField(max_length=16)
    adult = MoneyField()
    child = MoneyField()
    infant = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "item"], name="one_sheet_line_per_item"),
            models.CheckConstraint(
                condition=Q(item__in=["flight", "hotel", "visa", "ground_services"]), name="sheet_item_is_known"
            ),
            models.CheckConstraint(
                condition=Q(adult__gte=0) & Q(child__gte=0) & Q(infant__gte=0), name="sheet_rates_not_negative"
            ),
        ]


class SheetTaxLine(models.Model):
    """A tax line of a rate sheet: `rate` in percent, on the base of the items it applies to."""

    group = models.ForeignKey(TravelGroup, on_delete=models.CASCADE, related_name="tax_lines")
    n = models.SmallIntegerField()
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=4, choices=[("gst", "GST/VAT"), ("tcs", "TCS")], default="gst")
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    mode = models.CharField(max_length=10, choices=[("exclusive", "Exclusive"), ("inclusive", "Inclusive")])
    applies_to = ArrayField(models.CharField(max_length=16))

    class Meta:
        ordering = ["group_id", "n"]
        constraints = [
            models.UniqueConstraint(fields=["group", "n"], name="sheet_taxes_are_numbered"),
            models.CheckConstraint(condition=Q(rate__range=(0, 100)), name="sheet_tax_is_a_percentage"),
        ]


class GroupSeatMovement(models.Model):
    """Seats of a group taken (positive) or given back (negative). Append-only; their sum is `booked_count`."""

    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="movements")
    seats = models.IntegerField()
    reason = models.CharField(max_length=40)
    booking_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(seats=0), name="a_group_movement_moves_seats")]
        indexes = [models.Index(fields=["booking_id"], name="group_seats_of_booking")]


class GroupEvent(models.Model):
    """The history of a group as its page tells it: linked, priced, booked, cancelled. Append-only."""

    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    booking_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

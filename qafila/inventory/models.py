"""What the agency owns to sell: airline blocks with their legs, and the record of every seat that moved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper

from qafila.identity.models import Branch
from qafila.kernel.models import MoneyField
from qafila.parties.models import Supplier


class Airline(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    icao = models.CharField(max_length=4, blank=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=80, blank=True)


class Airport(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=150)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=50)


class AirlineBlock(models.Model):
    """Seats bought in bulk on one PNR: stock until a group or a partner takes them. `allocated_seats` are taken."""

    class TripType(models.TextChoices):
        ONE_WAY = "one_way", "One way"
        RETURN = "return", "Return"
        MULTI_CITY = "multi_city", "Multi-city"

    code = models.CharField(max_length=24, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="blocks")
    airline = models.ForeignKey(Airline, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    pnr = models.CharField(max_length=8)
    return_pnr = models.CharField(max_length=8, blank=True)
    trip_type = models.CharField(max_length=10, choices=TripType.choices)
    total_seats = models.IntegerField()
    allocated_seats = models.IntegerField(default=0)
    price_per_seat = MoneyField()
    currency = models.CharField(max_length=3)
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=8, default=1)
    deposit_amount = MoneyField(null=True)
    deposit_due = models.DateField(null=True)
    names_due = models.DateField(null=True)
    ticketing_due = models.DateField(null=True)
    expiry_date = models.DateField(null=True)
    departs_on = models.DateField()
    returns_on = models.DateField(null=True)
    route = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default="active")
    notes = models.TextField(blank=True)
    version = models.IntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_seats__gt=0), name="a_block_has_seats"),
            models.CheckConstraint(
                condition=Q(allocated_seats__gte=0) & Q(allocated_seats__lte=F("total_seats")),
                name="no_block_seat_sold_twice",
            ),
            models.CheckConstraint(
                condition=Q(price_per_seat__gte=0) & Q(exchange_rate__gt=0), name="block_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(pnr=Upper("pnr")) & Q(return_pnr=Upper("return_pnr")), name="block_pnr_upper_case"
            ),
        ]
        indexes = [models.Index(fields=["departs_on", "id"], name="blocks_by_departure")]


class BlockLeg(models.Model):
    """One flight segment. Times are local to the airport they happen at. A null `pnr` inherits the block's."""

    block = models.ForeignKey(AirlineBlock, on_delete=models.CASCADE, related_name="legs")
    direction = models.CharField(max_length=8, choices=[("outbound", "Outbound"), ("return", "Return")])
    n = models.SmallIntegerField()
    origin = models.ForeignKey(Airport, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Airport, on_delete=models.PROTECT, related_name="+")
    flight_no = models.CharField(max_length=10)
    departs_on = models.DateField()
    departs_at = models.TimeField()
    arrives_on = models.DateField()
    arrives_at = models.TimeField()
    terminal = models.CharField(max_length=10, blank=True)
    arrival_terminal = models.CharField(max_length=10, blank=True)
    pnr = models.CharField(max_length=8, null=True)

    class Meta:
        ordering = ["block_id", "direction", "n"]
        constraints = [models.UniqueConstraint(fields=["block", "direction", "n"], name="legs_are_numbered")]


class BlockSeatMovement(models.Model):
    """Seats taken from (positive) or given back to (negative) a block. Append-only; their sum is `allocated_seats`."""

    block = models.ForeignKey(AirlineBlock, on_delete=models.PROTECT, related_name="movements")
    seats = models.IntegerField()
    reason = models.CharField(max_length=40)
    group_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(seats=0), name="a_block_movement_moves_seats")]

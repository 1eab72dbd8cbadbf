"""Tax law as effective-dated data: rates are rows with a first and a last day, never constants."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class TaxRate(models.Model):
    """A rate that the law set from a day on: `code` names the rule (GST_TOUR, TCS_TOUR), `law` where it stands."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="IN")
    rate = models.DecimalField(max_digits=6, decimal_places=3)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    law = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "country", "effective_from"], name="one_rate_per_first_day"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="a_rate_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(rate__range=(0, 100)), name="a_rate_is_a_percentage"),
        ]

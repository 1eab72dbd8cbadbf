"""The books. The rules that keep them honest are in migrations/sql/: what these tables refuse, no Python can allow."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from qafila.identity.models import Branch
from qafila.kernel.models import MoneyField


class Party(models.Model):
    """Whom the books know: a customer, an agent or a supplier. The parties room keeps what else there is to know."""

    kind = models.CharField(
        max_length=10, choices=[("customer", "Customer"), ("agent", "Agent"), ("supplier", "Supplier")]
    )
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())


class Account(models.Model):
    """An account of the chart. Groups take no postings; a control account needs a party on each line."""

    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        EQUITY = "equity"
        INCOME = "income"
        EXPENSE = "expense"

    class Control(models.TextChoices):
        CUSTOMER = "customer"
        AGENT = "agent"
        SUPPLIER = "supplier"
        ANY = "any", "Customer, agent or supplier"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    is_group = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    control = models.CharField(max_length=10, blank=True, choices=Control.choices)
    currency = models.CharField(max_length=3, null=True)
    cash_or_bank = models.CharField(max_length=4, blank=True, choices=[("cash", "Cash"), ("bank", "Bank")])
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_group=False) | Q(control="", cash_or_bank="", currency__isnull=True),
                name="a_group_only_holds_accounts",
            ),
        ]


class Period(models.Model):
    """An accounting period: postings dated in it are taken while it is open (soft-closed: by those who may adjust)."""

    name = models.CharField(max_length=20, unique=True)
    starts = models.DateField()
    ends = models.DateField()
    state = models.CharField(max_length=12, default="open")

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="a_period_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "soft_closed", "closed", "locked"]), name="period_state_is_known"
            ),
            ExclusionConstraint(
                name="periods_do_not_overlap",
                expressions=[
                    (
                        Func(
                            F("starts"),
                            F("ends"),
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]


class JournalEntry(models.Model):
    """A journal entry: what happened, when, who made it and who checked it. Never changed, never deleted."""

    number = models.CharField(max_length=30, unique=True)
    date = models.DateField()
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=40)
    source_id = models.BigIntegerField(null=True)
    event = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    origin = models.CharField(max_length=10)
    status = models.CharField(max_length=10, default="approved")
    narration = models.CharField(max_length=500)
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reversals", db_index=False)
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrections", db_index=False
    )
    total = MoneyField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=200)
    checked_by_id = models.BigIntegerField(null=True)
    checked_by_name = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    break_glass = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "event", "key"], name="one_entry_per_event"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="one_reversal_per_entry"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "approved", "rejected"]), name="entry_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["operation", "manual", "voucher", "reversal"]), name="entry_origin_is_known"
            ),
            models.CheckConstraint(
                condition=Q(origin="reversal", reverses__isnull=False)
                | (~Q(origin="reversal") & Q(reverses__isnull=True)),
                name="a_reversal_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(status="approved") | Q(origin__in=["manual", "voucher"]), name="only_manual_entries_wait"
            ),
            models.CheckConstraint(
                condition=Q(status="pending", checked_by_id__isnull=True, checked_at__isnull=True)
                | Q(status="rejected", checked_at__isnull=False)
                | Q(status="approved"),
                name="a_decision_has_its_checker",
            ),
            models.CheckConstraint(
                condition=~Q(origin__in=["manual", "voucher"])
                | Q(checked_by_id__isnull=True)
                | Q(made_by_id__isnull=True)
                | ~Q(checked_by_id=F("made_by_id"))
                | Q(break_glass=True),
                name="maker_is_not_checker",
            ),
        ]
        indexes = [
            models.Index(fields=["-date", "-id"], name="journal_by_date"),
            models.Index(fields=["source", "source_id"], name="entries_of_one_document"),
            models.Index(fields=["id"], condition=~Q(status="approved"), name="entries_not_approved"),
            models.Index(fields=["corrects"], condition=Q(corrects__isnull=False), name="corrections_of_an_entry"),
        ]


class JournalLine(models.Model):
    """One line: debit or credit in base currency. Foreign keys of `group_id`, `booking_id`: from their rooms."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines", db_index=False)
    n = models.SmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    date = models.DateField()
    debit = MoneyField(default=0)
    credit = MoneyField(default=0)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    group_id = models.BigIntegerField(null=True)
    booking_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    amount = MoneyField(null=True)
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "n"], name="lines_are_numbered"),
            models.CheckConstraint(
                condition=(Q(debit__gt=0) & Q(credit=0)) | (Q(debit=0) & Q(credit__gt=0)),
                name="a_line_is_debit_or_credit",
            ),
            models.CheckConstraint(
                condition=Q(currency__isnull=True, amount__isnull=True, rate__isnull=True)
                | Q(currency__isnull=False, amount__isnull=False, amount__gte=0, rate__isnull=False, rate__gt=0),
                name="a_foreign_amount_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "date", "id"], name="statement_of_account"),
            models.Index(fields=["party", "date", "id"], name="statement_of_party", condition=Q(party__isnull=False)),
            models.Index(fields=["booking_id"], name="lines_of_booking", condition=Q(booking_id__isnull=False)),
            models.Index(fields=["group_id"], name="lines_of_group", condition=Q(group_id__isnull=False)),
        ]


class AccountBalance(models.Model):
    """Movement of an account, per branch and month, in 16 buckets so that busy accounts do not wait. Fed by trigger."""

    pk = models.CompositePrimaryKey("account_id", "branch_id", "month", "bucket")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    branch_id = models.BigIntegerField()  # 0: no branch
    month = models.DateField()
    bucket = models.SmallIntegerField()
    debit = MoneyField(default=0)
    credit = MoneyField(default=0)
    lines = models.BigIntegerField(default=0)  # how many: a statement pages over months without counting them


class PartyBalance(models.Model):
    """What a party owes (debit over credit) on one control account. Its row lock is the credit check's truth."""

    pk = models.CompositePrimaryKey("party_id", "account_id")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    debit = MoneyField(default=0)
    credit = MoneyField(default=0)
    lines = models.BigIntegerField(default=0)

"""The agency, its branches, its people, what they may, and how they sign in."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from qafila.kernel.models import MoneyField


class Agency(models.Model):
    """The company that runs this Qafila: one row. Money settings change with an audit row."""

    name = models.CharField(max_length=200)
    base_currency = models.CharField(max_length=3, default="INR")
    country = models.CharField(max_length=2, default="IN")
    state_code = models.CharField(max_length=2, blank=True)
    gstin = models.CharField(max_length=15, blank=True)
    pan = models.CharField(max_length=10, blank=True)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Kolkata")
    fiscal_year_month = models.SmallIntegerField(default=4)
    fiscal_year_day = models.SmallIntegerField(default=1)
    booking_prefix = models.CharField(max_length=6, default="BK")
    journal_threshold = MoneyField(default=0)
    tour_revenue_policy = models.CharField(
        max_length=12, choices=[("at_invoice", "At invoice"), ("at_departure", "At departure")], default="at_invoice"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_agency_per_database")]


class Branch(models.Model):
    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=100)
    state_code = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{2,3}$"), name="branch_code_is_short")]


class Role(models.Model):
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)


class Permission(models.Model):
    """A right that some room declares. Filled at migration from the rooms' rights.py."""

    name = models.CharField(max_length=80, unique=True)
    label = models.CharField(max_length=200)
    moves_money = models.BooleanField(default=False)


class RoleRight(models.Model):
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="rights")
    right = models.ForeignKey(Permission, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "right"], name="a_role_holds_a_right_once")]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A log-in: staff, or a partner's or customer's portal (whose, `party_id` says)."""

    email = models.EmailField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=10, choices=[("staff", "Staff"), ("agent", "Partner"), ("customer", "Customer")], default="staff"
    )
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    party_id = models.BigIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    roles = models.ManyToManyField(Role, related_name="users")
    created_at = models.DateTimeField(db_default=Now())
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(kind="staff", party_id=None) | (~Q(kind="staff") & Q(party_id__isnull=False)),
                name="a_portal_login_has_its_party",
            ),
        ]


class UserRight(models.Model):
    """A right allowed or denied to one person: a deny beats everything, an allow beats the roles."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="own_rights")
    right = models.ForeignKey(Permission, on_delete=models.CASCADE, related_name="+")
    allowed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "right"], name="one_word_per_person_and_right")]


class ApiToken(models.Model):
    """A bearer token: shown once, kept as a hash, expires, carries its person's rights."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class SignIn(models.Model):
    """One signed-in browser: what the sessions list shows and what signing out elsewhere ends."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())
    second_factor = models.BooleanField(default=False)

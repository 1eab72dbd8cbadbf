"""Settings: everything an operator may change comes from the environment, everything else is fixed here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "qafila"


def flag(name: str, default: bool) -> bool:
    """An on/off setting: 1, true, yes, on (any case) are on; 0, false, no, off are off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    return value in {"1", "true", "yes", "on"}


def database(url: str) -> dict[str, Any]:
    """A Django database from a `postgresql://user:password@host:port/name` address, `?host=/socket/dir` included."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    port = query.pop("port", None) or parts.port or ""
    return {
        "ENGINE": "qafila.kernel.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "qafila",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {
            "server_side_binding": True,
            # A statement is prepared at its second use: 1.4-1.6x on the hot verbs (docs/decisions/0002).
            "prepare_threshold": 1,
            "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c timezone=UTC",
            "application_name": "qafila",
            **query,
        },
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://qafila_app@/qafila?host=/nonexistent")
DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL") or DATABASE_URL
# Migrations and grants run as the owner of the tables; everything else as the application's own role.
AS_OWNER = os.environ.get("QAFILA_DATABASE_ROLE") == "owner"
DATABASES = {"default": database(DATABASE_OWNER_URL if AS_OWNER else DATABASE_URL)}
if AS_OWNER:
    DATABASES["default"]["OPTIONS"]["options"] = "-c statement_timeout=0 -c lock_timeout=4000 -c timezone=UTC"

DATA_DIR = Path(os.environ.get("QAFILA_DATA_DIR") or ROOT / "var")
FILES_DIR = DATA_DIR / "files"
MAIL_DIR = DATA_DIR / "mail"

DEBUG = flag("QAFILA_DEBUG", False)
DEMO = flag("QAFILA_DEMO", False)
REQUIRE_2FA = flag("QAFILA_REQUIRE_2FA", True)
SECURE = flag("QAFILA_SECURE", False)  # on behind HTTPS: Secure cookies, HSTS
TESTING = "pytest" in sys.modules


def secret_key() -> str:
    """The signing key: from the environment, else kept (mode 600) beside the agency's data."""
    if key := os.environ.get("QAFILA_SECRET_KEY"):
        return key
    kept = DATA_DIR / "secret-key"
    try:
        return kept.read_text().strip()
    except OSError:
        from django.core.management.utils import get_random_secret_key

        key = get_random_secret_key()
        try:
            DATA_DIR.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(key)
        except FileExistsError:
            return kept.read_text().strip()
        except OSError:
            pass  # a read-only place: this process signs with its own key
        return key


SECRET_KEY = secret_key()
ALLOWED_HOSTS = [h for h in os.environ.get("QAFILA_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("QAFILA_TRUSTED_ORIGINS", "").split(",") if o]

# The floors, from the ground up: reactions to a fact run in this order.
ROOMS = [
    "kernel",
    "identity",
    "documents",
    "notifications",
    "ledger",
    "parties",
    "tax",
    "inventory",
    "groups",
    "sales",
    "visas",
    "ticketing",
    "billing",
    "operations",
    "reports",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "ninja",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    *(f"qafila.{room}" for room in ROOMS),
]
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["qafila.identity.hashers.Argon2"]
PASSWORD_RESET_TIMEOUT = 2 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qafila.kernel.middleware.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qafila.identity.middleware.ActorMiddleware",
    "qafila.kernel.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "qafila.config.urls"
WSGI_APPLICATION = "qafila.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "qafila.kernel.web.shell",
            ],
            "builtins": ["qafila.kernel.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("ur", "اردو"), ("hi", "हिन्दी"), ("bn", "বাংলা")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DATE_FORMAT = "j M Y"

# Development and tests read the static files where they lie; a product reads the collected, hashed, compressed ones.
STATIC_FROM_SOURCE = flag("QAFILA_STATIC_FROM_SOURCE", DEBUG or TESTING)
STATIC_URL = "/static/"
STATIC_ROOT = None if STATIC_FROM_SOURCE else DATA_DIR / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(FILES_DIR)}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_FROM_SOURCE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = STATIC_FROM_SOURCE
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "qafila"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "qafila.config.failures.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# What must be shared between processes (used one-time codes, rate limits) is kept in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}}

LOGIN_URL = "/login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours: 15 minutes
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # 15 minutes are 15 minutes: knocking does not lengthen them
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_CLIENT_IP_CALLABLE = "qafila.identity.addresses.client_ip"
AXES_SENSITIVE_PARAMETERS = ["email", "code"]
AXES_DISABLE_ACCESS_LOG = True  # the sessions list and the audit trail say it
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "email"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

MFA_ADAPTER = "qafila.identity.second_factor.Adapter"
MFA_TOTP_ISSUER = "Qafila"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be 30 s off
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# The address in mailed links, e.g. https://qafila.example; without it the one by which the asker came.
PUBLIC_URL = os.environ.get("QAFILA_PUBLIC_URL", "").rstrip("/")
TRUSTED_PROXIES = int(os.environ.get("QAFILA_TRUSTED_PROXIES", "0"))
LOGIN_RATE = int(os.environ.get("QAFILA_LOGIN_RATE", "30"))  # log-in attempts a minute from one address
API_RATE = int(os.environ.get("QAFILA_API_RATE", "1200"))  # requests a minute with one token; 0: no limit

EMAIL_HOST = os.environ.get("QAFILA_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("QAFILA_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("QAFILA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QAFILA_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("QAFILA_SMTP_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("QAFILA_MAIL_FROM", "Qafila <no-reply@localhost>")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = MAIL_DIR

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "qafila.config.jobs.on_app_ready"
# axes: its middleware answers in its own words, ours are told by the log-in; addresses are limited by LOGIN_RATE.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # What clients do wrong is answered to them; the log is for what we do wrong.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("QAFILA_LOG_LEVEL", "WARNING")},
}

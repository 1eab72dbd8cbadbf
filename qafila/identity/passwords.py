"""Which passwords are accepted."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from qafila.identity.errors import PasswordTooWeak
from qafila.identity.models import User

LONGEST = 128


def accept(user: User, password: str, field: str = "password") -> None:
    """Give the (unsaved) log-in this password. Refuses: PasswordTooWeak with every reason."""
    if len(password) > LONGEST:
        raise PasswordTooWeak(f"A password has at most {LONGEST} characters.", field=field)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages), field=field) from error
    user.set_password(password)

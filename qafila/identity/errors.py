"""What identity refuses."""

from __future__ import annotations

from typing import Any

from qafila.kernel.errors import Conflict, Refusal, TooManyRequests


class WrongCredentials(Refusal):
    """E-mail and password do not belong together; which of the two is wrong is not told."""

    code, status, title = "WRONG_CREDENTIALS", 401, "Not signed in"


class WrongCode(Refusal):
    """The second factor's code is wrong, or was used before."""

    code, status, title = "WRONG_CODE", 401, "Not signed in"


class FirstCodeWrong(Refusal):
    """The phone that is being set up does not show this code."""

    code, status, title = "FIRST_CODE_WRONG", 422, "Check the code"


class WrongPassword(Refusal):
    """A signed-in person gave another password than their own. Not 401: they are still signed in."""

    code, status, title = "WRONG_PASSWORD", 422, "Check the password"


class NoLogInUnderWay(Refusal):
    """A code arrived without a password before it, or too long after it."""

    code, status, title = "NO_LOG_IN_UNDER_WAY", 401, "Start again"


class LockedOut(TooManyRequests):
    """Too many wrong passwords or codes for one person in a row."""

    code, title = "LOCKED_OUT", "Locked"


class TokenInvalid(Refusal):
    """No such bearer token, or it was revoked, or its person may no longer log in."""

    code, status, title = "TOKEN_INVALID", 401, "Token not valid"


class TokenExpired(Refusal):
    code, status, title = "TOKEN_EXPIRED", 401, "Token expired"


class TwoFactorRequired(Refusal):
    """The person may move money and has no second factor yet."""

    code, status, title = "TWO_FACTOR_REQUIRED", 403, "Second factor needed"

    def __init__(self) -> None:
        super().__init__(
            "Your rights let you move money, so your log-in needs a second factor: set one up on the web page.",
            enrol_at="/account/two-factor",
        )


class TwoFactorCompulsory(Refusal):
    code, status, title = "TWO_FACTOR_COMPULSORY", 403, "Second factor needed"


class TwoFactorAlreadySet(Refusal):
    code, status, title = "TWO_FACTOR_ALREADY_SET", 409, "Already set up"


class TwoFactorNotSet(Refusal):
    code, status, title = "TWO_FACTOR_NOT_SET", 409, "Not set up"


class EnrolmentExpired(Refusal):
    """The secret that was offered is older than 15 minutes, or was offered to somebody else."""

    code, status, title = "ENROLMENT_EXPIRED", 409, "Start again"


class PasswordNeeded(Refusal):
    """What changes how a person proves who they are asks for the password again."""

    code, status, title = "PASSWORD_NEEDED", 403, "Password needed"


class PasswordLinkOld(Refusal):
    """The link to set a new password was used, or is too old."""

    code, status, title = "PASSWORD_LINK_OLD", 409, "The link is old"


class PasswordTooWeak(Refusal):
    code, status, title = "PASSWORD_TOO_WEAK", 422, "Choose another password"


class NotJson(Refusal):
    """A log-in that is not JSON could have been sent by a form of another site."""

    code, status, title = "NOT_JSON", 415, "Send JSON"


class EmailTaken(Conflict):
    code = "EMAIL_TAKEN"

    def __init__(self, email: str) -> None:
        super().__init__(f"Somebody logs in with {email} already.", field="email")


class UnknownRole(Refusal):
    code, status, title = "UNKNOWN_ROLE", 422, "Check the input"


class UnknownRight(Refusal):
    code, status, title = "UNKNOWN_RIGHT", 422, "Check the input"


class UnknownBranch(Refusal):
    code, status, title = "UNKNOWN_BRANCH", 422, "Check the input"


class RolesDoNotFit(Refusal):
    """A portal log-in holds its portal role alone; staff hold staff roles."""

    code, status, title = "ROLES_DO_NOT_FIT", 422, "Check the input"


class NotYourself(Refusal):
    """Nobody widens or narrows their own rights."""

    code, status, title = "NOT_YOURSELF", 403, "Somebody else must do this"


class LastAdministrator(Refusal):
    """Somebody must remain who can give rights."""

    code, status, title = "LAST_ADMINISTRATOR", 409, "Not possible"


class AgencyNotSetUp(Refusal):
    code, status, title = "AGENCY_NOT_SET_UP", 409, "The agency is not set up"

    def __init__(self, **facts: Any) -> None:
        super().__init__("The agency is not set up yet: its name and currency are missing.", **facts)

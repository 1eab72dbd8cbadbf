"""Refusals in Duffel's own words: the seven types of error and the body they all share.

Recorded (duffel-api-ruby, spec/fixtures/*_error.json): missing_authorization_header, missing_version_header,
validation_required, rate_limit_exceeded, airline_unknown. Documented: the codes of payments,
hold orders and cancellations. A source is an object for a field, and the airline's name in an airline's error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "authentication_error",
    "invalid_request_error",
    "invalid_state_error",
    "validation_error",
    "rate_limit_error",
    "airline_error",
    "api_error",
]
DOCUMENTATION = "https://duffel.com/docs/api/overview/errors"


@dataclass(eq=False)
class ApiError(Exception):
    """A request that is answered with an error. `status` is the HTTP status, repeated in the body's meta."""

    status: int
    kind: Kind
    code: str
    title: str
    message: str
    source: dict[str, str] | str | None = None

    def told(self, request_id: str) -> dict[str, Any]:
        """The body."""
        error: dict[str, Any] = {
            "type": self.kind,
            "title": self.title,
            "message": self.message,
            "documentation_url": DOCUMENTATION,
            "code": self.code,
        }
        if self.source is not None:
            error["source"] = self.source
        return {"meta": {"status": self.status, "request_id": request_id}, "errors": [error]}


def missing_authorization() -> ApiError:
    return ApiError(
        401,
        "authentication_error",
        "missing_authorization_header",
        "Missing authorization header",
        "The 'Authorization' header needs to be set and contain a valid API token.",
    )


def unknown_token() -> ApiError:
    return ApiError(
        401,
        "authentication_error",
        "access_token_not_found",
        "Access token not found",
        "The access token in the 'Authorization' header was not found.",
    )


def bad_version(sent: str) -> ApiError:
    if not sent:
        return ApiError(
            400,
            "invalid_request_error",
            "missing_version_header",
            "Missing version header",
            "The 'Duffel-Version' header needs to be set to a valid API version.",
        )
    return ApiError(
        400,
        "invalid_request_error",
        "unsupported_version",
        "Unsupported version",
        "The version set in the 'Duffel-Version' header is no longer supported by the API.",
    )


def not_acceptable() -> ApiError:
    return ApiError(
        406,
        "invalid_request_error",
        "not_acceptable",
        "Not acceptable",
        "The response type in the 'Accept' header is not supported: use 'application/json'.",
    )


def bad_request(code: str, title: str, message: str) -> ApiError:
    return ApiError(400, "invalid_request_error", code, title, message)


def not_found() -> ApiError:
    return ApiError(
        404,
        "invalid_request_error",
        "not_found",
        "Resource not found",
        "The resource you are trying to access does not exist.",
    )


def invalid(pointer: str, code: str, title: str, message: str) -> ApiError:
    """A field that does not hold. `pointer` is where it stands in the data, such as `/passengers/0/born_on`."""
    field = next((part for part in reversed(pointer.split("/")) if part and not part.isdigit()), "")
    return ApiError(422, "validation_error", code, title, message, {"pointer": pointer, "field": field})


def blank(pointer: str) -> ApiError:
    field = pointer.rsplit("/", 1)[-1]
    return invalid(pointer, "validation_required", "Required field", f"Field '{field}' can't be blank")


def unlinked(pointer: str) -> ApiError:
    field = pointer.rsplit("/", 1)[-1]
    return invalid(
        pointer,
        "not_found",
        "Linked record(s) not found",
        f"Field '{field}' contains ID(s) of linked record(s) that were not found in your account",
    )


def wrong_state(code: str, title: str, message: str, status: int = 422) -> ApiError:
    return ApiError(status, "invalid_state_error", code, title, message)


def offer_gone(airline: str) -> ApiError:
    return ApiError(
        422,
        "airline_error",
        "offer_no_longer_available",
        "Requested offer is no longer available",
        "Please select another offer, or create a new offer request to get the latest availability.",
        airline,
    )


def airline(status: int, code: str, message: str, source: str, title: str = "Unexpected Airline Error") -> ApiError:
    return ApiError(status, "airline_error", code, title, message, source)


def rate_limited() -> ApiError:
    return ApiError(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        "Rate limit exceeded",
        "Too many requests hit the API too quickly. "
        "Please retry your request after the time specified in the `ratelimit-reset` header.",
    )


def search_timed_out() -> ApiError:
    return ApiError(
        504,
        "api_error",
        "gateway_timeout_error",
        "Gateway timeout",
        "The airlines did not answer in time. Please retry your request.",
    )

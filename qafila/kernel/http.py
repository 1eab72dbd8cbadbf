"""The JSON API's conventions: declared rights, problem+json, idempotent posts, page envelopes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import time
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Router
from ninja import Schema as NinjaSchema
from ninja.errors import HttpError, ValidationError
from ninja.utils import check_csrf
from pydantic import BaseModel, ConfigDict, StringConstraints, WithJsonSchema

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid, NotSignedIn, Refusal, problem
from qafila.kernel.idempotency import Answer, Key
from qafila.kernel.may import May, as_may, declared
from qafila.kernel.pagination import MAX_PAGE_SIZE, Page, Window

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

PROBLEM = "application/problem+json"

Id = Annotated[int, Field(ge=1, le=2**63 - 1, examples=[1])]
"""A row's id in a path, query or body."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Required = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
ClockTime = Annotated[
    time, WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d:\d\d$", "examples": ["19:25:00"]})
]
"""An answer's time of day where it happens. OpenAPI's own `time` carries a zone, and a leg's has none."""


class Request(HttpRequest):
    """A request as our middlewares leave it: with its actor and its id."""

    actor: Actor
    signed_in: Actor | None
    request_id: str
    by_token: bool
    sign_in: Any  # identity.access.Session when signed in by a browser
    htmx: Any


class In(BaseModel):
    """What a request may carry: unknown fields are refused. Plain pydantic: ninja's own schema looks at every level
    in Python as if it were a row of Django's."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Out(NinjaSchema):
    """What an answer carries."""


class Paging(In):
    """`?page=&page_size=&sort=` of every list; subclass it to add a list's own filters."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)] = 50
    sort: Annotated[str, Field(max_length=40)] = ""
    q: Annotated[str, Field(max_length=100)] = ""

    def window(self) -> Window:
        return Window(self.page, self.page_size, self.sort)


class Envelope(Out, Generic[T]):
    """The page envelope of every list."""

    items: list[T]
    page: int
    page_size: int
    total: int
    pages: int


class Problem(Out):
    """An RFC 9457 problem. `code` is stable; `errors` names the fields at fault."""

    class At(Out):
        loc: list[str | int]
        msg: str

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[At] = []


class Gate:
    """Runs before anything is parsed: who may, and for cookie sessions the CSRF check."""

    def __init__(self, may: May) -> None:
        self.may = may

    def __call__(self, request: Request) -> bool:
        if request.signed_in and not request.by_token and check_csrf(request):
            raise NotSignedIn("The form's CSRF token is missing or old; reload the page.")
        self.may.admit(request.signed_in)
        return True


class Routes(Router):
    """A room's routes. Each declares who may: `@router.get("/groups", may="groups.view", response=…)`."""

    def _declare(
        self, method: str, path: str, may: May | str, response: Any, extra: dict[str, Any]
    ) -> Callable[[F], F]:
        declaration = as_may(may)

        def decorate(view: F) -> F:
            declared[f"{method} {path}"] = declaration
            openapi = {"x-may": declaration.describe()}
            if declaration.word != "public":
                openapi["security"] = [{"bearer": []}, {"session": []}]  # type: ignore[assignment]
            register = self.api_operation(
                [method],
                path,
                auth=Gate(declaration),
                response=response,
                openapi_extra={**openapi, **extra.pop("openapi_extra", {})},
                operation_id=extra.pop("operation_id", f"{view.__module__.split('.')[1]}_{view.__name__}"),
                **extra,
            )
            return register(view)

        return decorate

    def get(self, path: str, *, may: May | str, response: Any, **extra: Any) -> Callable[[F], F]:  # type: ignore[override]
        return self._declare("GET", path, may, response, extra)

    def post(self, path: str, *, may: May | str, response: Any, **extra: Any) -> Callable[[F], F]:  # type: ignore[override]
        return self._declare("POST", path, may, response, extra)

    def put(self, path: str, *, may: May | str, response: Any, **extra: Any) -> Callable[[F], F]:  # type: ignore[override]
        return self._declare("PUT", path, may, response, extra)

    def patch(self, path: str, *, may: May | str, response: Any, **extra: Any) -> Callable[[F], F]:  # type: ignore[override]
        return self._declare("PATCH", path, may, response, extra)

    def delete(self, path: str, *, may: May | str, response: Any, **extra: Any) -> Callable[[F], F]:  # type: ignore[override]
        return self._declare("DELETE", path, may, response, extra)


def envelope(page: Page[Any]) -> dict[str, Any]:
    return {
        "items": page.items,
        "page": page.page,
        "page_size": page.page_size,
        "total": page.total,
        "pages": page.pages,
    }


def key_of(request: HttpRequest) -> Key | None:
    """The request's Idempotency-Key, if it sent one. Refuses: Invalid when it is empty or over 120 characters."""
    value = request.headers.get("Idempotency-Key")
    if value is None:
        return None
    if not 1 <= len(value) <= 120 or not value.isprintable():
        raise Invalid("An Idempotency-Key has 1 to 120 printable characters.", field=("header", "Idempotency-Key"))
    return Key.of(value, f"{request.method} {request.path}", request.body)


def version_of(request: HttpRequest, said: int | None) -> int:
    """The version a change was made to: said in the body, or in the header If-Match. Refuses: Invalid for neither."""
    if said is not None:
        return said
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if tag.isascii() and tag.isdigit() and 0 < int(tag[:10]) < 2**31:
        return int(tag[:10])
    raise Invalid("Say which version you read: in the body as `version`, or as If-Match.", field="version")


def dump(schema: type[NinjaSchema], value: Any) -> Any:
    """A value as the JSON of a schema: what `once` stores and answers."""
    return schema.model_validate(value, from_attributes=True).model_dump(mode="json")


def answered(answer: Answer) -> HttpResponse:
    response = HttpResponse(
        json.dumps(answer.body, cls=DjangoJSONEncoder), content_type="application/json", status=answer.status
    )
    if answer.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def problem_response(refusal: Refusal) -> HttpResponse:
    body = json.dumps(problem(refusal), cls=DjangoJSONEncoder)
    response = HttpResponse(body, content_type=PROBLEM, status=refusal.status)
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="qafila"'
    if wait := getattr(refusal, "retry_after", None):
        response["Retry-After"] = str(wait)
    return response


def from_pydantic(errors: Sequence[Any], *, strip: Sequence[str] = ()) -> Invalid:
    """A validation failure as one refusal: the first sentence, and every field with its reason."""
    told = []
    for error in errors[:50]:
        loc = [part for part in error["loc"] if part not in strip]
        told.append({"loc": loc, "msg": str(error["msg"]).removeprefix("Value error, ")})
    first = told[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "form", "data"))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Invalid(f"{where or 'The request'}: {first['msg']}{more}", told)


class PayloadTooLarge(Refusal):
    code, status, title = "PAYLOAD_TOO_LARGE", 413, "Too large"


class AlreadyExists(Refusal):
    code, status, title = "CONFLICT", 409, "Conflict"


def as_refusal(error: Exception) -> Refusal | None:
    """What an exception means to the person who asked, if it is theirs to mend; None means a bug of ours."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestDataTooBig):
        return PayloadTooLarge("The request is larger than 5 MB.")
    if isinstance(error, DataError):
        return Invalid("A value does not fit where it is kept: too long, too large, or with characters it cannot hold.")
    if isinstance(error, IntegrityError):
        return _from_constraint(error)
    return None


def _from_constraint(error: IntegrityError) -> Refusal | None:
    """A constraint that an action did not foresee still answers as a conflict that names it, not as a crash."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if name is None:
        message = getattr(diagnosis, "message_primary", None)
        return AlreadyExists(str(message)) if message else None
    return AlreadyExists(f"The database refuses this: {str(name).replace('_', ' ')}.", constraint=name)


class Api(NinjaAPI):
    """The one API object: every error is problem+json, in the answers and in the document."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        document = super().get_openapi_schema(*args, **kwargs)
        document["components"].setdefault("schemas", {})["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        nested = document["components"]["schemas"]["Problem"].pop("$defs", {})
        document["components"]["schemas"].update(nested)
        document["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "description": "A token: `qafila token create`"},
            "session": {"type": "apiKey", "in": "cookie", "name": "qafila"},
        }
        refused = {"description": "Refused", "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                # 401 also where nobody need sign in: a token that is not known is refused, never overlooked.
                statuses = {400, 401, 409, 422, 429}
                if operation.get("x-may") != "public":
                    statuses.add(403)
                if "{" in path:
                    statuses.add(404)
                if method in ("post", "put", "patch"):
                    statuses |= {404, 413}
                for status in sorted(statuses):
                    operation["responses"].setdefault(status, refused)
        return document


def install(api: NinjaAPI) -> None:
    """Give an API the house's exception handlers."""

    def on_refusal(request: HttpRequest, error: Any) -> HttpResponse:
        return problem_response(error)

    def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
        return problem_response(from_pydantic(error.errors, strip=("payload",)))

    def on_http_error(request: HttpRequest, error: Any) -> HttpResponse:
        refusal = Invalid(str(error))
        # A body that is no JSON is malformed input like any other: 422, as the API's conventions say.
        refusal.status = 422 if error.status_code == 400 else error.status_code  # type: ignore[misc]
        return problem_response(refusal)

    def on_missing(request: HttpRequest, error: Any) -> HttpResponse:
        refusal = Refusal("There is nothing here.")
        refusal.code, refusal.status, refusal.title = "NOT_FOUND", 404, "Not found"  # type: ignore[misc]
        return problem_response(refusal)

    def on_database(request: HttpRequest, error: Any) -> HttpResponse:
        refusal = as_refusal(error)
        if refusal is None:
            raise error
        return problem_response(refusal)

    api.add_exception_handler(Refusal, on_refusal)
    api.add_exception_handler(ValidationError, on_invalid)
    api.add_exception_handler(HttpError, on_http_error)
    api.add_exception_handler(Http404, on_missing)
    for kind in (DataError, IntegrityError, RequestDataTooBig):
        api.add_exception_handler(kind, on_database)

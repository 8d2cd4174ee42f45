"""Domain errors as problem details (RFC 9457). The one place where an error becomes an answer of the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from huiyin.core.errors import HuiyinError, InvalidInput, Refused

MEDIA_TYPE = "application/problem+json"


class Problem(Schema):
    """RFC 9457. `code` is stable; `reason`, `missing` and `clause` come with a refusal by the procedure."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str
    fields: dict[str, str] = Field(default_factory=dict, description="field -> what is wrong with it")
    event: str | None = None
    reason: str | None = None
    missing: list[str] = Field(default_factory=list)
    clause: str | None = None


TITLES = {
    400: "The request cannot be read",
    401: "A valid token is needed",
    403: "The token may not do this",
    404: "Not found",
    409: "Refused or in conflict",
    413: "Too large",
    422: "The input is wrong",
    429: "Too many requests",
}

# Every operation declares these.
ERRORS: dict[int, Any] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
    429: Problem,
}


def problem(
    api: NinjaAPI, request: HttpRequest, status: int, code: str, detail: str, **more: Any
) -> HttpResponse:
    body = Problem(title=TITLES.get(status, "Error"), status=status, code=code, detail=detail, **more)
    response = api.create_response(request, body.model_dump(exclude_none=True), status=status)
    response["Content-Type"] = MEDIA_TYPE
    return response


def install(api: NinjaAPI) -> None:
    """Register the handlers."""

    @api.exception_handler(HuiyinError)
    def _domain(request: HttpRequest, error: HuiyinError) -> HttpResponse:
        more: dict[str, Any] = {}
        if isinstance(error, InvalidInput):
            more = {"fields": error.fields}
        if isinstance(error, Refused):
            more = {
                "event": error.event,
                "reason": error.reason,
                "missing": error.missing,
                "clause": error.clause,
            }
        return problem(api, request, error.status, error.code, str(error), **more)

    @api.exception_handler(ValidationError)
    def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {".".join(str(part) for part in one["loc"][1:]): str(one["msg"]) for one in error.errors}
        return problem(api, request, 422, "invalid", "The input does not fit the schema.", fields=fields)

    @api.exception_handler(AuthenticationError)
    def _authentication(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = problem(api, request, 401, "unauthenticated", "Send a valid token as a bearer token.")
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Throttled)
    def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        response = problem(api, request, 429, "throttled", "Too many requests; try again later.")
        if error.wait:
            response["Retry-After"] = str(int(error.wait) + 1)
        return response

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(api, request, 404, "not_found", "There is nothing here.")

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(api, request, error.status_code, "error", str(error))

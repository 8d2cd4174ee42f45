"""Domain errors as problem details (RFC 9457). The one place where an error becomes an answer of the API."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from huiyin.api.kinds import NotJson, Unreadable
from huiyin.core.errors import HuiyinError, InvalidInput, Refused
from huiyin.core.faults import RETRY_AFTER

log = logging.getLogger(__name__)

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
    405: "This method is not for this path",
    413: "Too large",
    415: "The body must be JSON",
    422: "The input is wrong",
    429: "Too many requests",
    500: "A fault of the server",
    503: "Out of service for the moment",
}

# Every operation declares these.
ERRORS: dict[int, Any] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    405: Problem,
    409: Problem,
    413: Problem,
    415: Problem,
    422: Problem,
    429: Problem,
    503: Problem,
}


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    body = Problem(title=TITLES.get(status, "Error"), status=status, code=code, detail=detail, **more)
    return answer(body.model_dump(exclude_none=True))


def answer(body: dict[str, Any]) -> HttpResponse:
    """A problem that was made before."""
    return JsonResponse(
        body, status=body["status"], content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def domain_problem(error: HuiyinError) -> dict[str, Any]:
    """The body for an error of the domain."""
    more: dict[str, Any] = {}
    if isinstance(error, InvalidInput):
        more = {"fields": error.fields}
    if isinstance(error, Refused):
        more = {name: getattr(error, name) for name in ("event", "reason", "missing", "clause")}
    body = Problem(
        title=TITLES.get(error.status, "Error"),
        status=error.status,
        code=error.code,
        detail=str(error),
        **more,
    )
    return body.model_dump(exclude_none=True)


def install(api: NinjaAPI) -> None:
    """Register the handlers."""

    @api.exception_handler(HuiyinError)
    def _domain(request: HttpRequest, error: HuiyinError) -> HttpResponse:
        return answer(domain_problem(error))

    @api.exception_handler(ValidationError)
    def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {".".join(str(part) for part in one["loc"][1:]): str(one["msg"]) for one in error.errors}
        return problem(422, "invalid", "The input does not fit the schema.", fields=fields)

    @api.exception_handler(AuthenticationError)
    def _authentication(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = problem(401, "unauthenticated", "Send a valid token as a bearer token.")
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Throttled)
    def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        response = problem(429, "throttled", "Too many requests; try again later.")
        if error.wait:
            response["Retry-After"] = str(int(error.wait) + 1)
        return response

    @api.exception_handler(OperationalError)
    @api.exception_handler(InterfaceError)
    def _out_of_service(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("out of service: %s", error, exc_info=error)
        response = problem(503, "out_of_service", "Nothing was saved; ask again with the same key.")
        response["Retry-After"] = str(RETRY_AFTER)
        return response

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "not_found", "There is nothing here.")

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        cause = error.__cause__
        if isinstance(cause, RequestDataTooBig):
            return problem(413, "too_large", "The body is too large.")
        if isinstance(cause, NotJson):
            return problem(415, "not_json", str(cause))
        detail = str(cause) if isinstance(cause, Unreadable) else str(error)
        return problem(error.status_code, "unreadable", detail)

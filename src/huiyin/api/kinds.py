"""Values as the API takes and gives them: what neither database could keep never comes in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.parser import Parser
from pydantic import AfterValidator, PlainSerializer, WithJsonSchema

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class Unreadable(ValueError):
    """What stands in the body is no JSON that can be kept."""


class NotJson(Unreadable):
    """The caller says himself that it is something else."""


def storable(text: str) -> str:
    """The text, where both databases keep it as it is. Raises ValueError for NUL and half characters."""
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("must not contain half of a surrogate pair")
    return text


def _check(value: Any) -> None:
    if isinstance(value, str):
        storable(value)
    elif isinstance(value, list):
        for one in value:
            _check(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            storable(name)
            _check(one)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise Unreadable("a number is too large")


def _constant(name: str) -> Any:
    raise Unreadable(f"{name} is no JSON")


def read_json(body: bytes) -> Any:
    """The body as JSON. Raises Unreadable, in one line, for whatever is wrong with it."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_constant)
        _check(value)
    except UnicodeDecodeError as error:
        raise Unreadable("the body is not UTF-8") from error
    except RecursionError as error:
        raise Unreadable("the body is nested too deeply") from error
    except ValueError as error:
        raise Unreadable(str(error)) from error
    return value


class StrictParser(Parser):
    """Reads bodies as JSON and nothing else. `problems` looks at what it raised behind ninja's own error."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise NotJson("send Content-Type: application/json")
        return read_json(request.body)


def bounded(value: datetime) -> datetime:
    """An aware time; without an offset it is one of the installation. Raises ValueError for odd centuries."""
    moment = timezone.make_aware(value) if timezone.is_naive(value) else value
    try:
        inside = EARLIEST <= moment < LATEST
    except OverflowError:
        inside = False
    if not inside:
        raise ValueError("must lie between 1990 and 2100")
    return moment


def local_iso(value: datetime) -> str:
    """ISO 8601 with the offset of the installation's zone, to the second."""
    return timezone.localtime(value).isoformat(timespec="seconds")


Text = Annotated[str, AfterValidator(storable)]
Moment = Annotated[
    datetime,
    AfterValidator(bounded),
    PlainSerializer(local_iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

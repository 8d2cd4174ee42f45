"""The description of the API: complete, as it was agreed, and true.

After a change that is meant: `python -m tests.api.snapshot` writes `openapi.json` anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import checks as known
from schemathesis.specs.openapi import checks as openapi
from tests.api.conftest import Program
from tests.api.snapshot import SNAPSHOT, schema
from tests.api.test_cases import LIKELY

from huiyin.api import auth, throttling
from huiyin.config.wsgi import application


def test_the_description_is_the_one_agreed() -> None:
    assert schema() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_anybody_may_read_the_description(db: None) -> None:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json() == schema()
    assert response.json()["openapi"].startswith("3.1")


def test_every_operation_declares_its_errors_and_needs_a_token() -> None:
    found = schema()
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            answers = set(operation["responses"])
            assert {"400", "401", "403", "404", "409", "413", "415", "422", "429"} <= answers, (path, method)
            assert operation["security"] == [{"Token": []}]
            for status, answer in operation["responses"].items():
                kind = "application/json" if int(status) < 400 else "application/problem+json"
                assert list(answer["content"]) == [kind], (path, method, status)


CHECKS = (
    known.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
    openapi.unsupported_method,
    openapi.ignored_auth,
)


@contextmanager
def _one_connection() -> Iterator[None]:
    """The application is asked directly: it must not close the connection that holds the test."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    yield
    for one in signals:
        one.connect(close_old_connections)


def _fuzz(program: Program, examples: int) -> dict[int, int]:
    """Ask whatever the description allows, and some that it does not; returns how often each status came."""
    program.register(external_number="A-1")
    headers = {"Authorization": f"Bearer {program.secret}", "Accept-Encoding": "identity"}
    number = program.register()["number"]
    seen: dict[int, int] = {}
    with _one_connection():
        loaded = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        for operation in loaded.get_all_operations():
            _try(operation.ok(), headers, number, examples, seen)
    return seen


def _try(operation: Any, headers: dict[str, str], number: str, examples: int, seen: dict[int, int]) -> None:
    allowed = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @seed(7)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=allowed | wrong)
    def ask(case: Any) -> None:
        turn = sum(seen.values())
        if "number" in case.path_parameters and turn % 2:
            case.path_parameters["number"] = number
        if isinstance(case.body, dict) and turn % 3 == 0:
            case.body = _sensible(case.body, turn)
        response = case.call(headers=headers)
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        case.validate_response(response, checks=CHECKS, headers=headers)

    ask()


WORDS = ("text", "demand", "reporter", "reporter_phone", "external_number", "region", "safety")


def _sensible(body: dict[str, Any], turn: int) -> dict[str, Any]:
    """Codes that the procedure knows, with whatever words were made up: so that some of it is accepted."""
    if "event" in body:
        return dict(LIKELY[turn % len(LIKELY)])
    words = {name: body[name] for name in WORDS if body.get(name) is not None}
    return {"kind": "complaint", "channel": "phone", **words}


@pytest.fixture
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(throttling, "PER_MINUTE", 10**9)
    monkeypatch.setattr(auth, "WRONG", 10**9)


@pytest.mark.slow
@pytest.mark.usefixtures("_no_limits")
def test_whatever_is_asked_is_answered_as_declared(program: Program) -> None:
    seen = _fuzz(program, 60)
    assert {200, 201, 404, 422} <= set(seen)


@pytest.mark.slow
@pytest.mark.usefixtures("_no_limits")
def test_a_great_deal_is_asked(program: Program) -> None:
    _fuzz(program, 1500)

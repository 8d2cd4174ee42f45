"""Every answer that is not the thing asked for is a problem in the same form, and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.api.conftest import API, COMPLAINT, Program, make_program
from tests.cases.conftest import World

from huiyin.api import auth, edges, throttling
from huiyin.cases.models import Case, CaseEvent
from huiyin.core import clock
from huiyin.core.ids import new_uuid
from huiyin.journal.models import Entry
from huiyin.organization.services import revoke_token


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    return body


def test_no_token_a_wrong_one_an_old_one(world: World, program: Program) -> None:
    anonymous = Client()
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic YTpi"}):
        response = anonymous.get(f"{API}/cases", headers=headers)
        problem(response, 401, "unauthenticated")
        assert response["WWW-Authenticate"] == "Bearer"
    assert program.get("/cases").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=31)):
        problem(program.get("/cases"), 401, "unauthenticated")
    revoke_token(actor=world.actor("admin"), token=program.token)
    problem(program.get("/cases"), 401, "unauthenticated")
    problem(program.post("/cases", COMPLAINT), 401, "unauthenticated")


def test_a_person_signed_in_is_no_program(world: World) -> None:
    client = Client()
    client.force_login(world.small.people["head_a"])
    problem(client.get(f"{API}/cases"), 401, "unauthenticated")


def test_what_the_token_may_not_do(world: World) -> None:
    reader = make_program(world, may=["view"])
    writer = make_program(world, may=["register"])
    problem(reader.post("/cases", COMPLAINT), 403, "forbidden")
    number = writer.register()["number"]
    problem(writer.get("/cases"), 403, "forbidden")
    problem(writer.get(f"/cases/{number}"), 403, "forbidden")
    problem(reader.post(f"/cases/{number}/events", {"event": "answered", "text": "好"}), 403, "forbidden")
    assert reader.get(f"/cases/{number}").status_code == 200
    assert CaseEvent.objects.count() == 1


def test_another_sites_case_is_not_there(world: World, program: Program, other_site: Program) -> None:
    done = program.register()
    for key in (done["number"], done["id"]):
        problem(other_site.get(f"/cases/{key}"), 404, "not_found")
        problem(other_site.post(f"/cases/{key}/events", {"event": "noted", "text": "x"}), 404, "not_found")
    assert other_site.get("/cases").json()["items"] == []
    # nor can one register there, or name its places
    assert "unit" in problem(other_site.post("/cases", {**COMPLAINT, "unit": "A"}), 422, "invalid")["fields"]
    assert (
        "household"
        in problem(program.post("/cases", {**COMPLAINT, "household": str(new_uuid())}), 422, "invalid")[
            "fields"
        ]
    )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nowhere",
        "/cases/x/y/z",
        "/cases/",
        "/cases/no-such",
        "/cases/0199c2f0-0000-7000-8000-000000000000",
        "/cases/%00",
    ],
)
def test_addresses_that_do_not_exist(program: Program, path: str) -> None:
    problem(program.get(path), 404, "not_found")


def test_addresses_beside_the_version(world: World) -> None:
    for path in ("/api/", "/api/v2/cases", "/api/v1x"):
        problem(Client().get(path), 404, "not_found")
        problem(Client(enforce_csrf_checks=True).post(path), 404, "not_found")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_methods_that_do_not_exist(program: Program, method: str) -> None:
    number = program.register()["number"]
    for path in ("/cases", f"/cases/{number}"):
        response = program.ask(method, path, {})
        problem(response, 405, "method_not_allowed")
        assert "GET" in response["Allow"]
    assert "POST" in program.get(f"/cases/{number}/events")["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"kind": NaN}',
        b'{"kind": 1e999}',
        b'{"kind": "complaint", "text": "a\\u0000b"}',
        b'{"kind": "complaint", "text": "\\ud800"}',
        b'{"kind": "complaint", "\\ud800": "x"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_bodies_that_cannot_be_read(program: Program, body: bytes) -> None:
    problem(program.post("/cases", body), 400, "unreadable")
    assert not Case.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"1", b"true"])
def test_bodies_that_are_no_object(program: Program, body: bytes) -> None:
    problem(program.post("/cases", body), 422, "invalid")


def test_a_huge_body(program: Program) -> None:
    body = b'{"text": "' + b"x" * (edges.BODY_LIMIT + 1) + b'"}'
    problem(program.post("/cases", body), 413, "too_large")


def test_a_body_that_is_not_json(program: Program) -> None:
    for kind in ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = Client().post(
            f"{API}/cases",
            data=b"kind=complaint",
            content_type=kind,
            headers={"authorization": f"Bearer {program.secret}"},
        )
        problem(response, 415, "not_json")


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"colour": "red"}, "colour"),
        ({"historic": True}, "historic"),
        ({"actor": "x"}, "actor"),
        ({"kind": "nonsense"}, "kind"),
        ({"severity": "enormous"}, "severity"),
        ({"safety": "perhaps"}, "safety"),
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "漏" * 20_001}, "text"),
        ({"reporter": "x" * 81}, "reporter"),
        ({"answer_by": "tomorrow"}, "answer_by"),
        ({"answer_by": "9999-12-31T23:59:59-12:00"}, "answer_by"),
        ({"at": "0001-01-01T00:00:00+12:00"}, "at"),
        ({"at": "2099-01-01T00:00:00+08:00"}, "at"),
        ({"customer": "x"}, "customer"),
        ({"place": "nowhere"}, "place"),
        ({"unit": "NONE"}, "unit"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "a lot"}, "amount"),
        ({"id": "x"}, "id"),
    ],
)
def test_what_is_wrong_is_named(program: Program, facts: dict[str, Any], name: str) -> None:
    response = program.post("/cases", {**COMPLAINT, **facts})
    assert response.status_code == 422, response.content.decode()
    assert name in " ".join(response.json()["fields"])
    assert not Case.objects.exists()


def test_what_is_missing_is_named(program: Program) -> None:
    body = problem(program.post("/cases", {"channel": "phone"}), 422, "invalid")
    assert {"kind", "text"} <= {name.rsplit(".", 1)[-1] for name in body["fields"]}


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({"event": "danced"}, "danced"),
        ({"event": "answered", "text": "好", "colour": "red"}, "colour"),
        ({"event": "judged"}, "validity"),
        ({"event": "promised", "what": "visit", "by": "9999-12-31T23:59:59-12:00"}, "by"),
        ({"event": "promised", "what": "visit", "by": 5}, "by"),
        ({"event": "followed_up", "outcome": ["satisfied"]}, "outcome"),
        ({"event": "compensated", "amount": "NaN"}, "amount"),
        ({"event": "noted", "text": "x", "version": 0}, "version"),
    ],
)
def test_what_is_wrong_with_an_event_is_named(program: Program, event: dict[str, Any], name: str) -> None:
    number = program.register()["number"]
    response = program.post(f"/cases/{number}/events", event)
    assert response.status_code == 422, response.content.decode()
    assert name in response.content.decode()
    assert CaseEvent.objects.count() == 1


def test_a_refusal_says_why_and_stands_in_the_journal(program: Program) -> None:
    number = program.register()["number"]
    for headers in ({}, {"idempotency-key": "k1"}, {"idempotency-key": "k1"}):
        body = problem(
            program.post(f"/cases/{number}/events", {"event": "closed"}, **headers), 409, "refused"
        )
        assert body["event"] == "closed"
        assert body["reason"]
        assert body["missing"]
        assert body["clause"].startswith("7.2")
    # the repeated request with the same key was the same refusal
    assert Entry.objects.filter(name="refused").count() == 2
    assert Case.objects.get().version == 1


def test_a_registration_that_is_refused(program: Program) -> None:
    body = {**COMPLAINT, "answer_by": "2019-01-01T09:00:00+08:00"}
    for headers in ({}, {"idempotency-key": "k1"}, {"idempotency-key": "k1"}):
        assert problem(program.post("/cases", body, **headers), 409, "refused")["event"] == "registered"
    assert Entry.objects.filter(name="refused").count() == 2
    assert not Case.objects.exists()
    assert program.register()["number"].endswith("1")


def test_an_old_version_is_told(program: Program) -> None:
    number = program.register()["number"]
    note = {"event": "noted", "text": "顾客在家", "version": 1}
    assert program.post(f"/cases/{number}/events", note).status_code == 201
    problem(program.post(f"/cases/{number}/events", note), 409, "changed")


def test_an_id_is_used_once(program: Program, other_site: Program) -> None:
    uuid = str(new_uuid())
    number = program.register(id=uuid)["number"]
    problem(program.post("/cases", {**COMPLAINT, "id": uuid}), 409, "already_recorded")
    # from another site neither, and what is refused there does not reach this case's history
    before = Entry.objects.filter(chain__subject_id=uuid).count()
    early = {**COMPLAINT, "id": uuid, "answer_by": "2019-01-01T09:00:00+08:00"}
    problem(other_site.post("/cases", early), 409, "already_recorded")
    assert Entry.objects.filter(chain__subject_id=uuid).count() == before
    assert program.get(f"/cases/{uuid}").json()["number"] == number
    note = {"event": "noted", "text": "顾客在家", "id": str(new_uuid())}
    assert program.post(f"/cases/{number}/events", note).status_code == 201
    problem(program.post(f"/cases/{number}/events", note), 409, "already_recorded")
    assert Case.objects.count() == 1


def test_too_many_requests(program: Program, other_site: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "PER_MINUTE", 3)
    with time_machine.travel("2026-11-22T10:00:10+08:00", tick=False) as traveller:
        assert [program.get("/cases").status_code for _ in range(4)] == [200, 200, 200, 429]
        response = program.get("/cases")
        problem(response, 429, "throttled")
        assert 0 < int(response["Retry-After"]) <= 60
        assert other_site.get("/cases").status_code == 200
        traveller.shift(60)
        assert program.get("/cases").status_code == 200


def test_guessing_tokens_is_slowed_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "WRONG", 3)
    headers = {"authorization": "Bearer hy_0000000000_guess"}
    with time_machine.travel("2026-11-22T10:00:10+08:00", tick=False):
        found = [Client().get(f"{API}/cases", headers=headers).status_code for _ in range(5)]
    assert found == [401, 401, 401, 429, 429]


def test_a_fault_of_ours_shows_nothing_inside(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("huiyin.api.cases.visible_cases", broken)
    response = program.get("/cases")
    assert "secret" not in str(problem(response, 500, "fault"))

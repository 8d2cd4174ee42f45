"""Cases and events over the API: the vocabulary, paging, times, and the same answer to the same request."""

from __future__ import annotations

import random
import uuid as uuids
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from tests.api.conftest import COMPLAINT, Program, make_program
from tests.cases.conftest import World, local
from tests.factories.connections import at_once

from huiyin.api.models import IdempotentAnswer
from huiyin.cases.models import Case, CaseEvent
from huiyin.core import clock
from huiyin.core.ticking import run_tick
from huiyin.engine import Event, Standing, step
from huiyin.journal.models import Entry
from huiyin.procedures.selectors import rules_of


@pytest.fixture
def wednesday():  # type: ignore[no-untyped-def]
    with time_machine.travel(local("2026-09-30 16:30"), tick=False) as traveller:
        yield traveller


def test_a_registration_brings_number_and_clocks(program: Program, wednesday: Any) -> None:
    done = program.register(reporter="王女士", reporter_phone="13800001234", external_number="12345-9")
    assert (done["state"], done["version"]) == ("registered", 1)
    assert {"effect": "number_given", "number": done["number"]}.items() <= done["effects"][0].items()
    started = next(one for one in done["effects"] if one["effect"] == "clock_started")
    assert (started["clock"], started["due"]) == ("answer", "2026-10-09T18:00:00+08:00")
    assert started["clause"] == "7.2.3"
    found = program.get(f"/cases/{done['number']}").json()
    assert (found["reporter"], found["external_number"], found["unit"]) == ("王女士", "12345-9", "A")
    assert found["events"][0]["data"]["text"] == COMPLAINT["text"]
    assert [one["name"] for one in found["clocks"]] == ["answer"]
    assert program.get(f"/cases/{done['id']}").json() == found


def test_every_time_has_its_offset(program: Program, wednesday: Any) -> None:
    number = program.register(at="2026-09-30T08:00:00Z", answer_by="2026-10-08T12:00:00")["number"]
    found = program.get(f"/cases/{number}").json()
    assert found["registered_at"] == "2026-09-30T16:00:00+08:00"
    assert found["answer_by"] == found["next_due"] == "2026-10-08T12:00:00+08:00"

    def times(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [found for one in value.values() for found in times(one)]
        if isinstance(value, list):
            return [found for one in value for found in times(one)]
        return [value] if isinstance(value, str) and value[:4].isdigit() and "T" in value else []

    assert len(times(found)) > 5
    assert {one[-6:] for one in times(found)} == {"+08:00"}


def test_from_first_call_to_closing(program: Program, wednesday: Any) -> None:
    number = program.register()["number"]
    steps: list[dict[str, Any]] = [
        {"event": "judged", "validity": "valid", "reason": "维修不到位", "severity": "ordinary"},
        {"event": "promised", "what": "visit", "by": "2026-10-01T10:00:00+08:00"},
        {"event": "answered", "text": "今天上门", "means": "phone"},
        {"event": "completed", "result": "已更换三通"},
        {"event": "followed_up", "outcome": "satisfied", "means": "phone"},
        {"event": "closed"},
    ]
    for version, body in enumerate(steps, start=2):
        response = program.post(f"/cases/{number}/events", body)
        assert response.status_code == 201, response.content.decode()
        assert response.json()["version"] == version
        wednesday.shift(60)
    found = program.get(f"/cases/{number}").json()
    assert (found["state"], found["open"], found["validity"]) == ("closed", False, "valid")
    assert [one["event"] for one in found["events"]] == ["registered", *(one["event"] for one in steps)]
    assert found["events"][1]["data"]["reason"] == "维修不到位"
    assert found["events"][1]["post"] == "department_head"
    assert Entry.objects.get(name="judged").actor.startswith("token:")


def test_pages_by_cursor_meet_every_case_once(program: Program, other_site: Program) -> None:
    numbers = [program.register()["number"] for _ in range(7)]
    other_site.register()
    seen: list[str] = []
    cursor = ""
    while True:
        page = program.get(f"/cases?limit=3{cursor}").json()
        seen += [one["number"] for one in page["items"]]
        if len(seen) == 3:
            program.register()  # what comes in meanwhile moves nothing
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == numbers[::-1]


def test_filters(program: Program) -> None:
    with time_machine.travel(local("2026-09-30 10:00")):
        early = program.register(external_number="A-1")["number"]
    late = program.register(kind="enquiry")["number"]

    def numbers(query: str) -> list[str]:
        response = program.get(f"/cases?{query}")
        assert response.status_code == 200, response.content.decode()
        return [one["number"] for one in response.json()["items"]]

    assert numbers("") == [late, early]
    assert numbers("kind=enquiry") == [late]
    assert numbers("external_number=A-1") == [early]
    assert numbers("unit=A&open=true&state=registered") == [late, early]
    assert numbers("unit=B") == []
    assert numbers("registered_before=2026-10-01T00:00:00%2B08:00") == [early]
    assert numbers("registered_from=2026-10-01T00:00:00") == [late]
    for wrong in ("limit=0", "limit=201", "cursor=x", "open=perhaps", "kind=%00", "registered_from=x"):
        assert program.get(f"/cases?{wrong}").status_code == 422, wrong
    assert program.get("/cases?registered_from=0001-01-01T00:00:00%2B12:00").status_code == 422


# the same request again


def test_the_same_key_is_done_once(program: Program) -> None:
    first = program.post("/cases", COMPLAINT, **{"idempotency-key": "k1"})
    again = program.post("/cases", COMPLAINT, **{"idempotency-key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Case.objects.count() == 1
    note = {"event": "noted", "text": "顾客在家"}
    path = f"/cases/{first.json()['number']}/events"
    answers = [program.post(path, note, **{"idempotency-key": "k2"}).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert CaseEvent.objects.filter(name="noted").count() == 1
    assert program.post(path, note, **{"idempotency-key": "k3"}).json()["version"] == 3


def test_a_key_belongs_to_one_request_and_one_token(program: Program, other_site: Program) -> None:
    headers = {"idempotency-key": "k1"}
    program.post("/cases", COMPLAINT, **headers)
    response = program.post("/cases", {**COMPLAINT, "text": "别的事"}, **headers)
    assert (response.status_code, response.json()["code"]) == (409, "key_reused")
    assert other_site.post("/cases", COMPLAINT, **headers).status_code == 201
    for wrong in ("x" * 256, "a\x7fb"):
        assert program.post("/cases", COMPLAINT, **{"idempotency-key": wrong}).status_code == 422
    assert Case.objects.count() == 2


def test_after_wrong_input_the_key_may_be_used_again(program: Program) -> None:
    headers = {"idempotency-key": "k1"}
    assert program.post("/cases", {**COMPLAINT, "unit": "NONE"}, **headers).status_code == 422
    assert program.post("/cases", COMPLAINT, **headers).status_code == 201


def test_keys_are_kept_for_seven_days(program: Program) -> None:
    headers = {"idempotency-key": "k1"}
    start = clock.now()
    number = program.post("/cases", COMPLAINT, **headers).json()["number"]
    with time_machine.travel(start + timedelta(days=6, hours=23)):
        run_tick()
        assert program.post("/cases", COMPLAINT, **headers).json()["number"] == number
    with time_machine.travel(start + timedelta(days=7, minutes=2)):
        # forgotten on time, whether or not anybody has swept
        assert program.post("/cases", COMPLAINT, **headers).json()["number"] != number
    with time_machine.travel(start + timedelta(days=15)):
        run_tick()
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("headers", [{"idempotency-key": "k1"}, {}])
def test_at_the_same_moment_from_several_connections(
    real_connections: None, world: World, headers: dict[str, str]
) -> None:
    """With the same key one case and one answer; with the same id one case, and the others are told so."""
    programs = [make_program(world)] * 4
    body = {**COMPLAINT, "id": str(uuids.uuid4())}
    answers: list[tuple[int, Any]] = []

    def work(program: Program) -> None:
        response = Program(program.token, program.secret).post("/cases", body, **headers)
        answers.append((response.status_code, response.json()))

    at_once(*(lambda one=one: work(one) for one in programs))
    assert Case.objects.count() == 1
    assert Entry.objects.filter(name="registered").count() == 1
    if headers:
        assert {status for status, _body in answers} == {201}
        assert len({answer["number"] for _status, answer in answers}) == 1
    else:
        assert sorted(status for status, _body in answers) == [201, 409, 409, 409]


# the API and the engine are one


LIKELY: tuple[dict[str, Any], ...] = (
    {"event": "judged", "validity": "valid", "reason": "我们的责任"},
    {"event": "judged", "validity": "invalid", "reason": "不属于我们"},
    {"event": "amended", "urgency": "urgent", "reason": "更急"},
    {"event": "amended", "category": "lift", "reason": "归错类"},
    {"event": "assigned", "to_post": "handler"},
    {"event": "answered", "text": "已经处理", "means": "phone"},
    {"event": "completed", "result": "修好了"},
    {"event": "followed_up", "outcome": "satisfied", "means": "phone"},
    {"event": "followed_up", "outcome": "dissatisfied", "means": "phone"},
    {"event": "chased", "text": "怎么还没来"},
    {"event": "escalated", "to_post": "general_manager", "reason": "升级"},
    {"event": "closed"},
    {"event": "reopened", "reason": "又漏了"},
    {"event": "appealed", "by": "业主", "reason": "不同意"},
    {"event": "withdrawn", "reason": "不告了"},
    {"event": "compensated", "amount": "120.50"},
    {"event": "noted", "text": "顾客在家"},
)


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_stand_as_the_engine_says(program: Program, seed: int) -> None:
    """What the API stored and answered is what the engine makes of the same events, refusals too."""
    dice = random.Random(seed)
    moment = local("2026-04-01 09:00")
    facts = {**COMPLAINT, "urgency": dice.choice(["urgent", "ordinary"]), "category": "leak", "unit": "A"}
    told: list[tuple[str, datetime, dict[str, Any], list[dict[str, Any]]]] = []
    with time_machine.travel(moment, tick=False):
        done = program.register(**facts)
    told.append(("registered", moment, facts, done["effects"]))
    for _ in range(16):
        moment += timedelta(minutes=dice.randrange(1, 3000))
        body = dict(dice.choice(LIKELY))
        if dice.random() < 0.1:
            body = {"event": "promised", "what": "visit", "by": (moment + timedelta(hours=5)).isoformat()}
        with time_machine.travel(moment, tick=False):
            response = program.post(f"/cases/{done['number']}/events", body)
        assert response.status_code in (201, 409), response.content.decode()
        name = body.pop("event")
        told.append((name, moment, body, response.json().get("effects", [{"refused": response.json()}])))

    case = Case.objects.get(number=done["number"])
    rules = rules_of(case.edition)
    standing: Standing | None = None
    for name, at, data, answered in told:
        event = Event(
            name=name,
            at=at,
            case=str(case.uuid),
            data=data,
            actor=f"token:{program.token.pk}",
            post="department_head",
        )
        outside = {"number": case.number} if standing is None else {}
        after, effects = step(standing, event, outside, rules.procedure, rules.calendar)
        lines = [{key: value for key, value in one.to_dict().items() if key != "case"} for one in effects]
        refused = next((one for one in lines if one["effect"] == "refused"), None)
        if refused is not None:
            problem = answered[0]["refused"]
            found = (problem["reason"], problem.get("clause"), problem["missing"])
            assert found == (refused["reason"], refused["clause"], refused["missing"])
            continue
        assert answered == lines
        standing = after
    assert standing is not None
    assert case.standing == standing.to_dict()
    journal = Entry.objects.filter(chain__subject_id=str(case.uuid), type="effect").order_by("sequence")
    given = [line["effect"] for *_rest, lines in told for line in lines if "effect" in line]
    assert [name for name in journal.values_list("name", flat=True) if name != "refused"] == given
    assert (case.state, case.open) == (standing.state, standing.open)

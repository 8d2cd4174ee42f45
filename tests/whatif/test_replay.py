"""Past cases through a draft, side by side with what happened."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from tests.procedures.conftest import make_pack  # noqa: F401
from tests.reports.conftest import World, local, make_world

from huiyin.cases.models import Case
from huiyin.cli.main import main
from huiyin.core.errors import Forbidden, InvalidInput, NotFound
from huiyin.core.outbox import deliver_due
from huiyin.engine import Pack
from huiyin.organization.actors import Actor, Held
from huiyin.procedures.packfiles import load_pack
from huiyin.whatif.models import Replay
from huiyin.whatif.present import blocks, headline
from huiyin.whatif.running import replay
from huiyin.whatif.selectors import get_replay
from huiyin.whatif.services import ask_replay
from huiyin.whatif.tally import Tally, empty, merge

NOW = "2026-05-20 09:00"
PERIOD = {"since": date(2026, 4, 1), "until": date(2026, 4, 30)}


@pytest.fixture
def world(db: None) -> World:
    """Three complaints of April: answered after two hours, after a day, and after a week."""
    world = make_world()
    world.handled("2026-04-07")
    for day, answered in (("2026-04-08", "2026-04-09 09:00"), ("2026-04-13", "2026-04-20 09:00")):
        case = world.register(f"{day} 09:00", category="lift")
        world.record(f"{day} 09:30", case, "judged", validity="valid", reason="维修不到位")
        world.record(answered, case, "answered", text="修好了。", means="phone")
    world.register("2026-05-04 09:00")
    return world


def _draft(*changes: tuple[str, str, Any]) -> Pack:
    """PM1 with other values in the rows of that name."""
    data = load_pack("PM1").model_dump(mode="json", by_alias=True)
    for table, name, values in changes:
        for row in data[table]:
            if row.get("name", row.get("code")) == name:
                row.update(values)
    return Pack.model_validate(data)


def _replay(world: World, pack: Pack, **more: Any) -> Tally:
    with time_machine.travel(local(NOW), tick=False):
        return replay(company=world.small.root, pack=pack, **{**PERIOD, **more})


@time_machine.travel(local(NOW), tick=False)
def test_the_same_procedure_changes_nothing(world: World) -> None:
    found = _replay(world, load_pack("PM1"))
    assert found["cases"] == 3
    assert found["unreadable"] == found["left_out"] == 0
    assert found["owners"] == found["levels"] == found["refused"] == {}
    for name, one in found["clocks"].items():
        assert one["earlier"] == one["later"] == one["new"] == one["gone"] == 0, name
        assert one["gained"] == one["lost"] == 0, name
    # the third was answered after its two working days
    assert found["clocks"]["answer"]["breaches_before"] == 1
    for post, days in found["load"].items():
        assert all(before == after for before, after in days.values()), post


def test_a_shorter_limit_brings_breaches(world: World) -> None:
    found = _replay(world, _draft(("clock", "answer", {"limit": ["asked", "4h"]})))
    answer = found["clocks"]["answer"]
    assert (answer["earlier"], answer["later"], answer["same"]) == (3, 0, 0)
    assert (answer["breaches_before"], answer["breaches_after"]) == (1, 2)
    assert (answer["gained"], answer["lost"]) == (1, 0)
    gained = Case.objects.get(pk=found["lists"]["gained answer"][0])
    assert gained.registered_at == local("2026-04-08 09:00")


def test_a_longer_limit_takes_them_away(world: World) -> None:
    found = _replay(world, _draft(("clock", "answer", {"limit": ["asked", "30d"]})))
    answer = found["clocks"]["answer"]
    assert (answer["later"], answer["lost"], answer["breaches_after"]) == (3, 1, 0)
    assert "1" in headline(found)


def test_other_owners_and_a_gate_that_would_have_held(world: World) -> None:
    data = _draft(("kind", "complaint", {"owner": "service_supervisor"})).model_dump(
        mode="json", by_alias=True
    )
    data["owner"] = []
    data["category"] = [{**row, "owner": None} for row in data["category"]]
    data["gate"].append({"step": "answered", "clause": "7.2.3", "needs": {"contacted": {}}})
    found = _replay(world, Pack.model_validate(data))
    assert sum(found["owners"].values()) == 3
    assert all(key.endswith(">service_supervisor") for key in found["owners"])
    assert found["refused"] == {"7.2.3": 3}
    # it was taken all the same: no clock runs on because of it
    assert found["clocks"]["answer"]["gained"] == 0


def test_kinds_that_the_draft_lacks_are_left_out(world: World) -> None:
    enquiries = {
        "procedure": {"code": "XX1", "title": "咨询", "edition": "A/0"},
        "clause": [{"id": "1", "title": "答复", "demands": "答复咨询"}],
        "kind": [{"code": "enquiry", "title": "咨询", "clause": "1"}],
    }
    found = _replay(world, Pack.model_validate(enquiries))
    assert (found["cases"], found["left_out"]) == (0, 3)


def test_a_unit_and_its_days(world: World) -> None:
    pack = load_pack("PM1")
    assert _replay(world, pack, unit=world.small.site_b)["cases"] == 0
    assert _replay(world, pack, unit=world.small.site_a)["cases"] == 3
    assert _replay(world, pack, since=date(2026, 4, 8), until=date(2026, 4, 8))["cases"] == 1


def test_tallies_add_up(world: World) -> None:
    whole, parts = _replay(world, load_pack("PM1")), empty()
    for day in (7, 8, 13):
        merge(parts, _replay(world, load_pack("PM1"), since=date(2026, 4, day), until=date(2026, 4, day)))
    for name in whole:
        if name != "lists":
            assert parts[name] == whole[name], name


def test_it_is_asked_for_and_done_after_commit(world: World) -> None:
    with time_machine.travel(local(NOW), tick=False):
        pack = _draft(("clock", "answer", {"limit": ["asked", "4h"]}))
        with pytest.raises(Forbidden):
            ask_replay(actor=world.actor("duty_a"), pack=pack, title="草案", **PERIOD)
        with pytest.raises(InvalidInput):
            ask_replay(
                actor=world.actor("quality"),
                pack=pack,
                title="草案",
                since=date(2026, 4, 2),
                until=date(2026, 4, 1),
            )
        made = ask_replay(actor=world.actor("quality"), pack=pack, title="草案", **PERIOD)
        client = Client()
        client.force_login(world.small.people["quality"])
        address = f"/procedures/replays/{made.uuid}/"
        assert "正在重演" in client.get(address).content.decode()
        deliver_due()
        page = client.get(address).content.decode()
        assert Replay.objects.get().state == "done"
        assert "超时原来 1 次，照草案 2 次" in page
        assert "人会按新的时限和规定行事" in page
        listed = client.get(f"{address}?show=gained answer").content.decode()
        case = Case.objects.get(registered_at=local("2026-04-08 09:00"))
        assert case.number in listed
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}?form=xlsx").content))
        assert book["超时"]["D2"].value == 1
        assert book["每天的负担"].max_row > 1
        assert client.get("/procedures/replays/").status_code == 200


def test_the_page_asks_for_an_edition(world: World) -> None:
    client = Client()
    client.force_login(world.small.people["quality"])
    edition = Case.objects.first().edition
    data = {"draft": f"edition:{edition.pk}", "since": "2026-04-01", "until": "2026-04-30", "unit": "A"}
    assert client.post("/procedures/replays/", {**data, "until": "2026-03-01"}).status_code == 422
    assert client.post("/procedures/replays/", data).status_code == 302
    assert Replay.objects.get().unit == world.small.site_a


def test_the_command(world: World, make_pack: Any, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    draft: Path = make_pack("A/1", ('limit = ["asked", "2wd"]', 'limit = ["asked", "4h"]'))
    period = ["--from", "2026-04-01", "--to", "2026-04-30"]
    with time_machine.travel(local(NOW), tick=False):
        assert main(["pack", "replay", str(draft), *period, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["clocks"]["answer"]["gained"] == 1
        assert found["draft"] == "PM1 A/1"
        assert main(["pack", "replay", str(draft), *period, "--unit", "B"]) == 0
        assert "重演了 0 张工单" in capsys.readouterr().out
        assert main(["pack", "replay", str(draft), *period, "--unit", "nowhere"]) == 2
        assert main(["pack", "replay", str(draft), "--from", "2026-05-01", "--to", "2026-04-01"]) == 2


def test_what_the_tables_say(world: World) -> None:
    pack = _draft(("clock", "answer", {"limit": ["asked", "4h"]}))
    found = {one.key: one for one in blocks(_replay(world, pack), pack)}
    assert {"clocks", "breaches", "load"} <= set(found)
    assert all(len(row) == len(one.columns) for one in found.values() for row in one.rows)


def test_a_replay_of_the_company_is_not_for_one_site(world: World) -> None:
    small = world.small
    pack = load_pack("PM1")
    made = ask_replay(actor=small.actor("quality"), pack=pack, title="草案", **PERIOD)
    site = small.units["A"].pk
    held = Held("site", "", site, "", frozenset({"procedures"}), frozenset({site}))
    keeper = Actor(company_id=small.root.pk, name="甲", held=(held,))
    with pytest.raises(NotFound):
        get_replay(keeper, made.uuid)
    Replay.objects.filter(pk=made.pk).update(unit=small.units["A"])
    assert get_replay(keeper, made.uuid).pk == made.pk

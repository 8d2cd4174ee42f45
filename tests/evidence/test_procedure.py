"""A whole procedure clause by clause: figures are the lengths of their lists, and what the evidence is."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.test import Client
from tests.reports.conftest import World, local, make_world

from huiyin.cli.main import main
from huiyin.core.errors import Forbidden, InvalidInput
from huiyin.evidence.statements import state_clause
from huiyin.evidence.whole import ClauseLine, Whole, whole_procedure
from huiyin.journal.models import Entry
from huiyin.procedures.models import Edition

NOW = "2026-05-20 09:00"
APRIL = (date(2026, 4, 1), date(2026, 4, 30))


@pytest.fixture
def world(db: None) -> World:
    """At site A one complaint handled in time and one answered late; one open at site B."""
    world = make_world()
    world.handled("2026-04-07")
    late = world.register("2026-04-13 09:00", category="lift")
    world.record("2026-04-13 09:30", late, "judged", validity="valid", reason="维修不到位")
    world.record("2026-04-20 09:00", late, "answered", text="修好了。", means="phone")
    world.register("2026-04-29 09:00", who="duty_b")
    return world


def _whole(world: World, who: str = "quality", **more: object) -> Whole:
    with time_machine.travel(local(NOW), tick=False):
        return whole_procedure(world.actor(who), Edition.objects.get(), *APRIL, **more)  # type: ignore[arg-type]


def _of(whole: Whole, clause: str) -> ClauseLine:
    return next(one for one in whole.lines if one.id == clause)


def _client(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.small.people[who])
    return client


def test_every_figure_is_the_length_of_its_list_on_the_clauses_page(world: World) -> None:
    edition = Edition.objects.get()
    with time_machine.travel(local(NOW), tick=False):
        client = _client(world, "quality")
        whole = _whole(world)
        assert dict(_of(whole, "7.2.3").figures) == {
            "applied": 3,
            "met": 1,
            "late": 1,
            "refused": 0,
            "open": 1,
        }
        for one in whole.lines:
            for name, count in one.figures:
                if not count:
                    continue
                address = f"/procedures/{edition.pk}/clauses/{one.id}/?since=2026-04-01&until=2026-04-30"
                page = client.get(f"{address}&show={name}").content.decode()
                assert page.count("<tr data-href=") == count, (one.id, name)


def test_by_unit(world: World) -> None:
    small = world.small
    site_a = frozenset({small.site_a.pk, small.units["A-ENG"].pk})
    assert len(_of(_whole(world, units=site_a), "7.2.3").cases["applied"]) == 2
    # who reports on one site sees no other, whatever he asks for
    head = _of(_whole(world, "head_a"), "7.2.3")
    assert len(head.cases["applied"]) == 2
    everything = _of(_whole(world, "head_a", units=frozenset({small.site_b.pk})), "7.2.3")
    assert everything.cases["applied"] == []


def test_what_never_applied_and_what_the_evidence_is(world: World) -> None:
    whole = _whole(world)
    assert _of(whole, "7.2.3").proof == "system"
    never = {one.id for one in whole.never}
    assert "7.2.4" in never
    assert "7.2.3" not in never
    resting = _of(whole, "7.1.4")
    assert (resting.proof, resting.never) == ("none", True)
    edition = Edition.objects.get()
    with time_machine.travel(local(NOW), tick=False):
        state_clause(
            actor=world.actor("quality"),
            edition=edition,
            clause="7.1.4",
            unit=world.small.site_a,
            since=date(2026, 4, 10),
            until=date(2026, 4, 20),
            text="消杀前张贴了告知，存档在前台。",
        )
    after = _whole(world)
    assert _of(after, "7.1.4").proof == "statement"
    assert {name: count for name, _words, count in after.proofs}["statement"] == 1
    entry = Entry.objects.get(name="clause_stated")
    assert "text" in entry.text_digests
    assert "消杀" not in str(entry.data)


def test_a_statement_needs_words_days_and_the_right(world: World) -> None:
    given = {"edition": Edition.objects.get(), "clause": "7.1.4", "since": APRIL[0], "until": APRIL[1]}
    with time_machine.travel(local(NOW), tick=False):
        with pytest.raises(Forbidden):
            state_clause(actor=world.actor("duty_a"), unit=world.small.site_a, text="做了", **given)  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            state_clause(actor=world.actor("head_a"), unit=world.small.site_b, text="做了", **given)  # type: ignore[arg-type]
        with pytest.raises(InvalidInput):
            state_clause(actor=world.actor("quality"), unit=world.small.site_a, text=" ", **given)  # type: ignore[arg-type]


def test_the_page_and_its_spreadsheet(world: World) -> None:
    edition = Edition.objects.get()
    address = f"/procedures/{edition.pk}/evidence/?since=2026-04-01&until=2026-04-30"
    with time_machine.travel(local(NOW), tick=False):
        client = _client(world, "quality")
        page = client.get(address).content.decode()
        assert "从未用到" in page
        assert "系统记录" in page
        assert client.get(f"{address}&unit=nowhere").status_code == 404
        assert _client(world, "duty_a").get(address).status_code == 403
        answer = client.post(
            f"/procedures/{edition.pk}/clauses/7.1.4/state/",
            {"since": "2026-04-01", "until": "2026-04-30", "unit": "A", "text": "存档在前台。"},
        )
        assert answer.status_code == 302
        assert "存档在前台。" in client.get(answer["Location"]).content.decode()
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}&form=xlsx").content))
    rows = {row[0]: row for row in book["条款"].iter_rows(min_row=4, values_only=True)}
    assert rows["7.2.3"][3:8] == (3, 1, 1, 0, 1)
    listed = [row for row in book["工单"].iter_rows(min_row=2, values_only=True) if row[0] == "7.2.3"]
    assert len(listed) == 3 + 1 + 1 + 1
    assert Entry.objects.filter(name="evidence_exported").count() == 1


def test_the_command(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    period = ["--from", "2026-04-01", "--to", "2026-04-30"]
    file = tmp_path / "evidence.xlsx"
    assert main(["pack", "evidence", "PM1", *period, "--json", "--xlsx", str(file)]) == 0
    found = {one["clause"]: one for one in json.loads(capsys.readouterr().out)}
    assert (found["7.2.3"]["applied"], found["7.2.3"]["late"]) == (3, 1)
    assert file.stat().st_size > 1000
    assert main(["pack", "evidence", "PM1", *period, "--unit", "B", "--json"]) == 0
    found = {one["clause"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["7.2.3"]["applied"] == 1
    assert main(["pack", "evidence", "XX9", *period]) == 2

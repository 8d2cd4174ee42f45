"""The pages of importing, as somebody walks them: drop, match, look, take in, see what came of it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.cases.conftest import World
from tests.factories.customers import make_site
from tests.imports.conftest import TITLES, Sheet, ledger

from huiyin.cases.models import Case
from huiyin.config.environment import environment
from huiyin.core import clock, outbox
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import deliver_due, hold_sending
from huiyin.core.ticking import run_tick
from huiyin.customers.models import Customer
from huiyin.customers.services import create_customer, erase_customer
from huiyin.imports.models import ImportRun, RunState
from huiyin.imports.tasks import take_in
from huiyin.journal.models import Entry
from huiyin.organization.models import Holding
from huiyin.records.hooks import erased as words_erased


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment(), "data_dir", tmp_path / "data")


def signed_in(world: World, username: str = "supervisor_a") -> Client:
    client = Client()
    client.force_login(world.small.people[username])
    return client


def dropped(
    client: Client, world: World, path: Path, *, unit: str = "A", kind: str = "cases"
) -> HttpResponse:
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    data = {"kind": kind, "unit": world.small.units[unit].pk, "file": upload}
    return client.post("/imports/", data)


def picked(client: Client, address: str, **more: str) -> HttpResponse:
    """Send the page's form as it stands, with what is chosen otherwise."""
    body = client.get(address).content.decode()
    chosen: dict[str, Any] = {}
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', body, re.S):
        found = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        chosen[name] = found[1] if found else ""
    return client.post(address, {**chosen, **more})


def words(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_from_drop_to_done(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    assert "还没有导入过" in words(client.get("/imports/"))
    rows = [list(row) for row in ledger(12)]
    rows[3][3] = "上星期"
    response = dropped(client, world, sheet(rows, name="去年台账.xlsx"))
    run = ImportRun.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/imports/{run.uuid}/"
    assert not Case.objects.exists()

    columns = f"/imports/{run.uuid}/columns/"
    assert client.get(f"/imports/{run.uuid}/")["Location"] == columns
    assert "王女士" in words(client.get(columns))
    assert picked(client, columns, kind="complaint", channel="phone").status_code == 302

    preview = words(client.get(f"/imports/{run.uuid}/"))
    assert "导入 11 行" in preview
    assert "上星期" in preview
    assert not Case.objects.exists()

    client.post(f"/imports/{run.uuid}/begin/")
    assert "正在导入" in words(client.get(f"/imports/{run.uuid}/"))
    assert not Case.objects.exists()  # the work is done after the answer
    deliver_due()
    run.refresh_from_db()
    assert (run.state, run.imported, run.refused, run.seen) == ("done", 11, 1, 12)
    done = words(client.get(f"/imports/{run.uuid}/"))
    assert "已完成" in done
    assert "上星期" in done
    assert "电梯又停了 0" in words(client.get("/cases/?mark=historic&state=all"))
    case = Case.objects.get(external_number="T-0000")
    assert (case.unit, case.reporter, case.state) == (
        world.small.site_a,
        "王女士",
        "closed" if case.closed_at else "answered",
    )
    names = Entry.objects.filter(chain__subject_kind="import").order_by("id").values_list("name", flat=True)
    assert list(names) == ["import_received", "import_mapped", "import_begun", "import_done"]
    assert Entry.objects.get(name="registered", chain__subject_id=str(case.uuid)).actor_name == "张敏"


def test_the_matching_is_remembered(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    titles = ("甲", "乙", "丙")
    rows = [("1", "2019-04-01 9:00", "漏水")]
    dropped(client, world, sheet(rows, titles=titles))
    first = ImportRun.objects.get()
    answer = picked(client, f"/imports/{first.uuid}/columns/", column_0="key", column_1="at", column_2="text")
    assert answer.status_code == 302
    dropped(client, world, sheet([("2", "2019-04-02 9:00", "漏电")], titles=titles, name="next.csv"))
    second = ImportRun.objects.latest("id")
    body = client.get(f"/imports/{second.uuid}/columns/").content.decode()
    for meaning in ("key", "at", "text"):
        assert f'value="{meaning}" selected' in body
    # it comes in with the first file's rows known as other rows of the same source
    picked(client, f"/imports/{second.uuid}/columns/")
    for run in (first, second):
        client.post(f"/imports/{run.uuid}/begin/")
    deliver_due()
    assert sorted(Case.objects.values_list("text", flat=True)) == ["漏水", "漏电"]


def test_a_mapping_that_ships_fits_at_one_press(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    titles = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
    row = ("2549", "A0004", "物业", "2019/4/25 9:32:09", "\n\t停车收费", "您好", "2019/5/10 14:56:53")
    dropped(client, world, sheet([row], titles=titles, name="留言.xlsx"))
    run = ImportRun.objects.get()
    columns = f"/imports/{run.uuid}/columns/"
    assert "网络留言板" in words(client.get(columns))
    assert client.post(columns, {"ready": "messages"}).status_code == 302
    assert client.post(columns, {"ready": "requests311"}).status_code == 422
    client.post(f"/imports/{run.uuid}/begin/")
    deliver_due()
    case = Case.objects.get()
    assert (case.external_number, case.text, case.answered_at is not None) == ("2549", "物业\n停车收费", True)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"", "空"),
        ("x.xlsx", b"PK\x03\x04broken", "坏了"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), ".xlsx"),
        ("x.csv", "编号,内容\n".encode() + b"\xff\xff\xff\x80", "编码"),
        ("x.csv", "内容,内容\n1,2\n".encode(), "重名"),
    ],
)
def test_a_bad_file_is_said_and_nothing_stays(world: World, name: str, content: bytes, said: str) -> None:
    client = signed_in(world)
    upload = SimpleUploadedFile(name, content)
    data = {"kind": "cases", "unit": world.small.site_a.pk, "file": upload}
    response = client.post("/imports/", data)
    assert response.status_code == 422
    assert said in words(response)
    assert not ImportRun.objects.exists()
    assert not list((environment().data_dir / "imports").glob("*"))


def test_a_file_that_is_too_large(world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment(), "import_limit_mb", 0)
    response = dropped(signed_in(world), world, sheet(ledger(5)))
    assert response.status_code == 422
    assert "上限" in words(response)
    assert not ImportRun.objects.exists()


def test_time_or_content_not_chosen(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    dropped(client, world, sheet([("1", "2", "3")], titles=("甲", "乙", "丙")))
    columns = f"/imports/{ImportRun.objects.get().uuid}/columns/"
    assert picked(client, columns, column_0="key").status_code == 422
    response = picked(client, columns, column_0="at", column_1="at", column_2="text")
    assert response.status_code == 422
    assert "同一项" in words(response)


def test_who_may_import_and_where(world: World, sheet: Sheet) -> None:
    path = sheet(ledger(2))
    for username in ("duty_a", "handler_a", "head_a"):
        if "import" not in world.small.people[username].holdings.get().post.may:
            assert dropped(signed_in(world, username), world, path).status_code == 403
    client = signed_in(world)
    assert dropped(client, world, path, unit="B").status_code == 422
    assert not ImportRun.objects.exists()
    dropped(client, world, path)
    address = f"/imports/{ImportRun.objects.get().uuid}/"
    other = signed_in(world, "supervisor_b")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}begin/").status_code == 404
    assert path.name not in words(other.get("/imports/"))


def test_a_column_of_units_does_not_reach_further(world: World, sheet: Sheet) -> None:
    """Who may import for one site brings nothing into another, whatever the file says."""
    client = signed_in(world)
    path = sheet([("1", "2019-04-01 9:00", "漏水")], titles=("编号", "登记时间", "内容"))
    dropped(client, world, path)
    run = ImportRun.objects.get()
    columns = f"/imports/{run.uuid}/columns/"
    picked(client, columns)
    run.refresh_from_db()
    run.mapping["constants"]["unit"] = "B"
    run.save()
    preview = words(client.get(f"/imports/{run.uuid}/"))
    assert "会导入 0 行" in preview
    assert "单位：没有找到" in preview
    client.post(f"/imports/{run.uuid}/begin/")
    deliver_due()
    run.refresh_from_db()
    assert (run.imported, run.refused) == (0, 1)
    assert not Case.objects.exists()


def ready_run(world: World, client: Client, path: Path) -> ImportRun:
    dropped(client, world, path)
    run = ImportRun.objects.latest("id")
    picked(client, f"/imports/{run.uuid}/columns/", kind="complaint", channel="phone")
    client.post(f"/imports/{run.uuid}/begin/")
    run.refresh_from_db()
    return run


def test_pressed_twice_it_begins_once(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    run = ready_run(world, client, sheet(ledger(3)))
    client.post(f"/imports/{run.uuid}/begin/")
    assert OutboxRow.objects.filter(topic="imports.run").count() == 1
    deliver_due()
    client.post(f"/imports/{run.uuid}/begin/")
    deliver_due()
    assert Case.objects.count() == 3
    assert client.get(f"/imports/{run.uuid}/columns/").status_code == 302


def test_who_may_no_longer_import_takes_nothing_in(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    run = ready_run(world, client, sheet(ledger(3)))
    Holding.objects.filter(person=world.small.people["supervisor_a"]).delete()
    deliver_due()
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    assert run.error
    assert not Case.objects.exists()


def test_a_stopped_import_goes_on(world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(world)
    run = ready_run(world, client, sheet(ledger(3)))
    path = environment().data_dir / "imports" / str(run.uuid)
    content = path.read_bytes()
    path.unlink()
    deliver_due()
    assert "清理" in words(client.get(f"/imports/{run.uuid}/"))
    path.write_bytes(content)
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        client.post(f"/imports/{run.uuid}/begin/")
        deliver_due()
    assert "已完成" in words(client.get(f"/imports/{run.uuid}/"))
    assert Case.objects.count() == 3


def test_a_long_import_keeps_its_lease(world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ready_run(world, signed_in(world), sheet(ledger(3)))
    row = OutboxRow.objects.get(topic="imports.run")
    start = clock.now() + timedelta(minutes=4)
    with time_machine.travel(start, tick=False):
        take_in(row)
    row.refresh_from_db()
    assert row.leased_until == start + outbox.LEASE
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_taking_in_is_no_sending(world: World, sheet: Sheet) -> None:
    hold_sending(reason="restored")
    ready_run(world, signed_in(world), sheet(ledger(2)))
    deliver_due()
    assert Case.objects.count() == 2


def test_files_are_removed_after_a_week(world: World, sheet: Sheet) -> None:
    run = ready_run(world, signed_in(world), sheet(ledger(1)))
    path = environment().data_dir / "imports" / str(run.uuid)
    run_tick()
    assert path.exists()
    with time_machine.travel(clock.now() + timedelta(days=8)):
        run_tick()
    assert not path.exists()


def test_households_and_their_owners(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    titles = ("项目", "楼栋", "单元", "房号", "业主姓名", "业主电话")
    path = sheet([("东湖花园", "3", "2", "501", "欧阳娜娜", "13800001234")], titles=titles, name="业主.xlsx")
    dropped(client, world, path, kind="customers")
    run = ImportRun.objects.get()
    picked(client, f"/imports/{run.uuid}/columns/")
    assert "1 行" in words(client.get(f"/imports/{run.uuid}/"))
    client.post(f"/imports/{run.uuid}/begin/")
    deliver_due()
    run.refresh_from_db()
    assert (run.state, run.error) == ("done", "")
    assert Customer.objects.get().name == "欧阳娜娜"


def test_titles_are_known(world: World, sheet: Sheet) -> None:
    client = signed_in(world)
    dropped(client, world, sheet(ledger(1)))
    body = client.get(f"/imports/{ImportRun.objects.get().uuid}/columns/").content.decode()
    for name, meaning in zip(TITLES, ("key", "reporter", "reporter_phone", "at", "text"), strict=False):
        assert name in body
        assert f'value="{meaning}" selected' in body


def _waiting(world: World, sheet: Sheet) -> tuple[Client, ImportRun, Path]:
    client = signed_in(world)
    dropped(client, world, sheet(ledger(5), name="台账.xlsx"))
    run = ImportRun.objects.get()
    return client, run, environment().file("imports", str(run.uuid))


def test_the_file_is_read_once_and_only_its_rows_are_kept(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, run, kept = _waiting(world, sheet)
    assert [one.name for one in kept.parent.iterdir()] == [str(run.uuid)]
    assert kept.read_bytes()[:2] != b"PK"

    def opened(*_args: Any, **_more: Any) -> None:
        pytest.fail("the workbook was opened again")

    monkeypatch.setattr("openpyxl.load_workbook", opened)
    address = f"/imports/{run.uuid}/"
    assert picked(client, f"{address}columns/", kind="complaint", channel="phone").status_code == 302
    assert "5" in words(client.get(address))
    client.post(f"{address}begin/")
    deliver_due()
    run.refresh_from_db()
    assert (run.state, run.imported) == (RunState.DONE, 5)
    assert not kept.exists()


def test_a_file_that_breaks_in_the_middle_leaves_nothing(world: World, tmp_path: Path) -> None:
    broken = tmp_path / "坏.csv"
    broken.write_text("编号,内容\n1,好\n2," + "长" * 150_000 + "\n", encoding="utf-8")
    response = dropped(signed_in(world), world, broken)
    assert response.status_code == 422
    assert not ImportRun.objects.exists()
    assert list(environment().file("imports").iterdir()) == []


def test_erasing_somebody_removes_the_files_that_wait(
    world: World, sheet: Sheet, django_capture_on_commit_callbacks: Any
) -> None:
    _client, _run, kept = _waiting(world, sheet)
    make_site(world.small.site_a)
    gone = create_customer(actor=world.actor("admin"), unit=world.small.site_a, name="王女士")
    with django_capture_on_commit_callbacks(execute=True):
        erase_customer(actor=world.actor("admin"), customer=gone, reason="本人要求")
    assert not kept.exists()
    kept.write_text("x")
    with django_capture_on_commit_callbacks(execute=True):
        words_erased(world.small.root.pk)
    assert not kept.exists()


def test_what_refused_rows_quote_is_kept_ninety_days(world: World, sheet: Sheet) -> None:
    run = ImportRun.objects.create(
        company_id=world.small.root.pk,
        kind="cases",
        name="x",
        digest="x",
        header="x",
        state=RunState.DONE,
        started_at=clock.now(),
        finished_at=clock.now(),
    )
    run.refusals.create(row=2, reason="「来源」没有对应的选项：王女士")
    for days, left in ((89, 1), (91, 0)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            run_tick()
            assert run.refusals.count() == left

"""`huiyin import` as the operator runs it: its own process, stopped by Ctrl-C in the middle."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cases.conftest import World
from tests.cli.conftest import Run, environ, huiyin, own_name
from tests.imports.conftest import Sheet, ledger

from huiyin.cases.models import Case
from huiyin.cli.main import main
from huiyin.customers.models import Customer
from huiyin.imports.models import ImportRun

__all__ = ["environ", "huiyin", "own_name"]

MAPPING = """
source = "ledger"
at = "投诉时间"
key = "编号"

[columns]
external_number = "编号"
reporter = "投诉人"
text = "投诉内容"

[constants]
kind = "complaint"
channel = "phone"

[[events]]
event = "answered"
at = "答复时间"
fields = { text = "处理情况" }
"""


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "ledger.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return str(path)


Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(world: World, capsys: pytest.CaptureFixture[str]) -> Say:
    """The command in this process: status, what it printed, and what it complained of."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["import", *map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_rows_are_counted_and_bad_ones_named(command: Say, sheet: Sheet, rules: str) -> None:
    rows = [list(row) for row in ledger(8)]
    rows[3][3] = "上星期"
    path = sheet(rows)
    status, out, _err = command("cases", path, "--map", rules, "--dry-run", "--json")
    assert (status, json.loads(out)["would_import"]) == (1, 7)
    assert not Case.objects.exists()
    status, out, err = command("cases", path, "--map", rules, "--unit", "A")
    assert status == 1
    assert "imported 7" in out
    assert "row 5" in err
    assert "上星期" in err
    _status, out, _err = command("cases", path, "--map", rules, "--json")
    found = json.loads(out)
    assert (found["imported"], found["known"], [one["row"] for one in found["refused"]]) == (0, 7, [5])


def test_what_is_wrong_is_one_line_and_status_2(
    command: Say, sheet: Sheet, rules: str, tmp_path: Path
) -> None:
    path = sheet(ledger(2))
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('source = "x"\nat = "投诉时间"\ncolour = "red"\n[columns]\n', encoding="utf-8")
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as stream:
        stream.truncate(300 * 1024 * 1024)
    for arguments in (
        (tmp_path / "nowhere.csv", "--map", rules),
        (path,),
        (path, "--map", "nothing"),
        (path, "--map", wrong),
        (path, "--map", "messages"),
        (path, "--map", rules, "--unit", "NONE"),
        (path, "--map", rules, "--company", "NONE"),
        (huge, "--map", rules),
    ):
        status, _out, err = command("cases", *arguments)
        assert status == 2, arguments
        assert len(err.strip().splitlines()) == 1, err
    assert not ImportRun.objects.exists()
    assert not Case.objects.exists()


def test_owners_and_their_rooms(command: Say, sheet: Sheet) -> None:
    titles = ("项目", "楼栋", "单元", "房号", "业主姓名", "业主电话")
    path = sheet([("东湖花园", "3", "2", "501", "欧阳娜娜", "13800001234")], titles=titles)
    for created in (1, 0):
        _status, out, _err = command("customers", path, "--json")
        assert json.loads(out)["rows"] == 1
        assert (json.loads(out)["created"] > 0) == bool(created)
    assert Customer.objects.count() == 1


@pytest.fixture
def screen() -> Iterator[tuple[int, int]]:
    """A terminal of which one end is ours."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


def test_ctrl_c_in_the_middle(
    huiyin: Run, environ: dict[str, str], sheet: Sheet, rules: str, screen: tuple[int, int]
) -> None:
    made = huiyin("init", "--company", "和风物业", "--admin", "boss", "--password", "Tong3-hua-shi")
    assert made.returncode == 0, made.stderr
    ours, theirs = screen
    count = 1500
    path = str(sheet(ledger(count)))
    process = subprocess.Popen(
        [sys.executable, "-m", "huiyin.cli.main", "import", "cases", path, "--map", rules],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while b"rows 2" not in shown:  # a batch is in: it is in the middle of the next
        shown += os.read(ours, 1024)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert b"Traceback" not in shown + os.read(ours, 4096)
    again = json.loads(huiyin("import", "cases", path, "--map", rules, "--json").stdout)
    assert (again["rows"], again["known"] + again["imported"], again["refused"]) == (count, count, [])
    assert 200 <= again["known"] < count
    assert huiyin("verify").returncode == 0

"""Tables as other systems write them, and the real ones where they lie beside the project."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.cases.conftest import World, world
from tests.factories.connections import real_connections

from huiyin.imports.mapping import CaseMapping
from huiyin.organization.actors import Actor, system_actor

__all__ = ["real_connections", "world"]

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
Sheet = Callable[..., Path]

TITLES = ("编号", "投诉人", "电话", "投诉时间", "投诉内容", "处理情况", "答复时间", "结案时间")


def ledger(count: int, *, text: str = "电梯又停了") -> list[tuple[str, ...]]:
    """Rows of a ledger, every one of them good."""
    return [
        (
            f"T-{index:04}",
            "王女士",
            "13800001234",
            f"2019/4/{1 + index % 28} 9:{index % 60:02}",
            f"{text} {index}",
            "已派人处理",
            f"2019/4/{1 + index % 28} 15:00",
            f"2019/5/{1 + index % 28} 10:00" if index % 3 else "",
        )
        for index in range(count)
    ]


@pytest.fixture
def importer(world: World) -> Actor:
    return system_actor(world.small.root.pk)


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Writes a table as CSV or XLSX, by the name's ending."""

    def write(
        rows: Sequence[Sequence[Any]],
        name: str = "台账.csv",
        titles: Sequence[Any] = TITLES,
        encoding: str = "utf-8",
    ) -> Path:
        path = tmp_path / name
        if name.endswith(".xlsx"):
            book = Workbook()
            for row in (titles, *rows):
                book.active.append(list(row))
            book.save(path)
        else:
            with path.open("w", encoding=encoding, newline="") as stream:
                csv.writer(stream).writerows([titles, *rows])
        return path

    return write


@pytest.fixture
def mapping() -> CaseMapping:
    return CaseMapping.model_validate(
        {
            "source": "ledger",
            "at": "投诉时间",
            "key": "编号",
            "columns": {
                "external_number": "编号",
                "reporter": "投诉人",
                "reporter_phone": "电话",
                "text": "投诉内容",
            },
            "constants": {"kind": "complaint", "channel": "phone"},
            "events": [
                {"event": "answered", "at": "答复时间", "fields": {"text": "处理情况"}},
                {"event": "closed", "at": "结案时间"},
            ],
        }
    )


def shared_file(name: str) -> Path:
    """A real file beside the project. Skips where the folder is absent."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the real data is not here: {name} is expected under ../shared/data")
    return path

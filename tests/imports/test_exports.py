"""What came in as text goes out as text: no cell of a stranger becomes a formula in our files."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.cases.conftest import World
from tests.imports.conftest import Sheet, ledger
from tests.imports.test_running import taken_in

from huiyin.imports.mapping import CaseMapping
from huiyin.organization.actors import Actor

BAD = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=2+2",
    '=HYPERLINK("http://example.com","点")',
    "=cmd|' /C calc'!A0",
]


@pytest.fixture
def imported(world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping) -> list[str]:
    rows = [list(row) for row in ledger(len(BAD))]
    for row, bad in zip(rows, BAD, strict=True):
        row[1] = row[4] = row[5] = bad
    run = taken_in(importer, world, sheet(rows), mapping)
    assert run.imported == len(BAD)
    return [bad.strip() for bad in BAD]


def cells(content: bytes) -> list[object]:
    book = load_workbook(io.BytesIO(content))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]


ADDRESSES = (
    "/cases/export/?state=all",
    "/reports/cases/?figure=received&period=2019-04&unit=A&form=xlsx",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_lists_as_workbooks(world: World, imported: list[str], address: str) -> None:
    client = Client()
    client.force_login(world.small.people["supervisor_a"])
    response = client.get(address)
    assert response.status_code == 200
    found = cells(b"".join(response.streaming_content) if response.streaming else response.content)
    assert {cell.value for cell in found} >= set(imported)
    assert {cell.data_type for cell in found} <= {"s", "n", "d", "inlineStr"}

"""The database itself refuses to change or remove an issued report, its lists and its acts."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from tests.reports.conftest import World
from tests.reports.test_issuing import issue

from huiyin.reports import guards
from huiyin.reports.models import IssuedList, IssuedReport

migration = import_module("huiyin.reports.migrations.0002_guards")


@pytest.fixture
def issued(world: World) -> IssuedReport:
    world.handled("2026-04-07")
    return issue(world, "head_a", "A", "2026-04")


def refused(sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match="issued report"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reports_issuedreport SET remark = 'x'",
        "DELETE FROM reports_issuedlist",
        "UPDATE reports_issuedlist SET figure = 'x'",
        "DELETE FROM reports_issuedreport",
    ],
)
def test_an_issued_report_is_never_written_again(issued: IssuedReport, sql: str) -> None:
    assert IssuedList.objects.filter(report=issued).exists()
    refused(sql)
    assert IssuedReport.objects.get() == issued


@pytest.mark.sqlite
def test_nor_replaced(issued: IssuedReport) -> None:
    refused("INSERT OR REPLACE INTO reports_issuedlist SELECT * FROM reports_issuedlist")


@pytest.mark.postgresql
def test_nor_emptied(db: None) -> None:
    refused("TRUNCATE reports_issuedlist")


def test_the_migration_can_be_taken_back_and_doctor_misses_it(issued: IssuedReport) -> None:
    assert guards.missing(connection) == []
    connection.check_constraints()
    migration.remove(None, SimpleNamespace(connection=connection))
    assert len(guards.missing(connection)) == 9
    IssuedReport.objects.update(remark="x")
    migration.install(None, SimpleNamespace(connection=connection))
    assert guards.missing(connection) == []
    refused("UPDATE reports_issuedreport SET remark = 'y'")

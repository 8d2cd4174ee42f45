"""Customers from another system's table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.factories.customers import MadeSite
from tests.factories.organization import SmallCompany

from huiyin.core.errors import Forbidden, InvalidInput
from huiyin.customers.importing import guess_mapping, import_customers
from huiyin.customers.lookup import lookup
from huiyin.customers.models import Customer, Household, LookupKey, Phone, Place, Residency
from huiyin.customers.selectors import household_card, occupied_households
from huiyin.journal.models import Entry

HEADINGS = [
    "小区",
    "楼栋",
    "单元",
    "房号",
    "业主姓名",
    "联系电话",
    "租户",
    "租户电话",
    "入住日期",
    "空置",
    "开发商",
    "设备",
    "类别",
    "备注",
]


def rows(*cells: tuple[Any, ...]) -> list[Mapping[str, Any]]:
    return [dict(zip(HEADINGS, line, strict=False)) for line in cells]


GOOD = rows(
    (
        "翠湖苑",
        "3栋",
        "2单元",
        501.0,
        "王小明、单雪",
        "13800138000、13900139001",
        "",
        "",
        datetime(2020, 5, 1, 0, 0, tzinfo=UTC),
        "",
        "恒信置业",
    ),
    ("翠湖苑", "", "", "3栋2单元502室", "曾国强", "0755-26001234", "李雷", 18600186005, "2021年6月1日", "否"),
    ("翠湖苑", "3", "2-3", "601", "仇英", "", "", "", "", "是"),
    ("翠湖苑", "", "", "12-1203", "王小明", "13800138000"),
    ("翠湖苑", "", "", "12-1204"),
    ("翠湖苑", "", "", "", "", "", "", "", "", "", "", "3号电梯", "设备", "三菱"),
)
BAD = rows(
    ("", "", "", "3-2-501", "甲"),
    ("翠湖苑", "", "", "楼上", "甲"),
    ("翠湖苑", "", "", "3-2-503", "甲", "无"),
    ("翠湖苑", "", "", "3-2-504", "", "13800138000"),
    ("翠湖苑", "", "", "3-2-505", "甲", "", "", "", "去年"),
    ("翠湖苑", "", "", "3-2-506", "甲", "", "", "", "2021-02-30"),
    ("翠湖苑", "", "", "3-2-507", "甲", "", "", "", "", "也许"),
    ("翠湖苑",),
    ("西山雅苑", "", "", "3-2-501", "乙"),
    ("翠湖苑", "", "", "3-2-501", "陌生人"),
)


@pytest.fixture
def mapping() -> dict[str, str]:
    return guess_mapping(HEADINGS)


def counts() -> dict[str, int]:
    models = (Place, Household, Customer, Residency, Phone, LookupKey, Entry)
    return {model.__name__: model.objects.count() for model in models}


def test_headings_are_recognised(mapping: dict[str, str]) -> None:
    assert mapping["site"] == "小区"
    assert mapping["owner_phone"] == "联系电话"
    assert len(mapping) == len(HEADINGS)


def test_rows_become_homes_and_a_second_run_changes_nothing(
    small: SmallCompany, mapping: dict[str, str]
) -> None:
    actor = small.actor("supervisor_a")
    first = import_customers(actor, GOOD, mapping)
    assert (first.rows, first.created, first.changed, first.unchanged) == (6, 6, 0, 0)
    assert first.refused == []
    card = household_card(actor, Place.objects.get(code="3-2-501"))
    assert [(one.name, one.role) for one in card.residents] == [("王小明", "owner"), ("单雪", "owner")]
    assert card.household is not None
    assert card.household.since == date(2020, 5, 1)
    assert card.developer is not None
    assert Place.objects.get(code="3-2-501").full_name == "翠湖苑 3栋2单元501"
    tenants = household_card(actor, Place.objects.get(code="3-2-502")).residents
    assert [one.role for one in tenants] == ["owner", "tenant"]
    assert Place.objects.filter(code="3-2-3-601").exists()
    # the same name and number is the same owner of two rooms
    assert Customer.objects.filter(name="王小明").count() == 1
    assert {match.detail for match in lookup(actor, "wxm")} == {"翠湖苑 3栋2单元501", "翠湖苑 12栋1203"}
    assert Place.objects.get(name="3号电梯").note == "三菱"
    assert occupied_households(actor, date(2026, 1, 1)) == {small.site_a.pk: 3}
    before = counts()
    again = import_customers(actor, GOOD, mapping)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 6)
    assert counts() == before


def test_a_changed_row_changes_only_itself(small: SmallCompany, mapping: dict[str, str]) -> None:
    actor = small.actor("supervisor_a")
    import_customers(actor, GOOD, mapping)
    changed = [dict(row) for row in GOOD]
    changed[1]["联系电话"] = "0755-26001234、18912345678"
    result = import_customers(actor, changed, mapping)
    assert (result.created, result.changed, result.unchanged) == (0, 1, 5)
    assert lookup(actor, "18912345678")[0].title == "曾国强"


def test_bad_rows_are_named_with_their_reason(
    small: SmallCompany, yard: MadeSite, mapping: dict[str, str]
) -> None:
    actor = small.actor("supervisor_a")
    import_customers(actor, GOOD[:1], mapping)
    before = counts()
    result = import_customers(actor, BAD, mapping)
    assert [refusal.row for refusal in result.refused] == list(range(2, 12))
    reasons = [refusal.reason for refusal in result.refused]
    for reason, word in zip(
        reasons,
        (
            "项目",
            "看不懂房号",
            "电话号码",
            "没有姓名",
            "去年",
            "2021-02-30",
            "也许",
            "房号和公共区域",
            "没有找到",
            "王小明",
        ),
        strict=True,
    ):
        assert word in reason
    assert counts() == before


def test_dry_run_says_the_same_and_writes_nothing(small: SmallCompany, mapping: dict[str, str]) -> None:
    actor = small.actor("supervisor_a")
    before = counts()
    tried = import_customers(actor, [*GOOD, *BAD[:3]], mapping, dry_run=True)
    assert counts() == before
    done = import_customers(actor, [*GOOD, *BAD[:3]], mapping)
    assert (tried.created, tried.refused) == (done.created, done.refused)


@pytest.mark.slow
def test_an_interrupted_run_loses_and_doubles_nothing(small: SmallCompany, mapping: dict[str, str]) -> None:
    actor = small.actor("supervisor_a")
    many = rows(
        *[("翠湖苑", "", "", f"1-1-{room}", f"户主{room}", f"138{room:08d}") for room in range(101, 331)]
    )

    def interrupted() -> Iterator[Mapping[str, Any]]:
        yield from many[:150]
        raise KeyboardInterrupt

    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        import_customers(actor, interrupted(), mapping, progress=done.append)
    assert done == [100]
    assert Household.objects.count() == 100
    result = import_customers(actor, many, mapping, progress=done.append)
    assert (result.unchanged, result.created) == (100, 130)
    assert done == [100, 100, 200, 230]
    assert Household.objects.count() == Customer.objects.count() == 230


def test_who_may_import_and_what_must_be_mapped(small: SmallCompany, mapping: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        import_customers(small.actor("duty_a"), GOOD, mapping)
    with pytest.raises(InvalidInput):
        import_customers(small.actor("supervisor_a"), GOOD, {"room": "房号"})
    with pytest.raises(InvalidInput):
        import_customers(small.actor("supervisor_a"), GOOD, {"site": "小区", "owner": "业主姓名"})
    with pytest.raises(InvalidInput):
        import_customers(small.actor("supervisor_a"), GOOD, {**mapping, "colour": "颜色"})


def test_formula_cells_stay_text(small: SmallCompany, mapping: dict[str, str]) -> None:
    actor = small.actor("supervisor_a")
    import_customers(actor, rows(("翠湖苑", "", "", "1-101", "=1+1")), mapping)
    assert Customer.objects.get().name == "=1+1"

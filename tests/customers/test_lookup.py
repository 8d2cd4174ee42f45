"""Finding who is calling."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from tests.factories.customers import MadeSite
from tests.factories.organization import SmallCompany

from huiyin.customers.keys import starts_with
from huiyin.customers.lookup import lookup
from huiyin.customers.models import LookupKey
from huiyin.customers.services import add_phone, create_customer, update_customer


@pytest.mark.parametrize(
    "text",
    [
        "3-2-501",
        "3栋2单元501",
        "3#2-501",
        "3幢2单元501室",
        "3号楼2单元501",
        "３－２－５０１",
        "三栋二单元501",
    ],
)
def test_room_in_every_spelling(small: SmallCompany, garden: MadeSite, text: str) -> None:
    first = lookup(small.actor("duty_a"), text)[0]
    assert (first.kind, first.title, first.exact) == ("room", "东湖花园 3栋2单元501", True)
    assert first.household_uuid == garden.household("3-2-501").uuid
    assert first.people == "王小明、单雪"
    assert first.phones == ("138****8000", "0755****1234")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("13800138000", "王小明"),
        ("8000", "王小明"),
        ("00138", "王小明"),
        ("+86 138 0013 8000", "王小明"),
        ("2600", "王小明"),
        ("小明", "王小明"),
        ("明", "王小明"),
        ("wxm", "王小明"),
        ("xiaoming", "王小明"),
        ("danxue", "单雪"),
        ("shanx", "单雪"),
        ("SX", "单雪"),
        ("zgq", "曾国强"),
        ("chouying", "仇英"),
        ("xiezhen", "解珍"),
        ("恒信", "恒信置业有限公司"),
        ("hxzy", "恒信置业有限公司"),
    ],
)
def test_customer_by_any_part(small: SmallCompany, garden: MadeSite, text: str, name: str) -> None:
    assert name in [match.title for match in lookup(small.actor("duty_a"), text)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("3号电梯", "东湖花园 3栋 3号电梯"),
        ("电梯", "东湖花园 3栋 3号电梯"),
        ("B2车库", "东湖花园 B2车库"),
        ("b2", "东湖花园 B2车库"),
        ("chek", "东湖花园 B2车库"),
        ("zxhy", "东湖花园 中心花园"),
    ],
)
def test_public_places_and_equipment(small: SmallCompany, garden: MadeSite, text: str, title: str) -> None:
    first = lookup(small.actor("duty_a"), text)[0]
    assert (first.kind, first.title) == ("place", title)
    assert first.place_uuid is not None
    assert first.household_uuid is None


def test_typing_narrows(small: SmallCompany, garden: MadeSite) -> None:
    duty = small.actor("duty_a")
    assert lookup(duty, "3")[0].title == "东湖花园 3栋"
    assert all(match.title.startswith("东湖花园 3栋2单元") for match in lookup(duty, "3-2"))
    assert [match.title for match in lookup(duty, "3-2-50")] == [
        "东湖花园 3栋2单元501",
        "东湖花园 3栋2单元502",
    ]
    assert len(lookup(duty, "501")) == 6
    without_entrance = [match.title for match in lookup(duty, "3栋501")]
    assert without_entrance[:2] == ["东湖花园 3栋1单元501", "东湖花园 3栋2单元501"]
    assert len(lookup(duty, "3-2", limit=3)) == 3


def test_chat_nickname_puts_the_named_one_first(small: SmallCompany, garden: MadeSite) -> None:
    found = lookup(small.actor("duty_a"), "3-2-501王姐")
    assert found[0].title == "东湖花园 3栋2单元501"
    assert lookup(small.actor("duty_a"), "小明 3-2")[0].title == "东湖花园 3栋2单元501"


def test_site_before_the_room_chooses_the_site(small: SmallCompany, garden: MadeSite, yard: MadeSite) -> None:
    found = lookup(small.actor("manager"), "西山雅苑3-2-501")
    assert [match.title for match in found] == ["西山雅苑 3栋2单元501"]


def test_own_unit_first_and_others_never(small: SmallCompany, garden: MadeSite, yard: MadeSite) -> None:
    manager = small.actor("manager")
    for unit, first in ((small.site_a, "东湖花园"), (small.site_b, "西山雅苑")):
        found = lookup(manager, "3-2-501", unit_id=unit.pk)
        assert [match.unit_id for match in found[:1]] == [unit.pk]
        assert found[0].title.startswith(first)
        assert len(found) == 2
    for text in ("3-2-501", "王小明", "8000", "wxm", "电梯"):
        units = {match.unit_id for match in lookup(small.actor("duty_a"), text, unit_id=small.site_b.pk)}
        assert units == {small.site_a.pk}


def test_nothing_without_a_post(small: SmallCompany, garden: MadeSite) -> None:
    assert lookup(small.actor("site_admin_a"), "3-2-501") == []


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "！！", "%", "_", "'", "没有这个人", "99-99-9999", "\x00", "王" * 500]
)
def test_strange_input_finds_nothing(small: SmallCompany, garden: MadeSite, text: str) -> None:
    assert lookup(small.actor("duty_a"), text) == []


def test_changes_are_found_at_once(small: SmallCompany, garden: MadeSite) -> None:
    duty = small.actor("duty_a")
    new = create_customer(actor=duty, unit=small.site_a, name="欧阳长乐")
    assert lookup(duty, "oyzl")[0].title == "欧阳长乐"
    add_phone(actor=duty, customer=new, number="18912345678")
    assert lookup(duty, "234567")[0].title == "欧阳长乐"
    update_customer(actor=duty, customer=new, name="欧阳永乐")
    assert lookup(duty, "长乐") == []
    assert lookup(duty, "永乐")[0].customer_uuid == new.uuid


def test_internal_keys_stay_inside(small: SmallCompany, garden: MadeSite) -> None:
    for match in lookup(small.actor("duty_a"), "王小明"):
        assert not [name for name in match.to_dict() if name.endswith("_id")]
        assert "13800138000" not in str(match)


def test_a_look_up_walks_the_index_and_asks_little(
    small: SmallCompany, garden: MadeSite, django_assert_max_num_queries: Any
) -> None:
    """Not a count of milliseconds: benchmarks/lookup.py has those."""
    manager = small.actor("manager")
    for text in ("3-2-501", "8000", "王", "wxm", "3号电梯", "3-2-501王姐"):
        with django_assert_max_num_queries(20):
            lookup(manager, text, unit_id=small.site_a.pk)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    for condition in (starts_with("138"), Q(text="138")):
        rows = LookupKey.objects.filter(condition, unit_id__in=[small.site_a.pk, small.site_b.pk], kind=5)
        assert "lookup_key" in rows.explain()

"""The list of cases: order, filters, paging, search, saved views, export, giving several away."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from tests.cases.conftest import World, local
from tests.cases.desk_kit import HTMX, signed_in
from tests.factories.customers import MadeSite, make_site

from huiyin.cases.filters import Filters, chosen_cases
from huiyin.cases.listing import page_of
from huiyin.cases.models import Case, SavedView
from huiyin.journal.models import Entry

pytestmark = pytest.mark.django_db
MONDAY = local("2026-11-23 10:00")


@pytest.fixture
def garden(world: World) -> MadeSite:
    return make_site(world.small.site_a)


def numbers(page: str) -> list[str]:
    """The numbers of the rows, in order."""
    return re.findall(r'class="number" href="[^"]*">([^<]+)</a>', page)


def listed(world: World, username: str = "supervisor_a", **query: Any) -> list[str]:
    return numbers(signed_in(world, username).get(reverse("cases:list"), query).content.decode())


@time_machine.travel(MONDAY, tick=False)
def test_what_happens_next_stands_first(world: World) -> None:
    calm = world.register(at="2026-11-23 09:00").case
    late = world.register(at="2026-11-12 09:00").case
    soon = world.register(at="2026-11-23 09:30", urgency="urgent").case
    praise = world.register(at="2026-11-23 09:00", kind="praise").case
    assert listed(world) == [one.number for one in (late, soon, calm, praise)]
    assert listed(world, sort="newest")[0] == soon.number


@time_machine.travel(MONDAY, tick=False)
def test_paging_by_key_shows_each_once_whatever_the_order(world: World) -> None:
    made = [
        world.register(at=f"2026-11-2{day} 09:0{minute}").case.pk for day in (0, 1) for minute in range(4)
    ]
    closed = world.register(kind="enquiry", at="2026-11-20 08:00").case
    world.record(closed, "answered", "duty_a", at="2026-11-20 08:10", text="好")
    actor = world.actor("supervisor_a")
    for sort in ("next", "newest"):
        cases = chosen_cases(actor, Filters(chosen={"state": ("all",)}, sort=sort))
        seen, after = [], ""
        for _round in range(9):
            page = page_of(cases, sort=sort, after=after, size=2)
            seen += [case.pk for case in page.cases]
            after = page.next
            if not after:
                break
        assert sorted(seen) == sorted([*made, closed.pk]), sort


def test_the_next_page_comes_in_place(world: World) -> None:
    for _number in range(52):
        world.register()
    client = signed_in(world, "supervisor_a")
    page = client.get(reverse("cases:list")).content.decode()
    first = numbers(page)
    more = re.search(r'hx-get="([^"]*after=[^"]*)"', page)
    assert len(first) == 50
    assert more is not None
    rest = numbers(client.get(more[1].replace("&amp;", "&"), headers=HTMX).content.decode())
    assert len(rest) == 2
    assert not set(rest) & set(first)


@time_machine.travel(MONDAY, tick=False)
def test_each_filter_chooses(world: World, garden: MadeSite) -> None:
    leak = world.register(category="leak", urgency="urgent", at="2026-11-23 09:50").case
    late = world.register(channel="wechat", at="2026-11-10 09:00").case
    repair = world.register(kind="repair", category="lift", at="2026-11-22 09:00").case
    world.record(late, "judged", "supervisor_a", validity="valid", reason="属实")
    world.record(repair, "assigned", "supervisor_a", person="handler_a", to_unit="A-ENG")
    world.record(repair, "chased", "duty_a", text="快一点")
    cases = {"leak": leak, "late": late, "repair": repair}
    wanted = {
        "kind=repair": "repair",
        "kind=repair&kind=complaint": "leak late repair",
        "category=facility": "leak repair",
        "channel=wechat": "late",
        "urgency=urgent": "leak",
        "validity=valid": "late",
        "validity=unjudged": "leak repair",
        "unit=A": "leak late repair",
        "unit=B": "",
        "assigned=A-ENG": "repair",
        "handler=handler_a": "repair",
        "handler=none": "leak late",
        "mark=late": "late",
        "mark=today": "leak repair",
        "mark=unassigned": "leak late",
        "mark=chased": "repair",
        "mark=late&mark=chased": "",
        "state=assigned": "repair",
        "from=2026-11-23": "leak",
        "to=2026-11-10": "late",
        "mark=nonsense": "",
    }
    client = signed_in(world, "supervisor_a")
    for query, names in wanted.items():
        page = client.get(f"{reverse('cases:list')}?{query}").content.decode()
        assert set(numbers(page)) == {cases[name].number for name in names.split()}, query
    assert set(listed(world, "handler_a", mark="mine")) == {repair.number}


def test_open_ended_and_all(world: World) -> None:
    opened = world.register().case
    ended = world.register(kind="enquiry").case
    world.record(ended, "answered", "duty_a", text="好")
    world.record(ended, "closed", "duty_a")
    assert listed(world) == [opened.number]
    assert listed(world, state="ended") == [ended.number]
    assert set(listed(world, state="all")) == {opened.number, ended.number}


def test_any_two_characters_are_found_also_in_what_is_closed(world: World, garden: MadeSite) -> None:
    case = world.register(household=str(garden.household("3-2-501").uuid), text="电梯关人了").case
    ended = world.register(kind="enquiry", text="电梯年检是哪天").case
    world.record(ended, "answered", "duty_a", text="下月")
    world.record(ended, "closed", "duty_a")
    world.register("duty_b", text="电梯坏了")
    assert set(listed(world, q="电梯")) == {case.number, ended.number}
    assert listed(world, q="关人") == [case.number]
    assert listed(world, q="锦绣花园 501") == [case.number]
    assert listed(world, q=case.number) == [case.number]
    assert listed(world, q="没有的词") == []


def test_nobody_sees_another_sites_cases(world: World) -> None:
    mine, other = world.register().case, world.register("duty_b").case
    assert listed(world) == [mine.number]
    assert set(listed(world, "deputy")) == {mine.number, other.number}
    export = signed_in(world, "supervisor_a").get(reverse("cases:export"))
    assert other.number not in cells_of(export)[1:][0]


def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, garden: MadeSite) -> None:
    client = signed_in(world, "supervisor_a")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("cases:list")).status_code == 200
        return len(queries)

    world.register(household=str(garden.household("3-2-501").uuid))
    count()
    few = count()
    for room in ("3-2-501", "3-2-502", "3-1-501", "1-1-101") * 4:
        world.register(household=str(garden.household(room).uuid))
    assert count() == few <= 30


def test_chips_count_and_stop_counting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(4):
        world.register(urgency="urgent")
    client = signed_in(world, "supervisor_a")
    page = client.get(reverse("cases:list")).content.decode()
    assert '紧急<span class="chip-count">4</span>' in page
    monkeypatch.setattr("huiyin.cases.listing.COUNTED", 3)
    page = client.get(reverse("cases:list")).content.decode()
    assert '紧急<span class="chip-count">3+</span>' in page
    assert '<span class="list-total">3+</span>' in page


def test_further_filters_come_with_their_counts(world: World) -> None:
    world.register(channel="wechat")
    world.register(kind="repair", channel="phone")
    client = signed_in(world, "supervisor_a")
    panel = client.get(reverse("cases:filters"), {"kind": "repair"}, headers=HTMX).content.decode()
    assert re.search(r'is-on" href="[^"]*" aria-current="true">报修<span class="chip-count">1', panel)
    assert "投诉" in panel
    assert "微信" not in panel


def test_a_choice_is_kept_under_a_name_by_its_owner(world: World) -> None:
    client = signed_in(world, "supervisor_a")
    client.post(reverse("cases:save-view"), {"name": "漏水的", "query": "category=leak&evil=1"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("漏水的", "category=leak")
    assert "漏水的" in client.get(reverse("cases:list")).content.decode()
    assert "漏水的" not in signed_in(world, "head_a").get(reverse("cases:list")).content.decode()
    assert (
        signed_in(world, "head_a").post(reverse("cases:delete-view"), {"name": "漏水的"}).status_code == 404
    )
    client.post(reverse("cases:delete-view"), {"name": "漏水的"})
    assert not SavedView.objects.exists()
    assert list(
        Entry.objects.filter(name__startswith="view_").order_by("id").values_list("name", flat=True)
    ) == [
        "view_saved",
        "view_deleted",
    ]


def cells_of(answer: Any) -> list[list[Any]]:
    content = b"".join(answer.streaming_content)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_export_is_exactly_what_is_filtered_in_plain_words(world: World, garden: MadeSite) -> None:
    case = world.register(
        household=str(garden.household("3-2-501").uuid), category="leak", urgency="urgent"
    ).case
    world.register(kind="repair")
    answer = signed_in(world, "supervisor_a").get(reverse("cases:export"), {"kind": "complaint"})
    head, *rows = cells_of(answer)
    assert len(rows) == 1
    line = dict(zip(head, rows[0], strict=True))
    assert (line["编号"], line["类型"], line["类别"], line["紧急程度"]) == (
        case.number,
        "投诉",
        "漏水渗水",
        "紧急",
    )
    assert line["位置"] == "锦绣花园 3栋2单元501"
    assert line["状态"] == "已登记"
    entry = Entry.objects.get(name="cases_exported")
    assert entry.data == {"query": "kind=complaint", "rows": 1}


@pytest.mark.parametrize("words", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "http://evil.example/x"])
def test_what_begins_like_a_formula_stays_text(world: World, words: str) -> None:
    world.register(text=words)
    answer = signed_in(world, "supervisor_a").get(reverse("cases:export"))
    content = b"".join(answer.streaming_content)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cell = next(cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value == words)
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_several_are_given_to_somebody_at_once(world: World) -> None:
    cases = [world.register().case for _number in range(3)]
    client = signed_in(world, "supervisor_a")
    chosen = [str(case.uuid) for case in cases[:2]]
    answer = client.post(
        reverse("cases:assign"), {"case": chosen, "to": "person:handler_a", "query": "kind=complaint"}
    )
    assert answer["Location"] == f"{reverse('cases:list')}?kind=complaint"
    page = client.get(answer["Location"]).content.decode()
    assert "已派出 2 张工单" in page
    handlers = [case.handler.username if case.handler else "" for case in Case.objects.order_by("pk")]
    assert handlers == ["handler_a", "handler_a", ""]
    assert Entry.objects.filter(name="assigned", type="event").count() == 2


def test_giving_away_stays_within_ones_own_site(world: World) -> None:
    mine, other = world.register().case, world.register("duty_b").case
    client = signed_in(world, "supervisor_a")
    url = reverse("cases:assign")
    client.post(url, {"case": [str(other.uuid)], "to": "person:handler_a"})
    client.post(url, {"case": [str(mine.uuid)], "to": "person:handler_b"})
    client.post(url, {"case": [str(mine.uuid)], "to": ""})
    signed_in(world, "duty_a").post(url, {"case": [str(mine.uuid)], "to": "person:handler_a"})
    assert not Case.objects.filter(handler__isnull=False).exists()


def test_what_one_case_refuses_does_not_hold_up_the_others(world: World) -> None:
    opened, ended = world.register().case, world.register(kind="enquiry").case
    world.record(ended, "answered", "duty_a", text="好")
    world.record(ended, "closed", "duty_a")
    client = signed_in(world, "supervisor_a")
    answer = client.post(
        reverse("cases:assign"), {"case": [str(ended.uuid), str(opened.uuid)], "to": "person:handler_a"}
    )
    page = client.get(answer["Location"]).content.decode()
    assert "已派出 1 张工单" in page
    assert f"{ended.number} 没有派出" in page


def test_an_empty_list_says_what_that_means(world: World) -> None:
    client = signed_in(world, "supervisor_a")
    assert "没有未办完的工单" in client.get(reverse("cases:list")).content.decode()
    assert "没有符合这些条件的工单" in client.get(reverse("cases:list"), {"mark": "late"}).content.decode()


def test_a_key_that_is_none_of_ours_begins_at_the_beginning(world: World) -> None:
    case = world.register().case
    for after in ("x", "x|1", "|", "2026-13-45|3", "|999999999999999999999999"):
        answer = signed_in(world, "supervisor_a").get(reverse("cases:list"), {"after": after})
        assert answer.status_code == 200, after
    assert listed(world, after="x") == [case.number]


def test_the_search_field_of_the_shell_finds_cases(world: World) -> None:
    from huiyin.cases.finding import search

    case = world.register(text="三号电梯关人了").case
    actor = world.actor("duty_a")
    assert [hit.title for hit in search(actor, "关人", 5)] == [f"{case.number} 东湖花园管理处"]
    assert [hit.url for hit in search(actor, case.number.lower(), 5)] == [
        reverse("cases:detail", args=[case.number])
    ]
    assert not list(search(world.actor("duty_b"), "关人", 5))

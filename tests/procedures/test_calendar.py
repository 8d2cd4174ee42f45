"""A year's arrangement taken in: from the notice's own words, journalled, and nothing told moves later."""

from __future__ import annotations

import json
from datetime import date

import pytest
import time_machine
from django.test import Client
from tests.cases.conftest import World, local, world

from huiyin.cases.clockviews import clock_views
from huiyin.cases.models import Case, CaseClock
from huiyin.cases.names import Names
from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.engine.daytable import state_council_days
from huiyin.journal.models import Entry
from huiyin.procedures.arrangement import read_arrangement
from huiyin.procedures.calendars import revise_year, table_of
from huiyin.procedures.models import CalendarYear
from huiyin.procedures.selectors import rules_of

__all__ = ["world"]

NOTICE = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""
NEXT = "1月1日至3日放假。2月5日至11日放假调休。2月13日（周六）上班。5月1日至5日放假。10月1日至7日放假。"


def days(table, year):
    return {day for day in table.off if day.year == year}, {day for day in table.work if day.year == year}


def test_the_notice_of_2026_in_its_own_words_gives_the_days_that_ship() -> None:
    read = read_arrangement(NOTICE, 2026)
    assert (set(read.off), set(read.work)) == days(state_council_days(), 2026)


def test_the_same_from_json_and_from_lines() -> None:
    read = read_arrangement(NOTICE, 2026)
    both = [(day, True) for day in read.off] + [(day, False) for day in read.work]
    as_json = json.dumps({"year": 2026, "days": [{"date": f"{day}", "isOffDay": off} for day, off in both]})
    as_lines = "日期,安排\n" + "\n".join(f"{day},{'休' if off else '班'}" for day, off in both)
    assert read_arrangement(as_json, 2026) == read == read_arrangement(as_lines, 2026)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "随便写写",
        "2月30日至3月3日放假",
        "5日放假，1月1日放假",
        "1月1日至12月31日放假",
        "1月1日放假",
        NEXT + "2月16日（周二）上班",
        '{"days": [{"date": "x"}]}',
        '{"days": [1]}',
        "{",
        "2027-01-01,或许",
    ],
)
def test_what_cannot_be_read_changes_nothing(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_arrangement(text, 2027)


def test_a_time_told_never_moves_later_and_the_page_says_when_it_was_estimated(world: World) -> None:
    with time_machine.travel(local("2026-12-31 10:00"), tick=False):
        case = world.register().case
        told = CaseClock.objects.get(case=case, name="answer")
        assert told.estimated
        rules = rules_of(case.edition)
        assert clock_views(case, rules, Names(case.company_id, rules))[0][0].estimated
    with time_machine.travel(local("2026-12-31 11:00"), tick=False):
        text = "1月1日至8日放假调休。5月3日至7日放假。"
        revise_year(actor=world.actor("admin"), arrangement=read_arrangement(text, 2027), source="通知")
        fresh = Case.objects.select_related("edition").get(pk=case.pk)
        rules = rules_of(fresh.edition)
        assert not rules.calendar.is_working(date(2027, 1, 6))
        world.record(fresh, "amended", "head_a", category="leak", reason="写错了")
        again = CaseClock.objects.get(case=case, name="answer")
        assert again.due == told.due
        live, _past = clock_views(Case.objects.get(pk=case.pk), rules, Names(case.company_id, rules))
        assert not live[0].estimated
        later = world.register(text="另一件").case
        assert CaseClock.objects.get(case=later, name="answer").due > told.due


def test_it_is_journalled_and_the_same_again_changes_nothing(world: World) -> None:
    read = read_arrangement(NEXT, 2027)
    for _time in range(2):
        revise_year(actor=world.actor("admin"), arrangement=read, source="国办发明电〔2026〕9号")
    entry = Entry.objects.get(name="calendar_revised")
    assert entry.data["work"] == ["2027-02-13"]
    assert entry.data["before"]["estimated"] is True
    assert days(table_of(world.small.root.pk), 2027) == (set(read.off), set(read.work))


def test_another_company_keeps_its_own_days(world: World) -> None:
    from tests.factories.organization import make_company

    other = make_company("别家", prefix="x_", posts=False).root
    revise_year(actor=world.actor("admin"), arrangement=read_arrangement(NEXT, 2027), source="通知")
    assert table_of(other.pk).estimated(2027)


def test_the_page_shows_what_it_read_before_it_keeps_it(world: World) -> None:
    client = Client()
    client.force_login(world.small.people["admin"])
    given = {"year": 2027, "source": "通知", "text": NEXT}
    shown = client.post("/settings/calendar/", given)
    assert shown.status_code == 200
    assert "2-13" in shown.content.decode()
    assert not CalendarYear.objects.exists()
    kept = client.post("/settings/calendar/", {**given, "do": "keep"})
    assert kept.status_code == 302
    assert CalendarYear.objects.get().year == 2027
    page = client.get("/settings/calendar/").content.decode()
    assert "通知" in page
    assert clock.today().year <= 2027


def test_a_site_administrator_reads_it_and_cannot_change_it(world: World) -> None:
    client = Client()
    client.force_login(world.small.people["head_a"])
    assert client.get("/settings/calendar/").status_code == 403
    assert client.post("/settings/calendar/", {"year": 2027, "text": NEXT, "source": "x"}).status_code == 403

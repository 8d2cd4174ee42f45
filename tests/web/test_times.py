"""Times in the words of people, and the other filters."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from huiyin.core.times import span_text, time_left

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_moment_of_this_year_has_no_year_and_the_exact_time_on_hover() -> None:
    shown = render("{{ when|moment }}", when=datetime(2026, 11, 22, 16, 30, 5, tzinfo=ZONE))
    assert ">11月22日 周日 16:30<" in shown
    assert 'title="2026年11月22日 16:30:05"' in shown


def test_another_year_is_named() -> None:
    assert ">2025年1月2日 周四 09:05<" in render(
        "{{ when|moment }}", when=datetime(2025, 1, 2, 9, 5, tzinfo=ZONE)
    )
    assert ">2025年1月2日<" in render("{{ on|day }}", on=date(2025, 1, 2))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "不到 1 分钟"),
        (timedelta(minutes=25), "25 分"),
        (timedelta(hours=2), "2 小时"),
        (timedelta(hours=2, minutes=10, seconds=59), "2 小时 10 分"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=1, hours=4, minutes=50), "1 天 4 小时"),
        (timedelta(days=9, hours=4), "9 天"),
    ],
)
def test_spans(span: timedelta, words: str) -> None:
    assert span_text(span) == words


def test_time_left_is_calm_soon_late() -> None:
    assert (time_left(NOW + timedelta(hours=3)).mark, time_left(NOW).mark) == ("calm", "soon")
    assert time_left(NOW + timedelta(hours=3), NOW).mark == "soon"
    late = time_left(NOW - timedelta(days=1))
    assert (late.mark, late.text) == ("late", "已超 1 天")


def test_time_left_has_an_icon_beside_the_colour() -> None:
    shown = render("{{ due|time_left }}", due=NOW + timedelta(hours=2, minutes=10))
    assert "还剩 2 小时 10 分" in shown
    assert "<svg" in shown
    assert render("{{ due|time_left }}", due=None) == ""


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800001234", "138****1234"),
        ("02112345678", "021****5678"),
        ("87654321", "****4321"),
        ("12345", "***45"),
        ("", ""),
    ],
)
def test_phones_are_masked(phone: str, shown: str) -> None:
    assert render("{{ phone|masked }}", phone=phone) == shown


def test_clause_chip_without_procedures_is_plain_and_escapes() -> None:
    assert "&lt;b&gt;" in render("{% clause_chip name %}", name="<b>")
    assert render("{% clause_chip name %}", name=None) == ""


def test_unknown_icon_is_an_error_while_developing_only(settings: object) -> None:
    settings.DEBUG = False  # type: ignore[attr-defined]
    assert "#point" in render('{% icon "no-such-icon" %}')
    settings.DEBUG = True  # type: ignore[attr-defined]
    with pytest.raises(TemplateSyntaxError, match=r"icons\.txt"):
        render('{% icon "no-such-icon" %}')


def test_a_bar_stays_within_its_track() -> None:
    assert 'width="100.0"' in render("{% bar 180 100 %}")
    assert 'width="0.0"' in render("{% bar none 0 %}", none=None)


def test_weekdays_follow_the_language() -> None:
    with translation.override("zh-hant"):
        assert "11月22日 週日 12:00" in render("{{ when|moment }}", when=NOW)

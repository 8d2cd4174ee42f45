"""The reckoning of a due time in sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huiyin.cases import explaining
from huiyin.cases.explaining import sentences
from huiyin.engine import ExplainStep, explain
from huiyin.procedures.words import duration_words


def test_every_code_of_the_engine_has_a_sentence() -> None:
    source = Path(explain.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'"([a-z_]+)" if|ExplainStep\(\s*"([a-z_]+)"|else "([a-z_]+)"', source))
    known = set(explaining._SENTENCES) | set(explaining._COUNTED)
    for code in {one for group in codes for one in group if one}:
        assert code in known, code


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("30min", "30 分钟"),
        ("2h", "2 小时"),
        ("4sh", "4 个服务小时"),
        ("2wd", "2 个工作日"),
        ("1w", "7 天"),
        ("1mo", "1 个月"),
        ("asked", "顾客要求的时间"),
        ("reply_by", "单上写明的回复时间"),
    ],
)
def test_limits_in_words(limit: str, words: str) -> None:
    assert duration_words(limit) == words


def test_days_counted_in_a_row_are_one_sentence() -> None:
    steps = [
        ExplainStep("first_day_not_counted", {"day": "2026-09-30"}),
        ExplainStep("rest_days", {"from": "2026-10-01", "to": "2026-10-07"}),
        ExplainStep("working_day_counted", {"day": "2026-10-08", "number": 1}),
        ExplainStep("working_day_counted", {"day": "2026-10-09", "number": 2}),
        ExplainStep("due", {"at": "2026-10-09T18:00:00+08:00"}),
    ]
    assert sentences(steps) == [
        "当天（9月30日周三）不算。",
        "10月1日周四至10月7日周三休息，10月8日周四是第 1 个工作日，10月9日周五是第 2 个工作日",
        "所以最迟 10月9日周五 18:00。",
    ]

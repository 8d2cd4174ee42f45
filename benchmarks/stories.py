"""What customers told and what became of it: texts with common and rare words, and histories to their end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huiyin.cases.history import Told

# a word of every tenth text, and one of twenty texts however many there are
COMMON, RARE = "漏水", "蜂窝"
RARE_TEXTS = 20
OPEN = 10_000
PLACES = "厨房 客厅 卧室 阳台 卫生间 楼道 电梯厅 地下室 车库 大堂 花园 屋顶 外墙 管道井 门禁处".split()
WHAT = (
    "灯坏了一直闪 门锁打不开 墙面发霉 有异味散不掉 声音很吵睡不着 垃圾没有人收 车位被占了 水压太低 地砖松动"
    " 窗户关不严 空调滴到楼下 电表跳闸 下水道堵了 广场舞扰民 快递柜坏了 监控没有画面 道闸抬不起来"
).split()
SAID = "请尽快派人来看 已经说过两次了 家里有老人很不方便 上周就报过 希望今天能处理 麻烦先来电".split()
# kind -> (share of all, categories)
KINDS = {
    "complaint": (55, ("lift", "noise", "parking", "cleaning", "repair", "decoration")),
    "repair": (30, ("leak", "drain", "power_water", "lift")),
    "enquiry": (10, ("parking", "decoration")),
    "suggestion": (5, ("cleaning", "parking")),
}
CHANNELS = ("phone", "visit", "wechat", "phone")


@dataclass(frozen=True, slots=True)
class Story:
    facts: dict[str, Any]
    at: datetime
    events: tuple[Told, ...]


def stories(
    cases: int, *, households: dict[str, list[str]], now: datetime, years: float, start: int = 0
) -> Iterator[Story]:
    """`cases` stories in order of time, ending now; the last OPEN of them, one in ten at most, are open.

    Those that are open were told in the last two hours, so that their clocks still run.
    """
    opened = min(OPEN, cases // 10)
    codes = list(households)
    span = timedelta(days=365 * years)
    rare = {index * max(1, cases // RARE_TEXTS) for index in range(RARE_TEXTS)}
    for index in range(start, cases):
        chance = random.Random(index)
        running = index >= cases - opened
        if running:
            at = now - timedelta(hours=2) * ((cases - index) / opened)
        else:
            at = now - span + (span - timedelta(days=30)) * (index / cases)
        unit = codes[chance.randrange(len(codes))]
        facts = _facts(chance, unit, households[unit], rare=index in rare)
        yield Story(facts, at, () if running else tuple(_events(chance, at)))


def _facts(chance: random.Random, unit: str, homes: list[str], *, rare: bool) -> dict[str, Any]:
    kind = chance.choices(list(KINDS), [share for share, _codes in KINDS.values()])[0]
    words = [chance.choice(PLACES), chance.choice(WHAT), "，", chance.choice(SAID), "，"]
    words += [COMMON if chance.random() < 0.1 else chance.choice(WHAT), f"，门牌{chance.randrange(900)}"]
    facts: dict[str, Any] = {
        "kind": kind,
        "unit": unit,
        "channel": chance.choice(CHANNELS),
        "category": chance.choice(KINDS[kind][1]),
        "urgency": "urgent" if chance.random() < 0.1 else "ordinary",
        "reporter": f"住户{chance.randrange(900)}",
        "text": "".join(words) + (f"，屋檐下有{RARE}" if rare else "") + "。",
    }
    if chance.random() < 0.5:
        facts["household"] = chance.choice(homes)
    return facts


def _events(chance: random.Random, at: datetime) -> Iterator[Told]:
    hours = 0.2
    outcome = chance.choice(("satisfied", "satisfied", "fairly_satisfied"))
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        ("acknowledged", {}),
        ("accepted", {}),
        ("contacted", {"text": "已电话联系，约好上门时间"}),
        ("answered", {"text": "已安排师傅上门处理", "means": "phone"}),
        ("completed", {"result": "更换配件后恢复正常"}),
        ("followed_up", {"outcome": outcome, "means": "phone"}),
        ("closed", {}),
    )
    for name, data in told:
        hours += chance.random() * 9
        yield Told(name, at + timedelta(hours=hours), data)

"""What the words of a customer suggest: a category of the pack, and whether somebody may be in danger.

The page proposes while somebody types, from the same lists; it never changes what a person chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huiyin.core.search import fold
from huiyin.core.shell import Text
from huiyin.procedures.selectors import Rules

PROPOSED = 3


@dataclass(frozen=True, slots=True)
class Emergency:
    """Words upon which one does not wait, and what to do before anything else."""

    words: tuple[str, ...]
    advice: Text


EMERGENCIES: tuple[Emergency, ...] = (
    Emergency(
        ("困人", "被困", "关在电梯", "困在电梯", "困在里面", "出不来"),
        _("有人被困：先记下电梯位置和被困人电话，立即通知电梯维保和值班经理，请对方不要扒门。"),
    ),
    Emergency(
        ("燃气", "煤气", "天然气泄漏", "瓦斯"),
        _("可能漏气：请对方不要开关电器、不要在室内打电话，开窗离开，立即通知燃气公司和值班经理。"),
    ),
    Emergency(
        ("着火", "起火", "失火", "火灾", "冒烟", "火情", "烧起来"),
        _("可能起火：请对方先离开并拨打 119，立即通知消防控制室和值班经理。"),
    ),
    Emergency(
        ("爆管", "水管爆", "喷水", "水漫"),
        _("可能爆管：请对方关总阀、切断受淹处电源，立即通知工程值班。"),
    ),
    Emergency(
        ("触电", "漏电", "坠落", "高空坠物", "晕倒", "受伤", "流血", "打架", "跳楼"),
        _("可能有人受伤：需要时先拨打 120 或 110，立即通知值班经理。"),
    ),
)


def emergency_in(text: str) -> Emergency | None:
    folded = fold(text)
    return next((one for one in EMERGENCIES if any(word in folded for word in one.words)), None)


def proposed_categories(rules: Rules, kind: str, text: str, *, limit: int = PROPOSED) -> list[str]:
    """Codes of the categories whose words occur, the likeliest first: more words, then longer ones."""
    folded = fold(text)
    scored: list[tuple[int, int, int, str]] = []
    for position, row in enumerate(rules.pack.category):
        if row.kinds and kind not in row.kinds:
            continue
        hits = [word for word in row.words if fold(word) in folded]
        if hits:
            scored.append((-len(hits), -max(map(len, hits)), position, row.code))
    return [code for *_rest, code in sorted(scored)][:limit]


def word_lists(rules: Rules) -> dict[str, Sequence[object]]:
    """The same lists for the page, as JSON."""
    return {
        "categories": [
            {"code": row.code, "words": [fold(word) for word in row.words], "kinds": row.kinds}
            for row in rules.pack.category
            if row.words
        ],
        "emergencies": [{"words": one.words, "advice": str(one.advice)} for one in EMERGENCIES],
    }

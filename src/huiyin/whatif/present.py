"""A tally in tables and words: for the page, and for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.engine import Pack
from huiyin.procedures.words import Words
from huiyin.whatif.tally import Tally

CAPTION = lazy(
    "这是拿以前的工单照草案重算的：当时的人、做的事和时间都不变。真照草案办，人会按新的时限和规定行事，结果不会一样。"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; `figure` names the list of cases behind it, empty where there is none."""

    value: int | str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One table: what came before, what would have come."""

    key: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def blocks(tally: Tally, pack: Pack) -> list[Block]:
    """The tables that have something to say, in the order to read them."""
    words = Words(pack)
    found = [
        _clocks(tally, words),
        _breaches(tally, words),
        _moved(tally, "owners", _("责任岗位不同"), words),
        _moved(tally, "levels", _("级别不同"), words),
        _refused(tally),
        _approvals(tally, words),
        _load(tally, words),
    ]
    return [one for one in found if one.rows]


def headline(tally: Tally) -> str:
    """One sentence: how many cases, how many breaches then and by the draft."""
    before = sum(one["breaches_before"] for one in tally["clocks"].values())
    after = sum(one["breaches_after"] for one in tally["clocks"].values())
    values = {"cases": tally["cases"], "before": before, "after": after}
    return _("重演了 %(cases)s 张工单：超时原来 %(before)s 次，照草案 %(after)s 次。") % values


def _clocks(tally: Tally, words: Words) -> Block:
    columns = ("earlier", "later", "same", "new", "gone")
    rows = tuple(
        (
            Cell(words.clock(name)),
            *(Cell(one[key], f"{key} {name}" if key != "same" and one[key] else "") for key in columns),
        )
        for name, one in tally["clocks"].items()
    )
    heads = (_("时限"), _("期限提前"), _("期限推后"), _("不变"), _("新开始计时"), _("不再计时"))
    return Block("clocks", _("时限"), heads, rows)


def _breaches(tally: Tally, words: Words) -> Block:
    rows = tuple(
        (
            Cell(words.clock(name)),
            Cell(one["breaches_before"]),
            Cell(one["breaches_after"]),
            Cell(one["gained"], f"gained {name}" if one["gained"] else ""),
            Cell(one["lost"], f"lost {name}" if one["lost"] else ""),
        )
        for name, one in tally["clocks"].items()
        if one["breaches_before"] or one["breaches_after"]
    )
    heads = (_("时限"), _("原来超时"), _("照草案超时"), _("多出的超时"), _("免去的超时"))
    return Block("breaches", _("超时"), heads, rows)


def _moved(tally: Tally, what: str, heading: str, words: Words) -> Block:
    rows = []
    for key, count in sorted(tally[what].items(), key=lambda one: -one[1]):
        before, after = key.split(">", 1)
        told = (Cell(_named(words, what, before)), Cell(_named(words, what, after)))
        rows.append((*told, Cell(count, f"{what} {key}")))
    return Block(what, heading, (_("原来"), _("照草案"), _("工单")), tuple(rows))


def _named(words: Words, what: str, code: str) -> str:
    if not code:
        return "—"
    return words.post(code) if what == "owners" else words.values("level", code)


def _refused(tally: Tally) -> Block:
    rows = tuple(
        (Cell(clause or "—"), Cell(count, f"refused {clause}"))
        for clause, count in sorted(tally["refused"].items(), key=lambda one: -one[1])
    )
    note = _("当时做了的事，照草案这一条还不让做；重演时仍当作做了。")
    return Block("refused", _("草案不让做的步骤"), (_("条款"), _("次数")), rows, note)


def _approvals(tally: Tally, words: Words) -> Block:
    rows = tuple(
        (
            Cell(words.post(post) if post else "—"),
            Cell(before),
            Cell(after, f"approvals {post}" if after else ""),
        )
        for post, (before, after) in sorted(tally["approvals"].items())
    )
    return Block("approvals", _("需要批准"), (_("岗位"), _("原来"), _("照草案")), rows)


def _load(tally: Tally, words: Words) -> Block:
    rows = []
    for post, days in sorted(tally["load"].items()):
        before, after = (sum(pair[side] for pair in days.values()) for side in (0, 1))
        rows.append(
            (
                Cell(words.post(post)),
                Cell(before),
                Cell(after),
                Cell(_peak(days, 0)),
                Cell(_peak(days, 1)),
            )
        )
    heads = (_("岗位"), _("原来到期"), _("照草案到期"), _("原来最忙的一天"), _("照草案最忙的一天"))
    note = _("按责任岗位数到期的时限，一天到期多少件。每天的数字在 --json 和 XLSX 里。")
    return Block("load", _("各岗位的负担"), heads, tuple(rows), note)


def _peak(days: Mapping[str, Sequence[int]], side: int) -> str:
    day, pair = max(days.items(), key=lambda one: (one[1][side], one[0]))
    return _("%(day)s，%(count)s 件") % {"day": day, "count": pair[side]} if pair[side] else "—"


def as_text(tally: Tally, pack: Pack) -> str:
    """All of it for a terminal."""
    lines = [headline(tally), str(CAPTION)]
    for block in blocks(tally, pack):
        lines += ["", f"## {block.heading}", " | ".join(block.columns)]
        lines += [" | ".join(str(cell.value) for cell in row) for row in block.rows]
    return "\n".join(lines)


def as_json(tally: Tally, pack: Pack, **about: Any) -> dict[str, Any]:
    """What `huiyin pack replay --json` prints."""
    return {
        "draft": f"{pack.procedure.code} {pack.procedure.edition}",
        **about,
        "caption": str(CAPTION),
        **tally,
    }

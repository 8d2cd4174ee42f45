"""What came in, what went out, what is left: the balance, the age of what is open, what was received."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiyin.reports.figures.conditions import AGES, BALANCE, COMPLAINT_BUCKETS, age_name
from huiyin.reports.sections.parts import Cell, Data, Section, count, label, per_site, plain_count, words

_COLUMNS = [name for name in BALANCE if not name.startswith("open_age")]


def balance(data: Data) -> Section:
    figures = data["figures"]
    left, before = figures["open_end"], figures["open_start"]
    if left == before:
        finding = _("期末还有 {left} 件未结，和期初一样多").format(left=left)
    else:
        finding = (
            _("期末还有 {left} 件未结，比期初多 {more} 件")
            if left > before
            else _("期末还有 {left} 件未结，比期初少 {more} 件")
        ).format(left=left, more=abs(left - before))
    return Section(
        key="balance",
        heading=_("收结平衡"),
        finding=finding,
        columns=[_("单位"), *[label(name) for name in _COLUMNS]],
        rows=per_site(data, lambda row, bucket: [count(row["figures"], name, **bucket) for name in _COLUMNS]),
        note=_("期初未结 + 新收 + 重开 − 结案 − 特批结案 − 撤诉 − 退回 − 作废 = 期末未结"),
        total_first=True,
    )


def ages(data: Data) -> Section:
    figures = data["figures"]
    names = [age_name(*age) for age in AGES]
    old = figures["open_age_30"]
    if not figures["open_end"]:
        finding = _("期末没有未结的工单")
    elif old:
        finding = _("{count} 件登记 30 天以上还没有结").format(count=old)
    else:
        finding = _("没有超过 30 天未结的工单")
    labels, counts = [label(name) for name in names], [figures[name] for name in names]
    return Section(
        key="ages",
        heading=_("未结工单已有多久"),
        finding=finding,
        columns=[_("登记至期末"), _("件数")],
        rows=[[words(label(name)), count(figures, name)] for name in names],
        options=_bars(labels, counts) if figures["open_end"] else None,
        spec=_bars_spec(labels, counts, finding) if figures["open_end"] else None,
        height="short",
    )


def _bars(labels: list[str], counts: list[int]) -> dict[str, object]:
    return {
        "xAxis": {"type": "category", "data": labels},
        "yAxis": {"type": "value", "minInterval": 1, "name": _("件")},
        "series": [
            {"type": "bar", "data": counts, "barMaxWidth": 44, "label": {"show": True, "position": "top"}}
        ],
    }


def _bars_spec(labels: list[str], counts: list[int], title: str) -> dict[str, object]:
    return {"kind": "bars", "title": title, "labels": labels, "counts": counts, "y": _("件"), "height": 2.4}


def received(data: Data, dimension: str) -> Section:
    """What was received by one dimension."""
    figures, rows = data["figures"], data["dimensions"][dimension]
    figure = COMPLAINT_BUCKETS.get(dimension, "received")
    total = figures[figure]
    headings = {
        "kind": _("按类型"),
        "channel": _("按渠道"),
        "category": _("按类别"),
        "validity": _("投诉是否有效"),
        "level": _("按级别"),
    }
    return Section(
        key=f"by_{dimension}",
        heading=headings[dimension],
        finding=_finding(dimension, rows, total, data),
        columns=[headings[dimension], _("件数"), _("占比")],
        rows=[
            [
                words(row["label"]),
                plain_count(row["count"], figure, **{dimension: row["code"]}),
                _share(row["count"], total),
            ]
            for row in rows
        ],
    )


def _share(part: int, total: int) -> Cell:
    share = round(part * 100 / total, 1) if total else None
    return Cell("—" if share is None else f"{share:g}%", share)


def _finding(dimension: str, rows: list[Data], total: int, data: Data) -> str:
    if not total:
        return _("本期没有登记")
    if dimension == "validity":
        invalid = data["rates"]["invalid"]
        if invalid["percent"] is None:
            return _("{total} 件投诉都还没有判定").format(total=total)
        return _("已判定 {judged} 件投诉，无效占 {percent}%").format(
            judged=invalid["out_of"], percent=f"{invalid['percent']:g}"
        )
    first = rows[0]
    return _("{label}最多，占 {percent}%").format(
        label=first["label"], percent=f"{round(first['count'] * 100 / total, 1):g}"
    )

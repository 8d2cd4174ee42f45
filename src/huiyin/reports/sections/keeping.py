"""Whether what was promised was kept: answers, visits, promises; what is shown openly; trend, sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.reports.sections.parts import (
    Cell,
    Data,
    Section,
    count,
    duration,
    label,
    number,
    per_site,
    percent,
    plain_count,
    words,
)

_ANSWERS = (
    "answer_met",
    "answer_late",
    "answer_waiting",
    "answer_none",
    "asked_met",
    "asked_late",
    "asked_waiting",
)
_PROMISES = ("promises", "promises_kept", "promises_broken", "promises_open", "promises_void")
_VISITS = (
    "visit_due",
    "visited",
    "visit_unreachable",
    "visit_declined",
    "visit_missing",
    "satisfied",
    "fairly_satisfied",
    "dissatisfied",
    "visit_own",
    "visit_other",
    "visit_unknown",
)
_OPENLY = (
    "approved_closures",
    "downgraded",
    "rework_late",
    "late_registered",
    "late_recorded",
    "received_voided",
)


def _figures(data: Data, names: Sequence[str]) -> list[list[Cell]]:
    return [[words(label(name)), count(data["figures"], name)] for name in names]


def in_time(data: Data) -> Section:
    rate = data["rates"]["in_time"]
    finding = _("本期没有到期的答复") if rate["percent"] is None else _(
        "答复及时率 {percent}%，{late} 件超时"
    ).format(percent=f"{rate['percent']:g}", late=data["figures"]["answer_late"])  # fmt: skip
    return Section(
        key="in_time",
        heading=_("答复是否及时"),
        finding=finding,
        columns=[_("指标"), _("数值")],
        rows=[
            [words(_("答复及时率")), percent(rate["percent"])],
            *_figures(data, _ANSWERS),
            [words(_("办理用时（中位数）")), duration(data["solve"]["median"])],
            [words(_("办理用时（九成在此之内）")), duration(data["solve"]["p90"])],
            *_figures(data, ("solved", "chased_cases", "chases")),
        ],
        note=_("顾客自己约定的时间晚于规定时限的，单独计数，不进入及时率"),
    )


def promises(data: Data) -> Section:
    rate = data["rates"]["promises"]
    finding = _("本期没有到期的承诺") if rate["percent"] is None else _(
        "到期的 {due} 个承诺兑现了 {kept} 个"
    ).format(due=rate["out_of"], kept=rate["counted"])  # fmt: skip
    return Section(
        key="promises",
        heading=_("承诺是否兑现"),
        finding=finding,
        columns=[_("指标"), _("数值")],
        rows=[[words(_("承诺兑现率")), percent(rate["percent"])], *_figures(data, _PROMISES)],
    )


def visits(data: Data) -> Section:
    figures, rates = data["figures"], data["rates"]
    if not figures["visit_due"]:
        finding = _("本期没有应回访的有效投诉")
    elif figures["visit_missing"]:
        finding = _("{due} 件有效投诉应回访，还有 {missing} 件没有回访").format(
            due=figures["visit_due"], missing=figures["visit_missing"]
        )
    else:
        finding = _("{due} 件有效投诉都做了回访").format(due=figures["visit_due"])
    return Section(
        key="visits",
        heading=_("回访"),
        finding=finding,
        columns=[_("指标"), _("数值")],
        rows=[
            [words(_("回访率")), percent(rates["coverage"]["percent"])],
            [words(_("回访满意率")), percent(rates["satisfaction"]["percent"])],
            *_figures(data, _VISITS),
        ],
        note=_("本人回访：回访人就是处理这件事的人"),
    )


def openly(data: Data) -> Section:
    figures = data["figures"]
    total = sum(figures[name] for name in _OPENLY)
    return Section(
        key="openly",
        heading=_("需要说明的情况"),
        finding=_("本期没有需要说明的情况") if not total else _("有 {count} 处需要说明").format(count=total),
        columns=[_("情况"), _("件数")],
        rows=_figures(data, _OPENLY),
        note=_("临近时限改低要求：时限只剩五分之一或更少时，更正或判定使时限推后"),
    )


def trend(data: Data) -> Section:
    rows = data["trend"]
    labels = [f"{row['month'] // 100}-{row['month'] % 100:02d}" for row in rows]
    objective = data["objectives"].get("in_time")
    return Section(
        key="trend",
        heading=_("十三个月的趋势"),
        finding=_trend_finding(rows, objective),
        columns=[
            _("月份"),
            pgettext("figure", "登记"),
            _("投诉"),
            _("有效投诉"),
            _("答复及时率"),
            _("回访满意率"),
        ],
        rows=[
            [
                words(month),
                *[
                    plain_count(row[name], name, period=month)
                    for name in ("received", "complaints", "complaints_valid")
                ],
                percent(row["in_time"]),
                percent(row["satisfaction"]),
            ]
            for month, row in zip(labels, rows, strict=True)
        ],
        options=_trend_options(labels, rows, objective),
        spec={
            "kind": "trend",
            "title": _trend_finding(rows, objective),
            "labels": labels,
            "counts": [row["complaints"] for row in rows],
            "percents": [row["in_time"] for row in rows],
            "objective": objective,
            "objective_label": _("目标"),
            "y": _("投诉（件）"),
            "y2": _("答复及时率（%）"),
        },
        note="" if objective is None else _("目标：答复及时率 {percent}%").format(percent=f"{objective:g}"),
    )


def _trend_finding(rows: Sequence[Mapping[str, Any]], objective: float | None) -> str:
    last, before = rows[-1], rows[-2]
    text = _("投诉 {now} 件，上月 {before} 件").format(now=last["complaints"], before=before["complaints"])
    rate = last["in_time"]
    if rate is None or objective is None:
        return text
    verdict = _("达到目标") if rate >= objective else _("没有达到目标")
    return _("{text}；答复及时率 {rate}%，{verdict}").format(text=text, rate=f"{rate:g}", verdict=verdict)


def _trend_options(
    labels: list[str], rows: Sequence[Mapping[str, Any]], objective: float | None
) -> dict[str, object]:
    line: dict[str, object] = {
        "type": "line",
        "name": _("答复及时率"),
        "yAxisIndex": 1,
        "data": [row["in_time"] for row in rows],
        "connectNulls": True,
    }
    if objective is not None:
        line["markLine"] = {
            "symbol": "none",
            "silent": True,
            "lineStyle": {"color": "#b45309", "type": "dashed"},
            "data": [
                {
                    "yAxis": objective,
                    "label": {"formatter": _("目标 {percent}%").format(percent=f"{objective:g}")},
                }
            ],
        }
    return {
        "legend": {"data": [_("投诉"), _("答复及时率")]},
        "xAxis": {"type": "category", "data": labels},
        "yAxis": [
            {"type": "value", "name": _("件"), "minInterval": 1},
            {"type": "value", "name": "%", "min": 0, "max": 100, "splitLine": {"show": False}},
        ],
        "series": [
            {
                "type": "bar",
                "name": _("投诉"),
                "data": [row["complaints"] for row in rows],
                "barMaxWidth": 32,
                "itemStyle": {"color": "#b9c6cf"},
            },
            line,
        ],
    }


def sites(data: Data) -> Section | None:
    """The sites beside each other; nothing where there is one only."""
    if len(data["sites"]) < 2:
        return None
    known = [site for site in data["sites"] if site["per_100"] is not None]
    most = max(known, key=lambda site: site["per_100"], default=None)
    finding = (
        _("各单位对比")
        if most is None
        else _("每百户投诉最多的是{name}，{value} 件").format(
            name=most["name"], value=f"{most['per_100']:.2f}"
        )
    )

    def row(one: Mapping[str, Any], bucket: Mapping[str, Any]) -> list[Cell]:
        rates = one["rates"]
        return [
            count(one["figures"], "received", **bucket),
            count(one["figures"], "complaints", **bucket),
            count(one["figures"], "complaints_valid", **bucket),
            Cell(str(one["households"]), one["households"]),
            number(one["per_100"]),
            percent(rates["in_time"]["percent"]),
            duration(one["solve"]["median"]),
            percent(rates["coverage"]["percent"]),
            percent(rates["satisfaction"]["percent"]),
            count(one["figures"], "open_end", **bucket),
        ]

    return Section(
        key="sites",
        heading=_("各单位对比"),
        finding=finding,
        columns=[
            _("单位"),
            pgettext("figure", "登记"),
            _("投诉"),
            _("有效投诉"),
            _("入住户数"),
            _("每百户投诉"),
            _("答复及时率"),
            _("办理用时（中位数）"),
            _("回访率"),
            _("回访满意率"),
            _("期末未结"),
        ],
        rows=per_site(data, row),
        total_first=True,
        options={
            "xAxis": {"type": "value", "name": _("件/百户")},
            "yAxis": {"type": "category", "data": [site["name"] for site in known], "inverse": True},
            "series": [
                {
                    "type": "bar",
                    "data": [site["per_100"] for site in known],
                    "barMaxWidth": 20,
                    "label": {"show": True, "position": "right"},
                }
            ],
        }
        if known
        else None,
        spec={
            "kind": "bars",
            "title": finding,
            "y": _("每百户投诉（件）"),
            "labels": [site["name"] for site in known],
            "counts": [site["per_100"] for site in known],
            "height": min(9.0, 1.4 + 0.3 * len(known)),
        }
        if known
        else None,
        height="tall" if len(known) > 10 else "",
    )

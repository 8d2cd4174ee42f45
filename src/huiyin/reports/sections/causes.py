"""What people complain of and where: Pareto, sites by category, from received to satisfied."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiyin.reports.sections.parts import Cell, Data, Section, count, label, percent, plain_count, words

_FUNNEL = ("complaints", "complaints_valid", "valid_answered", "valid_solved", "visited", "content")
_SHOWN = 12


def pareto(data: Data) -> Section:
    rows = data["pareto"]
    if not rows:
        finding = _("本期没有判为有效的投诉")
    else:
        vital = [row for row in rows if row["vital"]]
        finding = _("{label}占有效投诉的 {share}%").format(
            label=rows[0]["label"], share=f"{rows[0]['share']:g}"
        )
        if len(rows) > len(vital) > 1:
            finding = _("{first}；{count} 类合计占 {share}%").format(
                first=finding, count=len(vital), share=f"{vital[-1]['cumulative']:g}"
            )
    return Section(
        key="pareto",
        heading=_("有效投诉的主要类别"),
        finding=finding,
        columns=[_("类别"), _("件数"), _("占比"), _("累计"), _("重点")],
        rows=[
            [
                words(row["label"]),
                plain_count(row["count"], "complaints_valid", category=row["code"]),
                percent(row["share"]),
                percent(row["cumulative"]),
                words(_("关键少数") if row["vital"] else ""),
            ]
            for row in rows
        ],
        options=_pareto_options(data) if rows else None,
        spec=_pareto_spec(data, finding) if rows else None,
        note=_("累计占比达到 80% 为止的类别为关键少数"),
    )


def _pareto_options(data: Data) -> dict[str, object]:
    rows = data["pareto"][:_SHOWN]
    bars = [
        {"value": row["count"], "itemStyle": {"color": "#0b6670" if row["vital"] else "#b9c6cf"}}
        for row in rows
    ]
    line = {"yAxis": 80, "label": {"formatter": "80%", "position": "insideStartTop"}}
    return {
        "legend": {"data": [_("件数"), _("累计占比")]},
        "xAxis": {
            "type": "category",
            "data": [row["label"] for row in rows],
            "axisLabel": {"interval": 0, "rotate": 35 if len(rows) > 4 else 0},
        },
        "yAxis": [
            {"type": "value", "name": _("件"), "minInterval": 1},
            {"type": "value", "name": "%", "min": 0, "max": 100, "splitLine": {"show": False}},
        ],
        "series": [
            {
                "type": "bar",
                "name": _("件数"),
                "data": bars,
                "barMaxWidth": 48,
                "label": {"show": True, "position": "top"},
            },
            {
                "type": "line",
                "name": _("累计占比"),
                "yAxisIndex": 1,
                "data": [row["cumulative"] for row in rows],
                "itemStyle": {"color": "#52606d"},
                "markLine": {
                    "symbol": "none",
                    "silent": True,
                    "lineStyle": {"color": "#b45309", "type": "dashed"},
                    "data": [line],
                },
            },
        ],
    }


def _pareto_spec(data: Data, title: str) -> dict[str, object]:
    rows = data["pareto"][:_SHOWN]
    return {
        "kind": "pareto",
        "title": title,
        "labels": [row["label"] for row in rows],
        "counts": [row["count"] for row in rows],
        "vital": [row["vital"] for row in rows],
        "cumulative": [row["cumulative"] for row in rows],
        "y": _("件"),
        "y2": _("累计 %"),
    }


def heat(data: Data) -> Section | None:
    """Sites by category; nothing where there is one site only."""
    found = data["heat"]
    if len(found["sites"]) < 2:
        return None
    most, site, category = max(
        (value, y, x) for y, row in enumerate(found["cells"]) for x, value in enumerate(row)
    )
    finding = _("最集中的是{site}的{category}，{count} 件").format(
        site=found["sites"][site]["name"], category=found["categories"][category]["label"], count=most
    )
    return Section(
        key="heat",
        heading=_("各单位的有效投诉"),
        finding=finding,
        columns=[_("单位"), *[one["label"] for one in found["categories"]]],
        rows=[
            [
                words(one["name"]),
                *[
                    plain_count(value, "complaints_valid", site=one["id"], category=category["code"])
                    for value, category in zip(cells, found["categories"], strict=True)
                ],
            ]
            for one, cells in zip(found["sites"], found["cells"], strict=True)
        ],
        options=_heat_options(data, most),
        spec={
            "kind": "heat",
            "title": finding,
            "rows": [one["name"] for one in found["sites"]],
            "columns": [one["label"] for one in found["categories"]],
            "cells": found["cells"],
            "height": min(9.0, 1.6 + 0.34 * len(found["sites"])),
        },
        height="tall" if len(found["sites"]) > 8 else "",
    )


def _heat_options(data: Data, most: int) -> dict[str, object]:
    found = data["heat"]
    cells = [[x, y, value] for y, row in enumerate(found["cells"]) for x, value in enumerate(row)]
    return {
        "xAxis": {
            "type": "category",
            "data": [one["label"] for one in found["categories"]],
            "axisLabel": {"interval": 0, "rotate": 35 if len(found["categories"]) > 4 else 0},
        },
        "yAxis": {"type": "category", "data": [one["name"] for one in found["sites"]], "inverse": True},
        "visualMap": {
            "min": 0,
            "max": most,
            "show": False,
            "inRange": {"color": ["#f4f7f8", "#a9d0d3", "#5aa5ab"]},
        },
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "heatmap",
                "data": cells,
                "label": {"show": True},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 1},
            }
        ],
    }


def funnel(data: Data) -> Section:
    figures = data["figures"]
    counts = [figures[name] for name in _FUNNEL]
    finding = _("收到 {received} 件投诉，{valid} 件有效，回访满意 {content} 件").format(
        received=counts[0], valid=counts[1], content=counts[-1]
    )
    labels = [label(name) for name in _FUNNEL]
    return Section(
        key="funnel",
        heading=_("从收到到满意"),
        finding=finding,
        columns=[_("步骤"), _("件数"), _("占收到的")],
        rows=[
            [words(label(name)), count(figures, name), _part(figures[name], counts[0])] for name in _FUNNEL
        ],
        options={
            "tooltip": {"trigger": "item"},
            "series": [
                {
                    "type": "funnel",
                    "sort": "none",
                    "left": 8,
                    "right": 8,
                    "top": 8,
                    "bottom": 8,
                    "gap": 2,
                    "minSize": "4%",
                    "label": {"show": True, "position": "inside", "formatter": "{b}  {c}"},
                    "data": [
                        {"name": name, "value": value, "itemStyle": {"color": "#cfe3e5"}}
                        for name, value in zip(labels, counts, strict=True)
                    ],
                }
            ],
        }
        if counts[0]
        else None,
        spec={
            "kind": "bars",
            "title": finding,
            "labels": labels,
            "counts": counts,
            "y": _("件"),
            "height": 2.6,
        }
        if counts[0]
        else None,
    )


def _part(value: int, whole: int) -> Cell:
    return percent(round(value * 100 / whole, 1) if whole else None)

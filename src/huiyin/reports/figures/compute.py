"""A whole report as plain data: what the page, the files and the frozen report show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from huiyin.customers.selectors import occupied_households
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.reports.figures import conditions as about
from huiyin.reports.figures import counting
from huiyin.reports.figures.frame import UNJUDGED, Frame
from huiyin.reports.figures.pareto import pareto
from huiyin.reports.names import Names
from huiyin.reports.objectives import objectives_for
from huiyin.reports.periods import Period, month_after
from huiyin.reports.places import SiteMap

TREND_MONTHS = 13
TREND = ("received", "complaints", "complaints_valid", "answer_met", "answer_late", "visited", "satisfied",
         "fairly_satisfied")  # fmt: skip
# rate -> (counted, out of): each a sum of figures
RATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "in_time": (("answer_met",), ("answer_met", "answer_late")),
    "invalid": (("complaints_invalid",), ("complaints_valid", "complaints_invalid")),
    "solved": (("solved",), ("received",)),
    "promises": (("promises_kept",), ("promises_kept", "promises_broken")),
    "coverage": (("visited",), ("visit_due",)),
    "satisfaction": (("satisfied", "fairly_satisfied"), ("visited",)),
}
Counts = Mapping[str, int]


def build(*, actor: Actor, unit: Unit, frame: Frame, names: Names) -> dict[str, Any]:
    """Everything of one report. About a dozen grouped queries, whatever the number of cases."""
    sites = SiteMap(frame.company_id)
    counts = _counts_by_site(frame)
    households = sites.summed(occupied_households(actor, frame.period.last_day, unit_ids=frame.unit_ids))
    times = counting.solve_times(frame)
    totals = _summed(counts.values())
    valid = counting.valid_by_site_and_category(frame)
    return {
        "unit": {"code": unit.code, "name": unit.name},
        "period": frame.period.code,
        "title": frame.period.title,
        "cutoff": frame.cutoff.isoformat(),
        "figures": totals,
        "rates": rates_of(totals),
        "households": sum(households.values()),
        "per_100": _per_100(totals, sum(households.values())),
        "solve": _times(times.get(None)),
        "sites": [
            _site_row(site, sites, counts.get(site, {}), households.get(site, 0), times.get(site))
            for site in sites.ordered({*counts, *households})
        ],
        "dimensions": _dimensions(frame, names),
        "pareto": _pareto(valid, names),
        "heat": _heat(valid, sites, names),
        "trend": _trend(frame),
        "objectives": objectives_for(frame.company_id, frame.period.last),
    }


def _counts_by_site(frame: Frame) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for source in (about.SPANS, about.RECEIVED, about.PROMISES, about.CHASES):
        for site, counts in counting.by_site(frame, source).items():
            found.setdefault(site, dict.fromkeys(about.FIGURES, 0)).update(counts)
    return found


def _summed(rows: Iterable[Counts]) -> dict[str, int]:
    total = dict.fromkeys(about.FIGURES, 0)
    for row in rows:
        for name, count in row.items():
            total[name] += count
    return total


def rates_of(counts: Counts) -> dict[str, dict[str, Any]]:
    """rate -> counted, out of, percent (None where there is nothing to count)."""
    found = {}
    for name, (parts, whole) in RATES.items():
        counted, out_of = sum(counts[one] for one in parts), sum(counts[one] for one in whole)
        found[name] = {
            "counted": counted,
            "out_of": out_of,
            "percent": round(counted * 100 / out_of, 1) if out_of else None,
        }
    return found


def _per_100(counts: Counts, households: int) -> float | None:
    return round(counts["complaints"] * 100 / households, 2) if households else None


def _times(found: tuple[int, int] | None) -> dict[str, int | None]:
    return {"median": found[0] if found else None, "p90": found[1] if found else None}


def _site_row(
    site: int, sites: SiteMap, counts: Counts, households: int, times: tuple[int, int] | None
) -> dict[str, Any]:
    figures = {**dict.fromkeys(about.FIGURES, 0), **counts}
    return {
        "id": site,
        "code": sites.units[site].code,
        "name": sites.units[site].name,
        "figures": figures,
        "rates": rates_of(figures),
        "households": households,
        "per_100": _per_100(figures, households),
        "solve": _times(times),
    }


def _dimensions(frame: Frame, names: Names) -> dict[str, list[dict[str, Any]]]:
    counted = counting.by_dimensions(frame)
    found = {
        dimension: [
            {"code": code, "label": names.of(dimension, code), "count": count} for code, count in rows
        ]
        for dimension, rows in counted.items()
    }
    validities = {"valid": 0, "partly_valid": 0, "invalid": 0, "": 0, **dict(counted["validity"])}
    found["validity"] = [
        {"code": code or UNJUDGED, "label": names.of("validity", code), "count": count}
        for code, count in validities.items()
    ]
    return found


def _pareto(valid: list[tuple[int, str, int]], names: Names) -> list[dict[str, Any]]:
    counts = _by_category(valid)
    return [{**asdict(row), "label": names.of("category", row.code)} for row in pareto(list(counts.items()))]


def _heat(valid: list[tuple[int, str, int]], sites: SiteMap, names: Names) -> dict[str, Any]:
    """Valid complaints by site and category; the ten most frequent categories."""
    rows = pareto([(category, count) for category, count in _by_category(valid).items()])
    codes = [row.code for row in rows][:10]
    rows_of = sites.ordered({site for site, _, _ in valid})
    cells = {(site, category): count for site, category, count in valid}
    return {
        "sites": [
            {"id": site, "code": sites.units[site].code, "name": sites.units[site].name} for site in rows_of
        ],
        "categories": [{"code": code, "label": names.of("category", code)} for code in codes],
        "cells": [[cells.get((site, code), 0) for code in codes] for site in rows_of],
    }


def _by_category(valid: list[tuple[int, str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _site, category, count in valid:
        counts[category] = counts.get(category, 0) + count
    return counts


def _trend(frame: Frame) -> list[dict[str, Any]]:
    """The thirteen months that end with the period."""
    last = frame.period.last
    period = Period("trend", month_after(last, 1 - TREND_MONTHS), last)
    frame = replace(frame, period=period)
    found = counting.by_month(frame, TREND)
    rows = []
    for back in range(TREND_MONTHS - 1, -1, -1):
        month = month_after(last, -back)
        counts = found.get(month, dict.fromkeys(TREND, 0))
        rates = rates_of({**dict.fromkeys(about.FIGURES, 0), **counts})
        rows.append(
            {"month": month, **counts, "in_time": rates["in_time"]["percent"],
             "satisfaction": rates["satisfaction"]["percent"]}
        )  # fmt: skip
    return rows

"""Charts for paper, by matplotlib. The same figures as the page's charts; runs in the worker's process only.

A spec is plain data: kind, title and what that kind needs; see `docs/reports.md`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

INK, BRAND, PALE, LINE, AIM = "#1d2733", "#0b6670", "#b9c6cf", "#8a96a3", "#b45309"
mpl.rcParams.update(
    {
        "font.sans-serif": ["Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei", "DejaVu Sans"],
        "font.family": "sans-serif",
        "axes.unicode_minus": False,
        "font.size": 9,
        "axes.edgecolor": LINE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": INK,
        "axes.labelcolor": INK,
        "svg.fonttype": "path",
    }
)
Spec = Mapping[str, Any]


def draw(spec: Spec, form: str) -> bytes:
    """The chart as `svg` or `png`."""
    figure, axes = plt.subplots(figsize=(7.2, spec.get("height", 3.1)))
    _KINDS[spec["kind"]](axes, spec)
    if spec.get("title"):
        axes.set_title(spec["title"], loc="left", fontsize=10.5, fontweight="bold", pad=10)
    stream = io.BytesIO()
    figure.savefig(
        stream, format=form, dpi=160, bbox_inches="tight", metadata={"Date": None} if form == "svg" else None
    )
    plt.close(figure)
    return stream.getvalue()


def _pareto(axes: Any, spec: Spec) -> None:
    labels, counts, vital = spec["labels"], spec["counts"], spec["vital"]
    places = range(len(labels))
    bars = axes.bar(places, counts, color=[BRAND if one else PALE for one in vital], width=0.62)
    axes.bar_label(bars, padding=2, fontsize=8.5)
    axes.set_xticks(
        list(places),
        labels,
        rotation=30 if len(labels) > 6 else 0,
        ha="right" if len(labels) > 6 else "center",
    )
    axes.set_ylabel(spec["y"])
    share = axes.twinx()
    share.plot(places, spec["cumulative"], color=INK, marker="o", markersize=3, linewidth=1.2)
    share.axhline(80, color=AIM, linewidth=0.9, linestyle="--")
    share.set_ylim(0, 105)
    share.set_ylabel(spec["y2"])
    share.spines["right"].set_visible(True)


def _trend(axes: Any, spec: Spec) -> None:
    places = range(len(spec["labels"]))
    axes.bar(places, spec["counts"], color=PALE, width=0.6, label=spec["y"])
    axes.set_xticks(list(places), spec["labels"], rotation=30, ha="right")
    axes.set_ylabel(spec["y"])
    share = axes.twinx()
    values = [float("nan") if one is None else one for one in spec["percents"]]
    share.plot(places, values, color=BRAND, marker="o", markersize=3.5, linewidth=1.5, label=spec["y2"])
    if spec.get("objective") is not None:
        share.axhline(
            spec["objective"], color=AIM, linewidth=1, linestyle="--", label=spec["objective_label"]
        )
    share.set_ylim(0, 105)
    share.set_ylabel(spec["y2"])
    share.spines["right"].set_visible(True)
    handles, names = (
        first + second
        for first, second in zip(
            axes.get_legend_handles_labels(), share.get_legend_handles_labels(), strict=True
        )
    )
    axes.legend(handles, names, loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=3, frameon=False)


def _bars(axes: Any, spec: Spec) -> None:
    places = range(len(spec["labels"]))
    bars = axes.barh(places, spec["counts"], color=BRAND, height=0.6)
    axes.bar_label(bars, labels=spec.get("words") or None, padding=3, fontsize=8.5)
    axes.set_yticks(list(places), spec["labels"])
    axes.invert_yaxis()
    axes.set_xlabel(spec["y"])


def _heat(axes: Any, spec: Spec) -> None:
    cells = spec["cells"]
    axes.imshow(cells, cmap="GnBu", aspect="auto", vmin=0)
    axes.set_xticks(range(len(spec["columns"])), spec["columns"], rotation=30, ha="right")
    axes.set_yticks(range(len(spec["rows"])), spec["rows"])
    highest = max((max(row) for row in cells), default=0)
    for y, row in enumerate(cells):
        for x, value in enumerate(row):
            dark = highest and value > highest * 0.6
            axes.text(
                x, y, value or "", ha="center", va="center", fontsize=8.5, color="#fff" if dark else INK
            )


_KINDS: dict[str, Callable[[Any, Spec], None]] = {
    "pareto": _pareto,
    "trend": _trend,
    "bars": _bars,
    "heat": _heat,
}

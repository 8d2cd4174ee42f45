"""The measured figures as a page of tables."""

from __future__ import annotations

from typing import Any

HEAD = (
    "operation",
    "1 client /s",
    "8 clients /s",
    "asked /s",
    "median ms",
    "p95 ms",
    "CPU ms",
    "ratio",
    "CPU ratio",
    "asked ratio",
    "queries",
    "bytes",
)

VERSIONS = ("python", "django", "waitress", "psycopg", "huiyin")
BUSY = "The machine was busy with other work: rates are below what it can do alone; the ratios hold."
LEGEND = """Median, p95 and CPU are of eight clients; CPU is the server's processor time a request.
The ratio is our rate to that of the bare Django view in the same run; the CPU ratio is the bare view's
processor time to ours, which other work on the machine disturbs least."""


def page(found: dict[str, Any]) -> str:
    around = found["around"]
    versions = ", ".join(f"{name} {around[name]}" for name in VERSIONS)
    lines = [
        f"# {around['date']}",
        "",
        f"{around['cores']} cores, load {around['load_before']} before the run; {versions}.",
        "",
    ]
    if around["busy"]:
        lines += [f"**{BUSY}**", ""]
    lines += [LEGEND]
    for name, one in found["databases"].items():
        lines += ["", f"## {name}, {one['cases']} cases", "", *_table(one), "", *_notes(one)]
    return "\n".join(lines) + "\n"


def _table(one: dict[str, Any]) -> list[str]:
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    for row in one["operations"]:
        many, single = row["clients_8"], row["clients_1"]
        mine = many["huiyin"]
        cells = [
            row["name"],
            f"{single['huiyin']['rate']:.1f}",
            f"{mine['rate']:.1f}",
            f"{row['least'] or ''}",
            f"{mine['median']:.0f}",
            f"{mine['p95']:.0f}",
            f"{mine['cpu']:.1f}",
            f"{many['ratio']:.2f}",
            f"{many['cpu_ratio']:.2f}",
            f"{row['wanted_ratio'] or ''}",
            str(row["queries"]),
            str(row["bytes"]),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _notes(one: dict[str, Any]) -> list[str]:
    notes = [
        f"- {one['processes']} server process(es), {one['memory']:.0f} MB (proportional set size) under load",
        f"- first page {one['start']:.1f} s after the start of `huiyin serve`",
    ]
    if one["seeded"]["rate"]:
        notes.append(f"- histories written: {one['seeded']['rate']:.0f} cases a second")
    return notes

"""A bench on which the surveys of a pack are drawn and scored, as the pack is shipped."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due
from huiyin.engine.schema.papers import Meeting, SurveyPlan
from huiyin.procedures.packfiles import find_pack, load_pack
from huiyin.surveys.core import (
    Draw,
    Due,
    Plan,
    Result,
    Table,
    consequences,
    draw,
    read_answers,
    read_sample,
    score,
)
from huiyin.surveys.core.matching import matching
from huiyin.surveys.packplans import plan_problems
from huiyin.surveys.plans import load_plan

Row = dict[str, Any]


class SurveyBench:
    """`frame` rows are dicts; answers too, by item key, with `id`."""

    def __init__(self, code: str, folder: Path) -> None:
        self.code, self.folder = code, folder
        self.pack = load_pack(code)

    def row(self, survey: str) -> SurveyPlan:
        return next(one for one in self.pack.survey if one.code == survey)

    def meeting(self, code: str) -> Meeting:
        return next(one for one in self.pack.meeting if one.code == code)

    def plan(self, survey: str) -> Plan:
        row = self.row(survey)
        assert row.plan is not None
        assert plan_problems(self.pack, find_pack(self.code)) == []
        return load_plan(find_pack(self.code) / row.plan)

    def clause(self, survey: str) -> str:
        return self.row(survey).clause

    def due(self, rule: SurveyPlan | Meeting, begin: str) -> datetime:
        """When the report of the period that begins on that day is due."""
        assert rule.due is not None
        return duty_due(rule, date.fromisoformat(begin), Bench(self.pack).calendar)

    def draw(self, survey: str, frame: Sequence[Row], *, on: str | None = None, seed: int = 1) -> Draw:
        table = Table("frame", tuple(frame[0]), [[str(value) for value in row.values()] for row in frame], "")
        return draw(self.plan(survey), table, seed, on=date.fromisoformat(on) if on else None)

    def in_population(self, survey: str, row: Row) -> bool:
        where = self.plan(survey).population.where
        return matching(where, list(row), [[str(value) for value in row.values()]])[0]

    def _write(self, name: str, rows: Sequence[Row], columns: Sequence[str]) -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def score(
        self,
        survey: str,
        answers: Sequence[Row],
        *,
        handed_out: int | None = None,
        sample: Sequence[Row] = (),
    ) -> Result:
        return self.scored(survey, answers, handed_out=handed_out, sample=sample)[0]

    def scored(
        self,
        survey: str,
        answers: Sequence[Row],
        *,
        handed_out: int | None = None,
        sample: Sequence[Row] = (),
    ) -> tuple[Result, list[Due]]:
        """Figures and what must follow; everybody in one stratum with weight 1 unless a sample is given."""
        plan = self.plan(survey)
        count = handed_out or len(answers)
        rows = list(sample) or [{"id": f"h{at}", "reason": "random", "weight": 1} for at in range(count)]
        columns = ["id", *[key for key in rows[0] if key != "id"]]
        handed = read_sample(plan, _table(rows, columns))
        keys = [item.key for item in plan.item if item.kind != "comment"]
        extra = sorted({key for row in answers for key in row} - {"id", *keys})
        filled = [{"id": f"h{at}", **row} for at, row in enumerate(answers)]
        path = self._write("answers.csv", filled, ["id", *extra, *keys])
        read = read_answers(path, plan, handed.index, extra)
        result = score(plan, handed, read)
        return result, consequences(plan, result, read)

    def all(self, survey: str, grade: str, count: int = 1, **more: Any) -> list[Row]:
        """Forms with one grade throughout."""
        keys = [item.key for item in self.plan(survey).item if item.kind == "graded"]
        return [dict.fromkeys(keys, grade) | more for _ in range(count)]


def _table(rows: Sequence[Row], columns: Sequence[str]) -> Table:
    return Table("sample", tuple(columns), [[str(row.get(name, "")) for name in columns] for row in rows], "")


def households(count: int, **columns: Any) -> list[Row]:
    """`columns`: name to a value, or to a function of the number."""
    return [
        {"id": f"h{at}", **{name: rule(at) if callable(rule) else rule for name, rule in columns.items()}}
        for at in range(count)
    ]


def reasons(found: Draw) -> Counter[str]:
    return Counter(one.reason for one in found.chosen)

"""The survey plans of a pack: in its folder `surveys/`, named by the rows [[survey]] of procedure.toml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from huiyin.core.errors import NotFound
from huiyin.engine import Pack
from huiyin.engine.schema.papers import SurveyPlan
from huiyin.procedures.packfiles import find_pack, load_pack
from huiyin.surveys.core import Plan
from huiyin.surveys.plans import PlanError, load_plan

FOLDER = "surveys"


def plan_of(pack: str | Path, code: str) -> tuple[SurveyPlan, Plan]:
    """The row and the plan of one survey of a pack. Raises NotFound or PlanError."""
    for row in load_pack(pack).survey:
        if row.code == code and row.plan:
            return row, load_plan(find_pack(pack) / row.plan)
    raise NotFound(f"{pack}: no survey {code} with a plan", code="survey")


def plan_problems(pack: Pack, folder: Path) -> list[str]:
    """What does not agree between a pack and its survey plans, in plain words; empty where all is well."""
    found: list[str] = []
    for row in pack.survey:
        if row.plan is None:
            continue
        try:
            plan = load_plan(folder / row.plan, lang="zh")
        except NotFound:
            found.append(f"[survey] {row.code}：缺少文件 {row.plan}")
        except PlanError as error:
            found.append(str(error))
        else:
            found += [f"{row.plan}：{text}" for text in _disagreements(pack, row, plan)]
    named = {row.plan for row in pack.survey}
    for file in sorted((folder / FOLDER).glob("*.toml")):
        if f"{FOLDER}/{file.name}" not in named:
            found.append(f"{FOLDER}/{file.name}：没有 [[survey]] 用到它")
    return found


def _disagreements(pack: Pack, row: SurveyPlan, plan: Plan) -> Iterator[str]:
    """The pack lists clauses and figures, to be seen with its other rules; the plan says the same."""
    said = {row.clause, *row.cites.values()}
    for clause in sorted(plan.clauses() - said):
        yield f"引用了条款 {clause}，[[survey]] {row.code} 没有写"
    for clause in sorted(said - plan.clauses()):
        yield f"[[survey]] {row.code} 写了条款 {clause}，计划里没有规则引用它"
    if row.share is not None and plan.sample.method != "all" and float(plan.sample.share or 0) != row.share:
        yield f"[[survey]] {row.code} 的 share 是 {row.share}，计划不是"
    bound = (plan.returns.at_least or plan.returns.above) if plan.returns else None
    if (float(bound) if bound is not None else None) != row.response_rate:
        yield f"[[survey]] {row.code} 的 response_rate 是 {row.response_rate}，计划不是"
    known = {post.code for post in pack.post}
    for post in sorted(plan.posts() - known):
        yield f"没有岗位 {post}"

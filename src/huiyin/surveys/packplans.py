"""The survey plans of a pack: in its folder `surveys/`, named by the rows [[survey]] of procedure.toml."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

from huiyin.core.errors import NotFound
from huiyin.engine import Pack
from huiyin.engine.schema.papers import SurveyPlan
from huiyin.procedures.packfiles import find_pack, load_pack
from huiyin.surveys.core import Plan
from huiyin.surveys.plans import PlanError, load_plan, parse_plan

FOLDER = "surveys"


def plan_of(pack: str | Path, code: str) -> tuple[SurveyPlan, Plan]:
    """The row and the plan of one survey of a pack. Raises NotFound or PlanError."""
    for row in load_pack(pack).survey:
        if row.code == code and row.plan:
            return row, load_plan(find_pack(pack) / row.plan)
    raise NotFound(f"{pack}: no survey {code} with a plan", code="survey")


def plan_of_edition(pack: Pack, files: Mapping[str, str], code: str, *, lang: str = "zh") -> Plan:
    """The plan of a survey as an installed edition keeps it: `files` is its `forms`, in base64.

    Raises NotFound or PlanError.
    """
    for row in pack.survey:
        if row.code == code and row.plan is not None and row.plan in files:
            text = base64.b64decode(files[row.plan]).decode("utf-8")
            return parse_plan(text, name=row.plan, lang=lang)
    raise NotFound(f"no survey {code} with a plan in this edition", code="survey")


def plan_problems(pack: Pack, folder: Path, lang: str = "zh") -> list[str]:
    """What does not agree between a pack and its survey plans, in plain words; empty where all is well."""
    found: list[str] = []
    for row in pack.survey:
        if row.plan is None:
            continue
        try:
            plan = load_plan(folder / row.plan, lang=lang)
        except NotFound:
            found.append(_say("no_file", lang, code=row.code, plan=row.plan))
        except PlanError as error:
            found.append(str(error))
        else:
            found += [
                _say(code, lang, code=row.code, plan=row.plan, **more)
                for code, more in _differ(pack, row, plan)
            ]
    named = {row.plan for row in pack.survey}
    for file in sorted((folder / FOLDER).glob("*.toml")):
        if f"{FOLDER}/{file.name}" not in named:
            found.append(_say("unused", lang, plan=f"{FOLDER}/{file.name}"))
    return found


_WORDS = {
    "no_file": ("[survey] {code}：缺少文件 {plan}", "[survey] {code}: the file {plan} is missing"),
    "unused": ("{plan}：没有 [[survey]] 用到它", "{plan}: no [[survey]] names it"),
    "not_said": (
        "{plan}：引用了条款 {clause}，[[survey]] {code} 没有写",
        "{plan}: cites clause {clause}, which [[survey]] {code} does not",
    ),
    "not_served": (
        "{plan}：[[survey]] {code} 写了条款 {clause}，计划里没有规则引用它",
        "{plan}: [[survey]] {code} names clause {clause}, which nothing in the plan cites",
    ),
    "figure": (
        "{plan}：[[survey]] {code} 的 {key} 是 {value}，计划不是",
        "{plan}: {key} is {value} in [[survey]] {code}, and not in the plan",
    ),
    "no_post": ("{plan}：没有岗位 {post}", "{plan}: there is no post {post}"),
}


def _say(problem: str, lang: str, **values: object) -> str:
    return _WORDS[problem][0 if lang == "zh" else 1].format(**values)


def _differ(pack: Pack, row: SurveyPlan, plan: Plan) -> Iterator[tuple[str, dict[str, object]]]:
    """The pack lists clauses and figures, to be seen with its other rules; the plan says the same."""
    said = {row.clause, *row.cites.values()}
    for clause in sorted(plan.clauses() - said):
        yield "not_said", {"clause": clause}
    for clause in sorted(said - plan.clauses()):
        yield "not_served", {"clause": clause}
    share = plan.sample.share if plan.sample.method != "all" else None
    least = plan.returns.at_least if plan.returns else None
    above = plan.returns.above if plan.returns else None
    figures = (("share", row.share, share), ("response_rate", row.response_rate, least))
    for key, value, found in (*figures, ("response_above", row.response_above, above)):
        if value != (None if found is None else float(found)):
            yield "figure", {"key": key, "value": value}
    for post in sorted(plan.posts() - {post.code for post in pack.post}):
        yield "no_post", {"post": post}

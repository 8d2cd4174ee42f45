"""What is wrong with a pack, in words a quality manager understands. Chinese first, English on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiyin.engine.schema import Problem

_PROBLEMS = {
    "unknown_clause": ("没有条款 {clause}", "there is no clause {clause}"),
    "unknown_post": ("没有岗位 {post}", "there is no post {post}"),
    "unknown_kind": ("没有这种信息或表单：{kind}", "there is no kind or form {kind}"),
    "unknown_category": ("没有分类 {category}", "there is no category {category}"),
    "unknown_fact": (
        "没有名叫 {fact} 的事实；若是本程序另用的，先写在 [[fact]] 里",
        "there is no fact {fact}; a fact of this pack's own is declared in [[fact]]",
    ),
    "unknown_value": (
        "{fact} 没有 {value} 这个值，可以是：{values}",
        "{fact} has no value {value}; it may be: {values}",
    ),
    "unknown_zone": ("没有时区 {zone}", "there is no time zone {zone}"),
    "double": ("{value} 写了两次", "{value} stands twice"),
    "circle": ("岗位 {post} 的上级绕了一圈又回到自己", "the posts above {post} lead back to it"),
    "pattern": (
        "编号样式 {pattern} 看不懂：要有 serial，此外只能用 unit、kind、year、month、day",
        "the pattern {pattern} cannot be read; it takes serial, and unit, kind, year, month, day",
    ),
    "no_rule": ("条款 {clause} 还没有规则为它服务", "no rule serves clause {clause} yet"),
    "not_running_but_served": (
        "条款 {clause} 标为未运行，却有规则引用它",
        "clause {clause} is marked as not running but rules cite it",
    ),
    "fact_exists": ("{fact} 本来就有，不必再写", "{fact} exists already"),
    "no_file": ("缺少文件 {file}", "the file {file} is missing"),
    "no_number": ("种类 {kind} 没有编号规则", "kind {kind} has no number rule"),
    "never_stops": ("时限 {name} 等的事永远不会发生", "nothing can ever stop the clock {name}"),
}

_VALIDATION = {
    "extra_forbidden": ("不认识的键", "unknown key"),
    "missing": ("缺少这一项", "this is missing"),
    "string_type": ("要写成文字（加引号）", "must be text in quotes"),
    "bool_type": ("只能写 true 或 false", "must be true or false"),
    "bool_parsing": ("只能写 true 或 false", "must be true or false"),
    "int_type": ("要写成整数", "must be a whole number"),
    "int_parsing": ("要写成整数", "must be a whole number"),
    "list_type": ("要写成列表 [ … ]", "must be a list [ … ]"),
    "dict_type": ("要写成 {{ … }}", "must be a table {{ … }}"),
    "model_type": ("要写成 {{ … }}", "must be a table {{ … }}"),
    "too_short": ("至少要有一项", "at least one is needed"),
    "literal_error": ("只能是 {expected}", "must be {expected}"),
    "string_pattern_mismatch": ("写法不合规定：{pattern}", "does not fit {pattern}"),
    "date_from_datetime_parsing": ("不是日期", "is no date"),
    "decimal_parsing": ("不是金额", "is no amount"),
}

_VALUES = {
    "duration": (
        "不是时限；例：30min、2h、4sh、2wd、5d、1mo",
        "is no duration, as 30min, 2h, 4sh, 2wd, 5d, 1mo",
    ),
    "limit": ("不是时限；例：asked、2h、2wd", "is no limit, as asked, 2h, 2wd"),
    "warn": ("预警要写成 50% 或 30min", "a warning is 50% or 30min"),
    "event": ("没有这个事件", "there is no such event"),
    "window": (
        "不是一段时间；例：24h、7d、1mo（不用 sh、wd）",
        "is no window, as 24h, 7d, 1mo (not sh or wd)",
    ),
    "hours": (
        "服务时间要写成 09:00-12:00，先后排好，不相接也不重叠",
        "hours are written 09:00-12:00, in order and apart",
    ),
    "chased": ("催办不使任何时限停下", "a chase stops no clock"),
    "condition": (
        "条件要写成值、列表，或 above、at_least、below、at_most、not、given",
        "a condition is a value, a list, or above, at_least, below, at_most, not, given",
    ),
}


def _pick(words: tuple[str, str], lang: str) -> str:
    return words[1] if lang == "en" else words[0]


def _where(file: str, table: str, key: str, lang: str) -> str:
    if lang == "en":
        return f"{file}: [{table}] {key}: "
    return f"{file}：[{table}] 的 {key}："


def say_problem(file: str, problem: Problem, lang: str = "zh") -> str:
    """One line for a disagreement between tables."""
    words = _PROBLEMS.get(problem.code, (problem.code, problem.code))
    comma = ", " if lang == "en" else "、"
    params = {
        name: comma.join(map(str, value)) if isinstance(value, list) else value
        for name, value in problem.params.items()
    }
    return _where(file, problem.table, problem.key, lang) + _pick(words, lang).format(**params)


def say_validation(file: str, data: Mapping[str, Any], error: Mapping[str, Any], lang: str = "zh") -> str:
    """One line for something pydantic found: where it stands, what is wrong, and what was written."""
    location = list(error["loc"])
    table = str(location[0]) if location else ""
    key = _key(data, location)
    kind = str(error["type"])
    if kind == "value_error":
        words = _VALUES.get(str(error.get("ctx", {}).get("error", "")))
        text = _pick(words, lang) if words else _pick(("写法不对", "cannot be read"), lang)
    else:
        words = _VALIDATION.get(kind)
        text = _pick(words, lang).format(**error.get("ctx", {})) if words else str(error["msg"])
    written = error.get("input")
    if kind not in ("missing", "extra_forbidden") and isinstance(written, str | int | float):
        text += f" ({written})" if lang == "en" else f"（写的是 {written}）"
    return _where(file, table, key, lang) + text


def _key(data: Mapping[str, Any], location: list[Any]) -> str:
    """`answer.limit` rather than `3.limit`: the row by its own code, name or id."""
    parts: list[str] = []
    value: Any = data
    for place in location:
        try:
            value = value[place]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(place, int) and len(parts) <= 1:
            parts.append(_label(value, place))
        elif not (isinstance(place, str) and ("[" in place or place in {"str", "list", "dict"})):
            parts.append(str(place))
    return ".".join(parts[1:]) or (parts[0] if parts else "")


def _label(row: Any, index: int) -> str:
    if isinstance(row, Mapping):
        for name in ("code", "name", "id"):
            if name in row:
                return str(row[name])
    return f"#{index + 1}"

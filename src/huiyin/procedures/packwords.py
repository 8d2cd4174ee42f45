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
        "编号样式 {pattern} 不能用：要有一个 serial，此外只能用 unit、kind、year、month、day；"
        "宽度不超过 12，没有空格和斜线",
        "the pattern {pattern} cannot be used; it takes one serial, and unit, kind, year, month, day, "
        "no width above 12, no space or slash",
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
    "unconfirmed": (
        "还没有人确认：对照原文核对，对的删去 unconfirmed = true",
        "nobody has confirmed this: compare it with the quoted words and remove unconfirmed = true",
    ),
    "shadowed": (
        "{name} 永远用不上：排在前面的 {first} 已经管了它要管的全部情形",
        "{name} is never used: {first}, which stands before it, takes all its cases",
    ),
    "level_no_owner": (
        "“{kind}”的“{level}”一级没有责任岗位，这样的工单没有人管",
        "level {level} of {kind} has no owner: such a case would belong to nobody",
    ),
    "kind_no_owner": (
        "“{kind}”没有责任岗位，这样的工单没有人管",
        "{kind} has no owner: such a case would belong to nobody",
    ),
    "unreached_post": (
        "没有哪条规则用到岗位“{post}”，它也没有任何权限",
        "no rule ever reaches the post {post}, and it may do nothing",
    ),
    "powerless": (
        "规则要岗位“{post}”做的事，它没有权限（{may}）",
        "a rule asks something of the post {post} that it may not do ({may})",
    ),
    "unheld_post": (
        "岗位“{post}”现在没有人担任，也没有人代理",
        "nobody holds the post {post} or stands in for it",
    ),
    "gates_posts": (
        "条款 {first} 和 {second} 对“{step}”规定了不同的岗位，同一步谁也做不了",
        "clauses {first} and {second} want different posts for {step}: nobody can take it",
    ),
    "gates_facts": (
        "条款 {first} 和 {second} 对“{step}”的要求相反（{fact}），这一步永远做不了",
        "clauses {first} and {second} want opposite things of {fact} before {step}: it can never be taken",
    ),
    "deadlock": (
        "条款 {first} 要先有“{event}”才能“{step}”，条款 {second} 要先有“{step}”才能“{event}”，两边互相等",
        "clause {first} wants {event} before {step}, clause {second} wants {step} before {event}",
    ),
    "demanded_forbidden": (
        "条款 {first} 要求“{event}”，条款 {second} 却不许",
        "clause {first} demands {event}, clause {second} forbids it",
    ),
    "authorities": (
        "条款 {first} 和 {second} 对同一件事给了同一个岗位两个限额：{one} 和 {other}",
        "clauses {first} and {second} give one post two limits for one thing: {one} and {other}",
    ),
    "two_numbers": (
        "“{what}”有两条编号规则，只用得上 {first}",
        "{what} has two number rules; only {first} is used",
    ),
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

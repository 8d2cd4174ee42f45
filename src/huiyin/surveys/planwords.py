"""What is wrong with a plan, in words the person who wrote it understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiyin.procedures import packwords

_VALUES = {
    "duration": ("不是时限；例：15d、1mo", "is no duration, as 15d, 1mo"),
    "window": ("不是一段时间；例：90d、3mo、1y", "is no span of days, as 90d, 3mo, 1y"),
    "condition": (
        "条件要写成值、列表，或 above、at_least、below、at_most、not、given、older_than、at_least_old",
        "a condition is a value, a list, or above, at_least, below, at_most, not, given, older_than,"
        " at_least_old",
    ),
    "one_size": ("share、size、margin 写一个，且只写一个", "write exactly one of share, size and margin"),
    "one_bound": ("at_least、above 写一个，且只写一个", "write exactly one of at_least and above"),
    "fixed": ("allocation = fixed 要写 fixed 各层多少", "allocation = fixed needs the sizes in `fixed`"),
    "neyman": (
        "neyman 要写 expected（0 到 1 之间）或 deviation 之一",
        "neyman needs either `expected` rates between 0 and 1 or `deviation`",
    ),
    "targeted_share": ("rule = share 才写 share", "`share` belongs to rule = share"),
    "size_column": (
        "method = proportional_to_size 才写 size_column",
        "`size_column` belongs to method = proportional_to_size",
    ),
    "expected_return": ("expected_return 与 margin 一起写", "`expected_return` belongs to `margin`"),
    "each": ("each = true 与 share 一起写", "each = true belongs to `share`"),
    "double_grade": ("同一个代码写了两次，或有空代码", "a code stands twice, or is empty"),
    "full": ("满分要大于 0", "full marks must be above 0"),
    "scale": ("graded 要写 scale，其他不写", "`scale` belongs to kind = graded"),
    "choices": ("choice 要写 choices，其他不写", "`choices` belongs to kind = choice"),
    "number": ("number 要写 least 和 most", "kind = number needs `least` below `most`"),
    "deduction": ("short = deduct 才写 deduction", "`deduction` belongs to short = deduct"),
    "poststratify": (
        "weighting = poststratified 要写 by 和 population",
        "weighting = poststratified needs `by` and `population`",
    ),
    "double_key": ("同一个代码写了两次", "a key or code stands twice"),
    "unknown_scale": ("有题目用了没有的 scale", "an item names a scale that is not there"),
    "unknown_indicator": ("用了没有的 indicator", "an indicator is named that is not there"),
    "unknown_item": ("score.overall 不是题目", "score.overall is no item"),
}


def say_validation(file: str, data: Mapping[str, Any], error: Mapping[str, Any], lang: str) -> str:
    """One line: where it stands, what is wrong, what was written."""
    reason = str(error.get("ctx", {}).get("error", "")) if error["type"] == "value_error" else ""
    if reason not in _VALUES:
        return packwords.say_validation(file, data, error, lang)
    place = ".".join(str(one + 1 if isinstance(one, int) else one) for one in error["loc"])
    words = _VALUES[reason][0 if lang == "zh" else 1]
    mark = "：" if lang == "zh" else ": "
    return f"{file}{mark}{f'[{place}]{mark}' if place else ''}{words}"

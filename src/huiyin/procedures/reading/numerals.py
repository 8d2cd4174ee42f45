"""Chinese numerals as numbers."""

from __future__ import annotations

_DIGIT = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "半": 0}
_UNIT = {"十": 10, "百": 100, "千": 1000, "万": 10_000}


def numeral(text: str) -> int:
    """12 for 十二, 200 for 二百, 24 for 24. Raises ValueError for anything else."""
    if text.isdigit():
        return int(text)
    total = section = digit = 0
    for sign in text:
        if sign in _DIGIT:
            digit = _DIGIT[sign]
        elif sign == "万":
            total, section, digit = (total + section + digit) * _UNIT[sign], 0, 0
        elif sign in _UNIT:
            section += (digit or 1) * _UNIT[sign]
            digit = 0
        else:
            raise ValueError(text)
    return total + section + digit

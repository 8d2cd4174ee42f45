"""How long the procedure keeps what, in words and as a moment."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.engine.schema.papers import Retention
from huiyin.procedures.selectors import Rules

_KEEP = re.compile(r"(\d+)(y|mo|d)")


def rule_for(rules: Rules, code: str) -> Retention | None:
    """The rule that names a kind of case, a form or a report."""
    return next((one for one in rules.pack.retention if code in one.of), None)


def keep_words(rule: Retention | None) -> str:
    if rule is None:
        return _("程序未规定")
    found = _KEEP.fullmatch(rule.keep)
    if found is None:
        return rule.keep
    count = int(found[1])
    sentences = {
        "y": ngettext("{count} 年", "{count} 年", count),
        "mo": ngettext("{count} 个月", "{count} 个月", count),
        "d": ngettext("{count} 天", "{count} 天", count),
    }
    return sentences[found[2]].format(count=count)


def kept_until_before(rule: Retention, today: date) -> date:
    """What began to be kept before this day is past its time today."""
    found = _KEEP.fullmatch(rule.keep)
    if found is None:
        raise ValueError(f"retention {rule.keep!r} is no span of years, months or days")
    count = int(found[1])
    if found[2] == "d":
        return today - timedelta(days=count)
    months = today.year * 12 + today.month - 1 - (count * 12 if found[2] == "y" else count)
    year, month = divmod(months, 12)
    return _same_day(year, month + 1, today.day)


def _same_day(year: int, month: int, day: int) -> date:
    """That day of the month, or the month's last where it has no such day."""
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(first_of_next - timedelta(days=1), date(year, month, 1) + timedelta(days=day - 1))

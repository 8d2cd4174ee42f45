"""Matching tables in words: whom a rule is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.core.phrases import listed
from huiyin.procedures.words import Words

_OPERATORS = {
    "above": lazy("%(fact)s超过 %(value)s"),
    "at_least": lazy("%(fact)s不少于 %(value)s"),
    "below": lazy("%(fact)s低于 %(value)s"),
    "at_most": lazy("%(fact)s不超过 %(value)s"),
}
# facts whose values speak for themselves
_BARE = frozenset(
    {"validity", "urgency", "severity", "category", "level", "state", "form", "action_decision"}
)


def subject(words: Words, when: Mapping[str, Any]) -> str:
    """What a rule is about: “紧急的投诉”. Without a kind, everything that is registered."""
    kinds = when.get("kind")
    noun = words.values("kind", kinds) if kinds else _("各类事项")
    rest = phrases(words, {name: value for name, value in when.items() if name != "kind"})
    if not rest:
        return noun
    return _("%(conditions)s的%(kind)s") % {"conditions": listed(rest), "kind": noun}


def phrases(words: Words, table: Mapping[str, Any]) -> list[str]:
    return [_phrase(words, name, wanted) for name, wanted in table.items()]


def _phrase(words: Words, name: str, wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return listed(_compared(words, name, operator, bound) for operator, bound in wanted.items())
    if isinstance(wanted, bool):
        values = {"fact": words.fact(name)}
        return words.fact(name) if wanted else _("没有%(fact)s") % values
    values = {"fact": words.fact(name), "value": words.values(name, wanted)}
    if name == "via":
        return _("由%(value)s转来") % values
    if name == "outcome":
        return _("结果为%(value)s") % values
    if name in _BARE:
        return str(values["value"])
    return _("%(fact)s为%(value)s") % values


def _compared(words: Words, name: str, operator: str, bound: Any) -> str:
    fact = words.fact(name)
    if operator == "given" and name == "turned_from":
        return _("由别的种类转来") if bound else _("不是由别的种类转来")
    if operator == "given":
        return _("写明了%(fact)s") % {"fact": fact} if bound else _("没有写明%(fact)s") % {"fact": fact}
    if operator == "not":
        if name == "validity" and bound in ("unjudged", ["unjudged"]):
            return _("已经判定")
        return _("%(fact)s不是%(value)s") % {"fact": fact, "value": words.values(name, bound)}
    if name == "round" and operator == "at_least":
        return _("处理到第 %(value)s 轮还没有解决") % {"value": bound}
    return str(_OPERATORS[operator]) % {"fact": fact, "value": bound}

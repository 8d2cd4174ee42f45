"""The filters of the list as chips: what can be chosen, what is chosen, and how many each would show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases import labels
from huiyin.cases.filters import CHOSEN, Filters
from huiyin.cases.listing import FACETED, capped, facet_counts, mark_counts
from huiyin.core.shell import Text
from huiyin.organization.actors import Actor
from huiyin.organization.models import Person, Unit
from huiyin.procedures.selectors import Rules

MARKS: Mapping[str, Text] = {
    "mine": lazy("我的"),
    "late": lazy("已超时"),
    "today": lazy("今天到期"),
    "urgent": lazy("紧急"),
    "unassigned": lazy("还没派"),
    "dissatisfied": lazy("回访不满意"),
    "follow_up": lazy("待回访"),
    "chased": lazy("被催过"),
    "safety": lazy("涉及安全"),
    "breached": lazy("曾超时"),
    "reopened": lazy("重开过"),
    "approved_closure": lazy("特批结案"),
    "late_entry": lazy("补录"),
    "historic": lazy("导入的历史"),
    "taken_by_me": lazy("我接的"),
}
# Always in sight; the rest stands with the other filters.
QUICK = ("mine", "late", "today", "urgent", "unassigned", "dissatisfied", "follow_up", "chased")
STATES: Mapping[str, Text] = {"open": lazy("没办完的"), "ended": lazy("已了结的"), "all": lazy("全部")}
TITLES: Mapping[str, Text] = {
    "state": lazy("状态"),
    "kind": lazy("类型"),
    "category": lazy("类别"),
    "channel": lazy("渠道"),
    "validity": lazy("有效性"),
    "level": lazy("级别"),
    "unit": lazy("管理处"),
    "assigned": lazy("派给部门"),
    "handler": lazy("经办人"),
    "urgency": lazy("紧急程度"),
    "severity": lazy("严重程度"),
    "via": lazy("转来"),
    "responsible_party": lazy("责任方"),
    "region": lazy("区域"),
    "outcome": lazy("回访结果"),
    "mark": lazy("标记"),
}
LATE = frozenset({"late", "dissatisfied"})


@dataclass(frozen=True, slots=True)
class Chip:
    """`query` is the address without the leading question mark once it is pressed."""

    label: str
    query: str
    on: bool = False
    count: str = ""
    late: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    chips: list[Chip]


class Wording:
    """Values of filters in words; names of people and units are looked up once."""

    def __init__(self, actor: Actor, rules: Rules | None) -> None:
        self.actor, self.rules = actor, rules
        self._names: dict[str, dict[str, str]] = {}

    def of(self, name: str, value: str) -> str:
        if name == "state":
            return str(STATES.get(value) or labels.state_label(value))
        if name == "mark":
            return str(MARKS.get(value, value))
        if name == "handler":
            special = {"me": _("我"), "none": _("还没有人")}
            return special.get(value) or self._person(value)
        if name in ("unit", "assigned"):
            return self._unit(value)
        if name == "validity":
            return labels.label(labels.VALIDITIES, "" if value == "unjudged" else value)
        fixed = {
            "outcome": labels.OUTCOMES,
            "urgency": labels.URGENCIES,
            "severity": labels.SEVERITIES,
            "via": labels.VIAS,
            "responsible_party": labels.PARTIES,
        }
        if name in fixed:
            return labels.label(fixed[name], value)
        by_pack = {
            "kind": labels.kind_label,
            "category": labels.category_label,
            "channel": labels.channel_label,
            "level": labels.level_label,
        }
        return by_pack[name](self.rules, value) if name in by_pack and self.rules else value

    def _person(self, username: str) -> str:
        if "people" not in self._names:
            rows = Person.objects.filter(company_id=self.actor.company_id)
            self._names["people"] = dict(rows.values_list("username", "name"))
        return self._names["people"].get(username, username)

    def _unit(self, code: str) -> str:
        if "units" not in self._names:
            rows = Unit.objects.filter(company_id=self.actor.company_id)
            self._names["units"] = dict(rows.values_list("code", "name"))
        return self._names["units"].get(code, code)


def _toggled(filters: Filters, name: str, value: str, *, single: bool = False) -> str:
    chosen = dict(filters.chosen)
    held = chosen.get(name, ())
    if value in held:
        values = tuple(one for one in held if one != value)
    else:
        values = (value,) if single else (*held, value)
    if values:
        chosen[name] = values
    else:
        chosen.pop(name, None)
    changed = Filters(chosen, filters.text, filters.since, filters.until, filters.sort)
    return changed.query().urlencode()


def quick_chips(actor: Actor, filters: Filters, rules: Rules | None) -> list[Chip]:
    numbers = mark_counts(actor, filters, rules, QUICK)
    held = filters.chosen.get("mark", ())
    return [
        Chip(
            label=str(MARKS[name]),
            query=_toggled(filters, "mark", name),
            on=name in held,
            count=capped(numbers[name]),
            late=name in LATE and numbers[name] > 0,
            value=name,
        )
        for name in QUICK
    ]


def state_chips(filters: Filters) -> list[Chip]:
    held = filters.chosen.get("state", () if filters.text else ("open",))
    shown = [(name, str(title)) for name, title in STATES.items()]
    return [
        Chip(title, _toggled(filters, "state", name, single=True), on=name in held, value=name)
        for name, title in shown
    ]


def chosen_chips(filters: Filters, words: Wording) -> list[Chip]:
    """What is chosen, each to be taken away; the quick marks and the three states show themselves."""
    found = [
        Chip(
            _("%(name)s：%(value)s") % {"name": TITLES[name], "value": words.of(name, value)},
            _toggled(filters, name, value),
            on=True,
        )
        for name in CHOSEN
        for value in filters.chosen.get(name, ())
        if not (name == "mark" and value in QUICK) and not (name == "state" and value in STATES)
    ]
    if filters.since or filters.until:
        span = f"{filters.since or ''} – {filters.until or ''}"
        without = Filters(filters.chosen, filters.text, None, None, filters.sort)
        found.append(Chip(_("登记：%(span)s") % {"span": span}, without.query().urlencode(), on=True))
    if filters.text:
        without = Filters(filters.chosen, "", filters.since, filters.until, filters.sort)
        found.append(Chip(f"“{filters.text}”", without.query().urlencode(), on=True))
    return found


def facets(actor: Actor, filters: Filters, rules: Rules | None, words: Wording) -> list[Facet]:
    """All further filters with the values that occur and how often."""
    counted = facet_counts(actor, filters, rules)
    found = []
    for name in ("kind", "category", "state", "channel", "validity", "level", "unit", "assigned", "handler"):
        counter = counted.counts[name]
        held = filters.chosen.get(name, ())
        values = [value for value, _number in counter.most_common(24)]
        chips = [
            _facet_chip(filters, name, value, counter[value], words, counted.more)
            for value in values
            if _value(name, value)
        ]
        seen = {_value(name, one) for one in values}
        missing = [value for value in held if value not in seen and not (name == "state" and value in STATES)]
        chips += [Chip(words.of(name, one), _toggled(filters, name, one), True, "0") for one in missing]
        if chips:
            found.append(Facet(name, str(TITLES[name]), chips))
    found.append(_other_marks(filters))
    return found


def _value(name: str, value: Any) -> str:
    """How a value of the column is written in the address."""
    if name == "validity":
        return value or "unjudged"
    if name == "handler":
        return value or "none"
    return value or ""


def _facet_chip(filters: Filters, name: str, value: Any, number: int, words: Wording, more: bool) -> Chip:
    code = _value(name, value)
    count = f"{number}+" if more and number >= FACETED // 2 else str(number)
    held = filters.chosen.get(name, ())
    return Chip(words.of(name, code), _toggled(filters, name, code), code in held, count, value=code)


def _other_marks(filters: Filters) -> Facet:
    held: Iterable[str] = filters.chosen.get("mark", ())
    chips = [
        Chip(str(title), _toggled(filters, "mark", name), name in held, value=name)
        for name, title in MARKS.items()
        if name not in QUICK
    ]
    return Facet("mark", str(TITLES["mark"]), chips)

"""The vocabulary and a pack's own codes in the words of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from huiyin.core.phrases import in_language, listed, title_of
from huiyin.engine import Pack
from huiyin.engine.durations import is_duration, parse_duration
from huiyin.journal.wording import name_words

Labels = Mapping[str, str | Promise]

SPECIAL_POSTS: Labels = {
    "superior": lazy("上级"),
    "owner": lazy("责任岗位"),
    "receiver": lazy("首问责任人"),
}
FACTS: Labels = {
    "kind": lazy("种类"),
    "validity": lazy("判定"),
    "urgency": lazy("紧急程度"),
    "severity": lazy("严重程度"),
    "safety": lazy("涉及安全"),
    "channel": lazy("渠道"),
    "via": lazy("转来的单位"),
    "category": lazy("类别"),
    "level": lazy("级别"),
    "responsible_party": lazy("责任方"),
    "state": lazy("状态"),
    "round": lazy("处理的轮次"),
    "repetition": lazy("同一问题出现的次数"),
    "chased": lazy("催办次数"),
    "amount": lazy("金额"),
    "compensated": lazy("已补偿金额"),
    "turned_from": lazy("原来的种类"),
    "relation": lazy("关系"),
    "unit": lazy("单位"),
    "to_unit": lazy("送往部门"),
    "finish_by": lazy("要求办结时间"),
    "reply_by": lazy("要求回复时间"),
    "decision": lazy("决定"),
    "region": lazy("区域"),
    "owner": lazy("责任岗位"),
    "historic": lazy("历史资料"),
    "outcome": lazy("回访结果"),
    "form": lazy("联络单"),
    "party": lazy("转交给"),
    "satisfied": lazy("满意"),
    "means": lazy("方式"),
    "reason": lazy("理由"),
    "result": lazy("处理结果"),
    "text": lazy("内容"),
    "attempts": lazy("联系的经过"),
    "recourse_offered": lazy("告知的其他途径"),
    "what": lazy("事项"),
    "answer_by": lazy("顾客要求的时间"),
    "by": lazy("时间"),
    "demand": lazy("顾客的要求"),
    "customer": lazy("顾客"),
    "household": lazy("住户"),
    "place": lazy("地点"),
    "equipment": lazy("设备"),
    "signed_by": lazy("签字人"),
    "reporter": lazy("报事人"),
    "to_post": lazy("派给"),
}
VALUES: Mapping[str, Labels] = {
    "validity": {
        "valid": lazy("有效"),
        "partly_valid": lazy("部分有效"),
        "invalid": lazy("无效"),
        "unjudged": lazy("尚未判定"),
    },
    "urgency": {"urgent": lazy("紧急"), "ordinary": lazy("不紧急")},
    "severity": {"severe": lazy("严重"), "ordinary": lazy("不严重")},
    "outcome": {
        "satisfied": lazy("满意"),
        "fairly_satisfied": lazy("基本满意"),
        "dissatisfied": lazy("不满意"),
        "unreachable": lazy("联系不上"),
        "declined": lazy("拒绝回访"),
    },
    "responsible_party": {
        "own": lazy("本公司"),
        "developer": lazy("开发商"),
        "builder": lazy("施工单位"),
        "supplier": lazy("供应商"),
        "public_utility": lazy("公用事业单位"),
        "other_owner": lazy("其他业主"),
        "outside": lazy("外部原因"),
    },
    "via": {
        "direct": lazy("顾客直接"),
        "company": lazy("公司"),
        "group": lazy("集团"),
        "media": lazy("媒体"),
        "government": lazy("政府部门"),
        "authority": lazy("主管部门"),
        "12345": lazy("12345 热线"),
        "consumer_association": lazy("消费者协会"),
        "owners_committee": lazy("业主委员会"),
        "developer": lazy("开发商"),
        "other": lazy("其他单位"),
    },
    "state": {
        "registered": lazy("刚登记"),
        "admitted": lazy("已受理"),
        "assigned": lazy("已派单"),
        "accepted": lazy("处理中"),
        "answered": lazy("已答复"),
        "completed": lazy("已处理"),
        "closed": lazy("已结案"),
        "returned": lazy("已退回"),
        "withdrawn": lazy("已撤诉"),
        "voided": lazy("已作废"),
    },
    "action_decision": {
        "corrective": lazy("采取纠正措施"),
        "preventive": lazy("采取预防措施"),
        "none": lazy("不采取措施"),
    },
    "relation": {
        "repeat_of": lazy("同一问题再次发生"),
        "duplicate_of": lazy("重复登记"),
        "part_of": lazy("同一事件"),
        "related": lazy("相关"),
    },
    "decision": {
        "confirmed": lazy("确认考核"),
        "dropped": lazy("不予考核"),
        "appealed": lazy("有异议"),
    },
    "pause": {
        "customer_absent": lazy("顾客不在家"),
        "waiting_parts": lazy("等配件"),
        "outside_party": lazy("等外部单位"),
    },
}
SLIP_STATES: Labels = {
    "received": lazy("签收"),
    "answered": lazy("回复"),
    "finished": lazy("办结"),
    "evaluated": lazy("评价"),
}
LIMITS: Labels = {
    "asked": lazy("顾客要求的时间"),
    "by": lazy("承诺的时间"),
    "reply_by": lazy("单上写明的回复时间"),
    "finish_by": lazy("单上写明的办结时间"),
}
PERIODS: Labels = {
    "day": lazy("每天"),
    "week": lazy("每周"),
    "month": lazy("每月"),
    "quarter": lazy("每季度"),
    "half_year": lazy("每半年"),
    "year": lazy("每年"),
    "as_needed": lazy("需要时"),
    "never": lazy("不重新编"),
}
UNITS: Labels = {
    "group": lazy("集团"),
    "company": lazy("公司"),
    "branch": lazy("分公司"),
    "site": lazy("管理处"),
    "department": lazy("部门"),
    "team": lazy("班组"),
}


def either(words: Iterable[str]) -> str:
    """甲、乙或丙"""
    found = [word for word in words if word]
    if len(found) < 2:
        return "".join(found)
    return _("%(first)s或%(last)s") % {"first": listed(found[:-1]), "last": found[-1]}


def many(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def duration_words(text: str) -> str:
    """`2wd` as 2 个工作日; a name of a time as what it means."""
    if not is_duration(text):
        return str(LIMITS.get(text, FACTS.get(text, text)))
    parsed = parse_duration(text)
    unit, count = parsed.unit, parsed.count
    if unit == "mo" and count % 12 == 0:
        unit, count = "y", count // 12
    words = {
        "min": _("%(count)s 分钟"),
        "h": _("%(count)s 小时"),
        "sh": ngettext("%(count)s 个服务小时", "%(count)s 个服务小时", count),
        "wd": ngettext("%(count)s 个工作日", "%(count)s 个工作日", count),
        "d": ngettext("%(count)s 天", "%(count)s 天", count),
        "mo": ngettext("%(count)s 个月", "%(count)s 个月", count),
        "y": ngettext("%(count)s 年", "%(count)s 年", count),
    }
    return words[unit] % {"count": count}


class Words:
    """Names of a pack's codes in the language of the page."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def _titled(self, rows: Iterable[Any], code: str, attribute: str = "code") -> str:
        for row in rows:
            if getattr(row, attribute) == code:
                return self.title(row) or code
        return code

    def title(self, row: Any) -> str:
        """The title of any row, in English where the page is and the pack has one."""
        return title_of(row)

    def demands(self, clause: Any) -> str:
        return in_language(clause.demands, clause.demands_en)

    def post(self, code: str) -> str:
        return str(SPECIAL_POSTS.get(code) or self._titled(self.pack.post, code))

    def posts(self, codes: str | Iterable[str]) -> str:
        return listed(self.post(code) for code in many(codes))

    def responsible(self, code: str) -> str:
        """A post, or a party outside."""
        return str(VALUES["responsible_party"].get(code) or self.post(code))

    def kind(self, code: str) -> str:
        return self._titled(self.pack.kind, code)

    def form(self, code: str) -> str:
        """A slip or record form, in its brackets."""
        found = self._titled([*self.pack.slip, *self.pack.record], code)
        return _("《%(title)s》") % {"title": found} if found != code else self.thing(code)

    def thing(self, code: str) -> str:
        """What a number or a retention is for: a kind, a form, or a duty."""
        for rows in (self.pack.kind, self.pack.slip, self.pack.record, self.pack.duty):
            found = self._titled(rows, code)
            if found != code:
                return found
        return code.replace("_", " ")

    def event(self, name: str) -> str:
        return str(name_words(name))

    def events(self, names: str | Iterable[str]) -> str:
        return either(self.event(name) for name in many(names))

    def clock(self, name: str) -> str:
        return self._titled(self.pack.clock, name, "name")

    def fact(self, name: str) -> str:
        for fact in self.pack.fact:
            if fact.name == name and fact.title:
                return self.title(fact)
        return str(FACTS.get(name, name.replace("_", " ")))

    def value(self, fact: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("是") if value else _("否")
        text = str(value)
        titled: dict[str, Iterable[Any]] = {
            "kind": self.pack.kind,
            "turned_from": self.pack.kind,
            "channel": self.pack.channel,
            "category": self.pack.category,
            "level": self.pack.level,
            "owner": self.pack.post,
            "form": self.pack.slip,
        }
        if fact == "what" and (approved := self._titled(self.pack.approval, text, "what")) != text:
            return approved
        if fact in titled:
            return self._titled(titled[fact], text)
        for own in self.pack.fact:
            if own.name == fact and text in own.labels:
                return in_language(own.labels[text], own.labels_en.get(text, ""))
        labels = VALUES.get("responsible_party" if fact == "party" else fact, {})
        return str(labels.get(text, text))

    def values(self, fact: str, wanted: Any) -> str:
        options = list(wanted) if isinstance(wanted, list | tuple) else [wanted]
        return either(self.value(fact, one) for one in options)

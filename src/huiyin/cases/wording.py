"""The procedure's codes in plain words: the one place where a code becomes a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases import labels
from huiyin.cases.labels import Labels, event_label
from huiyin.cases.ownfacts import title_of
from huiyin.core.phrases import listed, side_by_side
from huiyin.procedures.selectors import Rules

# Why a step is refused. Parameters in %( ) are filled with names, never codes.
REASONS: Labels = {
    "closed": lazy("工单已经结案，这一步不能再做；需要时请先重新打开。"),
    "returned": lazy("工单已经退回，这一步不能再做。"),
    "withdrawn": lazy("顾客已经撤诉，这一步不能再做。"),
    "voided": lazy("工单已经作废，这一步不能再做。"),
    "not_closed": lazy("工单还没有结案，不用重新打开。"),
    "already_registered": lazy("这张工单已经登记过了。"),
    "not_judged": lazy("还没有判定，不能提出异议。"),
    "already_paused": lazy("计时已经暂停了。"),
    "not_paused": lazy("计时没有暂停。"),
    "before_registration": lazy("发生时间早于登记时间。"),
    "answer_by_before_registration": lazy("顾客要求答复的时间早于登记时间。"),
    "promise_in_the_past": lazy("承诺的时间已经过去了。"),
    "pause_not_allowed": lazy("程序文件不允许以这个理由暂停计时。"),
    "reply_by_in_the_past": lazy("要求回复的时间已经过去了。"),
    "finish_by_in_the_past": lazy("要求办结的时间已经过去了。"),
    "unknown_slip": lazy("没有这张联络单。"),
    "slip_exists": lazy("这张联络单已经开过了。"),
    "unknown_form": lazy("程序文件里没有这种联络单。"),
    "unknown_post": lazy("程序文件里没有您的岗位。"),
    "post": lazy("这一步要由%(posts)s来做。"),
    "post_may_not": lazy("%(post)s没有「%(step)s」的权限。"),
    "same_judge": lazy("顾客有异议后，要由另一个岗位重新判定。"),
    "same_person": lazy("做过「%(step)s」的人不能自己做这一步，要换一个人。"),
    "forbidden": lazy("程序文件不允许这样做。"),
    "missing": lazy("还缺：%(missing)s"),
    "no_assessment": lazy("没有这一项考核。"),
    "assessment_state": lazy("这一项考核已经决定过了，或者还没有决定。"),
    "amount_out_of_range": lazy("金额不在规定的范围内：%(amount_from)s 至 %(amount_to)s 元。"),
    "unknown_measure": lazy("程序文件里没有这种考核方式。"),
    "unknown_kind": lazy("程序文件里没有这类事项。"),
    "backwards": lazy("发生时间早于这张工单的上一步。"),
}

# What is wrong with a value that was sent.
INPUT: Labels = {
    "unknown_event": lazy("没有这种步骤"),
    "unknown_field": lazy("这一步没有这一项"),
    "unknown_value": lazy("不在可选的范围内"),
    "missing_field": lazy("这一项要填"),
    "time": lazy("时间写法不对"),
    "offset": lazy("时间要带时区"),
    "amount": lazy("金额写法不对"),
}


def input_sentence(code: str) -> str:
    return str(INPUT.get(code, lazy("这一项不对")))


# What is missing, where it is not simply a step of that name.
MISSING: Labels = {
    "judged": lazy("还没有判定"),
    "answered": lazy("还没有答复顾客"),
    "completed": lazy("还没有填写处理结果"),
    "followed_up": lazy("还没有顾客满意或基本满意的回访"),
    "accepted": lazy("还没有人接单"),
    "assigned": lazy("还没有派单"),
    "confirmed": lazy("还没有顾客确认"),
    "forwarded": lazy("还没有转交责任单位"),
    "approved": lazy("还没有批准"),
    "signed": lazy("还没有签字"),
    "slips": lazy("还有联络单没有办完：%(slips)s"),
    "reason": lazy("没有写理由"),
    "text": lazy("没有写内容"),
    "result": lazy("没有写处理结果"),
    "attempts": lazy("没有回访尝试的记录"),
    "recourse_offered": lazy("没有告诉顾客还可以向哪里反映"),
    "validity": lazy("没有判定是否有效"),
    "responsible_party": lazy("没有写责任方"),
    "to_unit": lazy("没有写送往哪个部门"),
    "finish_by": lazy("没有写要求办结的时间"),
    "reply_by": lazy("没有写要求回复的时间"),
    "assessed": lazy("还没有决定是否考核"),
    "level": lazy("没有定级别"),
    "category": lazy("没有选类别"),
    "channel": lazy("没有写来源渠道"),
    "outcome": lazy("没有写回访结果"),
    "means": lazy("没有写用什么方式"),
}


def post_names(codes: Any, rules: Rules | None) -> str:
    """Names of posts, joined: “处理人、部门负责人”."""
    wanted = [codes] if isinstance(codes, str) else list(codes or ())
    return listed(labels.post_label(rules, code) if rules else str(code) for code in wanted if code)


def reason_sentence(code: str | None, params: Mapping[str, Any], rules: Rules | None) -> str:
    """Why a step is refused, in one sentence."""
    if not code:
        return ""
    values = {
        "post": post_names(params.get("post"), rules),
        "posts": post_names(params.get("posts"), rules),
        "step": event_label(str(params.get("event") or params.get("may") or "")),
        "missing": "",
        "amount_from": params.get("amount_from", ""),
        "amount_to": params.get("amount_to", ""),
    }
    return str(REASONS.get(code, lazy("程序文件不允许这一步。"))) % values


def missing_sentence(code: str, params: Mapping[str, Any], rules: Rules | None) -> str:
    """One thing that is missing."""
    found = params.get(code)
    detail: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    if code in MISSING:
        return str(MISSING[code]) % {"slips": listed(str(one) for one in detail.get("slips", ()))}
    if code in labels.STEPS:
        return _("还没有「%(step)s」") % {"step": event_label(code)}
    return _("没有写「%(field)s」") % {"field": fact_label(code, rules)}


def fact_label(name: str, rules: Rules | None) -> str:
    """The title of a fact that a pack added; its name where it has none."""
    for fact in rules.pack.fact if rules else ():
        if fact.name == name:
            return title_of(fact)
    return name


def refusal_sentence(data: Mapping[str, Any], rules: Rules | None = None) -> str:
    """The sentence of a `refused` effect, with everything that is missing."""
    reason = data.get("reason")
    params = data.get("params") or {}
    if isinstance(reason, Mapping):
        params, reason = reason.get("params") or reason, reason.get("code")
    missing = [missing_sentence(code, params, rules) for code in data.get("missing") or ()]
    sentence = reason_sentence(str(reason or ""), params, rules)
    if missing:
        return _("现在还不能「%(step)s」：%(missing)s。") % {
            "step": event_label(str(data.get("event", ""))),
            "missing": side_by_side(missing),
        }
    return sentence


def required_sentence(what: str, rules: Rules | None) -> str:
    """What the procedure wants next, as a person says it."""
    if what in labels.STEPS:
        return _("需要%(step)s") % {"step": event_label(what)}
    return _("需要补上：%(what)s") % {"what": MISSING[what] if what in MISSING else fact_label(what, rules)}

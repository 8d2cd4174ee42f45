"""Names on the screen for the codes of the vocabulary and of the pack."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.core.phrases import title_of
from huiyin.journal.wording import EVENTS
from huiyin.procedures.selectors import Rules
from huiyin.procedures.words import VALUES

Labels = Mapping[str, str | Promise]

# As a button: what the person does.
STEPS: Labels = EVENTS

# As a line of history: what happened.
HAPPENED: Labels = {
    "registered": _("登记了"),
    "acknowledged": _("告知顾客已受理"),
    "admitted": _("受理了"),
    "returned": _("退回了"),
    "amended": _("更正了内容"),
    "judged": _("作出判定"),
    "appealed": _("顾客提出异议"),
    "assigned": pgettext_lazy("history", "派单"),
    "accepted": pgettext_lazy("history", "接单"),
    "contacted": _("联系了顾客"),
    "promised": _("向顾客承诺"),
    "chased": _("顾客催办"),
    "answered": _("答复了顾客"),
    "completed": _("处理完成"),
    "confirmed": pgettext_lazy("history", "顾客确认"),
    "followed_up": _("回访了顾客"),
    "escalated": pgettext_lazy("history", "上报"),
    "compensated": _("补偿了顾客"),
    "approved": pgettext_lazy("history", "批准"),
    "declined": _("没有批准"),
    "assessed": _("决定了考核"),
    "forwarded": _("转交外部单位"),
    "linked": _("关联了另一张工单"),
    "unlinked": _("取消了关联"),
    "slip_issued": _("开出联络单"),
    "slip_received": pgettext_lazy("history", "签收联络单"),
    "slip_answered": pgettext_lazy("history", "回复联络单"),
    "slip_finished": pgettext_lazy("history", "办结联络单"),
    "slip_evaluated": pgettext_lazy("history", "评价联络单"),
    "paused": pgettext_lazy("history", "暂停计时"),
    "resumed": pgettext_lazy("history", "恢复计时"),
    "signed": pgettext_lazy("history", "签字"),
    "closed": pgettext_lazy("history", "结案"),
    "reopened": pgettext_lazy("history", "重新打开"),
    "withdrawn": _("顾客撤诉"),
    "voided": pgettext_lazy("history", "作废"),
    "noted": pgettext_lazy("history", "备注"),
}

STATES: Labels = {**VALUES["state"], "registered": _("已登记")}
VALIDITIES: Labels = {
    "": _("待判定"),
    **{code: VALUES["validity"][code] for code in ("valid", "partly_valid", "invalid")},
}
OUTCOMES: Labels = VALUES["outcome"]
URGENCIES: Labels = {"urgent": _("紧急"), "ordinary": _("一般")}
SEVERITIES: Labels = {"severe": _("严重"), "ordinary": _("一般")}
PARTIES: Labels = VALUES["responsible_party"]
DECISIONS: Labels = {"confirmed": _("确认考核"), "dropped": _("不予考核"), "appealed": _("有异议，请复核")}
RELATIONS: Labels = {
    "repeat_of": _("同一问题再次发生"),
    "duplicate_of": _("重复登记"),
    "part_of": _("同一事件"),
    "related": _("相关"),
}
MEANS: Labels = {
    "phone": _("电话"),
    "visit": _("上门"),
    "face_to_face": _("当面"),
    "wechat": _("微信"),
    "sms": _("短信"),
    "email": _("邮件"),
    "letter": _("书面"),
    "other": _("其他"),
}
VIAS: Labels = VALUES["via"]
CLOCK_STATES: Labels = {
    "running": _("计时中"),
    "paused": _("暂停"),
    "met": _("按时"),
    "late": _("超时"),
    "void": _("不再适用"),
}


def label(labels: Labels, code: str | None) -> str:
    """The label of a code; the code itself where a pack brought one of its own."""
    return str(labels.get(code or "", code or ""))


def event_label(name: str) -> str:
    return label(STEPS, name)


def state_label(code: str) -> str:
    return label(STATES, code)


def _titled(rows: object, code: str | None, attribute: str = "code") -> str:
    """The title of the pack's row of that code, in English where the page is and the pack has one."""
    for row in rows:  # type: ignore[attr-defined]
        if getattr(row, attribute) == code:
            return title_of(row) or str(code)
    return str(code or "")


def kind_label(rules: Rules, code: str) -> str:
    return _titled(rules.pack.kind, code)


def channel_label(rules: Rules, code: str) -> str:
    return _titled(rules.pack.channel, code)


def category_label(rules: Rules, code: str) -> str:
    return _titled(rules.pack.category, code)


def level_label(rules: Rules, code: str) -> str:
    return _titled(rules.pack.level, code)


def post_label(rules: Rules, code: str) -> str:
    return _titled(rules.pack.post, code)


def slip_label(rules: Rules, code: str) -> str:
    return _titled(rules.pack.slip, code)


def approved_label(rules: Rules, what: str) -> str:
    """What is approved: a step of ours, or a thing that the pack wants approved."""
    title = _titled(rules.pack.approval, what, "what")
    return title if title != what else event_label(what)


def assessment_label(rules: Rules, name: str) -> str:
    return _titled(rules.pack.assessment, name, "name")


def clock_label(rules: Rules, name: str) -> str:
    return _titled(rules.pack.clock, name, "name")

"""The journal in words: what an entry's name means, and what its subject is called.

A room registers its own in `AppConfig.ready()`; the vocabulary of the engine stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# company_id, subject_id -> (what to call it, its page or nothing)
Namer = Callable[[int, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SubjectKind:
    label: Text
    namer: Namer | None = None


def register_names(names: Mapping[str, Text]) -> None:
    _names.update(names)


def register_subject(kind: str, label: Text, namer: Namer | None = None) -> None:
    _subjects[kind] = SubjectKind(label, namer)


def name_words(name: str) -> Text:
    return _names.get(name, name.replace("_", " "))


def subject_kinds() -> dict[str, SubjectKind]:
    return dict(_subjects)


def subject_words(company_id: int, kind: str, number: str) -> tuple[str, str]:
    """What the subject is called, and the address of its page where it has one."""
    known = _subjects.get(kind)
    if known is None:
        return f"{kind} {number}", ""
    if known.namer is not None:
        return known.namer(company_id, number)
    return f"{known.label} {number}", ""


_subjects: dict[str, SubjectKind] = {
    "case": SubjectKind(_("工单")),
    "customer": SubjectKind(_("业主")),
    "household": SubjectKind(_("住户")),
    "place": SubjectKind(_("房屋与场所")),
    "person": SubjectKind(_("人员")),
    "post": SubjectKind(_("岗位")),
    "unit": SubjectKind(_("部门")),
    "token": SubjectKind(_("接口密钥")),
    "edition": SubjectKind(_("程序文件版本")),
    "report": SubjectKind(_("报告")),
    "objective": SubjectKind(_("目标")),
    "notification": SubjectKind(_("通知")),
    "robot": SubjectKind(_("群机器人")),
    "import": SubjectKind(_("导入")),
    "journal": SubjectKind(_("日志本身")),
}

# As a person does it, and as it stands on the button.
EVENTS: Mapping[str, str | Promise] = {
    "registered": _("登记"),
    "acknowledged": _("告知已受理"),
    "admitted": _("受理"),
    "returned": _("退回"),
    "amended": _("更正"),
    "judged": _("判定"),
    "appealed": _("提出异议"),
    "assigned": _("派单"),
    "accepted": _("接单"),
    "contacted": _("联系顾客"),
    "promised": _("承诺"),
    "chased": _("催办"),
    "answered": _("答复"),
    "completed": _("完成处理"),
    "confirmed": _("顾客确认"),
    "followed_up": _("回访"),
    "escalated": _("上报"),
    "compensated": _("补偿"),
    "approved": _("批准"),
    "declined": _("不批准"),
    "assessed": _("考核"),
    "forwarded": _("转交外部"),
    "linked": _("关联"),
    "unlinked": _("取消关联"),
    "slip_issued": _("开联络单"),
    "slip_received": _("签收联络单"),
    "slip_answered": _("回复联络单"),
    "slip_finished": _("办结联络单"),
    "slip_evaluated": _("评价联络单"),
    "paused": _("暂停计时"),
    "resumed": _("恢复计时"),
    "signed": _("签字"),
    "closed": _("结案"),
    "reopened": _("重新打开"),
    "withdrawn": _("撤诉"),
    "voided": _("作废"),
    "noted": _("备注"),
}
_names: dict[str, Text] = {
    **EVENTS,
    # effects
    "number_given": _("给出编号"),
    "kind_set": _("转为另一种类"),
    "level_set": _("定级"),
    "owner_set": _("定责任岗位"),
    "clock_started": _("开始计时"),
    "clock_changed": _("时限变更"),
    "clock_paused": _("计时暂停"),
    "clock_resumed": _("计时恢复"),
    "clock_stopped": _("计时停止"),
    "warned": _("临期提醒"),
    "breached": _("超时"),
    "notified": _("通知"),
    "required": _("程序要求"),
    "approval_required": _("需要审批"),
    "refused": _("程序不允许"),
    "action_required": _("需要采取措施"),
    # the journal itself
    "texts_erased": _("删除个人文字"),
    "verification_asked": _("核验日志"),
    "restored": _("从备份恢复"),
}

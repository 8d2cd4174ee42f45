"""What a notification says. No personal text: number, kind, what is due when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.models import Case
from huiyin.cases.names import Names
from huiyin.procedures.selectors import rules_of


def sentence(*, what: str, case: Case, params: dict[str, Any]) -> str:
    """One line, such as “投诉 TS-2026-0312：答复将在 11月22日 16:30 到期”."""
    rules = rules_of(case.edition)
    values = {
        "kind": labels.kind_label(rules, case.kind),
        "number": case.number,
        "clock": Names(case.company_id, rules).clock(str(params.get("clock", ""))),
        "due": _moment(params.get("due")),
        "post": labels.post_label(rules, str(params.get("to_post") or params.get("post") or "")),
        "step": labels.event_label(str(params.get("what", ""))),
        "amount": str(params.get("amount", "")),
    }
    return (_text(what, params) % values).rstrip("： ")


def _moment(value: Any) -> str:
    if not value:
        return ""
    local = timezone.localtime(datetime.fromisoformat(str(value)))
    return date_format(local, _("n月j日 H:i"))


def _text(what: str, params: dict[str, Any]) -> str:
    if what == "registered" and params.get("urgent"):
        return _("新的紧急%(kind)s %(number)s")
    if what == "escalated" and params.get("clock"):
        return _("%(kind)s %(number)s：「%(clock)s」超过时限，已上报%(post)s")
    if what == "breached" and not params.get("due"):
        return _("%(kind)s %(number)s：「%(clock)s」超过时限")
    if what == "warned" and not params.get("due"):
        return _("%(kind)s %(number)s：「%(clock)s」快到期了")
    texts = {
        "warned": _("%(kind)s %(number)s：「%(clock)s」将在 %(due)s 到期"),
        "breached": _("%(kind)s %(number)s：「%(clock)s」超过时限（%(due)s）"),
        "escalated": _("%(kind)s %(number)s 已上报%(post)s"),
        "assigned": _("%(kind)s %(number)s 派给了您"),
        "approval_required": _("%(kind)s %(number)s 等您批准：%(step)s %(amount)s"),
        "reopened": _("%(kind)s %(number)s 顾客不满意，要重新处理"),
        "followed_up": _("%(kind)s %(number)s 回访不满意"),
        "answered": _("%(kind)s %(number)s 已答复顾客，请您知道"),
        "chased": _("%(kind)s %(number)s 顾客来催办"),
        "action_required": _("%(kind)s %(number)s 要决定是否采取纠正措施"),
        "registered": _("新的%(kind)s %(number)s"),
        "assessed": _("%(kind)s %(number)s 提出了一项考核，请您决定"),
    }
    return texts.get(what) or _("%(kind)s %(number)s 有新情况：%(step)s")

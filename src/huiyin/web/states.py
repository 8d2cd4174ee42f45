"""How each state of a case looks: a word, a shape, a tone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huiyin.core.shell import Text


@dataclass(frozen=True, slots=True)
class Shown:
    label: Text
    icon: str
    tone: str


STATES = {
    "registered": Shown(_("已登记"), "circle-dashed", "new"),
    "admitted": Shown(_("已受理"), "circle-dot", "new"),
    "assigned": Shown(_("已派单"), "arrow-right", "moving"),
    "accepted": Shown(_("已接单"), "progress", "moving"),
    "answered": Shown(_("已答复"), "message-reply", "moving"),
    "completed": Shown(_("已完成"), "check", "moving"),
    "closed": Shown(_("已结案"), "circle-check", "done"),
    "returned": Shown(_("已退回"), "arrow-back-up", "off"),
    "withdrawn": Shown(_("已撤诉"), "circle-minus", "off"),
    "voided": Shown(_("已作废"), "ban", "off"),
    "paused": Shown(_("已暂停"), "player-pause", "off"),
}
UNKNOWN = Shown("", "circle", "off")

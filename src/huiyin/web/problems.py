"""What is wrong, what was kept, what to do: the three things every error page says."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huiyin.core.shell import Text


@dataclass(frozen=True, slots=True)
class Problem:
    title: Text
    kept: Text
    do: Text
    icon: str = "alert-circle"


_NOTHING_CHANGED = _("什么都没有改动。")

PROBLEMS: dict[int, Problem] = {
    400: Problem(
        _("这个请求不完整，系统没有看懂"),
        _NOTHING_CHANGED,
        _("请返回上一页重做一次；如果是别人发来的链接，请确认复制完整。"),
    ),
    401: Problem(
        _("登录已过期"),
        _("没有提交，已写的内容还在这一页。"),
        _("请在新窗口重新登录，再回到这里提交。"),
        "lock",
    ),
    403: Problem(
        _("您的岗位没有这项权限"),
        _NOTHING_CHANGED,
        _("如果您担任多个岗位，请在右上角切换后再试；否则请联系主管或管理员。"),
        "shield-lock",
    ),
    404: Problem(
        _("没有找到您要的内容"),
        _("它可能已经移走、编号写错了，或者不在您岗位的范围内。"),
        _("请检查编号，或在上方搜索。"),
        "search-off",
    ),
    405: Problem(
        _("这个地址不能这样打开"), _NOTHING_CHANGED, _("请从页面上的按钮操作，不要直接刷新或收藏这个地址。")
    ),
    409: Problem(
        _("内容已经变了"),
        _("别人可能刚处理过，您的改动没有保存。"),
        _("请返回并刷新，看过最新情况再操作。"),
        "refresh",
    ),
    413: Problem(
        _("文件太大了"),
        _("没有保存任何文件，已写的文字还在上一页。"),
        _("请压缩图片，或分几次上传。"),
        "file",
    ),
    422: Problem(_("有内容没填对"), _("没有保存，已写的内容还在上一页。"), _("请返回改正后再提交。")),
    429: Problem(
        _("操作太频繁了"),
        _NOTHING_CHANGED,
        _("请等几分钟再试。如果您没有做什么，请告诉管理员。"),
        "hourglass",
    ),
    500: Problem(
        _("系统出了故障，刚才的操作没有完成"),
        _("已经保存过的内容不受影响；正在填写的内容留在这台设备上。"),
        _("请稍后再试。仍不行，请把时间和刚才做的事告诉管理员。"),
        "alert-triangle",
    ),
    503: Problem(
        _("系统暂时用不了，刚才的操作没有完成"),
        _("已经保存过的内容不受影响；正在填写的内容留在这台设备上。"),
        _("请过一会儿再试。几分钟后仍不行，请告诉管理员。"),
        "tool",
    ),
}


def problem_of(status: int) -> Problem:
    return PROBLEMS.get(status) or PROBLEMS[500 if status >= 500 else 400]

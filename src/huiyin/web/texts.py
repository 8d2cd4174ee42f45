"""The words that scripts show. They reach the page as one JSON block, translated like all others."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    return {
        "offline": _("网络断开了。已写的内容留在这台设备上，恢复后可以继续提交。"),
        "online": _("网络已恢复。"),
        "sendError": _("没有连上服务器，刚才的内容没有提交，也没有丢失。请稍后再试一次。"),
        "serverError": _(
            "服务器出了故障，刚才的操作没有完成。已写的内容还在，请稍后再试；仍不行请告诉管理员。"
        ),
        "timeout": _("服务器很久没有回应。已写的内容还在，请稍后再试一次。"),
        "tooMany": _("操作太频繁了，请稍等一会儿再试。"),
        "restored": _("已恢复上次没有提交的内容"),
        "discard": _("丢弃"),
        "unsaved": _("还有没保存的内容，确定离开吗？"),
        "copied": _("已复制"),
        "copyFailed": _("没能自动复制，请手工选择文字复制。"),
        "close": _("关闭"),
        "cancel": _("取消"),
        "confirm": _("确定"),
        "remove": _("移除"),
        "fileTooBig": _("文件“{name}”超过 {limit} MB，没有加入。"),
        "tooManyFiles": _("最多 {limit} 个文件，其余没有加入。"),
        "signHere": _("在此签名"),
        "signatureClear": _("重签"),
        "noKeys": _("这个页面没有快捷键。"),
        "scanNoCamera": _("没有打开摄像头。可以拍照或手工输入编号。"),
        "scanNothing": _("照片里没有找到二维码，请靠近一点、对正再拍，或手工输入编号。"),
        "scanForeign": _("这个二维码不是本系统的。"),
        "chartFailed": _("图没有画出来，数字见下表。"),
        "search": _("搜索"),
    }

"""The findings of a verification, as sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journal.wording import subject_words

SENTENCES = {
    "altered": gettext_lazy("内容被改过"),
    "forged": gettext_lazy("没有本系统的签名：被改写后重算过，或不是本系统写入的"),
    "removed": gettext_lazy("被删除"),
    "inserted": gettext_lazy("是封存之后插进来的"),
    "reordered": gettext_lazy("次序被调换"),
    "broken_link": gettext_lazy("与前一条接不上"),
    "cut_off": gettext_lazy("末尾的记录被截掉"),
    "head_altered": gettext_lazy("链尾的登记与记录不符"),
    "text_altered": gettext_lazy("文字被改过"),
    "text_removed": gettext_lazy("文字被删除"),
    "text_inserted": gettext_lazy("多出一段文字"),
    "text_erased_without_record": gettext_lazy("文字被清空而没有记录"),
    "seal_altered": gettext_lazy("封存被改过"),
    "seal_missing": gettext_lazy("封存缺失"),
    "sealed_content_altered": gettext_lazy("封存范围内的记录与封存时不同"),
    "sealed_count_differs": gettext_lazy("封存范围内的记录条数不同"),
    "guard_missing": gettext_lazy("数据库不再拒绝修改：触发器缺失"),
    "key_differs": gettext_lazy("所有签名都不符：封存密钥不是当初的那一把"),
}


def place_of(finding: Mapping[str, Any], company_id: int) -> str:
    """Which entry or seal it is about."""
    where: list[str] = []
    if finding.get("entry") is not None:
        where.append(_("第 {number} 号记录").format(number=finding["entry"]))
    kind, colon, number = str(finding.get("subject", "")).partition(":")
    if colon:
        subject, _url = subject_words(company_id, kind, number)
        where.append(_("{subject}的第 {place} 条").format(subject=subject, place=finding["sequence"]))
    if finding.get("seal") is not None:
        where.append(_("第 {number} 次封存").format(number=finding["seal"]))
    return " · ".join(where) or _("整个日志")


def rows(result: Mapping[str, Any], company_id: int) -> list[dict[str, Any]]:
    return [
        {
            "entry": finding.get("entry"),
            "place": place_of(finding, company_id),
            "what": SENTENCES.get(finding["code"], finding["code"]),
            "detail": finding.get("detail", ""),
        }
        for finding in result.get("findings", ())
    ]

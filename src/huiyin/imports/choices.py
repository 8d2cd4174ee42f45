"""What a column may mean, as a person picks it, and the mapping that follows from the picks."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.core.errors import InvalidInput
from huiyin.imports.mapping import CaseMapping, EventMapping
from huiyin.procedures.selectors import Rules

KEY, AT = "key", "at"

# What a column may be -> how it is called, and the titles under which it is found without being told.
MEANINGS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    KEY: (lazy("编号（认出重复的行）"), ("编号", "工单号", "投诉编号", "留言编号", "SRRecordID", "id")),
    AT: (
        lazy("登记时间"),
        ("投诉时间", "登记时间", "受理时间", "留言时间", "报修时间", "CreatedDate", "时间"),
    ),
    "text": (lazy("内容"), ("投诉内容", "内容", "留言详情", "报修内容", "事项", "SRType")),
    "subject": (lazy("主题（放在内容前面）"), ("主题", "标题", "留言主题")),
    "reporter": (lazy("报事人"), ("投诉人", "报事人", "姓名", "业主", "留言用户")),
    "reporter_phone": (lazy("电话"), ("电话", "联系电话", "手机")),
    "place": (lazy("房号或位置"), ("房号", "地址", "位置")),
    "category": (lazy("类别"), ("类别", "分类")),
    "channel": (lazy("渠道"), ("渠道", "来源", "MethodReceived")),
    "external_number": (lazy("外部编号"), ("外部编号", "热线编号", "ServiceRequestNum")),
    "demand": (lazy("诉求"), ("诉求", "要求")),
    "answered.at": (lazy("答复时间"), ("答复时间", "回复时间")),
    "answered.text": (lazy("答复内容"), ("答复意见", "答复内容", "处理情况")),
    "completed.at": (lazy("处理完成时间"), ("完成时间", "处理时间")),
    "completed.result": (lazy("处理结果"), ("处理结果", "结果")),
    "followed_up.at": (lazy("回访时间"), ("回访时间",)),
    "followed_up.outcome": (lazy("回访结果"), ("回访结果", "满意度")),
    "closed.at": (lazy("结案时间"), ("结案时间", "关闭时间", "CloseDate")),
}
EVENTS = ("answered", "completed", "followed_up", "closed")
OUTCOMES = {
    "满意": "satisfied",
    "非常满意": "satisfied",
    "基本满意": "fairly_satisfied",
    "不满意": "dissatisfied",
    "联系不上": "unreachable",
    "拒绝": "declined",
}


# Facts that a mapping may hold and no column of the page: how they are called when a row is refused.
_OTHERS: dict[str, str | Promise] = {
    "unit": lazy("单位"),
    "kind": lazy("类型"),
    "severity": lazy("严重程度"),
    "urgency": lazy("紧急程度"),
    "outcome": lazy("回访结果"),
    "means": lazy("方式"),
    "household": lazy("哪一户"),
    "customer": lazy("客户"),
    "equipment": lazy("设备"),
    "answer_by": lazy("要求答复的时间"),
    "result": lazy("处理结果"),
    "region": lazy("区域"),
}


def title_of(fact: str) -> str:
    """A fact as people call it."""
    return str(MEANINGS[fact][0] if fact in MEANINGS else _OTHERS.get(fact, fact))


def guessed(columns: tuple[str, ...]) -> dict[str, str]:
    """column -> meaning, for titles that one recognises; each meaning once."""
    found: dict[str, str] = {}
    for meaning, (_title, aliases) in MEANINGS.items():
        column = next((name for name in columns if name in aliases and name not in found), None)
        if column is not None:
            found[column] = meaning
    return found


def picks_of(mapping: CaseMapping) -> dict[str, str]:
    """column -> meaning, back from a mapping that was made here."""
    found = {mapping.at: AT}
    if mapping.key:
        found[mapping.key] = KEY
    for fact, names in mapping.columns.items():
        listed = [names] if isinstance(names, str) else names
        for name in listed:
            found.setdefault(name, fact if name == listed[-1] else "subject")
    for event in mapping.events:
        found.setdefault(event.at, f"{event.event}.at")
        for field, column in event.fields.items():
            found.setdefault(column, f"{event.event}.{field}")
    return found


def mapping_from(
    picks: Mapping[str, str], *, kind: str, channel: str, source: str, rules: Rules
) -> CaseMapping:
    """The mapping that the picks make. Raises InvalidInput where time or content is not picked."""
    column = {meaning: name for name, meaning in picks.items() if meaning}
    for needed in (AT, "text"):
        if needed not in column:
            raise InvalidInput(
                _("还没有选出「%(column)s」是哪一列。") % {"column": MEANINGS[needed][0]}, code="not_picked"
            )
    columns: dict[str, str | list[str]] = {
        fact: column[fact]
        for fact in (
            "reporter",
            "reporter_phone",
            "place",
            "category",
            "channel",
            "external_number",
            "demand",
        )
        if fact in column
    }
    columns["text"] = [column["subject"], column["text"]] if "subject" in column else column["text"]
    if KEY in column:
        columns.setdefault("external_number", column[KEY])
    return CaseMapping(
        source=source,
        at=column[AT],
        key=column.get(KEY),
        columns=columns,
        constants={"kind": kind, **({} if "channel" in columns else {"channel": channel})},
        values=_values(columns, rules, channel),
        events=_events(column),
    )


def _values(columns: Mapping[str, object], rules: Rules, channel: str) -> dict[str, dict[str, str]]:
    """Words of the file to codes of the pack, by their titles."""
    found: dict[str, dict[str, str]] = {}
    if "channel" in columns:
        names = {one.title: one.code for one in rules.pack.channel}
        found["channel"] = names | {one.code: one.code for one in rules.pack.channel} | {"*": channel}
    if "category" in columns:
        titles = {one.title: one.code for one in rules.pack.category}
        found["category"] = titles | {one.code: one.code for one in rules.pack.category} | {"*": ""}
    return found


def _events(column: Mapping[str, str]) -> list[EventMapping]:
    found = []
    for event in EVENTS:
        at = column.get(f"{event}.at")
        if at is None:
            continue
        fields = {
            meaning.split(".")[1]: name
            for meaning, name in column.items()
            if meaning.startswith(f"{event}.") and not meaning.endswith(".at")
        }
        values = {"outcome": OUTCOMES} if "outcome" in fields else {}
        found.append(EventMapping(event=event, at=at, fields=fields, values=values))
    return found

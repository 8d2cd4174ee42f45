"""A draft pack out of what was found. Every proposed rule quotes its place and is unconfirmed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huiyin.procedures.reading.clauses import Found, clauses_of
from huiyin.procedures.reading.findings import Finding, findings_of

_ENDS = (
    ("followed_up", "回访|电访|满意度确认"),
    ("closed", "结案|关闭|销案|归档"),
    ("completed", "处理完|处理完毕|完成|办结|解决|修复|维修好|整改"),
    ("answered", "答复|回复|反馈|回电|答覆|告知|说明"),
    ("contacted", "联系|到场|到达|上门|赶到|致电"),
    ("judged", "判定|判断|核实|定级|分级|界定"),
    ("assigned", "派单|派发|下派|转交|转至|转给|移交|分派|交给|转"),
    ("admitted", "受理|登记|录入|建档"),
)
_STARTS = (
    ("completed", "(?:处理|维修|整改|办理|服务)(?:完成|完毕|结束|好)?(?:之)?后|办结后|完工后|修复后"),
    ("closed", "结案后|关闭后"),
    ("judged", "(?:判定|核实|定级|确认)(?:有效|属实)?后"),
    ("registered", ""),
)
_URGENT = (("urgent", "紧急|急修|加急|危及|特急"), ("ordinary", "一般|普通|非紧急|不紧急|常规"))
_KINDS = (
    ("complaint", "投诉", "投诉"),
    ("repair", "报修", "报修|维修申请"),
    ("enquiry", "咨询", "咨询"),
    ("suggestion", "建议", "意见建议|合理化建议|建议"),
    ("praise", "表扬", "表扬"),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The draft as TOML, and what it was made from. `loose` are findings that became no rule."""

    text: str
    clauses: list[Found]
    findings: list[Finding]
    loose: list[Finding]


def propose(lines: Sequence[str], code: str = "DRAFT1") -> Proposal:
    """A pack that can be checked and shown, and that never comes into force as it is."""
    clauses = clauses_of(lines)
    findings = findings_of(clauses)
    writer = _Writer(lines, clauses, findings, code)
    return Proposal(writer.text(), clauses, findings, writer.loose)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Writer:
    def __init__(
        self, lines: Sequence[str], clauses: list[Found], findings: list[Finding], code: str
    ) -> None:
        self.lines, self.clauses, self.findings, self.code = lines, clauses, findings, code
        self.loose: list[Finding] = []
        names = dict.fromkeys(one.value for one in findings if one.kind == "post")
        self.posts = {name: f"post_{place}" for place, name in enumerate(names, 1)}

    def text(self) -> str:
        first = self.clauses[0].id if self.clauses else "1"
        parts = [*self._head(), *self._clauses(), *self._posts(), *self._kinds(first)]
        for finding in self.findings:
            made = self._rule(finding)
            if made is not None:
                parts.append(made)
            elif finding.kind != "post":
                self.loose.append(finding)
        parts += [f"# {one.clause}：{one.kind} {one.value}，“{one.quote}”" for one in self.loose]
        return "\n".join(parts) + "\n"

    def _head(self) -> Iterator[str]:
        head = self.lines[: next((n for n, line in enumerate(self.lines) if self._begins(line)), 0)]
        title = next(
            (line for line in head if re.search(r"程序|办法|制度|规定|规程|规范|细则|流程", line)), ""
        )
        label = re.search(
            r"版\s*本\s*(?:号|/修改)?\s*[:：]?\s*([A-Z]/?\d+|[A-Z]\d*/\d+|V?\d+\.\d+)", "\n".join(head)
        )
        yield "# 由文件提出的草案。每条规则都引了原文，标着 unconfirmed（未确认）。"
        yield "# 逐条核对：对的删去 unconfirmed = true，不对的改正或删掉。有一条没确认就不能生效。\n"
        yield f"[procedure]\ncode = {_quoted(self.code)}\ntitle = {_quoted(title or '未命名的程序')}"
        yield f"edition = {_quoted(label[1] if label else 'A/0')}\n"

    def _begins(self, line: str) -> bool:
        return bool(self.clauses) and bool(clauses_of([line]))

    def _clauses(self) -> Iterator[str]:
        for one in self.clauses or [Found("1", "全文", "原文没有编号")]:
            running = "" if any(found.clause == one.id for found in self.findings) else "running = false\n"
            yield (
                f"[[clause]]\nid = {_quoted(one.id)}\ntitle = {_quoted(one.title or one.id)}\n"
                f"demands = {_quoted(one.text or one.title or one.id)}\n{running}"
            )

    def _posts(self) -> Iterator[str]:
        places = {one.value: one for one in reversed(self.findings) if one.kind == "post"}
        for name, code in self.posts.items():
            place = places[name]
            yield (
                f"[[post]]\ncode = {_quoted(code)}\ntitle = {_quoted(name)}\n"
                f"clause = {_quoted(place.clause)}\n"
                f'may = ["view", "handle"]\nquote = {_quoted(place.quote)}\nunconfirmed = true\n'
            )

    def _kinds(self, first: str) -> Iterator[str]:
        said = False
        for code, title, pattern in _KINDS:
            place = next((one for one in self.clauses if re.search(pattern, one.title + one.text)), None)
            if place is not None:
                said = True
                yield self._table("kind", place.id, place.title, code=code, title=title)
        if not said:
            yield self._table("kind", first, "", code="complaint", title="投诉")

    def _table(self, table: str, clause: str, quote: str, **values: str | float | list[str]) -> str:
        rows = [f"[[{table}]]"]
        rows += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
        rows += [f"clause = {_quoted(clause)}", f"quote = {_quoted(quote)}", "unconfirmed = true\n"]
        return "\n".join(rows)

    def _rule(self, finding: Finding) -> str | None:
        makers = {
            "time": self._clock,
            "form": self._record,
            "amount": self._authority,
            "percent": self._share,
        }
        maker = makers.get(finding.kind)
        return maker(finding) if maker is not None else None

    def _clock(self, finding: Finding) -> str | None:
        """By the words around it: what begins the time, what ends it, and for which urgency."""
        until = self._end(finding)
        if until is None or finding.value == "0d":
            return None
        start = next(event for event, words in _STARTS if re.search(words, finding.quote))
        if start == until:
            start = "registered"
        place = self.findings.index(finding) + 1
        made = self._table(
            "clock",
            finding.clause,
            finding.quote,
            name=f"{until}_{place}",
            **{"from": start},
            until=until,
            limit=finding.value,
        )
        urgency = [code for code, words in _URGENT if re.search(words, self._around(finding))]
        return (
            made
            if len(urgency) != 1
            else made.replace("[[clock]]", f'[[clock]]\nwhen = {{ urgency = "{urgency[0]}" }}')
        )

    def _around(self, finding: Finding) -> str:
        """The part of the sentence between commas in which the value stands."""
        number = re.match(r"\d+", finding.value)
        parts = re.split(r"[，,；]", finding.quote)
        return next((one for one in parts if number and number[0] in one), finding.quote)

    def _end(self, finding: Finding) -> str | None:
        for text in (self._around(finding), finding.quote):
            for event, words in _ENDS:
                if re.search(words, text):
                    return event
        return None

    def _record(self, finding: Finding) -> str:
        place = self.findings.index(finding) + 1
        return self._table(
            "record", finding.clause, finding.quote, code=f"form_{place}", title=finding.value, kinds=[]
        )

    def _authority(self, finding: Finding) -> str | None:
        """An amount with a post in one sentence: who decides it is for a person to say."""
        posts = [name for name in self.posts if name in finding.quote]
        if not posts:
            return None
        post = self.posts[posts[-1]]
        return self._table("authority", finding.clause, finding.quote, up_to=float(finding.value), above=post)

    def _share(self, finding: Finding) -> str | None:
        share = float(finding.value)
        if "回访" not in finding.quote or not 0 < share <= 1:
            return None
        return self._table("followup", finding.clause, finding.quote, **{"from": "completed"}, share=share)

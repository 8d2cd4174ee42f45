"""Time limits, shares, amounts, forms and posts in a clause's sentences, by pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huiyin.procedures.reading.clauses import Found
from huiyin.procedures.reading.numerals import numeral

_NUMBER = r"(?P<n>\d+(?:\.\d+)?|半|[一二三四五六七八九十两百千]+)"
_SPAN = r"(?P<unit>分钟|个?工作小时|个?小时|个?工作日|个?月|周|个?星期|天|日|年)"
# a span is a limit where a word around it says so; "5 日前" after a month is a day of the calendar
_TIME = re.compile(
    rf"(?:"
    rf"(?<!月)(?<!月 )(?<!\d){_NUMBER}\s*{_SPAN}(?:之内|以内|内|前|之前|未|仍未)(?!容|部)"
    rf"|(?:超过|延长|提前|保存|保管|保留|存档|时限为|期限为)(?:至|了)?\s*{_NUMBER.replace('<n>', '<m>')}\s*"
    rf"{_SPAN.replace('<unit>', '<also>')}"
    rf")"
)
_SAME_DAY = re.compile(r"(?:当日|当天|当班)(?:内|之内|下班前)?")
_PERCENT = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*[%％]|百分之(?P<c>[一二三四五六七八九十百零]+)")
_AMOUNT = re.compile(r"(?P<n>\d+(?:[,，]\d{3})*(?:\.\d+)?|[一二三四五六七八九十两百千]+)\s*(?P<w>万)?\s*元")
_FORM = re.compile(r"《(?P<t>[^《》]{2,30}?(?:表|单|记录|台账|登记簿|登记本|通知书|日志|档案|报告))》")
_RANKS = (
    "副总经理|总经理|副经理|经理|副理|副主任|主任|主管|副部长|部长|总监|专员|值班人员|维修人员|客服人员|接待人员|班长|组长|店长|厂长"
    "|院长|科长|护士长|处长|工程师|负责人|管理员|客服代表|收银员|质检员|前台|法务|督导|领班|厨师长|业务员|理货员|营业员|销售员|服务员|收货员|检验员|保安员|维修工"
)
_POST = re.compile(rf"(?P<before>[\u4e00-\u9fff]{{0,8}}?)(?P<rank>{_RANKS})(?!意见|签字栏|助理)")
# words that stand before a post and are no part of its name
_SINGLE = "由报经向交请给送及和与或至让对将把为到的后则并其该各应转当可须以是在时内，、"
_LONGER = "通知|上报|呈报|报请|转交|安排|抄送|知会|提交|移交|报告|授权|指定|陪同|联系|并报|出具|负责"
_NOT_OF_A_NAME = re.compile(rf".*(?:{_LONGER}|[{_SINGLE}])")
_UNITS = {
    "分钟": "min", "工作小时": "sh", "小时": "h", "工作日": "wd", "月": "mo", "周": "w", "星期": "w",
    "天": "d", "日": "d", "年": "y",
}  # fmt: skip
_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the document that may be a rule. `kind`: time | percent | amount | form | post.

    `value` is in the words of a pack: 2wd, 0.8, 500, the form's or the post's title.
    """

    clause: str
    kind: str
    value: str
    quote: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.clause, self.kind, self.value


def findings_of(clauses: Sequence[Found]) -> list[Finding]:
    """All findings in the document's order, each once a clause."""
    found: dict[tuple[str, str, str], Finding] = {}
    for clause in clauses:
        # of a clause without heading the title is the beginning of its text
        words = clause.text if clause.title in clause.text else f"{clause.title}\n{clause.text}"
        for sentence in _SENTENCE.findall(words):
            for kind, value in in_sentence(sentence.strip()):
                one = Finding(clause.id, kind, value, sentence.strip())
                found.setdefault(one.key, one)
    return list(found.values())


def in_sentence(text: str) -> Iterator[tuple[str, str]]:
    for match in _TIME.finditer(text):
        yield "time", _span(match["n"] or match["m"], match["unit"] or match["also"])
    if _SAME_DAY.search(text):
        yield "time", "0d"
    for match in _PERCENT.finditer(text):
        share = float(match["n"]) if match["n"] else numeral(match["c"])
        yield "percent", f"{share / 100:g}"
    for match in _AMOUNT.finditer(text):
        number = match["n"].replace(",", "").replace("，", "")
        amount = float(number) if number[0].isdigit() else numeral(number)
        yield "amount", f"{amount * (10_000 if match['w'] else 1):g}"
    for match in _FORM.finditer(text):
        yield "form", match["t"]
    yield from (("post", name) for name in _posts(_FORM.sub("", text)))


def _span(number: str, unit: str) -> str:
    sign = _UNITS[unit.removeprefix("个")]
    if number == "半":
        return {"h": "30min", "d": "12h", "mo": "15d", "y": "6mo"}.get(sign, f"1{sign}")
    amount = float(number) if number[0].isdigit() else numeral(number)
    return f"{amount:g}{sign}"


def _posts(text: str) -> Iterator[str]:
    for match in _POST.finditer(text):
        before = _NOT_OF_A_NAME.sub("", match["before"])
        yield f"{before}{match['rank']}" if len(before) != 1 else match["rank"]

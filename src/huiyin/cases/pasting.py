"""A message copied from an owners' chat group: who says it (by nickname) and what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huiyin.customers.spelling import room_from_nickname

_DATE = r"(?:\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?\s*)?"
_DAY = r"(?:(?:昨天|今天|前天|周[一二三四五六日天]|星期[一二三四五六日天]|上午|下午|晚上|凌晨)\s*)*"
_TIME = rf"{_DATE}{_DAY}\d{{1,2}}:\d{{2}}(?::\d{{2}})?"
_NICK = r"[\[「【]?(?P<nick>[^:：\n\[\]]{2,30}?)[\]」】]?"
# "3-2-501王姐:" or "3-2-501王姐 2026/11/22 16:30:05" on the first line, or "3-2-501王姐：电梯又坏了" in one.
_HEAD = re.compile(
    rf"^\s*{_NICK}\s*(?:[:：]\s*(?P<time>{_TIME})?|(?P<time2>{_TIME})\s*[:：]?)\s*(?P<rest>.*)$", re.DOTALL
)
_NOISE = re.compile(
    r"^\s*(?:-{3,}|—{3,}.*—{3,}|\[(?:图片|视频|语音|表情|动画表情)[^\]]*\])\s*$", re.MULTILINE
)
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Pasted:
    """`room` and `name` are empty where the nickname does not say them."""

    nickname: str
    room: str
    name: str
    text: str


def parse_message(text: str) -> Pasted | None:
    """The message somebody copied; None where it does not look like one."""
    text = text.replace("\r\n", "\n").strip()[:LONGEST]
    found = _HEAD.match(text)
    if found is None:
        return None
    nickname = found["nick"].strip()
    room, name = room_from_nickname(nickname)
    if not room and not (found["time"] or found["time2"]):
        # "投诉：电梯坏了" is a sentence, not a nickname
        return None
    words = _same_speaker(found["rest"], nickname)
    words = _NOISE.sub("", words).strip()
    return Pasted(nickname=nickname, room=room, name=name if room else nickname, text=words)


def _same_speaker(rest: str, nickname: str) -> str:
    """Further lines of the same person, without the heads between them; another speaker ends it."""
    kept: list[str] = []
    for line in rest.split("\n"):
        head = _HEAD.match(line)
        if head is not None and head["nick"].strip() == nickname:
            kept.append(head["rest"])
        elif head is not None and room_from_nickname(head["nick"])[0] and _short(head["nick"]):
            break
        else:
            kept.append(line)
    return "\n".join(kept)


def _short(text: str) -> bool:
    return len(text.strip()) <= 16
